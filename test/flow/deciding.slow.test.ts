import { expect, it } from "vitest";
import { createQuote } from "../../src/dispatch/quote.ts";
import { backends, batch, labelled, left, lineOf, pressIn, root } from "./deciding.ts";
import { group } from "./harness.ts";

it("a hidden vote tells how many have voted and not for what, until it closes", async () => {
  const { chat, all, app } = await batch();
  await chat.type("ana", "/vote 1,2 visibility:hidden");
  const line = await lineOf(all, /Counts show when it closes/);
  await chat.press("bo", line.ref.messageId, "#2");
  await app.idle();
  const { view } = await lineOf(all, /1 has voted/);
  expect(view.buttons?.flat().map(({ label }) => label)).toEqual(["#1", "#2", "None of these", "Close the vote"]);
  expect(JSON.stringify(view.decision)).not.toContain('"count"');
  expect(view.decision?.choicesOf).toBeUndefined();
  await chat.type("ana", "/vote close:yes");
  expect((await lineOf(all, /^#2: 1 of 1 approve/)).view.decision?.choicesOf).toEqual({
    "loopback:bo": [view.decision?.options[1]?.id],
  });
});

it("a tie goes into a run-off, and a second one to who opened it", async () => {
  const { chat, all, app, clock } = await batch();
  await chat.type("ana", "/vote 1-3 minutes:10");
  const line = await lineOf(all, /^ana asks/);
  const press = pressIn(all, line.ref.messageId);
  await press("ana", "#1");
  await press("bo", "#3");
  await app.idle();
  clock.advanceMs(11 * 60_000);
  expect(await labelled(all, /A tie, so once more among these/)).toEqual(["#1", "#3", "Close the vote"]);
  await press("ana", "#1");
  await press("bo", "#3");
  await app.idle();
  clock.advanceMs(6 * 60_000);
  expect(await labelled(all, /^A tie between #1 and #3: 1 each/)).toEqual(["Choose #1", "Choose #3"]);
  await press("bo", "Choose #3");
  await all.said("Only ana, who opened this vote");
  await press("ana", "Choose #3");
  const over = await lineOf(all, /^#3: 1 of 2 approve \(next: 1\)\.\nana decided\.$/);
  expect(over.view.buttons?.flat().map(({ label }) => label)).toEqual(["Print"]);
  expect(over.ref.messageId).toBe(line.ref.messageId);
});

it("where none of these wins, another take is one press away", async () => {
  const { chat, all, app, picture } = await batch();
  await chat.type("ana", "/vote");
  const line = await lineOf(all, /^ana asks/);
  await chat.press("ana", line.ref.messageId, "None of these");
  await app.idle();
  await chat.type("ana", "/vote close:yes");
  const over = await lineOf(all, /^None of these: 1 of 1 approve/);
  await chat.press("ana", over.ref.messageId, "Reroll");
  await chat.waitFor(() => [...chat.messages.values()].some(({ view }) => view.text.includes("rerolled from #1")));
  expect((await picture(2)).view.text).toContain("rerolled from #1 by ana");
});

it("a proposal takes reasons, counts at once, and passes by its votes alone", async () => {
  const { chat, all, app } = await batch({ installation: { votes: 2 } });
  await chat.type("ana", '/vote "We march on May Day"');
  const line = await lineOf(all, /^ana proposes: We march on May Day/);
  await chat.press("bo", line.ref.messageId, "Block");
  await lineOf(all, /1 has voted/);
  await chat.submit("bo", { reason: "no lifts there" });
  await lineOf(all, /bo blocks: no lifts there/);
  await chat.type("cy", "/vote choice:agree");
  expect((await all.said("Your vote counts. Until it closes")).onlyFor).toBe("loopback:cy");
  await app.idle();
  await chat.press("ana", line.ref.messageId, "Agree · 1");
  await app.idle();
  await chat.type("ana", "/vote close:yes");
  await lineOf(
    all,
    /^Agreed: “We march on May Day”\. 2 agree, 0 abstain, 0 disagree, 1 block\.\nClosed by ana\.\nbo blocks: no lifts there$/,
  );
});

it("what ran out of time is not made and costs nothing, and its draft stays", async () => {
  const all = await group({ hurried: true, backends });
  const { chat, app, clock, picture, pictures } = all;
  await chat.type("root", "/settings spend:free_first vote_minutes:5", root);
  await chat.type("ana", "/rca a red fox count:2");
  const draft = await picture(1);
  await lineOf(all, /1 of 3/);
  await app.idle();
  clock.advanceMs(6 * 60_000);
  await lineOf(all, /^Not made, for want of votes \(1 of 3\): “a red fox”\nIts time was up\. The draft stays\.$/);
  expect(pictures().map(({ ref }) => ref.messageId)).toContain(draft.ref.messageId);
  expect(await left(all, "ana")).toBe(300_000);
});

it("a vote before spending: an admin passes it alone, theirs need none, and who asked can withdraw", async () => {
  const all = await group({ hurried: true, backends });
  const { chat, app, picture, pictures } = all;
  await chat.type("root", "/settings spend:vote vote_on:vary,edit", root);
  await chat.type("ana", "/rca a red fox");
  const made = await picture(1);
  await app.idle();
  await chat.press("bo", made.ref.messageId, "Vary subtle");
  const line = await lineOf(all, /^bo wants to have a picture made/);
  await chat.press("cy", line.ref.messageId, "Withdraw");
  await all.said("Only bo, who opened this vote");
  await chat.press("root", line.ref.messageId, "Vote", root);
  const varied = await picture(2);
  expect(varied.view.text).toContain("varied from #1 by bo: ");
  await chat.press("root", made.ref.messageId, "Vary subtle", root);
  await picture(3);
  await app.idle();
  await chat.press("cy", made.ref.messageId, "Vary strong");
  const theirs = await lineOf(all, /^cy wants to have/);
  await chat.press("cy", theirs.ref.messageId, "Withdraw");
  await lineOf(all, /^Withdrawn by cy, so it is not made: /);
  expect(pictures()).toHaveLength(3);
});

it("what would be put to the vote says so before it is sent, and is refused by nobody's own allowance", async () => {
  const all = await group({
    hurried: true,
    backends,
    installation: { allowance: { capacityGpuMs: 1000, refillGpuMsPerHour: 0, resetMs: 0 } },
  });
  const { chat, app } = all;
  await chat.type("root", "/settings spend:vote", root);
  const place = { platform: "loopback", chatId: "c1", group: true };
  const quote = (admin: boolean) =>
    createQuote(app.services)({
      updateId: "q",
      commandName: "rca",
      raw: { text: "a red fox count:2" },
      attachments: [],
      member: { id: "loopback:ana", name: "ana", admin },
      target: { place, memberId: "loopback:ana" },
    });
  const asked = await quote(false);
  expect(asked).toMatchObject({ is: "picture", notes: [{ id: "quote.to-vote" }] });
  expect(asked).not.toHaveProperty("short");
  expect(await quote(true)).toMatchObject({ is: "picture", notes: [], short: expect.anything() as object });
});
