import { describe, expect, it } from "vitest";
import { valuesIn } from "../../fakes/module-services.ts";
import { asked, inAGroup, labels, picture, said, seenBy } from "./app.ts";
import { eventually } from "./world.ts";

describe("/settings, a form of choices", () => {
  /** Ann's private chat, with the settings of the group in it. */
  async function settings() {
    const group = await inAGroup();
    group.ann.start();
    const seat = group.ann.private;
    await said(seat, "Type a command");
    group.anns.say("/settings");
    await seenBy(seat, (message) => labels(message).includes("Votes"));
    const shown = () => seat.fromBot().findLast((message) => labels(message).includes("Votes"));
    const open = async (which: string) => {
      seat.press(shown() ?? 0, which);
      return seenBy(seat, (message) => labels(message).includes("Save"));
    };
    const labelsOf = (id: number) => labels(seat.message(id) ?? seat.messages()[0]!);
    return { ...group, seat, open, labelsOf, shown };
  }

  it("shows each field as a button and each value as another; Save applies, for everybody to read", async () => {
    const { fake, anns, seat, open, labelsOf } = await settings();
    const menu = await open("Votes");
    await seat.press(menu, labels(menu).find((label) => label.startsWith("Who may reroll others’ pictures:")) ?? "")
      .answered;
    await eventually(() => labelsOf(menu.messageId)).toContain("Everyone, at their own cost");
    await seat.press(menu.messageId, "Everyone, at their own cost").answered;
    await eventually(() => labelsOf(menu.messageId)).toContain(
      "Who may reroll others’ pictures: Everyone, at their own cost",
    );
    seat.press(menu.messageId, "Save");
    await said(anns, "Ann changed the settings of this chat.\nWho may reroll others’ pictures: Everyone");
    await eventually(() => seat.message(menu.messageId)).toBeUndefined();
    fake.expectNoComplaints();
  });

  it("asks for a number in words, over a restart", async () => {
    const { anns, bot, seat, open, labelsOf } = await settings();
    const menu = await open("Votes");
    seat.press(menu, labels(menu).find((label) => label.startsWith("How long a vote is open:")) ?? "");
    await eventually(() => labelsOf(menu.messageId)).toContain("Something else…");
    await bot.restart();
    seat.press(menu.messageId, "Something else…");
    await asked(seat);
    seat.say("45");
    await eventually(() => labelsOf(menu.messageId)).toContain("How long a vote is open: 45");
    seat.press(menu.messageId, "Save");
    await said(anns, "How long a vote is open: 45 min");
  });

  it("Cancel takes it away; so does nobody else, nor after an hour", async () => {
    const { fake, seat, open, bob } = await settings();
    const menu = await open("Votes");
    const data = String(menu.keyboard.flat().find(({ text }) => text === "Save")?.callback_data);
    // Somebody who learns what the buttons say is not who opened it.
    const bobs = bob.private;
    bobs.say("/help");
    const foreign = bobs.press(await said(bobs, "Type a command"), { data });
    await foreign.answered;
    expect(foreign.text).toContain("Ann is filling this form in");
    await seat.press(menu, "Cancel").answered;
    expect(seat.message(menu.messageId)).toBeUndefined();
    const closed = bobs.press(bobs.last() ?? 0, { data });
    await closed.answered;
    expect(closed.text).toContain("This form is closed");
    fake.expectNoComplaints();
  });

  it("is for admins of the group", async () => {
    const { bob, bobs } = await inAGroup();
    bobs.say("/settings");
    await said(bobs, "/settings is for the admins of this chat");
    bob.private.say("/settings");
    await said(bob.private, "/settings is for the admins of a group. Type it there.");
  });

  it("an anonymous admin is the group itself, and has its rights", async () => {
    const { ann, group } = await inAGroup();
    const masked = ann.in(group, { anonymous: true });
    masked.say("/settings reroll:everyone");
    await said(masked, "Rent strike changed the settings of this chat");
  });
});

describe("what is for one member alone", () => {
  it("goes to the private chat of who opened one", async () => {
    const { bob, bobs, bot } = await inAGroup();
    bob.start();
    await said(bob.private, "Type a command");
    const command = bobs.say("/help");
    await eventually(() => bob.private.fromBot().length).toBe(2);
    // In the group a sign that it was heard, and nothing to read.
    await eventually(() => [...(bobs.message(command.messageId)?.reactions.values() ?? [])]).toEqual([["👌"]]);
    expect(bobs.fromBot()).toEqual([]);
    expect(bot.logged.some((line) => line.startsWith('{"level":"error"'))).toBe(false);
  });

  it("waits behind a button for who did not; a short text is said in the group", async () => {
    const { fake, bob, bobs } = await inAGroup();
    bobs.say("/help");
    const pointer = await said(bobs, "This is for you alone");
    const [button] = pointer.keyboard.flat();
    const [, payload] = /^https:\/\/t\.me\/placard_bot\?start=(.+)$/.exec(String(button?.["url"])) ?? [];
    // Others have nothing from the link, and it works once.
    const eve = fake.person("Eve");
    eve.start(payload);
    await said(eve.private, "What waited here for you is gone");
    bob.start(payload);
    await said(bob.private, "Type a command");
    bob.start(payload);
    await said(bob.private, "What waited here for you is gone");
    expect(fake.callsOf("sendMessage").filter(({ params }) => params["disable_notification"] === true)).toHaveLength(1);
    bobs.say("/unlock");
    await said(bob.private, "No seed is locked");
    fake.expectNoComplaints();
  });

  it("said in the group in answer to a press, it names its member", async () => {
    const { anns, bobs } = await inAGroup();
    anns.say("/rca a red fox seed:7");
    await bobs.press(await picture(bobs), "Lock seed").answered;
    await said(bobs, "Bob: Seed 7 is locked for you in this chat");
  });

  it("is of no use to who has left the group", async () => {
    const { fake, group, bob, bobs } = await inAGroup();
    bob.start();
    await said(bob.private, "Type a command");
    bobs.say("/rca a red fox");
    await bobs.press(await picture(bobs), "Info").answered;
    const info = await said(bob.private, "Picture #1");
    const opener = labels(info).find((label) => label.endsWith("▾")) ?? "";
    group.remove(bob);
    const press = bob.private.press(info, opener);
    await press.answered;
    expect(press).toMatchObject({ text: "This belongs to a group, and I do not see you in it now.", alert: true });
    fake.expectNoComplaints();
  });

  it("a refusal leaves no sign of agreement on the command", async () => {
    const { bob, bobs } = await inAGroup();
    bob.start();
    await said(bob.private, "Type a command");
    const command = bobs.say("/rca a red fox cfg:99");
    await said(bob.private, "cfg: a number from 1 to 10");
    await eventually(() => [...(bobs.message(command.messageId)?.reactions.values() ?? [])]).toEqual([["🤔"]]);
  });

  it("a press that cannot be answered in a notice opens the private chat by itself", async () => {
    const { bobs } = await inAGroup();
    bobs.say("/rca a red fox");
    const press = bobs.press(await picture(bobs), "Info");
    await press.answered;
    expect(String(press.answer?.["url"])).toMatch(/^https:\/\/t\.me\/placard_bot\?start=w_/);
    expect(bobs.fromBot()).toHaveLength(1);
  });

  it.each([
    ["and Telegram told us", false],
    ["and we had not heard of it", true],
  ])("falls back to the group when the member blocked the bot, %s", async (_how, unnoticed) => {
    const { bob, bobs, bot } = await inAGroup();
    bob.start();
    await said(bob.private, "Type a command");
    bob.block();
    const open = valuesIn(bot.store.keyValues, "telegram.private");
    await eventually(() => open.get(String(bob.id))).toBeUndefined();
    if (unnoticed) await open.set(String(bob.id), 1);
    bobs.say("/help");
    await said(bobs, "This is for you alone");
  });

  it("a short answer that is for one alone is fetched, never said in the group", async () => {
    const { fake, ann, anns, bobs } = await inAGroup({ installation: { publicUrl: "https://posters.example" } });
    anns.say("/meeting start Assembly");
    await said(anns, "Assembly");
    bobs.say("/meeting");
    const offered = await said(bobs, "This is for you alone");
    expect(offered.keyboard.flat()).toMatchObject([{ url: expect.stringContaining("start=w_") }]);
    ann.start();
    await said(ann.private, "Type a command");
    anns.say("/meeting");
    expect((await said(ann.private, "Chair it from a phone")).text).toContain("https://posters.example/meeting#seat=");
    for (const { text } of anns.fromBot()) expect(text).not.toContain("#seat=");
    fake.expectNoComplaints();
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
    const told = await said(bob.private, "This file was made by Placard");
    expect(labels(told)).toEqual(["Make it again", "Edit"]);
    await bob.private.press(told, "Make it again").answered;
    const [{ recipe } = { recipe: undefined }] = await bot.store.history({
      chatKey: `telegram:${bobs.chatId}`,
      limit: 1,
    });
    await seenBy(bob.private, ({ kind, text }) => kind === "photo" && text.includes(`seed ${recipe?.request.seed}`));
  });
});
