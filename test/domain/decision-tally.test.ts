import { describe, expect, test } from "vitest";
import { AYE, type DecisionRule, type DecisionVote, PROPOSAL_OPTIONS } from "../../src/domain/decision.ts";
import { endingOf, remindAtMs } from "../../src/domain/decision-end.ts";
import { tally } from "../../src/domain/decision-tally.ts";
import { seededChance } from "../fakes/chance.ts";
import { rerollVote } from "../fakes/reroll-vote.ts";

const METHODS = ["quorum", "approval", "limited", "proposal"] as const;
const optionsOf = (method: DecisionRule["method"]) =>
  (method === "quorum" ? [AYE] : method === "proposal" ? PROPOSAL_OPTIONS : ["a", "b", "c", "none"]).map((id) => ({
    id,
  }));

const vote = (person: string, choices: readonly string[], over: Partial<DecisionVote> = {}): DecisionVote => ({
  personId: person,
  memberId: `web:${person}`,
  name: person,
  choices,
  atMs: 0,
  ...over,
});

/** A crowd that votes at random, some of them by several accounts. */
function drawn(seed: number) {
  const chance = seededChance(seed);
  const below = (n: number) => Math.floor(chance() * n);
  const method = METHODS[below(4)]!;
  const options = optionsOf(method);
  const rule = { method, needed: chance() < 0.3 ? ("majority_present" as const) : 1 + below(4) };
  const persons = Array.from({ length: 1 + below(7) }, (_, at) => `p${at}`);
  const single = method === "quorum" || method === "proposal";
  const votes = Array.from({ length: below(10) }, (_, at) => {
    const chosen = options.filter(() => chance() < 0.5).map(({ id }) => id);
    const person = persons[below(persons.length)]!;
    return vote(person, single ? [options[below(options.length)]!.id] : chosen, {
      memberId: `web:${at}`,
      atMs: below(3),
    });
  });
  const present = chance() < 0.5 ? persons.filter(() => chance() < 0.8) : undefined;
  return { rule, options, votes, present, below };
}
const CASES = Array.from({ length: 300 }, (_, seed) => seed);

describe("a tally", () => {
  test("whatever the order of votes: the same", () => {
    for (const seed of CASES) {
      const { rule, options, votes, present } = drawn(seed);
      const counted = tally(rule, options, votes, present);
      expect(tally(rule, options, votes.toReversed(), present), `${seed}`).toEqual(counted);
      expect(counted.voted).toBeLessThanOrEqual(new Set(votes.map(({ personId }) => personId)).size);
      expect(Object.keys(counted.counts)).toEqual(options.map(({ id }) => id));
    }
  });

  test("one more approval never hurts its option: what wins with fewer wins with more, alone or beside others", () => {
    let won = 0;
    for (const seed of CASES) {
      const { rule, options, votes, present, below } = drawn(seed);
      const { id } = options[rule.method === "proposal" ? 0 : below(options.length)]!;
      const before = tally(rule, options, votes, present);
      const after = tally(rule, options, [...votes, vote("newcomer", [id])], present);
      expect(after.counts[id], `${seed}`).toBe((before.counts[id] ?? 0) + 1);
      if (!before.winners.includes(id)) continue;
      won += 1;
      expect(after.winners, `${seed}`).toContain(id);
      // Nobody who was behind is level with it because of that.
      expect(after.winners.length).toBeLessThanOrEqual(before.winners.length);
    }
    expect(won).toBeGreaterThan(50);
  });

  test("what the votes have decided stays decided when more of the same come", () => {
    let decided = 0;
    for (const seed of CASES) {
      const { rule, options, votes, present } = drawn(seed);
      const before = tally(rule, options, votes, present);
      if (before.state !== "passed") continue;
      decided += 1;
      expect(tally(rule, options, [...votes, vote("newcomer", before.winners)], present).state, `${seed}`).toBe(
        "passed",
      );
    }
    expect(decided).toBeGreaterThan(30);
  });

  test("accounts of one person are one voter, whose newest choice counts; a vote taken back is none", () => {
    const rule = { method: "quorum", needed: 2 } as const;
    const options = optionsOf("quorum");
    const two = [vote("ana", [AYE], { memberId: "telegram:1" }), vote("ana", [AYE], { memberId: "discord:2" })];
    expect(tally(rule, options, two)).toMatchObject({ state: "open", voted: 1, counts: { aye: 1 }, winners: [] });
    const back = vote("ana", [], { memberId: "discord:2", atMs: 1 });
    expect(tally(rule, options, [two[0]!, back])).toMatchObject({ voted: 0, counts: { aye: 0 } });
  });

  test("a quorum passes at the vote that fills it", () => {
    const rule = { method: "quorum", needed: 3 } as const;
    const states = [1, 2, 3, 4].map(
      (n) =>
        tally(
          rule,
          optionsOf("quorum"),
          Array.from({ length: n }, (_, at) => vote(`p${at}`, [AYE])),
        ).state,
    );
    expect(states).toEqual(["open", "open", "passed", "passed"]);
  });

  test("more than half of those present; where nobody counts them, of those who voted, once it is over", () => {
    const rule = { method: "quorum", needed: "majority_present" } as const;
    const present = ["a", "b", "c", "d"];
    const ayes = (n: number) => present.slice(0, n).map((person) => vote(person, [AYE]));
    expect([2, 3].map((n) => tally(rule, optionsOf("quorum"), ayes(n), present).state)).toEqual(["open", "passed"]);
    expect(tally(rule, optionsOf("quorum"), ayes(2))).toMatchObject({ state: "open", winners: [AYE] });
  });

  test("none of these is an option like others, and ties are named", () => {
    const rule = { method: "approval", needed: 1 } as const;
    const votes = [vote("x", ["a", "none"]), vote("y", ["none"]), vote("z", ["a", "b"])];
    expect(tally(rule, optionsOf("approval"), votes)).toMatchObject({
      winners: ["a", "none"],
      tie: true,
      state: "open",
    });
    expect(tally(rule, optionsOf("approval"), [...votes, vote("w", ["none"])])).toMatchObject({
      winners: ["none"],
      tie: false,
    });
    expect(tally(rule, optionsOf("approval"), [])).toMatchObject({ winners: [], tie: false });
  });

  test.each([
    ["more agree than disagree and block", ["agree", "agree", "block"], ["agree"]],
    ["one block vetoes nothing", ["agree", "agree", "agree", "block", "disagree"], ["agree"]],
    ["as many against as for", ["agree", "agree", "block", "disagree"], []],
    ["abstaining is no vote against", ["agree", "agree", "abstain", "abstain", "abstain"], ["agree"]],
    ["too few agree", ["agree", "abstain"], []],
  ])("a proposal: %s", (_, choices, winners) => {
    const votes = choices.map((choice, at) => vote(`p${at}`, [choice]));
    expect(tally({ method: "proposal", needed: 2 }, optionsOf("proposal"), votes).winners).toEqual(winners);
  });

  test("it is over when all who are present have voted, each of them by any account", () => {
    const rule = { method: "approval", needed: 2 } as const;
    const of = (...votes: readonly DecisionVote[]) => tally(rule, optionsOf("approval"), votes, ["x", "y"]).state;
    expect(of(vote("x", ["a"]), vote("guest", ["a"]))).toBe("open");
    expect(of(vote("x", ["a"]), vote("y", ["a"]))).toBe("passed");
    expect(of(vote("x", ["a"]), vote("y", ["b"]))).toBe("failed");
    expect(of(vote("x", ["a", "b"]), vote("y", ["a", "b"]))).toBe("failed");
  });
});

describe("an end", () => {
  const pick = (round: 1 | 2, choices: readonly (readonly string[])[]) =>
    rerollVote([], {
      kind: "pick",
      options: optionsOf("approval"),
      rule: { ...rerollVote([]).rule, method: "approval", needed: 1, maxChoices: 4, spends: false },
      openedAtMs: 0,
      closesAtMs: 1000,
      round,
      votes: choices.map((each, at) => vote(`p${at}`, each)),
    });
  const deadline = { closed: { by: "deadline" } } as const;

  test("the first tie goes into a run-off of half the time, the second is said to be one", () => {
    const tied = [["a", "b"], ["a", "b"], ["c"]];
    expect(endingOf(pick(1, tied), undefined, deadline, 1000)).toEqual({
      state: "run_off",
      options: [{ id: "a" }, { id: "b" }],
      closesAtMs: 1500,
    });
    expect(endingOf(pick(2, tied), undefined, deadline, 1500)).toMatchObject({
      state: "closed",
      outcome: { winners: ["a", "b"], tie: true },
    });
  });

  test("whoever runs it decides a tie, and that they did is said only where the count did not", () => {
    const chair = { by: "chair", person: { id: "web:ana", name: "Ana" } } as const;
    const chosen = (choose: string, choices: readonly (readonly string[])[]) =>
      endingOf(pick(2, choices), ["p0", "p1", "p9"], { closed: chair, choose, note: "It prints well." }, 5);
    expect(chosen("b", [["a"], ["b"]])).toEqual({
      state: "passed",
      outcome: {
        winners: ["b"],
        counts: { a: 1, b: 1, c: 0, none: 0 },
        voted: 2,
        notVoted: 1,
        tie: true,
        closed: chair,
        chairChose: true,
        note: "It prints well.",
      },
    });
    expect(chosen("a", [["a"]])).not.toHaveProperty("outcome.chairChose");
  });

  test("a spending quorum that its votes did not fill has won nothing, whoever ends it", () => {
    const two = rerollVote([{ memberId: "web:a", name: "a" }], { needed: 1 });
    expect(endingOf(two, undefined, deadline, 0)).toMatchObject({ state: "closed", outcome: { winners: [] } });
  });

  test.each([
    [29, undefined],
    [30, 20],
    [60, 45],
    [240, 180],
  ])("of %s minutes those who have not voted are reminded at minute %s", (minutes, at) => {
    const atMs = remindAtMs({ openedAtMs: 7, closesAtMs: 7 + minutes * 60_000 });
    expect(atMs === undefined ? undefined : (atMs - 7) / 60_000).toBe(at);
  });
});
