import { describe, expect, it } from "vitest";
import { RATES } from "../../../adapters/telegram/limits.ts";
import { fakeBackend } from "../../../src/backends/fake.ts";
import { botAt, finalsOf, groupsIn } from "./app.ts";
import { eventually, openFake } from "./world.ts";

describe("told to wait", () => {
  it("at its own pace it is hardly ever told to, and the result is not what waits", { timeout: 40_000 }, async () => {
    const fake = await openFake({ flood: {} });
    const groups = groupsIn(fake, 1);
    await botAt(fake, {
      rates: RATES,
      hurried: true,
      backends: (clock) => [fakeBackend({ clock, delayMs: 1500, steps: 30, facts: { concurrency: 4 } })],
    });
    groups.draw(4);
    const finals = () => Array.from({ length: 4 }, (_, at) => finalsOf(groups.groups, at + 1));
    await eventually(finals, { timeout: 30_000 }).toEqual([1, 1, 1, 1]);
    expect(fake.calls.filter(({ errorCode }) => errorCode === 429)).toEqual([]);
  });

  it("unfinished pictures are progress too: those of one chat are edited round robin", {
    timeout: 40_000,
  }, async () => {
    const fake = await openFake({ flood: {} });
    const groups = groupsIn(fake, 1);
    await botAt(fake, {
      rates: RATES,
      hurried: true,
      backends: (clock) => [
        fakeBackend({ clock, delayMs: 7000, steps: 40, previews: true, facts: { concurrency: 4 } }),
      ],
    });
    groups.draw(4);
    const finals = () => Array.from({ length: 4 }, (_, at) => finalsOf(groups.groups, at + 1));
    await eventually(finals, { timeout: 30_000 }).toEqual([1, 1, 1, 1]);
    // The first edit of a message brings its button, so it is not mere progress.
    const unfinished = groups.groups
      .flatMap((group) => group.history())
      .flatMap(({ versions }) => versions.slice(2))
      .filter(({ kind, text }) => kind === "photo" && text.includes("making it"));
    expect(unfinished.length).toBeGreaterThan(0);
    // One in three seconds, and the first two edits of each message came first.
    expect(unfinished.length).toBeLessThanOrEqual(3);
  });

  it("a chat that was told to wait gets no progress meanwhile, and the others go on", async () => {
    const fake = await openFake();
    const groups = groupsIn(fake, 2);
    const [first] = groups.groups;
    await botAt(fake, {
      hurried: true,
      backends: (clock) => [fakeBackend({ clock, delayMs: 1500, steps: 20, facts: { concurrency: 2 } })],
    });
    let toldAtMs: number | undefined;
    const limit = fake.fault({
      methods: "editMessageText",
      applied: false,
      failure: { kind: "status", status: 429, retryAfterS: 2 },
      when(params) {
        if (params["chat_id"] !== first?.id) return false;
        toldAtMs = fake.clock.nowMs();
        return true;
      },
    });
    groups.draw(2);
    await eventually(() => limit.hits).toBe(1);
    const ofFirst = () => fake.calls.filter(({ params }) => params["chat_id"] === first?.id);
    await eventually(() => finalsOf(groups.groups, 2)).toBe(1);
    await eventually(() => finalsOf(groups.groups, 1)).toBe(1);
    const until = (toldAtMs ?? Number.NaN) + 1900;
    const tooEarly = ofFirst().filter(({ atMs, ok }) => ok && atMs > until - 1900 && atMs < until);
    expect(ofFirst().some(({ atMs }) => atMs >= until)).toBe(true);
    expect(tooEarly).toEqual([]);
  });
});
