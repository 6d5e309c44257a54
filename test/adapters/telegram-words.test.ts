import { describe, expect, it } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import type { TelegramFake } from "../fakes/telegram.ts";
import { type Bot, type BotOptions, botAt, labels, picture, said, seenBy } from "./telegram-app.ts";
import { openFake } from "./telegram-world.ts";

/** Ann, who runs the group, and Bob. */
async function inAGroup(options: BotOptions = {}, fakeOptions: Parameters<typeof openFake>[0] = {}) {
  const fake = await openFake(fakeOptions);
  const ann = fake.person("Ann");
  const bob = fake.person("Bob");
  const room = fake.supergroup("Rent strike", { admins: [ann], members: [bob] });
  const bot = await botAt(fake, options);
  return { fake, ann, bob, room, bot, anns: ann.in(room), bobs: bob.in(room) };
}

const asked = (seat: Parameters<typeof seenBy>[0]) => seenBy(seat, ({ forceReply }) => forceReply);

describe("a command without its words", () => {
  it("asks for them; the answer completes it, with the settings typed before and among them", async () => {
    const { fake, bobs } = await inAGroup();
    const command = bobs.say("/rca cfg:3");
    const question = await asked(bobs);
    expect(question.text).toBe(
      "What shall I draw? Reply with your words; settings such as size:poster may stand among them.",
    );
    expect(question.replyToId).toBe(command.messageId);
    const answer = bobs.say("a red fox seed:7", { replyTo: question });
    const shown = await picture(bobs);
    expect(shown.text).toContain("“a red fox” · Bob");
    expect(shown.text).toMatch(/seed 7 · cfg 3/);
    expect(shown.replyToId).toBe(answer.messageId);
    // The question has done its work and leaves.
    await expect.poll(() => bobs.message(question.messageId)).toBeUndefined();
    fake.expectNoComplaints();
  });

  it("keeps the photo it came with", async () => {
    const { bobs } = await inAGroup();
    await bobs.photo(Buffer.from(tinyPng(320, 256, "p")), { caption: "/rca" });
    bobs.say("a red fox", { replyTo: await asked(bobs) });
    expect((await picture(bobs)).text).toContain("started from an attached picture");
  });

  it("waits for whom it asked: somebody else's reply is none of its business", async () => {
    const { anns, bobs } = await inAGroup();
    bobs.say("/rca");
    const question = await asked(bobs);
    anns.say("a cat", { replyTo: question });
    bobs.say("a red fox", { replyTo: question });
    expect((await picture(bobs)).text).toContain("“a red fox” · Bob");
    expect(bobs.fromBot().filter(({ kind }) => kind === "photo")).toHaveLength(1);
  });

  it("in a private chat the next words are the answer, even over a restart", async () => {
    const { bob, bot } = await inAGroup();
    const seat = bob.private;
    seat.say("/rca");
    await asked(seat);
    await bot.restart();
    seat.say("a red fox");
    expect((await picture(seat)).text).toContain("“a red fox” · Bob");
  });
});

describe("answering one of our pictures", () => {
  it("with words makes it anew with them, on the same seed and settings", async () => {
    const { fake, anns, bobs } = await inAGroup();
    anns.say("/rca a red fox seed:7 cfg:3");
    const fox = await picture(anns);
    const words = bobs.say("a blue fox", { replyTo: fox });
    const child = await picture(bobs, "a blue fox");
    expect(child.text).toContain("edited from #1 by Bob: prompt edited");
    expect(child.text).toMatch(/seed 7 · cfg 3/);
    expect(child.replyToId).toBe(words.messageId);
    fake.expectNoComplaints();
  });

  it("with a thumb or a heart is a remark, not a picture", async () => {
    const { anns, bobs } = await inAGroup();
    anns.say("/rca a red fox");
    const fox = await picture(anns);
    bobs.say("👍👍", { replyTo: fox });
    bobs.say("/rca a boat");
    await picture(bobs, "a boat");
    expect(anns.fromBot()).toHaveLength(2);
  });

  it("with words does nothing where the operator switched it off", async () => {
    const { anns, bobs } = await inAGroup({ env: { TELEGRAM_REPLY_EDITS: "no" } });
    anns.say("/rca a red fox");
    const fox = await picture(anns);
    bobs.say("a blue fox", { replyTo: fox });
    bobs.say("/edit a green fox", { replyTo: fox });
    await picture(bobs, "a green fox");
    expect(anns.fromBot().some(({ text }) => text.includes("a blue fox"))).toBe(false);
  });

  it.each([
    ["/vary", "varied from #1"],
    ["/reroll", "rerolled from #1"],
    ["/edit cfg:5", "edited from #1"],
  ])("with %s", async (line, lineage) => {
    const { anns } = await inAGroup();
    anns.say("/rca a red fox");
    anns.say(line, { replyTo: await picture(anns) });
    await picture(anns, lineage);
  });

  it("with /info tells about it, although a private chat hears it", async () => {
    const { bob, bobs } = await inAGroup();
    bob.start();
    await said(bob.private, "Type a command");
    bobs.say("/rca a red fox seed:7");
    bobs.say("/info", { replyTo: await picture(bobs) });
    expect((await said(bob.private, "Picture #1")).text).toContain("Seed: 7");
  });
});

describe("the Edit form", () => {
  it("asks for the new words with the old ones to copy, and keeps what is not named", async () => {
    const { fake, anns, bobs } = await inAGroup();
    anns.say("/rca a red fox seed:7 cfg:3");
    const press = bobs.press(await picture(anns), "Edit");
    const question = await asked(bobs);
    await press.answered;
    expect(question.text).toContain("Bob: Edit #1. Reply with the new words.");
    expect(question.text).toContain("Now it is:\na red fox\ncfg:3 steps:4 seed:7 scale:1 size:256x256");
    const marked = question.entities.map(({ type, offset, length }) => [
      type,
      question.text.slice(offset, offset + length),
    ]);
    expect(marked).toContainEqual(["code", "a red fox"]);
    expect(marked).toContainEqual(["text_mention", "Bob"]);
    bobs.say("steps:8", { replyTo: question });
    const child = await picture(bobs, "edited from #1 by Bob");
    expect(child.text).toMatch(/seed 7 · cfg 3 · 8 steps/);
    fake.expectNoComplaints();
  });

  it("names what is wrong and asks again", async () => {
    const { anns } = await inAGroup();
    anns.say("/rca a red fox");
    anns.press(await picture(anns), "Edit");
    anns.say("a cat cfg:3 cfg:4", { replyTo: await asked(anns) });
    const again = await seenBy(anns, ({ forceReply, text }) => forceReply && text.includes("twice"));
    expect(again.text).toContain("• cfg: it is there twice, keep one");
    anns.say("a cat cfg:3", { replyTo: again });
    await picture(anns, "a cat");
  });
});

describe("/settings, a form of choices", () => {
  it("shows each field as a button and each value as another; Save applies, for everybody to read", async () => {
    const { fake, anns } = await inAGroup();
    anns.say("/settings");
    const shown = await said(anns, "What holds in this chat");
    anns.press(shown, "Change");
    const menu = await said(anns, "Settings of this chat");
    const field = labels(menu).find((label) => label.startsWith("reroll:")) ?? "";
    await anns.press(menu, field).answered;
    await expect.poll(() => labels(anns.message(menu.messageId) ?? menu)).toContain("vote");
    await anns.press(menu.messageId, "everyone").answered;
    await expect.poll(() => labels(anns.message(menu.messageId) ?? menu)).toContain("reroll: everyone");
    anns.press(menu.messageId, "Save");
    await said(anns, "Ann changed how Placard works here: reroll everyone");
    await expect.poll(() => anns.message(menu.messageId)).toBeUndefined();
    fake.expectNoComplaints();
  });

  it("asks for a number, in words", async () => {
    const { anns } = await inAGroup();
    anns.say("/settings");
    anns.press(await said(anns, "What holds in this chat"), "Change");
    const menu = await said(anns, "Settings of this chat");
    anns.press(menu, labels(menu).find((label) => label.startsWith("vote_minutes:")) ?? "");
    await expect.poll(() => labels(anns.message(menu.messageId) ?? menu)).toContain("Other…");
    anns.press(menu.messageId, "Other…");
    anns.say("45", { replyTo: await asked(anns) });
    await expect.poll(() => labels(anns.message(menu.messageId) ?? menu)).toContain("vote_minutes: 45");
    anns.press(menu.messageId, "Save");
    await said(anns, "vote_minutes 45");
  });

  it("belongs to whom it was opened for, who must be an admin; Cancel takes it away", async () => {
    const { anns, bobs } = await inAGroup();
    bobs.say("/settings");
    await said(bobs, "/settings is for the admins of this chat");
    anns.say("/settings");
    const settings = await said(anns, "What holds in this chat");
    const refused = bobs.press(settings, "Change");
    await refused.answered;
    expect(refused.text).toBe("Only the admins of this chat change its settings. Ask one of them.");
    anns.press(settings, "Change");
    const menu = await said(anns, "Settings of this chat");
    const foreign = bobs.press(menu, "Save");
    await foreign.answered;
    expect(foreign.text).toContain("Ann is filling this in");
    await anns.press(menu, "Cancel").answered;
    expect(anns.message(menu.messageId)).toBeUndefined();
  });

  it("an anonymous admin is the group itself, and has its rights", async () => {
    const { ann, room } = await inAGroup();
    const masked = ann.in(room, { anonymous: true });
    masked.say("/settings reroll:everyone");
    await said(masked, "Rent strike changed how Placard works here");
  });
});

describe("edited commands", () => {
  it("a refused one that is corrected within a minute counts", async () => {
    const { bobs } = await inAGroup();
    const first = bobs.say("/rca a red fox cfg:99");
    await said(bobs, "cfg");
    bobs.edit(first, "/rca a red fox cfg:3");
    await picture(bobs, "cfg 3");
  });

  it("a mistyped name that became a command counts; what was accepted does not count twice", async () => {
    const { bobs } = await inAGroup();
    const first = bobs.say("/rac a red fox");
    bobs.edit(first, "/rca a red fox");
    await picture(bobs, "a red fox");
    bobs.edit(first, "/rca a green fox");
    bobs.say("/rca a boat");
    await picture(bobs, "a boat");
    expect(bobs.fromBot()).toHaveLength(2);
  });

  it("a later correction is a remark", async () => {
    const { fake, bobs } = await inAGroup();
    const first = bobs.say("/rca a red fox cfg:99");
    await said(bobs, "cfg");
    fake.clock.advance(61_000);
    bobs.edit(first, "/rca a red fox cfg:3");
    bobs.say("/rca a boat");
    await picture(bobs, "a boat");
    expect(bobs.fromBot().filter(({ kind }) => kind === "photo")).toHaveLength(1);
  });
});

describe("what is for one member alone", () => {
  const help = (bot: Pick<Bot, "logged">) => bot.logged;

  it("goes to the private chat of who opened one", async () => {
    const { bob, bobs, bot } = await inAGroup();
    bob.start();
    await said(bob.private, "Type a command");
    bobs.say("/help");
    await expect.poll(() => bob.private.fromBot().length).toBe(2);
    expect(bobs.fromBot()).toEqual([]);
    expect(help(bot).some((line) => line.startsWith("error"))).toBe(false);
  });

  it("waits behind a button for who did not; a short text is said in the group", async () => {
    const { fake, bob, bobs } = await inAGroup();
    bobs.say("/help");
    const pointer = await said(bobs, "That is for you alone");
    const [button] = pointer.keyboard.flat();
    const [, payload] = /^https:\/\/t\.me\/placard_bot\?start=(.+)$/.exec(String(button?.["url"])) ?? [];
    bob.start(payload);
    await said(bob.private, "Type a command");
    // Others have nothing from the link, and it works once.
    const eve = fake.person("Eve");
    eve.start(payload);
    await said(eve.private, "What waited here is gone");
    bobs.say("/unlock");
    await said(bob.private, "No seed is locked");
    fake.expectNoComplaints();
  });

  it("a press that cannot be answered in a notice opens the private chat by itself", async () => {
    const { bobs } = await inAGroup();
    bobs.say("/rca a red fox");
    const press = bobs.press(await picture(bobs), "Info");
    await press.answered;
    expect(String(press.answer?.["url"])).toMatch(/^https:\/\/t\.me\/placard_bot\?start=w_/);
    expect(bobs.fromBot()).toHaveLength(1);
  });

  it("falls back to the group when the member blocked the bot", async () => {
    const { bob, bobs } = await inAGroup();
    bob.start();
    await said(bob.private, "Type a command");
    bob.block();
    bobs.say("/help");
    await said(bobs, "That is for you alone");
  });

  it("its buttons count in the group it is about", async () => {
    const { ann, anns } = await inAGroup();
    ann.start();
    await said(ann.private, "Type a command");
    anns.say("/settings");
    ann.private.press(await said(ann.private, "What holds in this chat"), "Change");
    const menu = await said(ann.private, "Settings of this chat");
    ann.private.press(menu, labels(menu).find((label) => label.startsWith("votes:")) ?? "");
    await expect.poll(() => labels(ann.private.message(menu.messageId) ?? menu)).toContain("Other…");
    ann.private.press(menu.messageId, "Other…");
    ann.private.say("4");
    await expect.poll(() => labels(ann.private.message(menu.messageId) ?? menu)).toContain("votes: 4");
    ann.private.press(menu.messageId, "Save");
    await said(anns, "Ann changed how Placard works here: votes 4");
  });

  it("the original file is the PNG with its recipe, byte for byte", async () => {
    const { fake, bob, bobs, bot } = await inAGroup();
    bob.start();
    await said(bob.private, "Type a command");
    bobs.say("/rca a red fox");
    const shown = await picture(bobs);
    await bobs.press(shown, "Original").answered;
    const file = await seenBy(bob.private, ({ kind }) => kind === "document");
    expect(file.document).toMatchObject({ fileName: "placard-1.png", mimeType: "image/png" });
    const [stored] = await bot.store.history({ chatKey: `telegram:${bobs.chatId}`, limit: 1 });
    const original = await bot.app.media(`picture/${stored?.imageId}/original`);
    expect(Buffer.compare((await file.document?.bytes()) ?? Buffer.alloc(0), original?.bytes ?? Buffer.alloc(1))).toBe(
      0,
    );
    expect(fake.callsOf("sendDocument").at(-1)?.params["disable_content_type_detection"]).toBe(true);
    // And /info reads the recipe back out of the file.
    bob.private.say("/info", { replyTo: file });
    await said(bob.private, "This file carries a Placard recipe");
  });
});

describe("lists", () => {
  it("/styles: one picture of all, the texts below, and a button that asks for words", async () => {
    const { fake, bob } = await inAGroup();
    bob.private.say("/styles");
    const list = await said(bob.private, "Each style is a command");
    expect(list.text).toContain("RCA");
    expect(labels(list)).toEqual(["RCA", "Plain"]);
    bob.private.press(list, "RCA");
    await asked(bob.private);
    bob.private.say("a red fox");
    await picture(bob.private, "a red fox");
    fake.expectNoComplaints();
  });

  it("/history: a sheet, and More turns the page in place", async () => {
    const { bob, bot } = await inAGroup();
    const seat = bob.private;
    for (let at = 1; at <= 11; at += 1) seat.say(`/rca picture number ${at}`);
    await expect
      .poll(async () => (await bot.store.history({ memberId: `telegram:${bob.id}`, limit: 20 })).length, {
        timeout: 8000,
      })
      .toBe(11);
    seat.say("/history");
    const list = await said(seat, "newest first");
    expect(labels(list).at(-1)).toBe("More");
    const before = seat.fromBot().length;
    const sheet = seat.fromBot().at(-2);
    expect(sheet).toMatchObject({ kind: "photo", photo: { widthPx: 960, heightPx: 960 } });
    await seat.press(list, "More").answered;
    await expect.poll(() => labels(seat.message(list.messageId) ?? list)).not.toContain("More");
    expect(seat.message(sheet?.messageId ?? 0)?.photo).toMatchObject({ heightPx: 320 });
    expect(seat.fromBot()).toHaveLength(before);
    // A number shows its picture.
    const [first] = labels(seat.message(list.messageId) ?? list);
    seat.press(list.messageId, first ?? "");
    await seenBy(seat, ({ kind, messageId }) => kind === "photo" && messageId > list.messageId);
  });

  it("/queue: each entry has its own Cancel", async () => {
    const { bob } = await inAGroup({ backends: () => [fakeBackend({ delayMs: 60_000 })] });
    const seat = bob.private;
    seat.say("/rca a red fox");
    seat.say("/rca a blue boat");
    seat.say("/queue");
    const queue = await said(seat, "2 pictures are under way");
    expect(labels(queue)).toEqual(["Cancel · 1 · Bob", "Cancel · 2 · Bob"]);
    await seat.press(queue, "Cancel · 2 · Bob").answered;
    await said(seat, "Cancelled by Bob");
  });

  it("a list under a picture opens on demand and goes when something was chosen", async () => {
    const { bob, bobs } = await inAGroup();
    bob.start();
    await said(bob.private, "Type a command");
    bobs.say("/rca a red fox");
    await bobs.press(await picture(bobs), "Info").answered;
    const info = await said(bob.private, "Picture #1");
    const opener = labels(info).find((label) => label.endsWith("▾")) ?? "";
    await bob.private.press(info, opener).answered;
    const list = await said(bob.private, opener.replace(" ▾", ":"));
    bob.private.press(list, "Plain");
    await picture(bobs, "Plain");
    await expect.poll(() => bob.private.message(list.messageId)).toBeUndefined();
  });
});

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

  it("greets a group it comes into, again after it was away", async () => {
    const { fake, ann } = await inAGroup();
    const room = fake.supergroup("New", { admins: [ann], bot: "absent" });
    room.add("bot");
    await said(ann.in(room), "Hello, I make pictures with you");
    room.remove("bot");
    room.add("bot");
    await expect.poll(() => ann.in(room).fromBot().length).toBe(2);
    ann.in(room).say("/rca a red fox");
    await picture(ann.in(room));
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

  it("a group becomes a supergroup while its picture is made: it arrives there, with history and rights", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    const group = fake.group("Rent strike", { admins: [ann] });
    const bot = await botAt(fake);
    ann.in(group).say("/rca a red fox");
    await picture(ann.in(group));
    const room = group.upgrade();
    ann.in(room).say("/history");
    await said(ann.in(room), "That is for you alone");
    ann.in(room).say("/rca a blue boat");
    await picture(ann.in(room), "a blue boat");
    await expect
      .poll(async () => (await bot.store.history({ chatKey: `telegram:${room.id}`, limit: 9 })).length)
      .toBe(2);
    fake.expectNoComplaints();
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
    await botAt(fake);
    ann.in(group).say("/rca a red fox");
    await expect.poll(() => hold.hits).toBeGreaterThan(0);
    const room = group.upgrade();
    hold.end();
    await picture(ann.in(room), "a red fox");
  });

  it("a deep link shows a picture to members of its group, and to nobody else", async () => {
    const { fake, bob, bobs, room } = await inAGroup();
    bobs.say("/rca a red fox");
    await picture(bobs);
    bob.start(`show_1_${room.id}`);
    await picture(bob.private, "a red fox");
    expect(bobs.fromBot()).toHaveLength(1);
    const eve = fake.person("Eve");
    eve.start(`show_1_${room.id}`);
    await said(eve.private, "There is no picture #1 in this chat");
  });
});

describe("inline mode", () => {
  it("offers styles and recent recipes as lines that are sent as commands", async () => {
    const { fake, bob, bobs, room } = await inAGroup();
    bobs.say("/rca a red fox seed:7");
    await picture(bobs);
    const query = bob.ask("red");
    await query.answered;
    const results = (query.answer?.["results"] ?? []) as readonly { id: string; title: string; description: string }[];
    expect(results.map(({ description }) => description)).toContain("/plain red");
    const again = results.find(({ description }) => description.startsWith("/rca a red fox"));
    expect(again).toBeDefined();
    const line = results.find(({ description }) => description === "/plain red");
    bob.choose(room, query, line?.id ?? "", "red");
    await picture(bobs, "“red”");
    fake.expectNoComplaints();
  });
});

describe("the command lists", () => {
  it("admins see more, languages are served, and nothing is sent again at the next start", async () => {
    const { fake, ann, anns, bobs, bot } = await inAGroup();
    await expect.poll(() => bot.logged.some((line) => line.includes("commands_registered"))).toBe(true);
    const names = (seat: typeof anns) => seat.commands().map(({ command }) => command);
    expect(names(bobs)).not.toContain("settings");
    expect(names(anns)).toContain("settings");
    expect(names(ann.private)).not.toContain("settings");
    expect(fake.callsOf("setMyCommands")).toHaveLength(12);
    const german = fake.person("Udo", { languageCode: "de" });
    expect(german.private.commands().find(({ command }) => command === "styles")?.description).toBe(
      "Die Galerie der Stile, mit Bildern",
    );
    await bot.restart();
    await expect.poll(() => bot.logged.filter((line) => line.includes("commands_registered")).length).toBe(2);
    expect(fake.callsOf("setMyCommands")).toHaveLength(12);
  });
});

describe("reactions", () => {
  it("count as votes where the operator wants it: once each, never the asker's own", async () => {
    const fake = await openFake();
    const [ann, bob, cem] = [fake.person("Ann"), fake.person("Bob"), fake.person("Cem")];
    const room = fake.supergroup("Rent strike", { members: [ann, bob, cem], bot: "administrator" });
    await botAt(fake, { env: { TELEGRAM_REACTION_VOTES: "yes" } });
    const seat = ann.in(room);
    seat.say("/rca a red fox");
    const fox = await picture(seat);
    ann.in(room).react(fox, ["👍"]);
    bob.in(room).react(fox, ["👍"]);
    await expect.poll(() => labels(seat.message(fox.messageId) ?? fox)[0]).toBe("Reroll 1/2");
    bob.in(room).react(fox, []);
    bob.in(room).react(fox, ["👍"]);
    cem.in(room).react(fox, ["👍", "🔥"]);
    await picture(seat, "by vote of Bob and Cem");
    expect(seat.fromBot()).toHaveLength(2);
    fake.expectNoComplaints();
  });

  it("are not even asked for otherwise", async () => {
    const { fake } = await inAGroup();
    await expect.poll(() => fake.callsOf("getUpdates").length + fake.updates.all.length).toBeGreaterThanOrEqual(0);
    expect(wanted(fake)).not.toContain("message_reaction");
  });
});

const wanted = (fake: TelegramFake): readonly unknown[] =>
  (fake.calls.find(({ method }) => method.toLowerCase() === "getupdates")?.params["allowed_updates"] as
    | readonly unknown[]
    | undefined) ?? [];
