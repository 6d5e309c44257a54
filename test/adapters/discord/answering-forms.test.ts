import { describe, expect, it } from "vitest";
import type { ShownForm } from "../../../src/ports/view.ts";
import { PRIVATE, PUBLIC, pressedUnder, pressReceived, SOON, started } from "./rig.ts";

const FORM: ShownForm = {
  title: "Edit #12",
  token: "1.redo.abcdefghijklmnop.0.AAAAAAAAAAA",
  submitLabel: "Make it",
  fields: [{ name: "prompt", summary: "what to draw", kind: "text", required: true, rest: true, value: "a red fox" }],
};

describe("a form", () => {
  it("is the first answer, prefilled, and comes back with its values", async () => {
    const world = await started();
    const { played, target } = await pressedUnder(world);
    await world.adapter.openForm(target, FORM);
    expect(played).toMatchObject({
      ackType: 9,
      modal: { title: "Edit #12", fields: [{ customId: "prompt", value: "a red fox" }] },
    });
    const sent = world.bob.submits(played, { prompt: "a blue boat" });
    await pressReceived(world.received, 2);
    expect(world.received.pressed[1]).toMatchObject({ token: FORM.token, values: { prompt: "a blue boat" } });
    await world.adapter.acknowledge(world.received.pressed[1]!.target, "public");
    await world.adapter.post(world.received.pressed[1]!.target, { text: "The child." }, PUBLIC("j.2"));
    expect(sent.reply?.text).toBe("The child.");
  });
  it("waits behind a button when the event was answered before", async () => {
    const world = await started();
    const { played, target } = await pressedUnder(world);
    await world.adapter.acknowledge(target, "public");
    await world.adapter.openForm(target, FORM);
    expect(played.modal).toBeUndefined();
    const offer = world.bob.sees(world.channel).at(-1)!;
    expect(offer).toMatchObject({ ephemeral: true, buttons: [{ label: "Open the form" }] });
    const again = world.bob.press(offer, "Open the form");
    await again.acknowledged();
    expect(again.modal?.title).toBe("Edit #12");
    // The core never hears of that button.
    expect(world.received.pressed).toHaveLength(1);
  });
  it("answers a form by such a button too: Discord opens none as the answer to one", async () => {
    const world = await started();
    const { played, target } = await pressedUnder(world);
    await world.adapter.openForm(target, FORM);
    world.bob.submits(played);
    await pressReceived(world.received, 2);
    await world.adapter.openForm(world.received.pressed[1]!.target, FORM);
    expect(world.bob.sees(world.channel).at(-1)?.buttons[0]?.label).toBe("Open the form");
  });
  it("says when it is too old", async () => {
    const world = await started();
    const { target } = await pressedUnder(world);
    await world.adapter.acknowledge(target, "public");
    await world.adapter.openForm(target, FORM);
    const offer = world.bob.sees(world.channel).at(-1)!;
    await world.adapter.stop();
    await world.next();
    await world.bob.press(offer, "Open the form").acknowledged();
    await expect.poll(() => world.bob.sees(world.channel).at(-1)?.text, SOON).toContain("too old");
  });
});

describe("an early acknowledgement", () => {
  it("for all is taken back when the answer is private", async () => {
    const { adapter, ask, channel, ann, bob } = await started();
    const { target } = await ask();
    await adapter.acknowledge(target, "public");
    expect(bob.sees(channel)).toHaveLength(1);
    await adapter.acknowledge(target, "private");
    await adapter.post(target, { text: "Only you." }, PRIVATE("r.1"));
    expect(bob.sees(channel)).toEqual([]);
    expect(ann.sees(channel).map(({ text, ephemeral }) => [text, ephemeral])).toEqual([["Only you.", true]]);
  });
  it("leaves an answer alone that is there already", async () => {
    const { adapter, ask, channel, ann, bob } = await started();
    const { target } = await ask();
    await adapter.post(target, { text: "Queued." }, PUBLIC("j.1"));
    await adapter.post(target, { text: "Only you." }, PRIVATE("r.1"));
    expect(bob.sees(channel).map(({ text }) => text)).toEqual(["Queued."]);
    expect(ann.sees(channel).map(({ text }) => text)).toEqual(["Queued.", "Only you."]);
  });
});

describe("suggestions", () => {
  const suggest = async () => [
    { value: "random", label: "a new one" },
    { value: "7", label: "7, of #12" },
    { value: "x".repeat(101), label: "longer than Discord carries" },
    { value: "", label: "nothing" },
  ];
  it("come while somebody types", async () => {
    const { ann, channel } = await started({ events: { suggest } });
    expect(await ann.types(channel, "rca", "seed", "7", { prompt: "x" })).toEqual([
      { name: "a new one", value: "random" },
      { name: "7, of #12", value: "7" },
    ]);
  });
  it("of a number are numbers", async () => {
    const { ann, channel } = await started({ events: { suggest } });
    expect(await ann.types(channel, "rca", "steps", "7", { prompt: "x" })).toEqual([{ name: "7, of #12", value: 7 }]);
  });
  it("are at most 25", async () => {
    const many = Array.from({ length: 40 }, (_, at) => ({ value: `${at}`, label: `Seed ${at}` }));
    const { ann, channel } = await started({ events: { suggest: async () => many } });
    expect(await ann.types(channel, "rca", "seed", "", { prompt: "x" })).toHaveLength(25);
  });
  it("are none where the core has no idea in time", { timeout: 10_000 }, async () => {
    const { ann, channel, fake } = await started({ events: { suggest: () => new Promise(() => {}) } });
    fake.clock.hurry();
    expect(await ann.types(channel, "rca", "seed", "", { prompt: "x" })).toEqual([]);
  });
});
