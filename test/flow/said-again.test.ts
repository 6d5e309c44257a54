import { describe, expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import { group } from "./harness.ts";

const MINUTE_MS = 60_000;
const LINE = "/rca a red fox";

async function started() {
  const backend = fakeBackend();
  const made = await group({ backends: () => [backend] });
  const seeds = async () => {
    await made.app.idle();
    return backend.calls.map(({ request }) => request.seed);
  };
  const late = (agoMs: number | undefined) => (agoMs === undefined ? {} : { lateFromMs: made.clock.nowMs() - agoMs });
  return Object.assign(made, { seeds, late });
}

describe("the same words twice", () => {
  it("in time are two pictures with two seeds", async () => {
    const { chat, seeds } = await started();
    await chat.type("ana", LINE);
    await chat.type("ana", LINE);
    expect(new Set(await seeds()).size).toBe(2);
  });

  it.each<readonly [string, number | undefined, number | undefined]>([
    ["the first came late", MINUTE_MS, undefined],
    ["the second came late", undefined, MINUTE_MS],
    ["both came late", 2 * MINUTE_MS, MINUTE_MS],
  ])("are one picture where %s, and who asks again sees it", async (_which, first, second) => {
    const { chat, picture, seeds, app, late } = await started();
    await chat.type("ana", LINE, late(first));
    await picture();
    await chat.type("ana", LINE, late(second));
    expect(await seeds()).toHaveLength(1);
    const again = chat.visibleTo("ana").at(-1)?.view;
    expect(again?.text).toMatch(/^You asked for this a moment ago, .*: it is one picture\.\n“a red fox”/);
    expect(again?.image).toBeDefined();
    const { installation, store } = app.services;
    const { bucket, recent } = await store.account("loopback:ana", installation.allowance, Date.now());
    expect(recent).toHaveLength(1);
    expect(bucket.balanceGpuMs).toBe(installation.allowance.capacityGpuMs - (recent[0]?.usedGpuMs ?? 0));
    expect(chat.violations).toEqual([]);
  });

  it.each([
    { what: "by somebody else", name: "bo" },
    { what: "in another chat", event: { chatId: "c2" } },
    { what: "with another word", line: `${LINE}!` },
    { what: "with another option", line: `${LINE} seed:7` },
    { what: "more than ten minutes apart", agoMs: 11 * MINUTE_MS },
  ])("$what are two, late or not", async ({ name = "ana", line = LINE, event = {}, agoMs = 0 }) => {
    const { chat, seeds, picture, late } = await started();
    await chat.type("ana", LINE, late(0));
    await picture();
    await chat.type(name, line, { ...late(agoMs), ...event });
    expect(await seeds()).toHaveLength(2);
  });

  it("a late one is no new try of what failed, and none of what was cancelled in between is made again", async () => {
    const never = new Promise<void>(() => undefined);
    const backend = fakeBackend({ gate: () => never });
    const { chat, said } = await group({ backends: () => [backend] });
    await chat.type("ana", LINE);
    await said("making it");
    await chat.type("ana", "/cancel");
    await chat.type("ana", LINE, { lateFromMs: Date.now() - MINUTE_MS });
    expect(backend.calls).toHaveLength(1);
    expect(chat.visibleTo("ana").at(-1)?.view.text).toContain("Cancelled by ana");
  });

  it("stays one after a restart between the two", async () => {
    const { chat, seeds, picture, restart, late } = await started();
    await chat.type("ana", LINE);
    await picture();
    await restart();
    await chat.type("ana", LINE, late(MINUTE_MS));
    expect(await seeds()).toHaveLength(1);
  });
});
