import { describe, expect, it } from "vitest";
import { inAGroup, picture, said } from "./app.ts";
import { eventually } from "./world.ts";

describe("answering one of our pictures", () => {
  it("with words is talk in a group, and costs nothing", async () => {
    const { anns, bobs } = await inAGroup();
    anns.say("/rca a red fox");
    const fox = await picture(anns);
    for (const talk of ["thanks!", "Where shall we hang this?", "a blue fox"]) bobs.say(talk, { replyTo: fox });
    bobs.say("/rca a boat");
    await picture(bobs, "a boat");
    expect(anns.fromBot()).toHaveLength(2);
  });

  it("with words asks first where the group's admins want that, and whoever wrote them decides", async () => {
    const { fake, anns, bobs } = await inAGroup();
    anns.say("/settings replies:ask");
    await said(anns, "A button asks");
    anns.say("/rca a red fox seed:7 cfg:3");
    const fox = await picture(anns);
    bobs.say("a blue fox", { replyTo: fox });
    const offer = await said(bobs, "Make this picture anew");
    await anns.press(offer, "Make it anew");
    bobs.say("/queue");
    await said(bobs, "Nothing");
    expect(anns.fromBot().some(({ text }) => text.includes("a blue fox"))).toBe(false);
    await bobs.press(offer, "Make it anew");
    const child = await picture(bobs, "a blue fox");
    expect(child.text).toContain("edited from #1 by Bob: prompt edited");
    expect(child.text).toMatch(/seed 7 · cfg 3/);
    await eventually(() => expect(bobs.messages().some(({ text }) => text.includes("Make this picture"))).toBe(false));
    fake.expectNoComplaints();
  });

  it("with words makes it anew at once where nobody else is", async () => {
    const { bob } = await inAGroup();
    bob.start();
    await said(bob.private, "Type a command");
    bob.private.say("/rca a red fox seed:7 cfg:3");
    const words = bob.private.say("a blue fox", { replyTo: await picture(bob.private) });
    const child = await picture(bob.private, "a blue fox");
    expect(child.text).toContain("by Bob: prompt edited");
    expect(child.replyToId).toBe(words.messageId);
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
