import { describe, expect, it } from "vitest";
import { PRIVATE, PUBLIC, type Started, started } from "./rig.ts";

const callbacks = ({ fake }: Started) => fake.calls.filter(({ path }) => path.endsWith("/callback"));

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
