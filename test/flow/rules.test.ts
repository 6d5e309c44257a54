import { describe, expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import { type GroupOptions, group } from "./harness.ts";
import { last } from "./last-seen.ts";

const GUESS = { perMegapixelStepMs: 0, overheadMs: 100 };
/** Each picture is held for and costs 100 GPU ms. */
const steady = (over: GroupOptions = {}): GroupOptions => ({
  backends: () => [fakeBackend({ usedMs: 100, facts: { firstGuess: GUESS, concurrency: 4 } })],
  ...over,
});
const SERVER = { communityId: "server" };

describe("a chat's spend window", () => {
  it("bears what it bears, however many ask at once, and says when there is more", async () => {
    const { chat, app, pictures } = await group(steady());
    await chat.type("root", "/settings daily_cap_seconds:1", { admin: true });
    await Promise.all(Array.from({ length: 40 }, (_, n) => chat.type(`m${n}`, `/rca picture ${n}`)));
    await app.idle();
    expect(pictures()).toHaveLength(10);
    await chat.type("late", "/rca one more");
    expect(last(chat, "late")?.text).toMatch(
      /needs about 0\.1 s, and of the 1 s .* 0 s is left\.\nWhen there is enough · at about \w+day/,
    );
    await chat.type("late", "/quota");
    const fields = Object.fromEntries(last(chat, "late")?.fields?.map(({ name, value }) => [name, value]) ?? []);
    expect(fields).toMatchObject({
      "This chat together": "0 s of 1 s left · 1 s spent in the last 24 hours",
    });
  });

  it("is a community's over all its chats, as are its settings", async () => {
    const { chat, app, pictures } = await group(steady());
    await chat.type("root", "/settings daily_cap_seconds:1 votes:7", { admin: true, chatId: "a", ...SERVER });
    for (let n = 0; n < 7; n += 1) await chat.type("ana", `/rca a ${n}`, { chatId: "a", ...SERVER });
    for (let n = 0; n < 7; n += 1) await chat.type("bo", `/rca b ${n}`, { chatId: "b", ...SERVER });
    await app.idle();
    expect(pictures()).toHaveLength(10);
    await chat.type("root", "/settings", { admin: true, chatId: "b", ...SERVER });
    const view = last(chat, "root", "b");
    expect(view?.fields).toContainEqual({ name: "Votes a reroll needs", value: "7" });
    expect(view?.text).toContain("in every chat of this community");
    await chat.type("cy", "/rca elsewhere", { chatId: "a" });
    await app.idle();
    expect(pictures()).toHaveLength(11);
  });

  it("keeps a vote open that it cannot bear", async () => {
    const { chat, app, picture, pictures } = await group(steady({ installation: { votes: 2 } }));
    await chat.type("root", "/settings daily_cap_seconds:1", { admin: true });
    for (let n = 0; n < 10; n += 1) await chat.type("ana", `/rca a ${n}`);
    await app.idle();
    const { ref } = pictures()[0]!;
    await chat.press("bo", ref.messageId, "Reroll");
    await chat.waitFor(() => chat.messages.get(ref.messageId)?.view.text.includes("bo voted, 1 more"));
    await chat.press("cy", ref.messageId, "Reroll");
    expect(last(chat, "di")?.text).toMatch(/^The vote has enough ballots\. .* 0 s is left/);
    await app.idle();
    expect(chat.messages.get(ref.messageId)?.view.text).toContain("bo voted, 1 more");
    expect(pictures()).toHaveLength(10);
    await chat.type("root", "/settings daily_cap_seconds:default", { admin: true });
    await chat.press("cy", ref.messageId, "Reroll");
    expect((await picture(11)).view.text).toContain("by vote of bo and cy");
  });
});

describe("roles", () => {
  it("have their own allowance, voters included", async () => {
    const installation = { votes: 2, allowance: { capacityGpuMs: 100, refillGpuMsPerHour: 0, resetMs: 0 } };
    const { chat, app, picture, pictures } = await group(steady({ installation }));
    await chat.type("root", '/settings role_allowance:"Artists=3, Guests=0.4"', { admin: true, roles: [] });
    for (let n = 0; n < 4; n += 1) await chat.type("ana", `/rca a ${n}`, { roles: ["Artists"] });
    await app.idle();
    expect(pictures()).toHaveLength(3);
    await chat.type("bo", "/rca b", { roles: ["Guests"] });
    expect(last(chat, "bo")?.text).toMatch(/\b0 s is left|under 0\.1 s is left/);
    const { ref } = pictures()[0]!;
    // A guest's 40 do not bear half of 100; an artist's part and a member's do.
    await chat.press("bo", ref.messageId, "Reroll", { roles: ["Guests"] });
    await chat.waitFor(() => chat.messages.get(ref.messageId)?.view.text.includes("bo voted"));
    await chat.press("cy", ref.messageId, "Reroll", { roles: ["Artists"] });
    await chat.waitFor(() => last(chat, "cy")?.text.includes("bo cannot pay a part"));
    await chat.press("di", ref.messageId, "Reroll");
    expect((await picture(4)).view.text).toContain("by vote of cy and di");
  });

  it("decide who may draw and who may press", async () => {
    const { chat, picture } = await group();
    await chat.type("root", "/settings generate_roles:Artists", { admin: true, roles: [] });
    await chat.type("bo", "/rca a red fox", { roles: ["Guests"] });
    expect(last(chat, "bo")?.text).toMatch(/role Artists\. Ask an admin/);
    await chat.type("ana", "/rca a red fox", { roles: ["Artists"] });
    const { ref } = await picture();
    await chat.press("bo", ref.messageId, "Vary subtle", { roles: ["Guests"] });
    expect(last(chat, "bo")?.text).toMatch(/role Artists/);
    await chat.press("bo", ref.messageId, "Info", { roles: ["Guests"] });
    expect(last(chat, "bo")?.text).toContain("Picture #1");
  });
});

it("28 names from one address make what the address may, and anybody elsewhere theirs", async () => {
  const world = await group(steady({ installation: { addressCapGpuMs: 500 } }));
  const from = (addressKey: string) => ({ addressKey });
  await Promise.all(Array.from({ length: 28 }, (_, n) => world.chat.type(`sock${n}`, `/rca a ${n}`, from("here"))));
  await world.app.idle();
  expect(world.pictures()).toHaveLength(5);
  await world.chat.type("sock0", "/rca one more", from("here"));
  expect(last(world.chat, "sock0")?.text).toMatch(/of the 0\.5 s that all names from your address may spend/);
  await world.chat.type("bo", "/rca b", from("there"));
  await world.chat.type("cy", "/rca c");
  await world.app.idle();
  expect(world.pictures()).toHaveLength(7);
});

it("what a vote starts counts for the address of whoever completes it, and for no other", async () => {
  const world = await group(steady({ installation: { addressCapGpuMs: 500, votes: 2 } }));
  const { chat, app, clock } = world;
  const spent = async (addressKey: string) =>
    (await app.services.store.addressWindow(addressKey, clock.nowMs())).usedGpuMs;
  const from = (addressKey: string) => ({ addressKey });
  for (let n = 0; n < 5; n += 1) await chat.type("ana", `/rca a ${n}`, from("here"));
  await app.idle();
  const { ref } = world.pictures()[0]!;
  await chat.press("bo", ref.messageId, "Reroll", from("there"));
  await chat.waitFor(() => chat.messages.get(ref.messageId)?.view.text.includes("bo voted"));
  await chat.press("cy", ref.messageId, "Reroll", from("here"));
  expect(last(chat, "di")?.text).toMatch(/^The vote has enough ballots\. .* all names from your address may spend/);
  expect([await spent("here"), await spent("there")]).toEqual([500, 0]);
  await chat.press("di", ref.messageId, "Reroll", from("yonder"));
  expect((await world.picture(6)).view.text).toContain("by vote of bo and di");
  expect([await spent("here"), await spent("there"), await spent("yonder")]).toEqual([500, 0, 100]);
});

it("a vote of a name that is too new does not count, and its voter is told when it will", async () => {
  const { chat, picture, pictures, app } = await group(steady({ installation: { voteMinAgeMs: 600_000, votes: 2 } }));
  await chat.type("ana", "/rca a red fox");
  const { ref } = await picture();
  for (const sock of ["sock1", "sock2", "sock3"])
    await chat.press(sock, ref.messageId, "Reroll", { accountMadeAtMs: Date.now() - 60_000 });
  expect(last(chat, "sock1")?.text).toMatch(
    /^Your name is new here, so your vote does not count yet\. It does in (8 min|9 min)/,
  );
  await app.idle();
  expect(pictures()).toHaveLength(1);
  for (const name of ["bo", "cy"])
    await chat.press(name, ref.messageId, "Reroll", { accountMadeAtMs: Date.now() - 600_001 });
  await app.idle();
  expect(pictures()).toHaveLength(2);
});

describe("direct messages", () => {
  const direct = { group: false, chatId: "dm" };
  const chat = { platform: "discord" };
  it("can be off: nothing is made there", async () => {
    const world = await group(steady({ chat, installation: { directMessages: "off" } }));
    await world.chat.type("ana", "/rca a red fox", direct);
    expect(last(world.chat, "ana", "dm")?.text).toMatch(/not in direct messages/);
    await world.chat.type("ana", "/rca a red fox");
    await world.picture();
  });

  it("can have a limit of their own for each member", async () => {
    const world = await group(steady({ chat, installation: { directMessages: { capGpuMs: 200 } } }));
    for (let n = 0; n < 3; n += 1) await world.chat.type("ana", `/rca a ${n}`, direct);
    await world.chat.type("bo", "/rca b", { ...direct, chatId: "dm2" });
    await world.app.idle();
    expect(world.pictures()).toHaveLength(3);
    expect(last(world.chat, "ana", "dm")?.text).toMatch(/of the 0\.2 s that may be spent here/);
  });
});

describe("letting a chat in", () => {
  const needed = {
    chat: { platform: "telegram" },
    installation: { admins: ["telegram:boss"], approval: { foreign: true, platforms: [] } },
  };
  it("by whoever runs Placard, once, over restarts and moves", async () => {
    const { chat, picture, restart, app } = await group(needed);
    await chat.type("ana", "/rca a red fox");
    expect(last(chat, "ana")?.text).toBe(
      "Placard waits to be let into this chat. Ask whoever runs it to type /approve here.",
    );
    await chat.type("ana", "/help");
    expect(last(chat, "ana")?.text).toContain("telegram:ana");
    await chat.type("ana", "/approve", { admin: true });
    expect(last(chat, "ana")?.text).toMatch(/Only whoever runs this Placard.*telegram:ana/);
    expect(await app.services.store.counts()).toEqual({ queued: 0, running: 0 });
    await chat.type("boss", "/approve");
    expect(last(chat, "bo")?.text).toMatch(/^boss let Placard into this chat/);
    await restart();
    await chat.type("ana", "/rca a red fox");
    const { ref } = await picture();
    await chat.type("bo", "/rca elsewhere", { chatId: "c2" });
    expect(last(chat, "bo", "c2")?.text).toMatch(/waits to be let in/);
    await chat.migrate("c1", "c7");
    await chat.type("ana", "/rca a blue fox", { chatId: "c7" });
    await picture(2);
    await chat.type("boss", "/approve allow:no", { chatId: "c7" });
    await chat.type("ana", "/rca again", { chatId: "c7" });
    expect(last(chat, "ana", "c7")?.text).toMatch(/waits to be let in/);
    expect(ref.place.chatId).toBe("c1");
  });

  it("stops buttons too", async () => {
    const { chat, picture, pictures, app } = await group(needed);
    await chat.type("boss", "/approve");
    await chat.type("ana", "/rca a red fox");
    const { ref } = await picture();
    await chat.type("boss", "/approve no");
    await chat.press("ana", ref.messageId, "Reroll");
    expect(last(chat, "ana")?.text).toMatch(/waits to be let in/);
    await app.idle();
    expect(pictures()).toHaveLength(1);
  });

  it("of a community lets in all its chats", async () => {
    const { chat, picture } = await group(needed);
    await chat.type("boss", "/approve", { chatId: "a", ...SERVER });
    await chat.type("ana", "/rca a red fox", { chatId: "b", ...SERVER });
    await picture();
  });
});

describe("rights", () => {
  it("are looked at here, whatever a platform lets a member send", async () => {
    const { chat } = await group();
    for (const line of ["/settings", "/settings votes:1"]) {
      await chat.type("bo", line);
      expect(last(chat, "bo")?.text).toBe("/settings is for the admins of this chat. Ask one of them.");
    }
    await chat.type("root", "/settings", { admin: true });
    expect(last(chat, "root")?.fields).toContainEqual({ name: "Votes a reroll needs", value: "3 (default)" });
    const [pictures] = last(chat, "root")?.buttons?.flat() ?? [];
    await chat.pressToken("bo", pictures?.token);
    expect(last(chat, "bo")?.text).toContain("Only the admins of this chat change its settings");
    expect(chat.forms).toEqual([]);
  });
});
