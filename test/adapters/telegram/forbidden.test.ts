import { describe, expect, it } from "vitest";
import { fakeBackend } from "../../../src/backends/fake.ts";
import { ALLOWANCE, inAGroup, labels, picture, said, seenBy } from "./app.ts";
import { eventually } from "./world.ts";

describe("a chat that lets the bot send no photos", () => {
  it("reads in the one message that the picture is made and what helps; then /show brings it", async () => {
    const { fake, group, bobs } = await inAGroup();
    group.forbid("photo");
    bobs.say("/rca a red fox");
    const words = await said(bobs, "I may not send photos in this chat");
    expect(words.text).toMatch(/^“a red fox” · Bob\n#1 · RCA/);
    expect(labels(words)).toContain("Original");
    expect(bobs.fromBot()).toHaveLength(1);
    bobs.say("/show 1");
    await eventually(() => bobs.fromBot().filter(({ text }) => text.includes("/show brings")).length).toBe(2);
    group.forbid();
    bobs.say("/show 1");
    await picture(bobs, "a red fox");
    // A vote, an Undo: whatever changes it next shows the picture in its own message.
    await bobs.press(words, "Delete").answered;
    await said(bobs, "was deleted by Bob");
    await bobs.press(words.messageId, "Undo").answered;
    await eventually(() => bobs.message(words.messageId)?.kind).toBe("photo");
    fake.expectNoComplaints();
  });

  it("keeps the buttons of a batch in its one message", async () => {
    const { group, bobs } = await inAGroup();
    group.forbid("photo");
    bobs.say("/rca a blue boat count:2");
    const batch = await seenBy(bobs, (message) => labels(message).includes("2"));
    expect(batch.text).toContain("I may not send photos in this chat");
    expect(bobs.fromBot()).toHaveLength(1);
  });

  it("without files: the picture comes, and the original says where it is not", async () => {
    const { group, anns, bobs } = await inAGroup();
    anns.say("/settings original:always");
    await said(anns, "Posted after each picture");
    group.forbid("document");
    bobs.say("/rca a red fox");
    await picture(bobs);
    await said(bobs, "I may not send files in this chat");
    await eventually(() => bobs.fromBot().length).toBe(3);
  });
});

it("a chat where the bot may say nothing gets no picture, and its member keeps the allowance", async () => {
  const gate = Promise.withResolvers<void>();
  const { bot, bob, group, bobs } = await inAGroup({ backends: () => [fakeBackend({ gate: () => gate.promise })] });
  group.forbid("text");
  bobs.say("/rca a red fox");
  await eventually(() => bot.logged.some((line) => line.includes('"code":"gone"'))).toBe(true);
  bob.private.say("/queue");
  await said(bob.private, "Nothing waits");
  await eventually(async () => (await bot.store.account(`telegram:${bob.id}`, ALLOWANCE, Date.now())).heldGpuMs).toBe(
    0,
  );
  expect((await bot.store.openJobs({}, 9)).length).toBe(0);
  gate.resolve();
});
