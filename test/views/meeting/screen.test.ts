import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Decision } from "../../../src/domain/decision.ts";
import { BUTTON_TOKEN_MAX_BYTES, decodePress } from "../../../src/domain/press-token.ts";
import type { ShownSeat } from "../../../src/ports/meeting-screens.ts";
import { type SeatFacts, shownMeeting, shownSeat } from "../../../src/views/meeting/screen.ts";
import type { ScreenFacts } from "../../../src/views/meeting/screen-facts.ts";
import { ana, contextWith, jobWith, KEY, NOW_MS } from "../../commands/context.ts";
import { CANDIDATES, decisionOf, optionOf, outcomeOf, voteOf } from "../../commands/decisions.ts";
import { CHAIR, factsOf, GUEST, itemOf, meetingWith } from "./screen-facts.ts";

const { token } = contextWith();
const [p12, p13, p14] = [12, 13, 14].map(optionOf) as [string, string, string];
const [one, two] = CANDIDATES as [(typeof CANDIDATES)[0], (typeof CANDIDATES)[0]];

const seatOf = (over: Partial<SeatFacts> = {}): SeatFacts => ({
  me: { id: ana.id, name: ana.name },
  accountIds: [ana.id],
  isChair: false,
  making: [],
  ...over,
});
const asChair = (facts: ScreenFacts): ShownSeat =>
  shownSeat(facts, seatOf({ me: CHAIR, accountIds: [CHAIR.id], isChair: true }), token, "en");
const actionOf = (signed: string | undefined) => {
  const { verb, arg } = decodePress(KEY, signed) ?? {};
  return verb === "meet" ? arg?.["d"] : arg?.["do"];
};
const others = ({ others: steps }: ShownSeat) => steps.map(({ does }) => does);

const HIDDEN = { visibility: "hidden" } as const;
const open = decisionOf("pick", { rule: HIDDEN, votes: [voteOf("Ana", [p12, p13])] });
const closedAt = (endedAtMs: number, over: Partial<Decision> = {}): Decision => ({
  ...open,
  state: "passed",
  outcome: outcomeOf([p13], { [p12]: 1, [p13]: 2 }, { closed: { by: "chair", person: CHAIR }, voted: 2 }),
  endedAtMs,
  ...over,
});
const result = closedAt(NOW_MS - 8000);
const tied = closedAt(NOW_MS - 60_000, {
  state: "closed",
  round: 2,
  outcome: outcomeOf([p12, p14], { [p12]: 2, [p14]: 2 }, { closed: { by: "deadline" } }),
});
const last = meetingWith({ at: 2 });

const STATES: readonly (readonly [name: string, facts: ScreenFacts, state: string, next: string, does: string])[] = [
  ["not begun", factsOf(meetingWith({ state: "waiting", at: -1 }), { pictures: [] }), "waiting", "Begin", "next"],
  ["an item without pictures", factsOf(undefined, { pictures: [] }), "item", "Next: Rent strike", "next"],
  ["one picture", factsOf(undefined, { pictures: [one] }), "item", "Next: Rent strike", "next"],
  ["some to choose from", factsOf(), "item", "Open the vote", "w"],
  ["an open vote", factsOf(undefined, { vote: open }), "vote", "Close the vote", "close"],
  [
    "one that was just closed",
    factsOf(undefined, { vote: closedAt(NOW_MS - 7999) }),
    "vote",
    "Next: Rent strike",
    "next",
  ],
  ["its result", factsOf(undefined, { vote: result }), "result", "Next: Rent strike", "next"],
  ["a tie", factsOf(undefined, { vote: tied }), "result", "Run-off between #12 and #14", "runoff"],
  ["the result of the last item", factsOf(last, { vote: result }), "result", "End the meeting", "end"],
];

describe("where a meeting stands", () => {
  it.each(STATES)("%s", (_, facts, state, next, does) => {
    const seat = asChair(facts);
    expect([seat.state, seat.next?.label, actionOf(seat.next?.token)]).toEqual([state, next, does]);
    expect(shownMeeting(facts, "en").state).toBe(state);
    // One button is large; the others are others.
    expect(seat.others.map((each) => each.token)).not.toContain(seat.next?.token);
    for (const { token: signed } of seat.others) {
      expect(decodePress(KEY, signed)).toBeDefined();
      expect(signed.length).toBeLessThanOrEqual(BUTTON_TOKEN_MAX_BYTES);
    }
  });

  it("has ended: nothing can be pressed, and nobody comes in", () => {
    const items = [
      itemOf("Which poster", { spans: [{ fromMs: 1, toMs: 2 }], chosen: { imageId: two.imageId, by: "vote" } }),
    ];
    const facts = factsOf(meetingWith({ state: "ended", at: 0, items, endedAtMs: NOW_MS }), {
      votes: new Map([[0, result]]),
    });
    const seat = asChair(facts);
    expect([seat.state, seat.next, seat.others, seat.code, seat.decision]).toEqual([
      "ended",
      undefined,
      [],
      undefined,
      undefined,
    ]);
    expect(seat.agenda).toMatchObject([
      {
        title: "Which poster",
        state: "done",
        outcome: "2 of 2 approve",
        image: { key: `picture/${two.imageId}/posted` },
      },
    ]);
    expect(seat.pictures.every((each) => each.pickToken === undefined && each.holdToken === undefined)).toBe(true);
  });

  it("goes on where nobody wanted any and there is another picture since", () => {
    const none = closedAt(NOW_MS - 60_000, {
      options: open.options.filter(({ id }) => id !== p14),
      outcome: outcomeOf(["none"], { none: 2 }),
    });
    expect(asChair(factsOf(undefined, { vote: none })).next?.label).toBe("Open the vote");
    expect(asChair(factsOf(undefined, { vote: none, pictures: [one, two] })).next?.label).toBe("Next: Rent strike");
  });

  it("offers no run-off where the chair has picked", () => {
    const items = [
      itemOf("Which poster", { spans: [{ fromMs: 1 }], chosen: { imageId: one.imageId, by: "chair" } }),
      itemOf("B"),
    ];
    const seat = asChair(factsOf(meetingWith({ items }), { vote: tied }));
    expect(seat.next?.label).toBe("Next: B");
    expect(seat.agenda[0]).toMatchObject({
      outcome: "the chair decided",
      image: { key: `picture/${one.imageId}/posted` },
    });
  });
});

describe("what the chair can do besides", () => {
  it("decides later, works the clock, makes the visual, writes a note, hands over, ends", () => {
    expect(others(asChair(factsOf()))).toEqual(["later", "more-time", "visual", "note", "hand-over", "end"]);
    const runs = meetingWith({ timer: { state: "runs", endsAtMs: NOW_MS + 1000 } });
    expect(others(asChair(factsOf(runs)))).toContain("pause");
    expect(others(asChair(factsOf(meetingWith({ timer: { state: "paused", leftMs: 5 } }))))).toContain("go-on");
    expect(others(asChair(factsOf(last, { vote: result })))).not.toContain("end");
    expect(others(asChair(factsOf(meetingWith({ state: "waiting", at: -1 }))))).toEqual(["hand-over", "end"]);
  });

  it("takes a close back for eight seconds", () => {
    const undo = (facts: ScreenFacts) => asChair(facts).others.find(({ does }) => does === "undo-close");
    expect(actionOf(undo(factsOf(undefined, { vote: closedAt(NOW_MS - 7999) }))?.token)).toBe("undo");
    expect(undo(factsOf(undefined, { vote: closedAt(NOW_MS - 8000) }))).toBeUndefined();
    // Nobody closed it, or its votes are forgotten.
    const byTime = closedAt(NOW_MS - 1, { outcome: outcomeOf([p13], { [p13]: 2 }) });
    expect(undo(factsOf(undefined, { vote: byTime }))).toBeUndefined();
    const secret = closedAt(NOW_MS - 1, { rule: { ...open.rule, visibility: "secret" } });
    expect(undo(factsOf(undefined, { vote: secret }))).toBeUndefined();
    expect(asChair(factsOf(undefined, { vote: byTime })).state).toBe("result");
  });

  it("holds pictures, and puts them back; nobody else sees those", () => {
    const meeting = meetingWith({
      items: [itemOf("A", { spans: [{ fromMs: 1 }], heldImageIds: [one.imageId] }), itemOf("B")],
    });
    const facts = factsOf(meeting, { vote: open });
    const [held, free] = asChair(facts).pictures;
    expect([held?.held, actionOf(held?.holdToken), held?.pickToken]).toEqual([true, "unhold", undefined]);
    expect([free?.held, actionOf(free?.holdToken), actionOf(free?.pickToken)]).toEqual([undefined, "hold", "pick"]);
    for (const shown of [shownMeeting(facts, "en"), shownSeat(facts, seatOf(), token, "en")]) {
      expect(shown.pictures.map(({ number }) => number)).toEqual([13, 14]);
      expect(JSON.stringify(shown)).not.toContain(one.imageId);
    }
  });
});

describe("what members and guests have", () => {
  it.each([
    ["a member", seatOf()],
    ["a guest", seatOf({ me: GUEST, accountIds: [GUEST.id] })],
  ])("%s votes and steers nothing", (_, seat) => {
    const shown = shownSeat(factsOf(undefined, { vote: open }), seat, token, "en");
    expect([shown.isChair, shown.next, shown.others]).toEqual([false, undefined, []]);
    expect(shown.pictures.every((each) => each.pickToken === undefined && each.holdToken === undefined)).toBe(true);
    expect(shown.decision?.options.map((option) => decodePress(KEY, option.token)?.verb)).toEqual([
      "choose",
      "choose",
      "choose",
      "choose",
    ]);
    expect(shown.choices).toEqual(seat.accountIds.includes(ana.id) ? [p12, p13] : []);
    expect(JSON.stringify(shown)).not.toMatch(/\d\.meet|endvote/);
  });

  it("have no vote where only some roles vote, nor once it is closed", () => {
    const roles = { ...open, rule: { ...open.rule, who: { roles: ["crew"] } } } as Decision;
    for (const vote of [roles, result, closedAt(NOW_MS - 1)]) {
      const { decision } = shownSeat(factsOf(undefined, { vote }), seatOf(), token, "en");
      expect([decision?.setToken, ...(decision?.options ?? []).map((option) => option.token)]).toEqual([
        undefined,
        ...(decision?.options ?? []).map(() => undefined),
      ]);
    }
  });

  it("see what they chose by whichever account, and what is being made for them", () => {
    const job = jobWith();
    const making = [{ job, progress: { fraction: 0.5, backend: "x", route: [] } }];
    const seat = seatOf({ me: GUEST, accountIds: [GUEST.id, ana.id], making });
    const shown = shownSeat(factsOf(undefined, { vote: open }), seat, token, "en");
    expect(shown.choices).toEqual([p12, p13]);
    expect(shown.making).toEqual([{ words: job.order.request.prompt, progress: 0.5 }]);
  });
});

describe("a wall", () => {
  it("shows how many are there; who they are and who has voted, the chair alone is told", () => {
    const facts = factsOf(undefined, { vote: open });
    const numbers = ["1", "2", "3"].map((id) => ({ id, name: "", voted: false }));
    expect(shownMeeting(facts, "en").present).toEqual(numbers);
    expect(shownSeat(facts, seatOf({ me: GUEST, accountIds: [GUEST.id] }), token, "en").present).toEqual(numbers);
    expect(shownSeat(facts, seatOf({ isChair: true }), token, "en").present).toEqual([
      { ...CHAIR, voted: false },
      { id: ana.id, name: ana.name, voted: true },
      { ...GUEST, voted: false },
    ]);
  });

  it("shows counts and the winner once it is over", () => {
    const { decision, agenda } = shownMeeting(factsOf(undefined, { vote: result }), "de");
    expect(decision?.options.map(({ count, won }) => [count, won])).toEqual([
      [1, undefined],
      [2, true],
      [0, undefined],
      [0, undefined],
    ]);
    expect(agenda[0]?.outcome).toBe("2 von 2 stimmen zu");
  });

  it("shows no picture where they are covered, and none that was deleted", () => {
    const deleted = CANDIDATES.map((each, at) => (at === 0 ? { ...each, deleted: { atMs: 1, byName: "Ana" } } : each));
    const some = factsOf(undefined, { vote: open, pictures: deleted });
    expect(shownMeeting(some, "en").pictures.map(({ number }) => number)).toEqual([13, 14]);
    const covered = factsOf(undefined, { vote: result, isCovered: true });
    for (const shown of [shownMeeting(covered, "en"), asChair(covered)]) {
      expect(shown.pictures).toEqual([]);
      expect(JSON.stringify(shown)).not.toContain("picture/");
    }
  });

  it.each(STATES)("has nothing to press: %s", (_, facts) => {
    expect(JSON.stringify(shownMeeting(facts, "en"))).not.toMatch(/"[a-zA-Z]*[tT]oken"/);
  });

  it("tells nothing of a hidden vote but who has voted, nor do other phones, nor the chair's", () => {
    const voters = ["Ana", "Bo", "Cy"];
    const choices = fc.array(fc.constantFrom(p12, p13, p14, "none"), { minLength: 1, maxLength: 4 });
    const ballots = fc.tuple(choices, choices, choices);
    const reason = fc.option(fc.string({ maxLength: 9 }), { nil: undefined });
    const visibility = fc.constantFrom("hidden" as const, "secret" as const);
    fc.assert(
      fc.property(ballots, ballots, reason, visibility, fc.boolean(), (some, other, why, seen, settles) => {
        const shownWith = (chosen: typeof some) => {
          const votes = voters.map((name, at) => voteOf(name, chosen[at] ?? [], why));
          const rule = { ...open.rule, visibility: settles ? ("hidden" as const) : seen };
          const vote = settles
            ? closedAt(NOW_MS - 1, {
                votes,
                rule,
                outcome: outcomeOf(
                  [chosen[0][0] ?? ""],
                  { [chosen[0][0] ?? ""]: 3 },
                  { closed: { by: "chair", person: CHAIR } },
                ),
              })
            : { ...open, votes, rule };
          const facts = factsOf(undefined, { vote });
          return [
            shownMeeting(facts, "en"),
            asChair(facts),
            shownSeat(facts, seatOf({ me: GUEST, accountIds: [GUEST.id] }), token, "en"),
          ];
        };
        expect(shownWith(some)).toEqual(shownWith(other));
      }),
      { numRuns: 60 },
    );
  });
});
