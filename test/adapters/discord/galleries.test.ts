import { describe, expect, it } from "vitest";
import type { MessageRef } from "../../../src/domain/place.ts";
import type { ShownDecision, ShownView } from "../../../src/ports/view.ts";
import type { SeenMessage } from "../../fakes/discord/seen.ts";
import { media, PICTURE, stored } from "./picture.ts";
import { acknowledged, BUTTON, PRIVATE, PUBLIC, pressReceived, readable, type Started, started } from "./rig.ts";

const ALBUM = [1, 2, 3, 4].map((at) => ({ ...PICTURE, key: `picture/${at}`, alt: `fox ${at}` }));
const WORKING: ShownView = {
  text: "a red fox",
  tone: "working",
  progress: 0.5,
  image: { ...PICTURE, key: "picture/preview" },
  becomesAlbum: true,
};
const DONE: ShownView = {
  text: "a *red* fox",
  tone: "good",
  image: { ...PICTURE, key: "picture/grid" },
  album: ALBUM,
  buttons: [[BUTTON]],
};
const IS_COMPONENTS_V2 = 1 << 15;

const isV2 = (message: SeenMessage | undefined) => ((message?.flags ?? 0) & IS_COMPONENTS_V2) !== 0;
const seen = (world: Started, ref: MessageRef) => world.fake.message(ref.messageId);
const uploads = ({ fake }: Started) => fake.calls.flatMap(({ files }) => files).length;

async function batch(world: Started): Promise<MessageRef> {
  const ref = await world.adapter.post(await acknowledged(world), WORKING, PUBLIC("j.1"));
  await world.adapter.edit(ref, DONE);
  return ref;
}

describe("a batch", () => {
  it("becomes a gallery of its pictures, each with its own description, and buttons below", async () => {
    const world = await started({ events: { media } });
    const message = seen(world, await batch(world));
    expect(message?.files.map(({ alt, shownIn, spoiler }) => [alt, shownIn, spoiler])).toEqual(
      ALBUM.map(({ alt }) => [alt, "component", false]),
    );
    expect([message?.content, message?.embeds, isV2(message)]).toEqual(["", [], true]);
    expect(message && readable(message)).toBe("a *red* fox");
    world.bob.press({ id: message!.id }, "Reroll");
    expect(await pressReceived(world.received, 1)).toMatchObject({ token: BUTTON.token, under: message!.id });
  });
  it("is covered picture by picture", async () => {
    const world = await started({ events: { media } });
    const album = ALBUM.map((image, at) => (at === 1 ? { ...image, spoiler: true as const } : image));
    const ref = await world.adapter.post(await acknowledged(world), { ...DONE, album }, PUBLIC("j.1"));
    expect(seen(world, ref)?.files.map(({ spoiler }) => spoiler)).toEqual([false, true, false, false]);
  });
  it("is uploaded once, whatever is said beside it", async () => {
    const world = await started({ events: { media } });
    const ref = await batch(world);
    const before = uploads(world);
    await world.adapter.edit(ref, { ...DONE, text: "a vote is open" });
    await world.adapter.edit(ref, { ...DONE, text: "it is over", album: ALBUM.slice(0, 3) });
    expect(uploads(world)).toBe(before);
    expect(seen(world, ref)?.files.map(({ alt }) => alt)).toEqual(["fox 1", "fox 2", "fox 3"]);
    expect(seen(world, ref)?.text).toBe("it is over");
  });
  it("can be deleted and brought back, by a process that knows nothing of it, too", async () => {
    const world = await started({ events: { media } });
    const ref = await batch(world);
    await world.adapter.stop();
    const next = await world.next();
    await next.edit(stored(ref), { text: "Deleted by ann.", tone: "quiet", buttons: [[BUTTON]] });
    expect(seen(world, ref)).toMatchObject({ text: "Deleted by ann.", files: [], buttons: [{ label: "Reroll" }] });
    await next.edit(stored(ref), DONE);
    expect(seen(world, ref)?.files).toHaveLength(4);
    await next.edit(stored(ref), { text: "One of them.", image: { ...PICTURE, key: "picture/2" } });
    expect(seen(world, ref)?.files.map(({ shownIn }) => shownIn)).toEqual(["component"]);
  });
  it("is the answer to a command that two processes write", async () => {
    const world = await started({ events: { media } });
    const target = await acknowledged(world);
    const ref = await world.adapter.post(target, DONE, PUBLIC("j.1"));
    await world.adapter.stop();
    const next = await world.next();
    expect(await next.post(stored(target), { text: "Deleted." }, PUBLIC("j.1"))).toEqual(ref);
    expect(seen(world, ref)).toMatchObject({ text: "Deleted.", files: [] });
  });
  it("is for its member alone where that is asked for", async () => {
    const world = await started({ events: { media } });
    const { target } = await world.ask();
    await world.adapter.acknowledge(target, "private");
    const ref = await world.adapter.post(target, DONE, PRIVATE("j.1"));
    const again = await world.adapter.post(target, DONE, PRIVATE("j.2"));
    for (const each of [ref, again]) expect(seen(world, each)).toMatchObject({ ephemeral: true, files: { length: 4 } });
    expect(world.bob.sees(world.channel)).toEqual([]);
  });
  it("calls nobody by its words", async () => {
    const world = await started({ events: { media } });
    const text = `@everyone <@${world.bob.id}>`;
    const ref = await world.adapter.post(await acknowledged(world), { ...DONE, text }, PUBLIC("j.1"));
    expect(seen(world, ref)?.pings).toEqual({ everyone: false, userIds: [], roleIds: [] });
  });
  it("shows the grid of more pictures than a gallery holds", async () => {
    const world = await started({ events: { media } });
    const album = Array.from({ length: 11 }, (_, at) => ({ ...PICTURE, key: `picture/${at}` }));
    const ref = await world.adapter.post(await acknowledged(world), { ...DONE, album }, PUBLIC("j.1"));
    expect([isV2(seen(world, ref)), seen(world, ref)?.files.length]).toEqual([false, 1]);
  });
  it("shows the grid where Discord takes no gallery, and tries again after an hour", async () => {
    const world = await started({ events: { media } });
    const refused = world.fake.fails({
      on: "*",
      fault: { kind: "status", status: 400, code: 50035 },
      only: ({ body }) => JSON.stringify(body).includes(String(IS_COMPONENTS_V2)),
    });
    const target = await acknowledged(world);
    const ref = await world.adapter.post(target, DONE, PUBLIC("j.1"));
    expect([isV2(seen(world, ref)), seen(world, ref)?.files.length]).toEqual([false, 1]);
    const hits = refused.hits;
    expect(hits).toBeGreaterThan(0);
    expect(world.log.lines.join()).toContain("discord.gallery_refused");
    await world.adapter.edit(ref, { ...DONE, text: "again" });
    expect(refused.hits).toBe(hits);
    refused.stop();
    world.fake.clock.advanceMs(3_600_001);
    await world.adapter.edit(ref, DONE);
    expect(isV2(seen(world, ref))).toBe(true);
  });
});

const decision = (parts: Partial<ShownDecision>): ShownDecision => ({
  decisionId: "abcdefghijklmnop",
  kind: "pick",
  state: "open",
  visibility: "live",
  title: "Which of these?",
  standing: "1 has voted",
  options: [
    ...[12, 13, 14].map((number, at) => ({
      id: `p${at}`,
      label: `#${number}`,
      number,
      image: { ...PICTURE, key: `picture/${number}`, alt: "a red fox" },
      token: `1.vote.abcdefghijklmnop.${at}.AAAAAAAAAAA`,
    })),
    { id: "none", label: "None", token: "1.vote.abcdefghijklmnop.9.AAAAAAAAAAA" },
  ],
  maxChoices: 3,
  votedIds: [],
  voted: 0,
  byName: "ann",
  byId: "x:1",
  closesAtMs: 1,
  notes: [],
  ...parts,
});
const PICK: ShownView = {
  text: "Which of these?\n1 has voted",
  image: { ...PICTURE, key: "picture/grid" },
  decision: decision({}),
  buttons: [decision({}).options.map(({ label, token }) => ({ label, token: token! }))],
};

describe("a pick", () => {
  it("marks what won", async () => {
    const world = await started({ events: { media } });
    const ref = await world.adapter.post(await acknowledged(world), PICK, PUBLIC("j.1"));
    const options = PICK.decision!.options.map(({ token: _token, ...option }) =>
      option.number === 13 ? { ...option, won: true as const } : option,
    );
    const uploaded = uploads(world);
    await world.adapter.edit(ref, {
      ...PICK,
      text: "#13",
      buttons: [],
      decision: decision({ state: "decided", options }),
    });
    expect(seen(world, ref)?.text).toContain("#12 · **✓ #13** · #14");
    expect(seen(world, ref)?.files.map(({ alt }) => alt)[1]).toBe("✓ #13: a red fox");
    expect(uploads(world)).toBe(uploaded);
  });
  it("shows its candidates with their numbers, for those who do not see them too", async () => {
    const world = await started({ events: { media } });
    const ref = await world.adapter.post(await acknowledged(world), PICK, PUBLIC("j.1"));
    const message = seen(world, ref);
    expect(message?.files.map(({ alt }) => alt)).toEqual(["#12: a red fox", "#13: a red fox", "#14: a red fox"]);
    expect(message?.text).toContain("#12 · #13 · #14");
    for (const { label } of message?.buttons ?? []) world.bob.press({ id: ref.messageId }, label);
    await pressReceived(world.received, 4);
    expect(world.received.pressed.map(({ token }) => token)).toEqual(PICK.decision?.options.map(({ token }) => token));
  });
});
