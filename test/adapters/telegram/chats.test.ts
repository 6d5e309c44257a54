import { describe, expect, it } from "vitest";
import { fakeBackend } from "../../../src/backends/fake.ts";
import type { TelegramFake } from "../../fakes/telegram.ts";
import { botAt, inAGroup, labels, picture, said, seenBy } from "./app.ts";
import { eventually, openFake } from "./world.ts";

describe("chats", () => {
  it("ignores other bots' commands and chatter; answers its own unknown ones", async () => {
    const { bobs } = await inAGroup({}, { privacyMode: false });
    bobs.say("hello everybody");
    bobs.say("/weather tomorrow");
    bobs.say("/rca@other_bot a cat");
    bobs.say("/weather@placard_bot");
    await said(bobs, "There is no /weather here");
    expect(bobs.fromBot()).toHaveLength(1);
  });

  it("serves the chats that are allowed, and says so to others once", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    const inside = fake.supergroup("In", { members: [ann] });
    const outside = fake.supergroup("Out", { members: [ann], bot: "absent" });
    await botAt(fake, { env: { TELEGRAM_CHATS: String(inside.id) } });
    outside.add("bot");
    await said(ann.in(outside), "This Placard serves other chats only");
    ann.in(outside).say("/rca a red fox");
    ann.in(inside).say("/rca a red fox");
    await picture(ann.in(inside));
    expect(ann.in(outside).fromBot()).toHaveLength(1);
  });

  it("takes no press in a chat that is no longer served", async () => {
    const { fake, bot, bobs } = await inAGroup();
    bobs.say("/rca a red fox");
    const fox = await picture(bobs);
    await bot.stop();
    await botAt(fake, { env: { TELEGRAM_CHATS: "-1" } });
    const press = bobs.press(fox, "Reroll");
    await press.answered;
    expect(press.text).toBe("This Placard serves other chats only.");
  });

  it("learns anew who runs a group when its own standing there changed", async () => {
    const { group, bob, bobs } = await inAGroup();
    bobs.say("/settings");
    await said(bobs, "/settings is for the admins of this chat");
    group.promote(bob);
    group.promote("bot");
    bobs.say("/settings votes:2");
    await said(bobs, "Bob changed how Placard works here");
  });

  it("greets a group it comes into, again after it was away", async () => {
    const { fake, ann } = await inAGroup();
    const group = fake.supergroup("New", { admins: [ann], bot: "absent" });
    group.add("bot");
    expect((await said(ann.in(group), "Hello, I make pictures with you")).text).toContain("Try it: /rca a red fox");
    group.remove("bot");
    group.add("bot");
    await eventually(() => ann.in(group).fromBot().length).toBe(2);
    ann.in(group).say("/rca a red fox");
    await picture(ann.in(group));
  });

  it("greets a group that has to be let in first by saying so", async () => {
    const { fake, ann } = await inAGroup({ installation: { approval: { foreign: true, platforms: [] } } });
    const group = fake.supergroup("New", { admins: [ann], bot: "absent" });
    group.add("bot");
    await said(ann.in(group), "Placard waits to be let into this chat");
    expect(ann.in(group).fromBot()).toHaveLength(1);
  });

  it.each([
    ["how to begin", "on", "put a command before your words: /rca a red fox"],
    ["where pictures are made, when not here", "off", "Pictures are made in groups here"],
  ] as const)("tells who just writes to it %s", async (_what, directMessages, words) => {
    const { bob } = await inAGroup({ installation: { directMessages } });
    bob.private.say("a red fox please");
    await said(bob.private, words);
  });

  it("every group and no channel when none is named", async () => {
    const { fake, ann, anns } = await inAGroup();
    const channel = fake.channel("Anybody's", { admins: [ann] });
    ann.in(channel).say("/rca a red fox");
    anns.say("/rca a blue boat");
    await picture(anns);
    expect(ann.in(channel).fromBot()).toEqual([]);
  });

  it("a channel only when it is named", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    const named = fake.channel("Named", { admins: [ann] });
    const other = fake.channel("Other", { admins: [ann] });
    await botAt(fake, { env: { TELEGRAM_CHATS: String(named.id) } });
    ann.in(other).say("/rca a red fox");
    ann.in(named).say("/rca a red fox");
    expect((await picture(ann.in(named))).text).toContain("Named");
    expect(ann.in(other).fromBot()).toEqual([]);
    fake.expectNoComplaints();
  });

  it("a group becomes a supergroup while its picture is made: it arrives there, once", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    const group = fake.group("Rent strike", { admins: [ann] });
    const gate = Promise.withResolvers<void>();
    const bot = await botAt(fake, { backends: () => [fakeBackend({ gate: () => gate.promise })] });
    ann.in(group).say("/rca a red fox");
    await seenBy(ann.in(group), ({ keyboard }) => keyboard.length > 0);
    // Nothing is on its way by itself: it is the move that shows it anew.
    await eventually(() => bot.store.due(Date.now() + 60_000, 9)).toEqual([]);
    const supergroup = group.upgrade();
    await said(ann.in(supergroup), "a red fox");
    gate.resolve();
    const fox = await picture(ann.in(supergroup), "a red fox");
    await ann.in(supergroup).press(fox, "Reroll").answered;
    await picture(ann.in(supergroup), "rerolled from #1");
    expect(ann.in(supergroup).fromBot()).toHaveLength(2);
    fake.expectNoComplaints();
  });

  it("a group that became a supergroup keeps its history and rights", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    const group = fake.group("Rent strike", { admins: [ann] });
    const bot = await botAt(fake);
    ann.in(group).say("/rca a red fox");
    await picture(ann.in(group));
    const supergroup = group.upgrade();
    ann.in(supergroup).say("/history");
    await said(ann.in(supergroup), "That is for you alone");
    ann.in(supergroup).say("/rca a blue boat");
    await picture(ann.in(supergroup), "a blue boat");
    await eventually(
      async () => (await bot.store.history({ chatKey: `telegram:${supergroup.id}`, limit: 9 })).length,
    ).toBe(2);
    fake.expectNoComplaints();
  });

  it("a group that was named may go on after it became a supergroup", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    const group = fake.group("Rent strike", { admins: [ann] });
    const bot = await botAt(fake, { env: { TELEGRAM_CHATS: String(group.id) } });
    ann.in(group).say("/rca a red fox");
    await picture(ann.in(group));
    const supergroup = group.upgrade();
    ann.in(supergroup).say("/rca a blue boat");
    await picture(ann.in(supergroup), "a blue boat");
    await bot.restart();
    ann.in(supergroup).say("/rca an owl");
    await picture(ann.in(supergroup), "an owl");
  });

  it("the upgrade that a send finds out is followed", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    const group = fake.group("Rent strike", { admins: [ann] });
    const hold = fake.fault({
      methods: "sendMessage",
      failure: { kind: "status", status: 502 },
      applied: false,
      times: 99,
    });
    await botAt(fake, { hurried: true });
    ann.in(group).say("/rca a red fox");
    await eventually(() => hold.hits).toBeGreaterThan(0);
    const supergroup = group.upgrade();
    hold.end();
    await picture(ann.in(supergroup), "a red fox");
  });

  it("a deep link shows a picture to members of its group, and to nobody else", async () => {
    const { fake, bob, bobs, group } = await inAGroup();
    bobs.say("/rca a red fox");
    await picture(bobs);
    bob.start(`show_1_${group.id}`);
    await picture(bob.private, "a red fox");
    expect(bobs.fromBot()).toHaveLength(1);
    const eve = fake.person("Eve");
    eve.start(`show_1_${group.id}`);
    await said(eve.private, "There is no picture #1 in this chat");
  });
});

describe("inline mode", () => {
  it("offers styles and recent recipes as lines that are sent as commands", async () => {
    const { fake, bob, bobs, group } = await inAGroup();
    bobs.say("/rca a red fox seed:7");
    await picture(bobs);
    const query = bob.ask("red");
    await query.answered;
    const results = (query.answer?.["results"] ?? []) as readonly { id: string; title: string; description: string }[];
    expect(results.map(({ description }) => description)).toContain("/plain red");
    const again = results.find(({ description }) => description.startsWith("/rca a red fox"));
    expect(again).toBeDefined();
    const line = results.find(({ description }) => description === "/plain red");
    bob.choose(group, query, line?.id ?? "", "red");
    await picture(bobs, "“red”");
    fake.expectNoComplaints();
  });
});

describe("the command lists", () => {
  it("admins see more, languages are served, and nothing is sent again at the next start", async () => {
    const { fake, ann, anns, bobs, bot } = await inAGroup();
    await eventually(() => bot.logged.some((line) => line.includes("commands_registered"))).toBe(true);
    const names = (seat: typeof anns) => seat.commands().map(({ command }) => command);
    expect(names(bobs).slice(0, 3)).toEqual(["imagine", "rca", "plain"]);
    expect(names(bobs)).not.toContain("settings");
    expect(names(anns)).toContain("settings");
    expect(names(ann.private)).not.toContain("settings");
    expect(fake.callsOf("setMyCommands")).toHaveLength(12);
    const german = fake.person("Udo", { languageCode: "de" });
    expect(german.private.commands().find(({ command }) => command === "styles")?.description).toBe(
      "Die Galerie der Stile, mit Bildern",
    );
    await bot.restart();
    await eventually(() => bot.logged.filter((line) => line.includes("commands_registered")).length).toBe(2);
    expect(fake.callsOf("setMyCommands")).toHaveLength(12);
  });
});

describe("reactions", () => {
  it("count as votes where the operator wants it: once each, never the asker's own", async () => {
    const fake = await openFake();
    const [ann, bob, cem] = [fake.person("Ann"), fake.person("Bob"), fake.person("Cem")];
    const group = fake.supergroup("Rent strike", { members: [ann, bob, cem], bot: "administrator" });
    await botAt(fake, { env: { TELEGRAM_REACTION_VOTES: "yes" } });
    const seat = ann.in(group);
    seat.say("/rca a red fox");
    const fox = await picture(seat);
    ann.in(group).react(fox, ["👍"]);
    bob.in(group).react(fox, ["👍"]);
    await eventually(() => labels(seat.message(fox.messageId) ?? fox)[0]).toBe("Reroll 1/2");
    bob.in(group).react(fox, []);
    bob.in(group).react(fox, ["👍"]);
    cem.in(group).react(fox, ["👍", "🔥"]);
    await picture(seat, "by vote of Bob and Cem");
    expect(seat.fromBot()).toHaveLength(2);
    fake.expectNoComplaints();
  });

  it("on a picture of an album count for its batch", async () => {
    const fake = await openFake();
    const [ann, bob] = [fake.person("Ann"), fake.person("Bob")];
    const group = fake.supergroup("Rent strike", { members: [ann, bob], bot: "administrator" });
    await botAt(fake, { env: { TELEGRAM_REACTION_VOTES: "yes" } });
    const seat = ann.in(group);
    seat.say("/rca a red fox count:2");
    const batch = await seenBy(seat, (message) => labels(message).includes("2"));
    const second = seat.fromBot().find(({ albumId, text }) => albumId !== undefined && text === "2");
    bob.in(group).react(second ?? 0, ["👍"]);
    await eventually(() => labels(seat.message(batch.messageId) ?? batch)).toContain("Reroll 1/2");
  });

  it("are not even asked for otherwise", async () => {
    const { fake, bobs } = await inAGroup();
    bobs.say("/unlock");
    await eventually(() => wanted(fake)).toContain("message");
    expect(wanted(fake)).not.toContain("message_reaction");
  });
});

const wanted = (fake: TelegramFake): readonly unknown[] =>
  (fake.calls.find(({ method }) => method.toLowerCase() === "getupdates")?.params["allowed_updates"] as
    | readonly unknown[]
    | undefined) ?? [];
