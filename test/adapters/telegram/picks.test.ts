import { describe, expect, it } from "vitest";
import { inAGroup, said, seenBy } from "./app.ts";

describe("a group that chooses between pictures by Telegram's poll", () => {
  it("votes in the poll, and reads what it has decided below it", async () => {
    const { fake, anns, bobs } = await inAGroup();
    anns.say("/settings polls:native");
    anns.say("/rca a red fox seed:7 count:2");
    const control = await seenBy(anns, ({ keyboard }) => keyboard.flat().some(({ text }) => text === "2"));
    bobs.press(control, "Vote on these");
    const poll = await seenBy(bobs, ({ kind }) => kind === "poll");
    expect(poll.poll).toMatchObject({
      options: [
        { text: "#1", photo: true },
        { text: "#2", photo: true },
        { text: "None of these", photo: false },
      ],
      ...{ multiple: true, anonymous: false, voted: 0 },
    });
    expect(poll.text).toMatch(/^Bob asks: which of these/);
    anns.vote(poll, "#2");
    bobs.vote(poll, "#1", "#2");
    bobs.vote(poll, "#2");
    bobs.press(poll, "Close the vote");
    const menu = await said(bobs, "then press “Close the vote”");
    bobs.press(menu, menu.keyboard.flat()[0]?.text ?? "");
    const question = await seenBy(bobs, ({ forceReply }) => forceReply);
    bobs.say("for the front page", { replyTo: question });
    const filled = await said(bobs, "for the front page");
    bobs.press(filled, "Close the vote");
    const over = await said(bobs, "#2: 2 of 2 approve");
    expect(over).toMatchObject({ kind: "photo", replyToId: poll.messageId });
    expect(over.text).toContain("for the front page");
    expect(bobs.message(poll.messageId)?.poll).toMatchObject({ closed: true, voted: 2 });
    fake.expectNoComplaints();
  });
});
