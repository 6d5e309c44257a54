import { describe, expect, it } from "vitest";
import { media, PICTURE, stored } from "./picture.ts";
import { acknowledged, PRIVATE, PUBLIC, pressed, SOON, type Started, started, texts } from "./rig.ts";

const MINUTES_MS = 60_000;
const uploads = ({ fake }: Started) => fake.calls.filter(({ files }) => files.length > 0).length;
const operations = ({ fake }: Started, operation: string) => fake.calls.filter((call) => call.operation === operation);

describe("the answer to a command", () => {
  it("is its one deferred reply, in this process and the next", async () => {
    const world = await started();
    const target = await acknowledged(world);
    const ref = await world.adapter.post(target, { text: "Queued." }, PUBLIC("j.1"));
    expect(await world.adapter.post(target, { text: "Still queued." }, PUBLIC("j.1"))).toEqual(ref);
    await world.adapter.stop();
    const next = await world.next();
    expect(await next.post(stored(target), { text: "Queued once more." }, PUBLIC("j.1"))).toEqual(ref);
    expect(texts(world)).toEqual(["Queued once more."]);
  });
  it("is no other message's place: what is posted beside it is new", async () => {
    const world = await started();
    const target = await acknowledged(world);
    await world.adapter.post(target, { text: "The grid." }, PUBLIC("j.1"));
    const { replyToken: _token, ...beside } = target;
    await world.adapter.post(beside, { text: "Picture 2." }, PUBLIC("pick1.1"));
    await world.adapter.post(target, { text: "Another." }, PUBLIC("j.2"));
    expect(texts(world)).toEqual(["The grid.", "Picture 2.", "Another."]);
    expect(world.channel.messages.map(({ nonce }) => nonce)).toEqual([undefined, "pick1.1", "j.2"]);
  });
  it("is found again by an earlier process's answer when the token is over", async () => {
    const world = await started();
    const target = await acknowledged(world);
    const ref = await world.adapter.post(target, { text: "Queued." }, PUBLIC("j.1"));
    await world.adapter.stop();
    world.fake.clock.advanceMs(40 * MINUTES_MS);
    const next = await world.next();
    expect(await next.post(stored(target), { text: "Done." }, PUBLIC("j.1"))).toEqual(ref);
    expect(texts(world)).toEqual(["Done."]);
  });
  it("comes as a new message, once, where nothing was ever acknowledged", async () => {
    const world = await started();
    const { target } = await world.ask();
    world.fake.clock.advanceMs(10_000);
    await world.adapter.stop();
    const next = await world.next();
    const ref = await next.post(stored(target), { text: "Done." }, PUBLIC("j.1"));
    expect(await next.post(stored(target), { text: "Done." }, PUBLIC("j.1"))).toEqual(ref);
    expect(texts(world)).toEqual(["Done."]);
  });
  it("comes as a new message when the reply was deleted", async () => {
    const world = await started();
    const target = await acknowledged(world);
    const ref = await world.adapter.post(target, { text: "Queued." }, PUBLIC("j.1"));
    world.ann.deletes({ id: ref.messageId });
    await expect(world.adapter.edit(ref, { text: "Done." })).rejects.toMatchObject({ code: "gone" });
    await world.adapter.post(target, { text: "Done." }, PUBLIC("g.1"));
    expect(texts(world)).toEqual(["Done."]);
  });
  it("is said to nobody where it was private and its token is over", async () => {
    const world = await started();
    const target = await acknowledged(world);
    world.fake.clock.advanceMs(15 * MINUTES_MS);
    await expect(world.adapter.post(target, { text: "Only you." }, PRIVATE("r.1"))).rejects.toMatchObject({
      code: "gone",
    });
    expect(world.bob.sees(world.channel).map(({ text }) => text)).not.toContain("Only you.");
  });
});

describe("a lost answer", () => {
  it("of what may not be repeated is not repeated: a picture where the bot may not write", async () => {
    const world = await started();
    const press = await pressed(world);
    world.channel.denies(world.guild.everyone, "SendMessages");
    const ref = await world.adapter.post(press, { text: "By the member's own right." }, PUBLIC("j.1"));
    await world.adapter.edit(ref, { text: "Edited by it too." });
    world.fake.fails({ on: "execute_webhook", fault: { kind: "close" }, when: "applied", times: 1 });
    await expect(world.adapter.post(press, { text: "Perhaps." }, PUBLIC("j.2"))).rejects.toMatchObject({
      code: "offline",
    });
    await expect(world.adapter.post(press, { text: "Perhaps." }, PUBLIC("j.2"))).rejects.toMatchObject({
      code: "gone",
    });
    expect(texts(world)).toEqual(["Parent", "Edited by it too.", "Perhaps."]);
  });
});

describe("limits of Discord's", () => {
  it("of a long time are the outbox's business", async () => {
    const world = await started();
    const press = await pressed(world);
    world.fake.fails({ on: "create_message", fault: { kind: "rate_limited", retryAfterMs: 9000, scope: "user" } });
    const error = await world.adapter.post(press, { text: "x" }, PUBLIC("j.1")).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "ChatError", code: "rate_limited" });
    expect((error as { readonly retryAfterMs: number }).retryAfterMs).toBeGreaterThan(8000);
  });
  it("500 for ever ends, for the outbox to come back", async () => {
    const world = await started();
    const target = await acknowledged(world);
    world.fake.fails({ on: "*", fault: { kind: "status", status: 500 } });
    await expect(world.adapter.post(target, { text: "x" }, PUBLIC("j.1"))).rejects.toMatchObject({ code: "offline" });
    world.fake.works();
    await world.adapter.post(target, { text: "x" }, PUBLIC("j.1"));
    expect(texts(world)).toEqual(["x"]);
  });
});

describe("an edit", () => {
  it("goes by the interaction's token while it lives, by the bot's afterwards", async () => {
    const world = await started();
    const target = await acknowledged(world);
    const ref = await world.adapter.post(target, { text: "Queued." }, PUBLIC("j.1"));
    await world.adapter.edit(ref, { text: "Making it." });
    expect(operations(world, "update_message")).toHaveLength(0);
    world.fake.clock.advanceMs(40 * MINUTES_MS);
    await world.adapter.edit(ref, { text: "Done." });
    expect(operations(world, "update_message")).toHaveLength(1);
    expect(texts(world)).toEqual(["Done."]);
  });
  it("finds another way when Discord ends a token early, and keeps its own", async () => {
    const world = await started();
    const target = await acknowledged(world);
    const ref = await world.adapter.post(target, { text: "Queued." }, PUBLIC("j.1"));
    world.fake.fails({ on: "update_webhook_message", fault: { kind: "status", status: 401 } });
    await world.adapter.edit(ref, { text: "Making it." });
    await world.adapter.edit(ref, { text: "Done." });
    expect(texts(world)).toEqual(["Done."]);
  });
  it("uploads a picture once, and takes it off again", async () => {
    const world = await started({ events: { media } });
    const target = await acknowledged(world);
    const ref = await world.adapter.post(target, { text: "Queued." }, PUBLIC("j.1"));
    await world.adapter.edit(ref, { text: "Seed 7", image: PICTURE });
    await world.adapter.edit(ref, { text: "Seed 7, one vote", image: PICTURE });
    await world.adapter.edit(ref, { text: "Seed 7, two votes", image: PICTURE });
    expect(uploads(world)).toBe(1);
    expect(world.fake.message(ref.messageId)).toMatchObject({
      text: "Seed 7, two votes",
      files: [{ name: "placard-12.png", alt: "a red fox" }],
    });
    await world.adapter.edit(ref, { text: "Other", image: { ...PICTURE, key: "picture/2" } });
    expect(uploads(world)).toBe(2);
    expect(world.fake.message(ref.messageId)?.files).toHaveLength(1);
    await world.adapter.edit(ref, { text: "Deleted." });
    expect(world.fake.message(ref.messageId)?.files).toEqual([]);
  });
  it("uploads again when nobody knows which picture is there", async () => {
    const world = await started({ events: { media } });
    const target = await acknowledged(world);
    const ref = await world.adapter.post(target, { text: "Seed 7", image: PICTURE }, PUBLIC("j.1"));
    world.fake.fails({ on: "*", fault: { kind: "close" }, when: "applied", times: 2 });
    await world.adapter.edit(ref, { text: "Other", image: { ...PICTURE, key: "picture/2" } }).catch(() => {});
    world.fake.works();
    await world.adapter.edit(ref, { text: "Seed 7", image: PICTURE });
    await world.adapter.stop();
    const next = await world.next();
    await next.edit(stored(ref), { text: "Seed 7 still", image: PICTURE });
    expect(world.fake.message(ref.messageId)).toMatchObject({ text: "Seed 7 still", files: [{ alt: "a red fox" }] });
  });
  it("wakes a thread that fell asleep, and waits at a locked one", async () => {
    const world = await started();
    const thread = await world.channel.thread("the march", { by: world.ann });
    await world.ann.slash(thread, "rca", { prompt: "x" });
    await expect.poll(() => world.received.invoked.length, SOON).toBe(1);
    const { target } = world.received.invoked[0]!;
    expect(target.place).toMatchObject({ chatId: world.channel.id, threadId: thread.id });
    await world.adapter.acknowledge(target, "public");
    const ref = await world.adapter.post(target, { text: "Queued." }, PUBLIC("j.1"));
    world.fake.clock.advanceMs(40 * MINUTES_MS);
    thread.archive();
    await world.adapter.edit(ref, { text: "Done." });
    expect(thread.messages.map(({ text }) => text)).toEqual(["Done."]);
    thread.archive(true);
    await expect(world.adapter.edit(ref, { text: "Later." })).rejects.toMatchObject({ code: "offline" });
  });
});

describe("places", () => {
  it("a forum's post and a direct message", async () => {
    const world = await started();
    const post = await world.guild.forum("ideas").thread("a banner", { by: world.ann });
    for (const place of [post, world.ann.dms]) {
      const played = await world.ann.slash(place, "rca", { prompt: "x" });
      await expect.poll(() => world.received.invoked.at(-1)?.updateId, SOON).toBe(`discord:${played.id}`);
      const { target } = world.received.invoked.at(-1)!;
      await world.adapter.acknowledge(target, "public");
      const ref = await world.adapter.post(target, { text: "Queued." }, PUBLIC("j.1"));
      world.fake.clock.advanceMs(16 * MINUTES_MS);
      await world.adapter.edit(ref, { text: "Done." });
      expect(world.ann.sees(place).at(-1)?.text).toBe("Done.");
    }
    expect(world.received.invoked.map(({ target }) => target.place.group)).toEqual([true, false]);
  });
  it("that let nobody write are asked once, and said once", async () => {
    const world = await started();
    const target = await acknowledged(world);
    const ref = await world.adapter.post(target, { text: "Queued." }, PUBLIC("j.1"));
    world.channel.denies(world.guild.everyone, "ViewChannel");
    world.fake.clock.advanceMs(16 * MINUTES_MS);
    for (let tries = 0; tries < 5; tries += 1)
      await expect(world.adapter.edit(ref, { text: "Done." })).rejects.toMatchObject({
        code: "offline",
        retryAfterMs: expect.any(Number),
      });
    expect(operations(world, "update_message")).toHaveLength(1);
    expect(world.log.lines.filter((line) => line.includes("channel_closed"))).toHaveLength(1);
    world.channel.allows(world.guild.everyone, "ViewChannel");
    world.fake.clock.advanceMs(10 * MINUTES_MS);
    await world.adapter.edit(ref, { text: "Done." });
    expect(texts(world)).toEqual(["Done."]);
  });
  it("are named in the log when their pictures will not last", async () => {
    const world = await started();
    world.channel.denies(world.guild.everyone, "SendMessages");
    await world.ask();
    await world.ask();
    const said = () => world.log.lines.filter((line) => line.includes("cannot_write"));
    await expect.poll(said, SOON).toHaveLength(1);
    expect(said()[0]).toContain('give the bot Send Messages"');
  });

  it("are named with what a thread lacks, which has a right to write of its own", async () => {
    const world = await started();
    const { channel, guild, ann, log, received } = world;
    const thread = await channel.thread("the march", { by: ann });
    channel.denies(guild.everyone, "SendMessages");
    await ann.slash(thread, "rca", { prompt: "x" });
    await expect.poll(() => received.invoked.length, SOON).toBe(1);
    const other = await channel.thread("the meeting", { by: ann });
    channel.denies(guild.everyone, "SendMessagesInThreads", "AttachFiles");
    await ann.slash(other, "rca", { prompt: "x" });
    const said = () => log.lines.filter((line) => line.includes("cannot_write"));
    await expect.poll(said, SOON).toHaveLength(1);
    expect(said()[0]).toContain('give the bot Send Messages in Threads, Attach Files"');
  });
});
