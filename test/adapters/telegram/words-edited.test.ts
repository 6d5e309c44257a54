import { describe, expect, it } from "vitest";
import { asked, inAGroup, picture, said, seenBy } from "./app.ts";

describe("the Edit form", () => {
  it("asks for the new words with the old ones to copy, and keeps what is not named", async () => {
    const { fake, anns, bobs } = await inAGroup();
    anns.say("/rca a red fox seed:7 cfg:3");
    const press = bobs.press(await picture(anns), "Edit");
    const question = await asked(bobs);
    await press.answered;
    expect(question.text).toContain("Bob: Edit #1\nReply with the new words.");
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
    expect(again.text).toContain("• cfg is there twice. Keep one.");
    anns.say("a cat cfg:3", { replyTo: again });
    await picture(anns, "a cat");
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

  it("one without its words that gets them counts", async () => {
    const { bobs } = await inAGroup();
    const first = bobs.say("/rca");
    await asked(bobs);
    bobs.edit(first, "/rca a red fox");
    await picture(bobs, "a red fox");
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
    fake.clock.advanceMs(61_000);
    bobs.edit(first, "/rca a red fox cfg:3");
    bobs.say("/rca a boat");
    await picture(bobs, "a boat");
    expect(bobs.fromBot().filter(({ kind }) => kind === "photo")).toHaveLength(1);
  });
});
