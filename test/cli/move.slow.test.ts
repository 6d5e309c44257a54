import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { installationIn } from "../stores/move/installation.ts";
import { asked, databaseAt, serverForTests } from "../stores/postgres-engine.ts";

// The command as an operator types it, and as it is when the power fails in the middle of it.

const root = new URL("../..", import.meta.url).pathname;
const FIXTURE = new URL("../fixtures/data-v1/", import.meta.url).pathname;
const url = await serverForTests("npm run move");

if (url !== undefined) {
  const PASSWORD = decodeURIComponent(new URL(url).password);
  let databases = 0;
  const fresh = async () => {
    const { address, drop } = await databaseAt(url, `moved_${process.pid}_${databases++}`);
    onTestFinished(async () => void (await drop()));
    return address;
  };
  const folderFor = () => {
    const folder = mkdtempSync(join(tmpdir(), "placard-move-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
  };
  function started(cwd: string, words: readonly string[]) {
    const child = spawn(process.execPath, [join(root, "src/cli/move.ts"), ...words], {
      cwd,
      env: { PATH: process.env["PATH"], DATA_DIR: join(cwd, "data") },
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
    const ended = once(child, "close").then(([status, signal]) => ({ status, signal, text }));
    return { child, ended, said: () => text };
  }
  const ran = (cwd: string, ...words: readonly string[]) => started(cwd, words).ended;
  const rowsIn = async (address: string) => {
    const tables = await asked<{ readonly name: string }>(
      address,
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('leader', 'row_lock') ORDER BY 1",
    );
    const sums: string[] = [];
    for (const { name } of tables) {
      const [row] = await asked<{ readonly sum: string }>(
        address,
        `SELECT count(*) || ' ' || coalesce(md5(string_agg(CAST(t AS TEXT), E'\\n' ORDER BY CAST(t AS TEXT) COLLATE "C")), '') AS sum FROM "${name}" t`,
      );
      sums.push(`${name} ${row?.sum}`);
    }
    return sums;
  };

  test("killed again and again at any moment, it ends with every row, once", async () => {
    const folder = folderFor();
    await installationIn(join(folder, "data"), 6000);
    const [whole, address] = [await fresh(), await fresh()];
    const copy = folderFor();
    cpSync(join(folder, "data"), join(copy, "data"), { recursive: true });
    // The pictures of this installation have no files.
    expect(await ran(copy, "--to", whole)).toMatchObject({ status: 2 });
    const positionIn = async () => {
      const [move] = await asked<{ readonly there: boolean }>(
        address,
        "SELECT to_regclass('placard_move') IS NOT NULL AS there",
      );
      if (move?.there !== true) return "none";
      const [row] = await asked<{ readonly at: string }>(
        address,
        "SELECT at_table || ' ' || at_row AS at FROM placard_move",
      ).catch(() => []);
      return row?.at ?? "none";
    };

    const reached = ["none"];
    let last: Awaited<ReturnType<typeof ran>> | undefined;
    for (let kill = 0; last === undefined && kill < 10; kill++) {
      const run = started(folder, ["--to", address]);
      const isOver = () => run.child.exitCode !== null;
      // One half as soon as it has come further, the other some time later, while it compares or is nearly done.
      while (!isOver() && (await positionIn()) === reached.at(-1)) await sleep(2);
      if (kill % 2 === 1) await sleep(Math.random() * 500);
      if (isOver()) last = await run.ended;
      else {
        run.child.kill("SIGKILL");
        await run.ended;
        reached.push(await positionIn());
      }
    }
    last ??= await ran(folder, "--to", address);
    // Or it was killed when all had been done.
    expect(last.text).toMatch(/Everything is there, and was compared row by row|already: write DATABASE_URL into/);
    expect(new Set(reached).size).toBeGreaterThan(3);
    expect(await rowsIn(address)).toEqual(await rowsIn(whole));
  }, 240_000);

  test("says what it does, takes the address of .env by its name, and never prints the password", async () => {
    const folder = folderFor();
    const said: string[] = [];
    const run = async (...words: readonly string[]) => {
      const { status, text } = await ran(folder, ...words);
      said.push(text);
      return { status, text };
    };
    expect(await run()).toMatchObject({
      status: 1,
      text: expect.stringContaining("Usage: npm run move -- --to DATABASE_URL"),
    });
    expect((await run("--to", "DATABASE_URL")).text).toContain("DATABASE_URL is not set: write it into .env first");
    expect((await run("--to", "mysql://x")).text).toContain("DATABASE_URL: must be an address such as postgres://");
    const address = await fresh();
    writeFileSync(join(folder, ".env"), `DATABASE_URL=${address}\n`);
    expect((await run("--to", "DATABASE_URL")).text).toContain("There is nothing to move in");
    cpSync(FIXTURE, join(folder, "data"), { recursive: true });
    const absent = new URL(address);
    absent.port = "1";
    expect((await run("--to", absent.href)).text).toMatch(/The database at 127\.0\.0\.1:1, .* does not answer: start/);
    const done = await run("--to", "DATABASE_URL");
    expect(done.status).toBe(0);
    expect(done.text).toMatch(/ {2}picture +21 {2}[0-9a-f]{16}\n/);
    expect(done.text).toMatch(/ {2}balances, GPU ms +2087202\n/);
    expect(done.text).toContain("Now start Placard: npm start\n");
    expect((await run("--to", "DATABASE_URL")).text).toMatch(/already: write DATABASE_URL into \.env/);
    for (const text of said) expect(text).not.toContain(PASSWORD);
  });

  test("Ctrl-C ends it cleanly, and it goes on where it was", async () => {
    const folder = folderFor();
    await installationIn(join(folder, "data"), 3000);
    const address = await fresh();
    const run = started(folder, ["--to", address]);
    await expect
      .poll(() => asked(address, "SELECT 1 FROM placard_move WHERE at_row > 0").catch(() => []), {
        interval: 5,
        timeout: 30_000,
      })
      .toHaveLength(1);
    run.child.kill("SIGINT");
    expect(await run.ended).toMatchObject({
      status: 130,
      text: expect.stringContaining("Stopped. The files are as they were. Run it again: it goes on where it was."),
    });
    expect(await ran(folder, "--to", address)).toMatchObject({
      status: 2,
      text: expect.stringContaining("An earlier run had brought a part of it"),
    });
  }, 120_000);
}
