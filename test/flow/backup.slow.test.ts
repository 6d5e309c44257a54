import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { startProgram } from "./program.ts";
import { webMember } from "./web-member.ts";

const root = new URL("../..", import.meta.url).pathname;
const SOON = { timeout: 30_000, interval: 20 };

/** What a command prints, run as an operator does. */
async function ran(script: string, words: readonly string[], dataDir: string) {
  const child = spawn(process.execPath, [join(root, script), ...words], {
    cwd: join(dataDir, ".."),
    env: { PATH: process.env["PATH"], DATA_DIR: dataDir },
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { status, text };
}

it("brings back, after a kill and a lost folder, all that was finished when the copy was made, and makes the rest", async () => {
  const folder = mkdtempSync(join(tmpdir(), "placard-backup-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const DATA_DIR = join(folder, "data");
  const settings = { DATA_DIR, FAKE_BACKEND: "delay:150", BACKENDS: "fake", LOG_LEVEL: "warn" };
  const OPEN = 12;

  const first = startProgram(settings);
  const ana = await webMember(first.printed);
  await expect.poll(first.printed, SOON).toContain("or a graphics card: npm run setup");
  for (const seed of [1, 2]) await ana.say(`/imagine a red fox seed:${seed} width:256 height:256`);
  await expect.poll(() => ana.pictures(), SOON).toHaveLength(2);
  for (let seed = 11; seed < 11 + OPEN; seed++) await ana.say(`/imagine a blue fox seed:${seed} width:256 height:256`);
  await ana.say("hello to whoever reads this later");

  const finished = await ana.pictures();
  expect(finished.length).toBeLessThan(2 + OPEN);
  const bytes = await Promise.all(finished.map((key) => ana.picture(key)));
  const copied = await ran("src/cli/backup.ts", [], DATA_DIR);
  expect(copied.text).toMatch(/Done: \d+ pictures, /);
  expect(copied.status).toBe(0);
  const refused = await ran(
    "src/cli/restore.ts",
    [join("backups", readdirSync(join(folder, "backups"))[0] ?? "")],
    DATA_DIR,
  );
  expect(refused.text).toContain("Placard is running on");
  expect(refused.status).toBe(1);
  await first.kill();
  rmSync(DATA_DIR, { recursive: true });

  const listed = await ran("src/cli/restore.ts", [], DATA_DIR);
  const copy = /\n {2}(backups\/\S+) {2}/.exec(listed.text)?.[1] ?? "";
  expect(await ran("src/cli/restore.ts", [copy], DATA_DIR)).toMatchObject({ status: 0 });

  const second = startProgram(settings);
  const again = await webMember(second.printed, ana);
  expect((await again.seen()).map(({ text }) => text)).toContain("hello to whoever reads this later");
  expect(await Promise.all(finished.map((key) => again.picture(key)))).toEqual(bytes);
  await expect.poll(() => again.pictures(), SOON).toHaveLength(2 + OPEN);
  expect(new Set(await again.pictures()).size).toBe(2 + OPEN);
});
