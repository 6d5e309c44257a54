import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findingsOf } from "./findings.ts";
import { simulateHour } from "./hour.ts";
import { peakHour } from "./model.ts";
import { type Findings, markdown } from "./report.ts";

const SCALE = 0.01;
/** For what is only compared with itself. */
const SMALL = 0.003;
const MACHINE = { flushesPerSecond: 1000, cores: 2, processor: "any" };

/** What became of each order, and when. */
function digest({ hour }: Findings): string {
  const hash = createHash("sha256");
  for (const { jobId, group: _group, ...became } of hour.world.stories.byJob.values())
    hash.update(JSON.stringify([jobId, became]));
  return hash.digest("hex");
}

describe("a peak hour, a hundredth of it", () => {
  const folder = mkdtempSync(join(tmpdir(), "placard-simulate-"));
  let found: Findings;
  const hourOf = async (name: string, seed: number, scale = SCALE) =>
    findingsOf(await simulateHour(peakHour(scale, seed), join(folder, name), () => {}), MACHINE);
  beforeAll(async () => {
    found = await hourOf("first", 1);
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("has all in it that an hour has", () => {
    const { world, members } = found.hour;
    expect(found.books.jobs).toBeGreaterThan(350);
    expect(found.books.byState.get("done")).toBeGreaterThan(300);
    expect(found.books.byState.get("cancelled")).toBeGreaterThan(0);
    expect(members.refusals.size).toBeGreaterThan(0);
    expect(members.metNobody).toBeGreaterThan(0);
    expect([...world.stories.byJob.values()].some(({ attempts }) => attempts > 1)).toBe(true);
    for (const { calls } of world.platforms) expect(calls.made.final).toBeGreaterThan(0);
    for (const { meter } of world.farEnds) expect(meter.pictures).toBeGreaterThan(0);
    expect(world.farEnds.some(({ meter }) => meter.broken > 0)).toBe(true);
    expect(world.platforms.some(({ calls }) => calls.failed > 0)).toBe(true);
  });

  test("loses nothing, charges nothing wrongly, and keeps the fair order", () => {
    expect(found.hour.quietAtMs).toBeDefined();
    expect(found.invariants.filter(({ wrong }) => wrong > 0)).toEqual([]);
    expect(found.fairness.light).toBeGreaterThan(230);
    // A lane that were first come first served would let a burst of twelve go before somebody who asks for one.
    expect(found.fairness.mostBefore).toBeGreaterThan(0);
  });

  test("charges what the machines worked, as they count it themselves", () => {
    const workedMs = found.hour.world.farEnds.reduce((sum, { meter }) => sum + meter.usedMs + meter.wastedMs, 0);
    const wholeMs = found.hour.world.farEnds.reduce((sum, { meter }) => sum + meter.usedMs, 0);
    expect(found.books.chargedMs).toBeLessThanOrEqual(workedMs);
    expect(found.books.chargedMs).toBeGreaterThan(0.9 * wholeMs);
  });

  test("is told as a page without gaps", () => {
    expect(markdown(found)).not.toMatch(/NaN|undefined|Infinity/);
  });

  test("is the same again with the same seed, and another one with another", async () => {
    const once = digest(await hourOf("once", 1, SMALL));
    expect(digest(await hourOf("again", 1, SMALL))).toBe(once);
    expect(digest(await hourOf("other", 2, SMALL))).not.toBe(once);
  }, 600_000);
});
