import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openBench, quantile } from "./core.ts";

/** `/history` from the command to its answer, in a chat with this many pictures: first pages and pages far back. */
export async function historyPage(
  folder: string,
  pictures: number,
): Promise<{ readonly p50Ms: number; readonly p95Ms: number }> {
  mkdirSync(folder, { recursive: true });
  const first = await openBench(folder, { delayMs: 0, steps: 1, usedMs: 1 });
  await first.chat.type("ann", "/rca a red fox seed:1");
  await first.app.idle();
  await first.app.stop();
  multiply(join(folder, "placard.sqlite"), pictures);

  const { app, chat } = await openBench(folder, { delayMs: 0 });
  const tookMs: number[] = [];
  for (let ask = 0; ask < 200; ask += 1) {
    const member = ask % 2 === 0 ? "ann" : "bob";
    const startedAtMs = performance.now();
    await chat.type(member, "/history");
    tookMs.push(performance.now() - startedAtMs);
  }
  const answer = [...chat.messages.values()].at(-1)?.view;
  await app.stop();
  if (!answer?.tiles?.length) throw new Error(`/history answered without pictures: ${answer?.text}`);
  return { p50Ms: quantile(tookMs, 0.5), p95Ms: quantile(tookMs, 0.95) };
}

/** Copies the one real picture and its job: through the core it would take minutes. */
function multiply(file: string, pictures: number): void {
  const db = new DatabaseSync(file);
  const columns = (table: string, skip: readonly string[]) =>
    db
      .prepare(`SELECT name FROM pragma_table_info('${table}')`)
      .all()
      .map((row) => String(row["name"]))
      .filter((name) => !skip.includes(name));
  const job = columns("job", ["seq", "job_id"]).join(", ");
  const picture = columns("picture", ["seq", "number", "job_id", "image_id", "member_id"]).join(", ");
  db.exec(`PRAGMA synchronous = OFF; BEGIN;
    CREATE TEMP TABLE n AS WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < ${pictures - 1}) SELECT i FROM c;
    INSERT INTO job(job_id, ${job}) SELECT printf('copy%012d', i), ${job} FROM n, (SELECT ${job} FROM job LIMIT 1);
    INSERT INTO picture(job_id, image_id, member_id, number, ${picture})
      SELECT printf('copy%012d', i), printf('copy%012d.0', i), iif(i % 3 = 0, 'loopback:ann', 'loopback:m' || i % 20), i + above, ${picture}
      FROM n, (SELECT ${picture} FROM picture LIMIT 1), (SELECT max(number) AS above FROM picture);
    UPDATE picture_count SET last = (SELECT max(number) FROM picture WHERE picture.chat_key = picture_count.chat_key);
    COMMIT;`);
  db.close();
}
