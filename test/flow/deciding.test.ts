import { createHmac } from "node:crypto";
import { expect, it } from "vitest";
import { decodePress } from "../../src/domain/press-token.ts";
import { backends, batch, labelled, left, lineOf, pressIn, root } from "./deciding.ts";
import { group } from "./harness.ts";

it("three members pick one of a batch: one line, edited as votes come, whose outcome stays", async () => {
  const { chat, all, card, app } = await batch();
  await chat.press("bo", card.ref.messageId, "Vote on these");
  const line = await lineOf(all, /^bo asks: which of these/);
  expect(line.view.text).toMatch(/0 have voted · open until /);
  expect(line.image?.mime).toBe("image/png");
  const { messageId } = line.ref;
  const press = pressIn(all, messageId);
  for (const [name, label] of [
    ["ana", "#1"],
    ["ana", "#2"],
    ["bo", "#2"],
    ["cy", "#2"],
    ["cy", "#3"],
  ] as const)
    await press(name, label);
  // Taken back.
  await app.idle();
  await chat.press("cy", messageId, "#3 · 1");
  await app.idle();
  expect(await labelled(all, /3 have voted/)).toEqual(["#1 · 1", "#2 · 3", "#3", "None of these", "Close the vote"]);
  await chat.press("cy", messageId, "Close the vote");
  expect((await all.said("Only bo, who opened this vote")).onlyFor).toBe("loopback:cy");
  await chat.press("bo", messageId, "Close the vote");
  await chat.submit("bo", { note: "for the front page" });
  const over = await lineOf(all, /^#2: 3 of 3 approve \(next: 1\)\.\nClosed by bo\.\nNote: for the front page$/);
  expect(over.ref.messageId).toBe(messageId);
  expect(over.view.decision).toMatchObject({ state: "decided", options: [{}, { won: true, count: 3 }, {}, {}] });
  expect([...chat.messages.values()].filter(({ view }) => view.decision)).toHaveLength(1);
  await chat.type("ana", "/best");
  const best = await all.said("What this chat chose");
  expect(best.view.tiles?.map(({ title, text: words }) => [title, words.split("\n").slice(0, 2)])).toEqual([
    ["#2 · ana", ["3 of 3 chose it", "Note: for the front page"]],
  ]);
  expect(chat.violations).toEqual([]);
});

const MAC_CHARS = 11;
const firstToken = (words: string): string =>
  `${words}.${createHmac("sha256", Buffer.alloc(32, 7)).update(words).digest("base64url").slice(0, MAC_CHARS)}`;

it("a Reroll button of the first version votes in the same vote as the line at the end of the chat", async () => {
  const { chat, all, app, picture } = await batch({ installation: { votes: 3 } });
  const [reroll] = (await picture()).view.buttons?.flat().filter(({ label }) => label === "Reroll") ?? [];
  const press = decodePress(app.services.buttonKey, reroll?.token);
  const jobId = typeof press?.subject === "object" ? press.subject.jobId : "";
  // A whole batch was picture 4 then.
  await chat.pressToken("bo", firstToken(`1.reroll.${jobId}.4`));
  const line = await lineOf(all, /^bo wants another take of #1 to #3 · 1 of 3/);
  await chat.press("cy", line.ref.messageId, "Vote");
  await lineOf(all, /2 of 3/);
  await chat.waitFor(() =>
    all
      .pictures()[0]
      ?.view.buttons?.flat()
      .some(({ label }) => label === "Reroll 2/3"),
  );
  await chat.press("di", line.ref.messageId, "Vote");
  await lineOf(all, /^Another take of #1 to #3: the vote passed, 3 of 3\nbo, cy, and di pay in equal parts\.$/);
  const made = await picture(2);
  expect(made.view.text).toContain("the group’s, by vote of bo, cy, and di");
  // Any of those who voted, and who asked for its parent; nobody else.
  await chat.press("ed", made.ref.messageId, "Delete");
  await all.said("This picture is the group’s. bo, cy, and di, who voted for it");
  await chat.press("cy", made.ref.messageId, "Delete");
  await chat.waitFor(() => chat.messages.get(made.ref.messageId)?.view.text.includes("deleted by cy"));
  await chat.press("ana", made.ref.messageId, "Undo");
  await chat.waitFor(() => chat.messages.get(made.ref.messageId)?.view.image);
});

it("what costs is put to the vote: a free draft at once, and what passed is the same words and seed", async () => {
  const all = await group({ hurried: true, backends, installation: { votes: 3 } });
  const { chat, app, picture, pictures } = all;
  await chat.type("root", "/settings spend:free_first vote_on:batch", root);
  await chat.type("ana", "/rca a red fox count:2");
  const draft = await picture(1);
  expect(draft.view.text).toMatch(/seeds 1001 to 1002 .* built-in sketch/);
  await chat.waitFor(() => chat.messages.get(draft.ref.messageId)?.view.text.includes("is being voted on"));
  const line = await lineOf(all, /^ana wants to have 2 pictures made: “a red fox” · 1 of 3/);
  expect(line.view.text).toContain("Whoever votes for it shares the cost. Above is a free draft");
  await app.idle();
  expect([pictures().length, await left(all, "ana")]).toEqual([1, 300_000]);
  await chat.press("bo", line.ref.messageId, "Vote");
  await lineOf(all, /2 of 3/);
  await chat.press("cy", line.ref.messageId, "Vote");
  const real = await picture(2);
  expect(real.view.text).toMatch(/seeds 1001 to 1002 .* the test backend gpu/);
  expect(real.view.text).toContain("“a red fox” · the group’s, by vote of ana, bo, and cy");
  const job = await app.services.store.jobByMessage(real.ref.place, real.ref.messageId);
  expect(job?.job).toMatchObject({
    memberId: "loopback:ana",
    voterIds: ["ana", "bo", "cy"].map((name) => `loopback:${name}`),
  });
  await app.idle();
  const paid = async (name: string) => {
    const { account } = app.services.store;
    const { recent } = await account(`loopback:${name}`, app.services.installation.allowance, app.services.nowMs());
    return recent.map(({ usedGpuMs }) => usedGpuMs);
  };
  // 8 s in three equal parts, and the draft for nothing.
  expect((await Promise.all(["ana", "bo", "cy"].map(paid))).flat().toSorted()).toEqual([0, 2666, 2667, 2667]);
  await chat.waitFor(() => chat.messages.get(draft.ref.messageId)?.view.text.includes("The vote passed"));
  expect(chat.violations).toEqual([]);
});
