import { expect, it } from "vitest";
import type { DocumentSpec } from "../../src/ports/documents.ts";
import { fakeMaker } from "../fakes/document-maker.ts";
import { pressIn } from "./deciding.ts";
import { group } from "./harness.ts";

/** Two items: a picture chosen by a live vote, another one held back; a picture chosen by the chair. */
async function held() {
  const maker = fakeMaker();
  const world = await group({ hurried: true, documentMaker: () => maker });
  const { chat, app, said } = world;
  const idle = () => world.app.idle();
  await chat.type("ana", "/meeting start Tenants’ assembly agenda: Rent strike; =1+1 Childcare");
  await chat.type("ana", "/meeting next");
  await idle();
  for (const [member, prompt] of [
    ["bo", "a fist"],
    ["cy", "a hand"],
    ["bo", "a broom"],
  ] as const)
    await chat.type(member, `/rca ${prompt}`);
  await idle();
  await chat.type("ana", '/vote "Which one, =SUM(A1)?" pictures:1,2 visibility:live');
  const vote = await said("Which one");
  for (const member of ["bo", "cy"]) await pressIn(world, vote.ref.messageId)(member, "#2");
  await chat.press("ana", vote.ref.messageId, "Close the vote");
  await chat.submit("ana", { note: "200 copies" });
  await chat.type("bo", "/meeting note # Bo *prints* them");
  await idle();
  const { store, nowMs } = app.services;
  const meeting = await store.meetingIn("loopback:c1");
  const meetingId = meeting?.meetingId ?? "";
  const third = await store.pictureByNumber("loopback:c1", 3);
  const change = (updateId: string, over: object) =>
    store.changeMeeting({ updateId, meetingId, change: over as never, nowMs: nowMs() });
  await change("hold", { does: "hold", at: 0, imageId: third?.imageId });
  await chat.type("ana", "/meeting next");
  await chat.type("cy", "/rca a swing");
  await idle();
  const fourth = await store.pictureByNumber("loopback:c1", 4);
  await change("pick", { does: "pick", at: 1, imageId: fourth?.imageId });
  return { ...world, maker, meetingId, idle };
}

const textIn = (spec: DocumentSpec | undefined, name: string) =>
  (spec?.kind === "zip" ? spec.texts.find((each) => each.name === name)?.content : undefined) ?? "";

it("a meeting as a deck, as everything in one file and as a contact sheet, from its card", async () => {
  const { chat, maker, idle, said } = await held();
  // While it is open it is what is meant.
  await chat.type("bo", "/deck");
  await idle();
  const [deck] = maker.specs;
  expect(deck?.title).toBe("Tenants’ assembly");
  expect(deck?.subtitle).toMatch(/ · 3 took part$/u);
  expect(deck?.kind === "deck" && deck.pages).toMatchObject([
    {
      heading: "Rent strike",
      picture: { number: 2 },
      chosen: true,
      outcome: [expect.stringContaining("#2: 2 of 2 approve"), "Not voted: 1.", "Closed by ana.", "Note: 200 copies"],
      credits: ["Asked for by cy", expect.stringMatching(/^#2 · RCA · seed \d+$/u)],
      notes: ["bo: # Bo *prints* them"],
    },
    { heading: "=1+1 Childcare", picture: { number: 4 }, outcome: ["The chair chose #4."], notes: [] },
  ]);
  await chat.type("ana", "/meeting end");
  const summary = await said("Tenants’ assembly is over");
  await chat.press("cy", summary.ref.messageId, "Pictures (ZIP)");
  await chat.press("cy", summary.ref.messageId, "Contact sheet");
  await idle();
  const [, zip, sheet] = maker.specs;
  // What the chair took off the wall is in neither.
  expect(zip?.kind === "zip" && zip.pictures.map(({ number }) => number)).toEqual([1, 2, 4]);
  expect(
    sheet?.kind === "sheet" && sheet.pages.map(({ heading, picture, chosen }) => [heading, picture?.number, chosen]),
  ).toEqual([
    ["Rent strike", 1, undefined],
    ["Rent strike", 2, true],
    ["=1+1 Childcare", 4, true],
  ]);
  const minutes = textIn(zip, "minutes.md").split("\n");
  expect(minutes[0]).toBe("# Tenants’ assembly");
  expect(minutes[2]).toMatch(/^\w+ \d+, \d{4}, \d+:\d\d.*Chair: ana$/u);
  for (const line of [
    "## Present (3)",
    "- bo",
    "## 1. Rent strike",
    "### Notes",
    "Chosen: #2, asked for by cy",
    "## 2. =1+1 Childcare",
    "**The chair chose #4.**",
  ])
    expect(minutes).toContain(line);
  expect(minutes.find((line) => line.includes("prints"))).toMatch(/^- \d+:\d\d.* bo: # Bo \\\*prints\\\* them$/u);
  const votes = textIn(zip, "votes.csv").split("\r\n");
  expect(votes[0]).toBe('\u{feff}"Item","Asked","Choice","Votes","Voted","Won","Names"');
  expect(votes[1]).toMatch(/^"Rent strike","ana asks: .*","#1","0","2","",""$/u);
  expect(votes[2]).toMatch(/"#2","2","2","yes","bo; cy"$/u);
  expect(textIn(zip, "recipes.json")).not.toMatch(/"(?:ana|bo|cy)"/u);
});

it("names are in no file where the vote did not show them to all from its beginning; others' meetings are nobody's", async () => {
  const { chat, app, maker, meetingId, idle, said } = await held();
  await chat.type("ana", "/vote 1,4 visibility:hidden");
  const vote = await said("which of these");
  await pressIn({ app, chat }, vote.ref.messageId)("bo", "#1");
  await chat.press("ana", vote.ref.messageId, "Close the vote");
  await chat.submit("ana", {});
  await chat.type("ana", "/zip");
  await idle();
  const rows = textIn(maker.specs.at(-1), "votes.csv").split("\r\n");
  expect(rows.find((row) => row.startsWith('"\'=1+1 Childcare"') && row.includes('"#1","1"'))).toMatch(/"yes",""$/u);
  const token = app.services.token("doc", "chat", { k: "deck", m: meetingId });
  await chat.pressToken("eve", token, { chatId: "c2" });
  await idle();
  expect(maker.specs).toHaveLength(1);
  expect(chat.visibleTo("eve", "c2").at(-1)?.view.tone).toBe("bad");
});
