import { describe, expect, it } from "vitest";
import { tinyPng } from "../../../src/backends/fake/png.ts";
import { fakeBackend } from "../../../src/backends/fake.ts";
import { botAt, inAGroup, labels, picture, said, seenBy } from "./app.ts";
import { eventually, openFake } from "./world.ts";

const photo = Buffer.from(tinyPng(320, 256, "photo"));

describe("a restart in the middle", () => {
  it("the picture comes later, in the same message, and its buttons work", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    const group = fake.supergroup("Rent strike", { members: [ann] });
    let slow = true;
    const bot = await botAt(fake, { backends: () => [fakeBackend({ delayMs: slow ? 60_000 : 5 })] });
    const seat = ann.in(group);
    seat.say("/rca a red fox");
    const waiting = await seenBy(seat, ({ keyboard }) => keyboard.length > 0);
    expect(labels(waiting)).toEqual(["Cancel"]);
    slow = false;
    await bot.restart();
    const fox = await picture(seat);
    expect(fox.messageId).toBe(waiting.messageId);
    await seat.press(fox, "Reroll").answered;
    await picture(seat, "rerolled from");
    expect(seat.fromBot()).toHaveLength(2);
  });

  it("what was written before and again after it is one picture; two written after it are two", async () => {
    const { fake, anns, bot } = await inAGroup({ hurried: true });
    await bot.stop();
    anns.say("/rca a red fox");
    fake.clock.advanceMs(5000);
    await botAt(fake, { hurried: true });
    await picture(anns, "a red fox");
    anns.say("/rca a red fox");
    await said(anns, "it is one picture");
    anns.say("/rca a blue boat");
    anns.say("/rca a blue boat");
    const boats = () => anns.fromBot().filter(({ kind, text }) => kind === "photo" && text.startsWith("“a blue boat”"));
    await eventually(() => boats().length).toBe(2);
  });

  it("what was written while nobody was there is answered, once", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    const group = fake.supergroup("Rent strike", { members: [ann] });
    const bot = await botAt(fake, { hurried: true });
    await bot.stop();
    const seat = ann.in(group);
    seat.say("/rca a red fox");
    const { url } = fake;
    expect(url).toContain("127.0.0.1");
    const second = await botAt(fake, { hurried: true });
    await picture(seat);
    fake.updates.repeat();
    await second.restart();
    seat.say("/rca a blue boat");
    await picture(seat, "a blue boat");
    expect(seat.fromBot().filter(({ text }) => text.includes("a red fox"))).toHaveLength(1);
  });
});

describe("pictures to start from", () => {
  it.each([
    ["a photo with a command as its caption", "photo"],
    ["a file with a command as its caption", "document"],
    ["a command in reply to somebody's photo", "reply"],
  ])("%s", async (_what, how) => {
    const fake = await openFake({ privacyMode: false });
    const ann = fake.person("Ann");
    const group = fake.supergroup("Rent strike", { members: [ann] });
    await botAt(fake, { backends: () => [fakeBackend()] });
    const seat = ann.in(group);
    const line = "/rca a red fox change:0.4";
    if (how === "photo") await seat.photo(photo, { caption: line });
    else if (how === "document") seat.document(photo, { caption: line, fileName: "x.png", mimeType: "image/png" });
    else seat.say(line, { replyTo: await seat.photo(photo) });
    const shown = await picture(seat);
    expect(shown.text).toContain("started from an attached picture, change 0.4");
  });
});

describe("what the admins decided", () => {
  it("originals come along as files, each once, in the topic", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    const group = fake.supergroup("Rent strike", { admins: [ann], forum: true });
    ann.in(group).say("hello");
    const seat = ann.in(group, { topic: group.topic("Posters").threadId });
    await botAt(fake);
    seat.say("/settings original:always");
    await said(seat, "Ann changed the settings of this chat");
    seat.say("/rca a red fox");
    await picture(seat);
    const file = await seenBy(seat, ({ kind }) => kind === "document");
    expect(file.document?.fileName).toBe("placard-1.png");
    expect(seat.fromBot().filter(({ kind }) => kind === "document")).toHaveLength(1);
    // A text that became a file, in one message.
    expect(file.versions[0]?.kind).toBe("text");
    fake.expectNoComplaints();
  });

  it("pictures are covered until somebody uncovers them", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    const group = fake.supergroup("Rent strike", { admins: [ann] });
    await botAt(fake);
    const seat = ann.in(group);
    seat.say("/settings spoiler:yes");
    await said(seat, "Ann changed the settings of this chat");
    seat.say("/rca a red fox");
    await picture(seat);
    seat.say("/rca a blue boat count:2");
    await seenBy(seat, (message) => labels(message).includes("2"));
    const shown = fake.callsOf("editMessageMedia").at(-1)?.params["media"];
    expect(shown).toMatchObject({ type: "photo", has_spoiler: true });
    expect(fake.callsOf("sendMediaGroup").at(-1)?.params["media"]).toMatchObject([
      { has_spoiler: true },
      { has_spoiler: true },
    ]);
  });

  it("a chat waits for its admin to let the bot in, where the operator wants that", async () => {
    const fake = await openFake();
    const [ann, bob] = [fake.person("Ann"), fake.person("Bob")];
    const group = fake.supergroup("Rent strike", { admins: [ann], members: [bob] });
    await botAt(fake, { installation: { approval: { foreign: false, platforms: ["telegram"] } } });
    bob.in(group).say("/rca a red fox");
    await seenBy(bob.in(group), ({ text }) => /approve/i.test(text));
    expect(
      bob
        .in(group)
        .fromBot()
        .some(({ kind }) => kind === "photo"),
    ).toBe(false);
  });
});
