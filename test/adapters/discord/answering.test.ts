import { describe, expect, it } from "vitest";
import type { FormSpec } from "../../../src/ports/view.ts";
import { heldUp, PRIVATE, PUBLIC, pressReceived, readable, SOON, type Started, started } from "./rig.ts";

const FORM: FormSpec = {
  title: "Edit #12",
  token: "1.redo.abcdefghijklmnop.0.AAAAAAAAAAA",
  submitLabel: "Make it",
  fields: [{ name: "prompt", summary: "what to draw", kind: "text", required: true, rest: true, value: "a red fox" }],
};
const BUTTON = { label: "Reroll", token: "1.reroll.abcdefghijklmnop.0.AAAAAAAAAAA" };
const callbacks = ({ fake }: Started) => fake.calls.filter(({ path }) => path.endsWith("/callback"));

/** A message with a button, posted and pressed by bob; resolves with the press as the core got it. */
async function pressed(world: Started, visibility: "public" | "private" = "public") {
  const { adapter, ask, received, ann, bob } = world;
  const { target } = await ask();
  const ref = await adapter.post(target, { text: "Seed 7", buttons: [[BUTTON]] }, { nonce: "j.1", visibility });
  const played = (visibility === "private" ? ann : bob).press({ id: ref.messageId }, "Reroll");
  return { played, ref, target: (await pressReceived(received, 1)).target };
}

describe("the first answer to a command", () => {
  it("defers for all, once, whoever asks twice", async () => {
    const world = await started();
    const { played, target } = await world.ask();
    await Promise.all([world.adapter.acknowledge(target, "public"), world.adapter.acknowledge(target, "public")]);
    expect(played).toMatchObject({ ackType: 5, ackEphemeral: false });
    expect(played.reply?.loading).toBe(true);
    expect(callbacks(world)).toHaveLength(1);
  });
  it("defers for its member alone", async () => {
    const { adapter, ask } = await started();
    const { played, target } = await ask();
    await adapter.acknowledge(target, "private");
    expect(played).toMatchObject({ ackType: 5, ackEphemeral: true });
  });
  it.each(["close", "reset"] as const)("is given once although the answer got lost (%s)", async (kind) => {
    const { adapter, ask, fake } = await started();
    const { played, target } = await ask();
    fake.fails({ on: "create_interaction_response", fault: { kind }, when: "applied", times: 1 });
    await adapter.acknowledge(target, "public");
    await adapter.post(target, { text: "Done." }, PUBLIC("j.1"));
    expect(played.reply?.text).toBe("Done.");
  });
  it("is tried again while there is time", async () => {
    const { adapter, ask, fake } = await started();
    const { played, target } = await ask();
    fake.fails({ on: "create_interaction_response", fault: { kind: "status", status: 502 }, times: 2 });
    await adapter.acknowledge(target, "public");
    expect(played.ackType).toBe(5);
  });
  it("says when it came too late, and the answer goes to the channel", async () => {
    const { adapter, ask, fake, channel } = await started();
    const { played, target } = await ask();
    fake.clock.advanceMs(3100);
    await expect(adapter.acknowledge(target, "public")).rejects.toMatchObject({ code: "gone" });
    await adapter.post(target, { text: "Done all the same." }, PUBLIC("j.1"));
    expect(played.failed).toBe(true);
    expect(channel.messages.map(({ text }) => text)).toEqual(["Done all the same."]);
  });
  it("comes by itself when the outbox is quicker", async () => {
    const { adapter, ask, channel } = await started();
    const { played, target } = await ask();
    const [ref] = await Promise.all([
      adapter.post(target, { text: "Queued." }, PUBLIC("j.1")),
      adapter.acknowledge(target, "public"),
    ]);
    expect(played.reply).toMatchObject({ id: ref.messageId, text: "Queued.", loading: false });
    expect(channel.messages).toHaveLength(1);
  });
});

describe("an answer that cannot be shown", () => {
  const TOO_LONG = { text: "x".repeat(3000) };
  it.each(["private", "public"] as const)(
    "leaves the %s deferred message to the sentence that says so",
    async (visibility) => {
      const { adapter, ask, ann, channel } = await started();
      const { played, target } = await ask();
      await adapter.acknowledge(target, visibility);
      await expect(adapter.post(target, TOO_LONG, { nonce: "r.1", visibility })).rejects.toMatchObject({
        code: "too_large",
      });
      await adapter.post(target, { text: "Something broke." }, PRIVATE("r.1"));
      expect(played.failed).toBe(false);
      expect(ann.sees(channel)).toMatchObject([{ text: "Something broke.", ephemeral: true, loading: false }]);
    },
  );
});

describe("a core that is held up", () => {
  it("does not make its member wait: commands and presses are acknowledged without it", async () => {
    const world = await started();
    const { target } = await world.ask();
    const ref = await world.adapter.post(target, { text: "Seed 7", buttons: [[BUTTON]] }, PUBLIC("j.1"));
    world.received.onInvoked = heldUp();
    world.received.onPressed = heldUp();
    const command = await world.ann.slash(world.channel, "rca", { prompt: "x" });
    const press = world.bob.press({ id: ref.messageId }, "Reroll");
    await Promise.all([command.acknowledged(), press.acknowledged()]);
    expect([command.ackType, press.ackType]).toEqual([5, 6]);
    expect(Math.max(...world.fake.ackMs)).toBeLessThan(2500);
  });
  it("is not waited for at all where many wait", async () => {
    const world = await started();
    world.received.onInvoked = heldUp();
    const all = await Promise.all(
      Array.from({ length: 60 }, () => world.ann.slash(world.channel, "rca", { prompt: "x" })),
    );
    await Promise.all(all.map((each) => each.acknowledged()));
    expect(all.map(({ ackType }) => ackType)).toEqual(Array(60).fill(5));
    expect(Math.max(...world.fake.ackMs)).toBeLessThan(2500);
  });
});

describe("the first answer to a press", () => {
  it("is heard without a new message", async () => {
    const world = await started();
    const { played, target } = await pressed(world);
    await world.adapter.acknowledge(target, "public");
    expect(played.ackType).toBe(6);
    expect(world.channel.messages).toHaveLength(1);
  });
  it("never takes the place of the message with the button", async () => {
    const world = await started();
    const { target, ref } = await pressed(world);
    await world.adapter.acknowledge(target, "public");
    await world.adapter.post(target, { text: "The child." }, PUBLIC("j.2"));
    const [parent, child] = world.channel.messages;
    expect(parent).toMatchObject({ id: ref.messageId, text: "Seed 7" });
    // It hangs on what was pressed, so that everybody sees where it came from.
    expect(child).toMatchObject({ text: "The child.", replyTo: ref.messageId, pings: { userIds: [] } });
  });
  it("finds its way when the message with the button is gone", async () => {
    const world = await started();
    const { target, ref } = await pressed(world);
    await world.adapter.acknowledge(target, "public");
    world.ann.deletes({ id: ref.messageId });
    await world.adapter.post(target, { text: "The child." }, PUBLIC("j.2"));
    expect(world.channel.messages).toMatchObject([{ text: "The child.", replyTo: undefined }]);
  });
  it("answers its presser alone", async () => {
    const world = await started();
    const { played, target } = await pressed(world);
    await world.adapter.acknowledge(target, "private");
    await world.adapter.post(target, { text: "Your recipe." }, PRIVATE("r.1"));
    expect(played).toMatchObject({ ackType: 5, ackEphemeral: true });
    expect(world.bob.sees(world.channel).map(readable)).toEqual(["Seed 7", "Your recipe."]);
    expect(world.ann.sees(world.channel).map(readable)).toEqual(["Seed 7"]);
  });
  it("under a private message turns a gallery's page in place, and says everything else beside it", async () => {
    const world = await started();
    const { played, target, ref } = await pressed(world, "private");
    await world.adapter.acknowledge(target, "private");
    expect(played.ackType).toBe(6);
    await world.adapter.post(target, { text: "Page 2", tiles: [{ title: "RCA", text: "x" }] }, PRIVATE("r.1"));
    await world.adapter.post(target, { text: "Something else." }, PRIVATE("r.2"));
    const seen = world.ann.sees(world.channel);
    expect(seen.map(({ id, content }) => [id === ref.messageId, content])).toEqual([
      [true, "Page 2"],
      [false, "Something else."],
    ]);
    expect(world.bob.sees(world.channel)).toEqual([]);
  });
});

describe("a form", () => {
  it("is the first answer, prefilled, and comes back with its values", async () => {
    const world = await started();
    const { played, target } = await pressed(world);
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
    const { played, target } = await pressed(world);
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
    const { played, target } = await pressed(world);
    await world.adapter.openForm(target, FORM);
    world.bob.submits(played);
    await pressReceived(world.received, 2);
    await world.adapter.openForm(world.received.pressed[1]!.target, FORM);
    expect(world.bob.sees(world.channel).at(-1)?.buttons[0]?.label).toBe("Open the form");
  });
  it("says when it is too old", async () => {
    const world = await started();
    const { target } = await pressed(world);
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
