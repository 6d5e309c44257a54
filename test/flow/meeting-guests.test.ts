import { expect, it, onTestFinished } from "vitest";
import { NONE_OF_THESE } from "../../src/domain/decision.ts";
import { decisionIdOf, meetingIdOf } from "../../src/domain/ids.ts";
import type { Place } from "../../src/domain/place.ts";
import { discordWorld, held, SOON } from "./discord-world.ts";
import { CHAIR, guest, meetingIn, said } from "./meeting-phones.ts";

const pickOn = (
  pictures: readonly { readonly imageId: string; readonly number: number }[],
  place: Place,
  nowMs: number,
) => ({
  decisionId: decisionIdOf("pick"),
  kind: "pick" as const,
  place,
  options: [...pictures.map(({ imageId, number }) => ({ id: `p${number}`, imageId })), { id: NONE_OF_THESE }],
  rule: {
    method: "approval" as const,
    needed: 1,
    maxChoices: 3,
    visibility: "hidden" as const,
    who: "everyone" as const,
    spends: false as const,
  },
  openedBy: CHAIR,
  openedAtMs: nowMs,
  closesAtMs: nowMs + 600_000,
  round: 1 as const,
  meetingId: meetingIdOf("start"),
});

it("a guest of a meeting on Discord makes pictures and votes; what is for them alone is on their phone and nowhere else", async () => {
  const gate = held();
  const world = await discordWorld({ backends: gate.backend, installation: { maxOpenJobs: 1 } });
  const { app, channel, guild } = world;
  const { store, nowMs, token } = app.services;
  const place = { platform: "discord", chatId: channel.id, communityId: guild.id, group: true, title: "posters" };
  const meeting = await meetingIn(app, place);
  const gil = await guest(app, "Gil", meeting.code);
  const kim = await guest(app, "Kim", meeting.code);
  let told = 0;
  onTestFinished(app.meetings.watch({ wallKey: meeting.wallKey }, () => (told += 1)));

  expect([said(await gil.draw("a red fox")), said(await kim.draw("a boat", "Tuesday"))]).toEqual(["done", "done"]);
  expect((await gil.sees())?.making).toMatchObject([{ words: "a red fox" }]);
  const alone = [
    await gil.draw("another one"),
    await gil.draw(" "),
    await gil.press("2.choose.chat.d-x.AAAAAAAAAAA"),
    await gil.press(token("delete", { jobId: "a".repeat(16), pictures: 0 })),
    await gil.press(token("settings", "chat")),
    await gil.press(token("meet", "chat", { d: "next" })),
    await gil.press(token("choose", "chat", { d: "d".repeat(16), o: "p1" })),
  ].map(said);
  expect(alone).toMatchInlineSnapshot(`
    [
      "You have 1 picture waiting. Let some finish, or take one back with /cancel.",
      "refused: Say what the picture should show, or what it should say.",
      "refused: That works in the chat of this meeting only.",
      "refused: That works in the chat of this meeting only.",
      "refused: That works in the chat of this meeting only.",
      "refused: Only who has the chair does that.",
      "refused: That works in the chat of this meeting only.",
    ]
  `);
  gate.letGo();
  await world.picture(2);
  const { pictures = [] } = (await gil.sees()) ?? {};
  expect(pictures.map(({ byName }) => byName)).toEqual(["Gil", "Kim"]);
  expect(world.pictures().map(({ text }) => text)).toMatchInlineSnapshot(`
    [
      "“a red fox” · Gil
    \\#1 · RCA · seed 1001 · cfg 3 · 4 steps · 256×256 · made with AI (fake 1) · the test backend fake",
      ""Tuesday" a boat · Kim
    \\#2 · RCA · seed 1002 · cfg 3 · 4 steps · 1344×768 · made with AI (fake 1) · the test backend fake",
    ]
  `);

  await store.openDecision({ updateId: "pick", decision: pickOn(pictures, place, nowMs()), nowMs: nowMs() });
  await expect.poll(async () => (await gil.sees())?.state).toBe("vote");
  const option = (await gil.sees())?.decision?.options[1];
  await expect.poll(() => told).toBeGreaterThan(0);
  told = 0;
  expect(said(await gil.press(option?.token))).toBe("done");
  await expect.poll(() => told).toBeGreaterThan(0);
  expect((await gil.sees())?.choices).toEqual([option?.id]);
  expect((await kim.sees())?.choices).toEqual([]);
  const wall = await app.meetings.wall(meeting.wallKey, ["de"]);
  expect([wall?.present.length, wall?.decision?.voted]).toEqual([3, 1]);
  // Its address is in many hands: who is there is no wall's business.
  expect(JSON.stringify(wall?.present)).not.toMatch(/Gil|Kim|discord:/);

  // A press there is one in the chat: the line of the vote says so, and nothing else came.
  await expect.poll(() => channel.messages.map(({ text }) => text).join("\n"), SOON).toContain("1 has voted");
  expect(channel.messages.filter(({ ephemeral }) => ephemeral)).toEqual([]);
  // The card of the meeting, two pictures and the vote.
  expect(channel.messages.length).toBe(4);
  for (const words of alone)
    for (const { text } of channel.messages) expect(text).not.toContain(words.replace("refused: ", ""));
});
