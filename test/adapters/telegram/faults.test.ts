import { describe, expect, it } from "vitest";
import { RATES } from "../../../adapters/telegram/limits.ts";
import { fakeBackend } from "../../../src/backends/fake.ts";
import { botAt, finalsOf, groupsIn, picture, said, seenBy } from "./app.ts";
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
        fakeBackend({ clock, delayMs: 5000, steps: 40, previews: true, facts: { concurrency: 4 } }),
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
    expect(unfinished.length).toBeLessThanOrEqual(2);
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

describe("lost answers", () => {
  it.each([
    ["the connection breaks", { kind: "reset" as const }],
    ["it closes without an answer", { kind: "close" as const }],
    ["a gateway answers 502", { kind: "html" as const, status: 502 }],
  ])(
    "%s after the work was done, a third of the time: no picture is shown twice",
    { timeout: 60_000 },
    async (_how, failure) => {
      const fake = await openFake({ seed: 7 });
      const groups = groupsIn(fake, 4);
      await botAt(fake, { hurried: true, backends: (clock) => [fakeBackend({ clock, facts: { concurrency: 4 } })] });
      const loss = fake.fault({
        methods: ["sendMessage", "editMessageText", "editMessageMedia", "editMessageCaption", "answerCallbackQuery"],
        applied: true,
        share: 0.33,
        failure,
      });
      groups.draw(8);
      const finals = () => Array.from({ length: 8 }, (_, at) => finalsOf(groups.groups, at + 1));
      await eventually(finals, { timeout: 50_000 }).toEqual(Array(8).fill(1));
      expect(loss.hits).toBeGreaterThan(3);
      loss.end();
    },
  );

  it("an answer to a command is there once, and nothing is said about a failure", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    await botAt(fake);
    fake.fault({ methods: "sendMessage", applied: true, failure: { kind: "reset" } });
    ann.private.say("/quota");
    await said(ann.private, "of drawing time left");
    ann.private.say("/unlock");
    await said(ann.private, "No seed is locked");
    expect(ann.private.fromBot()).toHaveLength(2);
  });
});

describe("deleted messages", () => {
  it("a placeholder that a member deleted: the picture comes in a message of its own", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    const group = fake.supergroup("Rent strike", { admins: [ann] });
    const gate = Promise.withResolvers<void>();
    await botAt(fake, { hurried: true, backends: (clock) => [fakeBackend({ clock, gate: () => gate.promise })] });
    const seat = ann.in(group);
    seat.say("/rca a red fox");
    seat.delete(await seenBy(seat, ({ keyboard }) => keyboard.length > 0));
    gate.resolve();
    await picture(seat);
    expect(seat.fromBot()).toHaveLength(1);
  });
});
