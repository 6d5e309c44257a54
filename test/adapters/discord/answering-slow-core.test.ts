import { describe, expect, it } from "vitest";
import { atThisPaceMs } from "../../pace.ts";
import { BUTTON, heldUp, PRIVATE, PUBLIC, pressedUnder, readable, started } from "./rig.ts";

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
    expect(Math.max(...world.fake.ackMs)).toBeLessThan(atThisPaceMs(2500));
  });
  it("shows only its member that it was heard, where all that the command answers is private", async () => {
    const world = await started();
    world.received.onInvoked = heldUp();
    const first = await world.ann.slash(world.channel, "info", {});
    const crowd = await Promise.all(Array.from({ length: 30 }, () => world.ann.slash(world.channel, "info", {})));
    const all = [first, ...crowd];
    await Promise.all(all.map((each) => each.acknowledged()));
    expect(new Set(all.map(({ ackType, ackEphemeral }) => `${ackType} ${ackEphemeral}`))).toEqual(new Set(["5 true"]));
    expect(world.bob.sees(world.channel)).toEqual([]);
  });
  it("is not waited for at all where many wait", async () => {
    const world = await started();
    world.received.onInvoked = heldUp();
    const all = await Promise.all(
      Array.from({ length: 60 }, () => world.ann.slash(world.channel, "rca", { prompt: "x" })),
    );
    await Promise.all(all.map((each) => each.acknowledged()));
    expect(all.map(({ ackType }) => ackType)).toEqual(Array(60).fill(5));
    expect(Math.max(...world.fake.ackMs)).toBeLessThan(atThisPaceMs(2500));
  });
});

describe("the first answer to a press", () => {
  it("is heard without a new message", async () => {
    const world = await started();
    const { played, target } = await pressedUnder(world);
    await world.adapter.acknowledge(target, "public");
    expect(played.ackType).toBe(6);
    expect(world.channel.messages).toHaveLength(1);
  });
  it("never takes the place of the message with the button", async () => {
    const world = await started();
    const { target, ref } = await pressedUnder(world);
    await world.adapter.acknowledge(target, "public");
    await world.adapter.post(target, { text: "The child." }, PUBLIC("j.2"));
    const [parent, child] = world.channel.messages;
    expect(parent).toMatchObject({ id: ref.messageId, text: "Seed 7" });
    // It hangs on what was pressed, so that everybody sees where it came from.
    expect(child).toMatchObject({ text: "The child.", replyTo: ref.messageId, pings: { userIds: [] } });
  });
  it("finds its way when the message with the button is gone", async () => {
    const world = await started();
    const { target, ref } = await pressedUnder(world);
    await world.adapter.acknowledge(target, "public");
    world.ann.deletes({ id: ref.messageId });
    await world.adapter.post(target, { text: "The child." }, PUBLIC("j.2"));
    expect(world.channel.messages).toMatchObject([{ text: "The child.", replyTo: undefined }]);
  });
  it("answers its presser alone", async () => {
    const world = await started();
    const { played, target } = await pressedUnder(world);
    await world.adapter.acknowledge(target, "private");
    await world.adapter.post(target, { text: "Your recipe." }, PRIVATE("r.1"));
    expect(played).toMatchObject({ ackType: 5, ackEphemeral: true });
    expect(world.bob.sees(world.channel).map(readable)).toEqual(["Seed 7", "Your recipe."]);
    expect(world.ann.sees(world.channel).map(readable)).toEqual(["Seed 7"]);
  });
  it("under a private message turns a gallery's page in place, and says everything else beside it", async () => {
    const world = await started();
    const { played, target, ref } = await pressedUnder(world, "private");
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
