import { describe, expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import { text } from "../../src/domain/text.ts";
import { group } from "./harness.ts";

/** A model whose pictures cost 1 s a step at 256 × 256, and a sketch that costs nothing. */
const backends = () => [
  fakeBackend({ name: "gpu", usedMs: 4000, facts: { firstGuess: { perMegapixelStepMs: 15_259, overheadMs: 0 } } }),
  fakeBackend({ name: "sketch", facts: { costWeight: 0, drawnBy: "program", title: text("backend.sketch.title") } }),
];
/** 10 s each, and 6 s come back in an hour. */
const installation = { allowance: { capacityGpuMs: 10_000, refillGpuMsPerHour: 6000, resetMs: 0 } };

const spent = async () => {
  const all = await group({ backends, installation });
  // 4 of 10 s are charged for the picture, and 4 more: 2 s are left.
  await all.chat.type("ana", "/rca a red fox");
  await all.picture(1);
  await all.chat.type("ana", "/rca a blue fox");
  await all.picture(2);
  await all.app.idle();
  return all;
};

describe("an order that the allowance does not cover", () => {
  it("is answered with what there is instead, the free one first, and none of it refuses", async () => {
    const { chat, said, picture, app } = await spent();
    await chat.type("ana", "/rca a kite steps:20 count:2");
    const offered = await said("Not enough allowance");
    expect(offered.onlyFor).toBe("loopback:ana");
    expect(offered.view.text.split("\n").slice(1)).toEqual([
      expect.stringMatching(/needs about 40(?:\.\d)? s .* 2(?:\.\d)? s is left/),
      "Sketch it now · same words, no model · free",
    ]);
    // 40 s are more than anybody ever has: waiting is not offered.
    await chat.type("ana", "/rca a kite");
    const again = await chat.waitFor(() =>
      [...chat.messages.values()].find(({ view }) => view.text.includes("When there is enough")),
    );
    expect(again.view.buttons?.flat().map(({ label }) => label)).toEqual(["Sketch it now", "When there is enough"]);
    await chat.press("ana", again.ref.messageId, "Sketch it now");
    expect((await picture(3)).view.text).toContain("built-in sketch");
    await app.idle();
    expect(chat.violations).toEqual([]);
  });

  it("can be made with less, at the price that was said", async () => {
    const { chat, said, picture, pictures, app } = await group({ backends, installation });
    await chat.type("ana", "/rca a red fox");
    await picture(1);
    await app.idle();
    await chat.type("ana", "/rca a kite steps:12 size:512x512");
    const offered = await said("Not enough allowance");
    expect(offered.view.text).not.toMatch(/Fewer steps|Smaller/);
    await chat.type("ana", "/rca a kite steps:12");
    const fits = await said("Fewer steps · 6 instead of 12, a little rougher · 6 s");
    // From two devices at once.
    await Promise.all([1, 2].map(() => chat.press("ana", fits.ref.messageId, "Fewer steps")));
    expect((await picture(2)).view.text).toContain("6 steps");
    await said("This offer is taken already");
    await app.idle();
    expect(pictures()).toHaveLength(2);
    expect(chat.violations).toEqual([]);
  });

  it("can wait until there is enough: shown, through a restart, and made by itself", async () => {
    const all = await spent();
    const { chat, said, picture, pictures, clock, restart, message } = all;
    await chat.type("ana", "/rca a kite");
    const offered = await said("When there is enough");
    const updateId = await chat.press("ana", offered.ref.messageId, "When there is enough");
    const waits = await message(({ view }) => view.text.includes("waits until the allowance suffices, at about "));
    expect(waits.onlyFor).toBeUndefined();
    await chat.press("ana", offered.ref.messageId, "When there is enough", { updateId });
    await Promise.all([1, 2].map(() => chat.press("ana", offered.ref.messageId, "When there is enough")));
    await chat.press("ana", offered.ref.messageId, "When there is enough");
    await said("This offer is taken already");
    await chat.type("bo", "/queue");
    expect((await said("in this chat")).view.tiles?.map(({ text: line }) => line)).toEqual([
      expect.stringContaining("waits until the allowance suffices"),
    ]);
    await restart();
    clock.advanceMs(15 * 60_000);
    expect(await said("waits until the allowance suffices")).toMatchObject({ ref: waits.ref });
    clock.advanceMs(10 * 60_000);
    const done = await picture(3);
    expect(done.ref.messageId).not.toBe(waits.ref.messageId);
    await said("waited here; it goes on at the end of the chat");
    await all.app.idle();
    expect(chat.messages.get(waits.ref.messageId)?.view.text).toBe(
      "“a kite” · waited here; it goes on at the end of the chat",
    );
    expect([...chat.messages.keys()].at(-1)).toBe(done.ref.messageId);
    expect(pictures()).toHaveLength(3);
    await all.app.idle();
    expect(chat.violations).toEqual([]);
  });

  it("is taken back while it waits, by its member and nobody else", async () => {
    const { chat, said, app, clock, pictures } = await spent();
    await chat.type("ana", "/rca a kite");
    await chat.press("ana", (await said("When there is enough")).ref.messageId, "When there is enough");
    const waits = await said("waits until");
    await chat.press("bo", waits.ref.messageId, "Cancel");
    await said("Only ana");
    await chat.press("ana", waits.ref.messageId, "Cancel");
    expect((await said("Cancelled by ana.")).view.text).not.toContain("returned");
    clock.advanceMs(60 * 60_000);
    await app.idle();
    expect(pictures()).toHaveLength(2);
  });

  it("says so in its message when nothing here can make it any more", async () => {
    let gone = false;
    const all = await group({
      backends: () => (gone ? [fakeBackend({ name: "tiny", features: { maxPixels: 1 } })] : backends()),
      installation,
    });
    const { chat, said, picture, clock } = all;
    for (const n of [1, 2]) {
      await chat.type("ana", `/rca fox ${n}`);
      await picture(n);
    }
    await all.app.idle();
    await chat.type("ana", "/rca a kite");
    await chat.press("ana", (await said("When there is enough")).ref.messageId, "When there is enough");
    const waits = await said("waits until");
    gone = true;
    await all.restart();
    clock.advanceMs(60 * 60_000);
    const told = await said("cannot be made any more");
    // Not far up, where nobody looks any more.
    expect(told.ref).not.toEqual(waits.ref);
    expect(told.view.tone).toBe("bad");
    await all.app.idle();
    expect(chat.violations).toEqual([]);
  });
});
