import { describe, expect, it } from "vitest";
import { tinyPng } from "../../../src/backends/fake/png.ts";
import { asked, inAGroup, picture, said } from "./app.ts";
import { eventually } from "./world.ts";

describe("a command without its words", () => {
  it("asks for them; the answer completes it, with the settings typed before and among them", async () => {
    const { fake, bobs } = await inAGroup();
    const command = bobs.say("/rca cfg:3");
    const question = await asked(bobs);
    expect(question.text).toBe(
      "What should I draw? Reply with your words. Settings such as size:poster may stand among them.",
    );
    expect(question.replyToId).toBe(command.messageId);
    const answer = bobs.say("a red fox seed:7", { replyTo: question });
    const shown = await picture(bobs);
    expect(shown.text).toContain("“a red fox” · Bob");
    expect(shown.text).toMatch(/seed 7 · cfg 3/);
    expect(shown.replyToId).toBe(answer.messageId);
    // The question has done its work and leaves.
    await eventually(() => bobs.message(question.messageId)).toBeUndefined();
    fake.expectNoComplaints();
  });

  it("keeps the photo it came with", async () => {
    const { bobs } = await inAGroup();
    await bobs.photo(Buffer.from(tinyPng(320, 256, "p")), { caption: "/rca" });
    bobs.say("a red fox", { replyTo: await asked(bobs) });
    expect((await picture(bobs)).text).toContain("started from an attached picture");
  });

  it("asks in reply to somebody's photo too, and starts from that photo", async () => {
    const { bobs } = await inAGroup({}, { privacyMode: false });
    bobs.say("/rca", { replyTo: await bobs.photo(Buffer.from(tinyPng(320, 256, "p"))) });
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

describe("a photo in a private chat", () => {
  const photo = Buffer.from(tinyPng(320, 256, "p"));

  it("without a command is told how a picture starts from it", async () => {
    const { bob } = await inAGroup();
    const seat = bob.private;
    const sent = await seat.photo(photo);
    expect((await said(seat, "To start from this picture")).replyToId).toBe(sent.messageId);
    await seat.photo(photo, { caption: "a red fox" });
    await eventually(() => seat.fromBot().length).toBe(2);
    await seat.album([photo, photo], { caption: "both of us" });
    await eventually(() => seat.fromBot().length).toBe(3);
    seat.say("/rca a red fox", { replyTo: sent });
    expect((await picture(seat)).text).toContain("started from an attached picture");
    expect(seat.fromBot()).toHaveLength(4);
  });

  it("answers an open question with its caption, and is what the picture starts from", async () => {
    const { bob } = await inAGroup();
    bob.private.say("/rca");
    await asked(bob.private);
    await bob.private.photo(photo, { caption: "a red fox" });
    const shown = await picture(bob.private, "“a red fox”");
    expect(shown.text).toContain("started from an attached picture");
  });
});
