import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, statfsSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, it, onTestFinished, type TestContext } from "vitest";
import { startProgram } from "./program.ts";
import { webMember } from "./web-member.ts";

const SOON = { timeout: 60_000, interval: 100 };
const NEEDS = "needs leave to mount a small file system (root on Linux)";

/** A file system of 48 MB of its own, for this test. */
function smallDisk(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "placard-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=48m", "tmpfs", folder], { stdio: "ignore" });
  } catch {
    rmSync(folder, { recursive: true });
    return context.skip(NEEDS);
  }
  onTestFinished(() => {
    execFileSync("umount", [folder]);
    rmSync(folder, { recursive: true });
  });
  return folder;
}

/** Writes until nothing more goes in. */
function fill(folder: string): () => void {
  const path = join(folder, "somebody-elses-film");
  const file = openSync(path, "w");
  for (const piece of [1024 * 1024, 4096, 1])
    try {
      for (;;) writeSync(file, Buffer.alloc(piece, 1));
    } catch (error) {
      expect(error).toMatchObject({ code: "ENOSPC" });
    }
  closeSync(file);
  expect(statfsSync(folder).bavail).toBe(0);
  return () => rmSync(path);
}

it("a full file system: sentences for the member and the operator, and all that was promised when there is room", {
  timeout: 180_000,
}, async (context) => {
  const disk = smallDisk(context);
  const settings = { DATA_DIR: join(disk, "data"), BACKENDS: "fake", FAKE_BACKEND: "delay:3000" };
  const program = startProgram(settings);
  const ana = await webMember(program.printed);
  await ana.say("/imagine a red fox size:512x512 seed:1");
  await expect.poll(() => ana.pictures(), SOON).toHaveLength(1);
  for (const seed of [2, 3, 4]) await ana.say(`/imagine a red fox size:512x512 seed:${seed}`);
  const free = fill(disk);
  // The database has pages of its own to spare; the room's talk uses them up.
  const refusals: string[] = [];
  for (let line = 0; line < 200 && refusals.length < 1; line += 1)
    await ana.say(`${line} ${"x".repeat(3900)}`).catch((error: unknown) => refusals.push(String(error)));
  expect(refusals).toEqual([expect.stringContaining("There is no room left on the disk of this Placard")]);
  await expect.poll(program.printed, SOON).toContain("disk.jobs_wait");
  expect(program.printed()).toContain("The disk with DATA_DIR is full");
  // Long enough for an attempt a second, were there any.
  await setTimeout(25_000);
  expect(program.printed().split("job.waits_for_room").length).toBeLessThan(4);
  expect(await ana.pictures()).toHaveLength(1);
  free();
  await expect.poll(() => ana.pictures(), SOON).toHaveLength(4);
  expect(program.printed()).toContain("disk.jobs_go_on");
  expect(program.printed()).not.toContain("job.failed");
  for (const key of await ana.pictures()) expect((await ana.picture(key)).length).toBeGreaterThan(100);
  await ana.say("we are back");
  expect(readdirSync(join(disk, "data")).filter((name) => name.startsWith(".room-"))).toEqual([]);
});

it("a file system that is full at the start, and after a power cut in the middle: named, and nothing promised is lost", {
  timeout: 180_000,
}, async (context) => {
  const disk = smallDisk(context);
  const settings = { DATA_DIR: join(disk, "data"), BACKENDS: "fake", FAKE_BACKEND: "delay:1000" };
  const first = startProgram(settings);
  const ana = await webMember(first.printed);
  for (const seed of [1, 2, 3]) await ana.say(`/imagine a red fox size:512x512 seed:${seed}`);
  await expect
    .poll(async () => (await ana.seen()).filter(({ view }) => view?.progress !== undefined), SOON)
    .toHaveLength(3);
  const free = fill(disk);
  await first.kill();
  const second = startProgram(settings);
  await expect.poll(second.printed, SOON).toMatch(/did not start: there is no room on the disk with DATA_DIR/);
  free();
  await second.kill();
  const third = startProgram(settings);
  const again = await webMember(third.printed, ana);
  await expect.poll(() => again.pictures(), SOON).toHaveLength(3);
});
