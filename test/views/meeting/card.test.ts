import { describe, expect, it } from "vitest";
import type { Meeting } from "../../../src/domain/meeting.ts";
import { render } from "../../../src/messages/render.ts";
import type { View } from "../../../src/ports/view.ts";
import { itemCard, meetingCard, openingCard, whereCard } from "../../../src/views/meeting/card.ts";
import type { ItemFacts, MeetingFacts } from "../../../src/views/meeting/facts.ts";
import { contextWith, NOW_MS } from "../../commands/context.ts";
import { CANDIDATES, decisionOf, optionOf, outcomeOf } from "../../commands/decisions.ts";
import { endedMeeting, meetingAfter, runningMeeting, waitingMeeting } from "../../commands/meetings.ts";

const { token } = contextWith();
const rules = { spoiler: false, polls: "buttons", pays: "voters" } as const;
const known = { pictures: CANDIDATES, subject: undefined, rules, nowMs: NOW_MS };
const won = decisionOf("pick", {
  state: "passed",
  outcome: outcomeOf([optionOf(12)], { [optionOf(12)]: 2 }, { note: "for the front page" }),
});
const facts = (
  meeting: Meeting,
  of: Readonly<Record<number, Partial<ItemFacts>>> = {},
  over: Partial<MeetingFacts> = {},
): MeetingFacts => ({
  items: meeting.items.map((item, index) => ({ item, chosen: undefined, votes: [], ...of[index] })),
  candidates: [],
  links: {},
  rules,
  nowMs: NOW_MS,
  ...over,
});
const wordsOf = ({ text }: View) => render(text, "en").split("\n");
const labelsOf = ({ buttons = [] }: View) => buttons.map((row) => row.map(({ label }) => render(label, "en")));

describe("the card of a meeting", () => {
  it("before it begins: agenda, how to come in, what it may spend", () => {
    const meeting = waitingMeeting({ budgetGpuMs: 90_000, budgetFrom: { by: "pot" } });
    const links = { join: "https://example.org/join/BCDFGH", wall: "https://example.org/wall/w" };
    const card = meetingCard(meeting, facts(meeting, {}, { links, leftGpuMs: 90_000 }), token);
    expect(wordsOf(card)).toEqual([
      "Tenants’ assembly is about to begin",
      "In the chair: Ana",
      "1. Welcome",
      "2. Rent strike: which poster? (5 min)",
      "3. Any other business",
      "Join from a phone: https://example.org/join/BCDFGH (code BCDFGH)",
      "For a screen: https://example.org/wall/w",
      "Budget: 90 s of 90 s left",
    ]);
    expect(labelsOf(card)).toEqual([["Begin"]]);
    // Where its screens are served the card leads to them, as long as it is open.
    const { meetingId, wallKey } = meeting;
    const over = endedMeeting();
    const running = runningMeeting();
    expect([card.meeting, meetingCard(running, facts(running), token).meeting]).toEqual([
      { meetingId, wallKey },
      { meetingId: running.meetingId, wallKey: running.wallKey },
    ]);
    expect(meetingCard(over, facts(over), token).meeting).toBeUndefined();
    expect(wordsOf(openingCard(meeting))).toEqual([
      "Tenants’ assembly has begun.",
      "1. Welcome",
      "2. Rent strike: which poster? (5 min)",
      "3. Any other business",
    ]);
  });

  it("at an item: a vote once there is something to choose from, and none beside one that is open", () => {
    const meeting = runningMeeting();
    const visual = ["Make its visual"];
    const next = ["Next: Any other bus…"];
    const one = meetingCard(meeting, facts(meeting, {}, { candidates: CANDIDATES.slice(0, 1) }), token);
    expect([wordsOf(one)[0], labelsOf(one)]).toEqual([
      "Tenants’ assembly · 2 of 3 · Rent strike: which poster?",
      [visual, next],
    ]);
    const two = meetingCard(meeting, facts(meeting, {}, { candidates: CANDIDATES }), token);
    expect([wordsOf(two)[1], labelsOf(two)]).toEqual([
      "3 pictures to choose from",
      [[...visual, "Vote on the pictures"], next],
    ]);
    const open = { votes: [{ decision: decisionOf("pick"), known }] };
    const voting = meetingCard(meeting, facts(meeting, { 1: open }, { candidates: CANDIDATES }), token);
    expect([wordsOf(voting)[1], labelsOf(voting)]).toEqual(["A vote is open.", [visual, next]]);
    const last = meetingAfter([{ does: "next", at: 1 }], meeting);
    expect(labelsOf(meetingCard(last, facts(last), token))).toEqual([visual, ["End the meeting"]]);
  });

  it("what came of an item: by vote or by the chair, its picture, and the newest of many notes", () => {
    const by = { id: "web:ben", name: "Ben" };
    const notes = Array.from({ length: 5 }, (_, n) => ({ does: "note", at: 1, by, note: `n ${n}` }) as const);
    const meeting = meetingAfter(notes, runningMeeting());
    const [chosen] = CANDIDATES;
    const voted = itemCard(facts(meeting, { 1: { chosen, votes: [{ decision: won, known }] } }), 1);
    expect(voted && wordsOf(voted)).toEqual([
      "2. Rent strike: which poster? – #12: 2 of 2 approve (next: 0).",
      "Note: for the front page",
      "2 notes before this",
      "Ben: n 2",
      "Ben: n 3",
      "Ben: n 4",
    ]);
    expect([voted?.image?.key, voted?.buttons]).toEqual([expect.stringContaining(chosen?.imageId ?? ""), undefined]);
    const item = { ...meeting.items[1]!, chosen: { imageId: "gone", by: "chair" as const } };
    const picked = itemCard(facts(meeting, { 1: { item, votes: [{ decision: won, known }] } }), 1);
    expect(picked && wordsOf(picked)[0]).toBe(
      "2. Rent strike: which poster? – A picture that is gone, chosen by the chair.",
    );
  });

  it("in the end: how long, how many, what came of each, and its pictures to be looked at", () => {
    const over = endedMeeting();
    const [chosen] = CANDIDATES;
    const summary = meetingCard(over, facts(over, { 1: { chosen, votes: [{ decision: won, known }] } }), token);
    expect(wordsOf(summary)).toEqual([
      "Tenants’ assembly is over.",
      "1 min · 1 took part",
      "1. Welcome",
      "2. Rent strike: which poster? – #12: 2 of 2 approve (next: 0).",
      "3. Any other business",
    ]);
    expect(summary.tiles).toMatchObject([{ fill: "/show 12" }]);
    expect(labelsOf(summary)).toEqual([["Deck (PDF)", "Pictures (ZIP)", "Contact sheet"]]);
    expect(meetingCard(over, facts(over), token).tiles).toBeUndefined();
    expect(whereCard(over, facts(over), token)).toEqual(meetingCard(over, facts(over), token));
  });

  it("however long its agenda is, it stays short", () => {
    const agenda = Array.from({ length: 30 }, (_, n) => ({ title: `${n} ${"x".repeat(115)}` }));
    const meeting = waitingMeeting({ agenda });
    for (const state of [meeting, meetingAfter([{ does: "end" }], meeting)])
      expect(render(meetingCard(state, facts(state), token).text, "en").length).toBeLessThan(1100);
  });
});
