import { describe, expect, it } from "vitest";
import { fakeBackend } from "../../../src/backends/fake.ts";
import { type BotOptions, botAt, labels, picture, said, seenBy } from "./app.ts";
import { eventually, FAST, openFake } from "./world.ts";

describe("a batch", () => {
  const batch = async (options: BotOptions = {}, fakeOptions: Parameters<typeof openFake>[0] = {}) => {
    const fake = await openFake(fakeOptions);
    const ann = fake.person("Ann");
    const group = fake.supergroup("Rent strike", { members: [ann], forum: true });
    ann.in(group).say("hello");
    const seat = ann.in(group, { topic: group.topic("Posters").threadId });
    const bot = await botAt(fake, options);
    return { fake, ann, group, seat, bot };
  };

  it("is an album in its topic and one message with the picks; a pick posts that picture", async () => {
    const { fake, seat } = await batch();
    seat.say("/rca a red fox seed:7 count:3");
    const control = await seenBy(seat, ({ keyboard }) => keyboard.flat().some(({ text }) => text === "3"));
    expect(control.kind).toBe("text");
    expect(control.text).toContain("seeds 7 to 9");
    const album = seat.fromBot().filter(({ albumId }) => albumId !== undefined);
    expect(album.map(({ text, kind }) => [kind, text])).toEqual([
      ["photo", "1"],
      ["photo", "2"],
      ["photo", "3"],
    ]);
    await seat.press(control, "2").answered;
    const picked = await picture(seat, "picture 2 of 3, picked by Ann");
    expect(picked.text).toContain("seed 8");
    expect(seat.fromBot()).toHaveLength(5);
    await seat.press(control, "1").answered;
    expect((await picture(seat, "picture 1 of 3, picked by Ann")).text).toContain("#1 · RCA · seed 7 ·");
    fake.expectNoComplaints();
  });

  it("a backend that shows unfinished pictures leaves the message a text, which the buttons can stand under", async () => {
    const { seat } = await batch({
      hurried: true,
      backends: (clock) => [fakeBackend({ clock, delayMs: 2500, steps: 20, previews: true })],
    });
    seat.say("/rca a red fox seed:7 count:2");
    const control = await seenBy(seat, ({ keyboard }) => keyboard.flat().some(({ text }) => text === "2"));
    expect(control.versions.map(({ kind }) => kind)).not.toContain("photo");
    expect(seat.fromBot().filter(({ albumId }) => albumId !== undefined)).toHaveLength(2);
  });

  it("where the chat has no room for an album now, the pictures do not wait: their grid stands in the message", async () => {
    const { seat } = await batch({ rates: { ...FAST, groupSendsPerMinute: 4 } });
    seat.say("/rca a red fox seed:7 count:4");
    const control = await seenBy(seat, ({ keyboard }) => keyboard.flat().some(({ text }) => text === "2"));
    expect(control).toMatchObject({ kind: "photo" });
    // And stays there, whatever changes it later.
    await seat.press(control, "Delete").answered;
    await seat.press(await said(seat, "were deleted by Ann"), "Undo").answered;
    await eventually(() => labels(seat.message(control.messageId) ?? control)).toContain("2");
    expect(seat.fromBot()).toHaveLength(1);
  });

  it("answering one of its pictures means that picture", async () => {
    const { seat } = await batch();
    seat.say("/rca a red fox seed:7 count:2");
    await seenBy(seat, ({ keyboard }) => keyboard.flat().some(({ text }) => text === "2"));
    const second = seat.fromBot().find(({ albumId, text }) => albumId !== undefined && text === "2");
    seat.say("/vary", { replyTo: second ?? 0 });
    expect((await picture(seat, "varied from")).text).toContain("varied from #2");
  });

  it("deleted, its pictures leave the chat; Undo shows them in the one message that is left", async () => {
    const { seat } = await batch();
    seat.say("/rca a red fox count:2");
    const control = await seenBy(seat, ({ keyboard }) => keyboard.flat().some(({ text }) => text === "2"));
    await seat.press(control, "Delete").answered;
    const deleted = await said(seat, "Pictures #1 to #2 were deleted by Ann.");
    await eventually(() => seat.fromBot().length).toBe(1);
    await seat.press(deleted, "Undo").answered;
    await eventually(() => seat.message(control.messageId)?.kind).toBe("photo");
    expect(labels(seat.message(control.messageId) ?? control)).toContain("2");
  });

  it("when nobody knows whether the album was sent, it is not sent again: the grid stands in the message", async () => {
    const { fake, seat } = await batch();
    fake.fault({ methods: "sendMediaGroup", applied: true, failure: { kind: "reset" } });
    seat.say("/rca a red fox count:4");
    await eventually(() => seat.fromBot().some(({ kind, albumId }) => kind === "photo" && albumId === undefined)).toBe(
      true,
    );
    expect(seat.fromBot().filter(({ albumId }) => albumId !== undefined)).toHaveLength(4);
    expect(fake.callsOf("sendMediaGroup")).toHaveLength(1);
  });

  it("a process that died between sending the album and noting it sends nothing again", async () => {
    const { fake, seat, bot } = await batch({ hurried: true });
    // The answer never comes, and the process ends before it could.
    const hang = fake.fault({ methods: "sendMediaGroup", applied: true, failure: { kind: "hang" } });
    seat.say("/rca a red fox count:2");
    await eventually(() => hang.hits).toBe(1);
    const restarted = bot.restart();
    await eventually(() => bot.logged.length).toBeGreaterThan(0);
    await restarted;
    await eventually(() => seat.fromBot().some(({ kind, albumId }) => kind === "photo" && albumId === undefined)).toBe(
      true,
    );
    expect(fake.callsOf("sendMediaGroup")).toHaveLength(1);
  });
});

describe("where a text may not become a picture", () => {
  it("the picture comes as a new message, the placeholder goes, and buttons and answers find it", async () => {
    const fake = await openFake({ refusesTextToMedia: true });
    const ann = fake.person("Ann");
    const group = fake.supergroup("Rent strike", { members: [ann] });
    const bot = await botAt(fake, { hurried: true });
    const seat = ann.in(group);
    seat.say("/rca a red fox");
    const fox = await picture(seat);
    await eventually(() => seat.fromBot().length).toBe(1);
    await bot.restart();
    seat.say("/vary", { replyTo: fox });
    await picture(seat, "varied from #1");
    await seat.press(fox, "Delete").answered;
    await said(seat, "deleted by Ann");
  });

  it("nobody knows whether it came: it is not sent again, and Original still gives it", async () => {
    const fake = await openFake({ refusesTextToMedia: true });
    const ann = fake.person("Ann");
    const group = fake.supergroup("Rent strike", { members: [ann] });
    await botAt(fake, { hurried: true });
    const seat = ann.in(group);
    fake.fault({ methods: "sendPhoto", applied: true, failure: { kind: "reset" } });
    seat.say("/rca a red fox");
    const shown = await seenBy(
      seat,
      ({ kind, keyboard }) => kind === "text" && keyboard.flat().some(({ text }) => text === "Original"),
    );
    expect(shown.text).toContain("a red fox");
    expect(fake.callsOf("sendPhoto")).toHaveLength(1);
  });
});
