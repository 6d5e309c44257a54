import { describe, expect, it } from "vitest";
import type { Decision } from "../../src/domain/decision.ts";
import type { Job } from "../../src/domain/job.ts";
import { candidateNumbers } from "../../src/features/decide/pictures.ts";
import type { PressedJob } from "../../src/ports/command.ts";
import {
  ana,
  ben,
  type ContextOver,
  contextWith,
  jobWith,
  NOW_MS,
  orderWith,
  pictureOf,
  root,
  subjectOf,
} from "./context.ts";
import { BATCH, CANDIDATES, decisionOf, LINEAGE, optionOf, outcomeOf, voteOf } from "./decisions.ts";
import { formOf, press, pressInChat, refusal, type Said, typed, viewOf } from "./parts.ts";

const cy = { id: "web:cy", name: "Cy", admin: false };
const mod = { id: "web:mod", name: "Mod", admin: false, moderator: true as const };
const D = "d".repeat(16);

const numbered = (number: number) =>
  pictureOf(jobWith({ jobId: "b".repeat(16) }), 0, { number, imageId: `${String(number).padStart(16, "a")}.0` });
const here = (over: ContextOver = {}) =>
  contextWith({
    ...over,
    reads: {
      pictureByNumber: async (number) =>
        number > 60 ? undefined : (CANDIDATES.find((each) => each.number === number) ?? numbered(number)),
      history: async () => [numbered(30), ...CANDIDATES],
      picturesOf: async () => CANDIDATES,
      ...over.reads,
    },
  });
const numberedId = (number: number) => CANDIDATES.find((each) => each.number === number)?.imageId ?? "";
const asked = (outcome: Said) => {
  if (outcome.do !== "open") throw new Error(JSON.stringify(outcome));
  return outcome.asked;
};
const idsOf = (outcome: Said) => asked(outcome).options.map(({ id }) => id);

describe("numbers of pictures", () => {
  it.each([
    ["12,14,15", [12, 14, 15]],
    ["#12 #14", [12, 14]],
    ["12 - 15", [12, 13, 14, 15]],
    ["12–13، ١٥", [12, 13, 15]],
    ["12,12,11-12", [12, 11]],
  ])("%s", (typedText, numbers) => expect(candidateNumbers(typedText)).toEqual(numbers));

  it.each(["", "twelve", "12-", "15-12", "1-2-3", "0", "which of 12"])("%j are none", (typedText) =>
    expect(candidateNumbers(typedText)).toBeUndefined(),
  );

  it("costs nothing for a range of a billion", () => expect(candidateNumbers("1-999999999")).toHaveLength(25));
});

describe("/vote on pictures", () => {
  it("puts those named to the vote, each with none of these", async () => {
    const outcome = await typed("/vote pictures:12,14,30", here());
    expect(idsOf(outcome)).toEqual([12, 14, 30].map(optionOf).concat("none"));
    expect(asked(outcome)).toMatchObject({
      kind: "pick",
      rule: { method: "approval", maxChoices: 4, visibility: "live", spends: false },
      lastsMs: 3_600_000,
    });
    expect(asked(outcome).subjectJobId).toBeUndefined();
  });

  it("reads numbers alone as pictures, and words beside them as the question", async () => {
    expect(idsOf(await typed("/vote 12-14", here()))).toHaveLength(4);
    expect(asked(await typed("/vote which one? pictures:12,13", here())).question).toBe("which one?");
  });

  it.each([
    ["/vote 12,14 Which one for the front page?", [12, 14], "Which one for the front page?"],
    ["/vote 12, 14-15: which?", [12, 14, 15], "which?"],
    ["/vote pictures: 12, 14", [12, 14], undefined],
    ["/vote pictures:12, 14", [12, 14], undefined],
    ["/vote pictures:", [12, 13, 14], undefined],
    ["/vote hidden", [12, 13, 14], undefined],
  ])("%s names its pictures, as it is typed in a hurry", async (line, numbers, question) => {
    const outcome = await typed(line, here());
    expect(idsOf(outcome)).toEqual(numbers.map(optionOf).concat("none"));
    expect(asked(outcome).question).toBe(question);
    expect(asked(outcome).rule.visibility).toBe(line.endsWith("hidden") ? "hidden" : "live");
  });

  it.each(["10,000 leaflets by May?", "7-9 pm we meet", "12 posters on Friday"])("%s is a question", async (question) =>
    expect(asked(await typed(`/vote ${question}`, here()))).toMatchObject({ kind: "proposal", question }),
  );

  it("asks about the same pictures once at a time", async () => {
    const open = decisionOf("pick", { options: [12, 14].map((n) => ({ id: optionOf(n), imageId: numberedId(n) })) });
    const over = here({ reads: { openDecisions: async () => [open] } });
    expect(await typed("/vote 14,12", over)).toEqual(refusal("not_allowed", /voted on already/));
    expect(idsOf(await typed("/vote 12,13", over))).toHaveLength(3);
  });

  it("takes the last batch where nothing is named, and is about its job", async () => {
    const outcome = await typed("/vote", here());
    expect(asked(outcome)).toMatchObject({ kind: "pick", subjectJobId: BATCH.jobId });
    expect(idsOf(outcome)).toHaveLength(4);
  });

  it("takes what is answered", async () => {
    const subject: PressedJob = { job: BATCH, pictures: CANDIDATES.slice(0, 2), which: "all" };
    expect(idsOf(await typed("/vote", here({ about: { of: "job", subject } })))).toHaveLength(3);
    expect(await typed("/vote", here({ about: { of: "nothing" } }))).toMatchObject({ do: "refuse" });
  });

  it("of more than eight gives three choices each", async () => {
    expect(asked(await typed("/vote 20-28", here())).rule).toMatchObject({ method: "limited", maxChoices: 3 });
    expect(asked(await typed("/vote 20-27", here())).rule).toMatchObject({ method: "approval", maxChoices: 9 });
  });

  it("of one is a proposal to use it", async () => {
    const outcome = await typed("/vote 12", here());
    expect(asked(outcome)).toMatchObject({
      kind: "proposal",
      subjectJobId: BATCH.jobId,
      rule: { method: "proposal", needed: 3 },
    });
    expect(asked(outcome).options[0]).toEqual({ id: "agree", imageId: CANDIDATES[0]?.imageId });
  });

  it("takes minutes and visibility, else the chat's", async () => {
    const settings = { pick_visibility: "hidden", vote_minutes: 5 } as const;
    expect(asked(await typed("/vote 12,13", here({ settings })))).toMatchObject({
      rule: { visibility: "hidden" },
      lastsMs: 300_000,
    });
    const said = asked(await typed("/vote 12,13 minutes:10 visibility:secret", here({ settings })));
    expect(said).toMatchObject({ rule: { visibility: "secret" }, lastsMs: 600_000 });
  });

  it.each([
    ["/vote pictures:99,12", "not_found", /#99/],
    ["/vote pictures:twelve", "bad_args", /as numbers/],
    ["/vote 1-60", "bad_args", /At most 24/],
    ["/vote 12,13 minutes:0", "bad_args", /minutes/],
  ] as const)("%s is refused with what to do", async (line, code, words) =>
    expect(await typed(line, here())).toMatchObject(refusal(code, words)),
  );

  it("refuses a deleted picture, another chat's, and where nobody else is", async () => {
    const deleted = pictureOf(jobWith(), 0, { deleted: { atMs: NOW_MS, byName: "Ana" } });
    expect(await typed("/vote 12,13", here({ reads: { pictureByNumber: async () => deleted } }))).toMatchObject({
      do: "refuse",
    });
    const theirs = pictureOf(jobWith(), 0, { chatKey: "web:other" });
    expect(await typed("/vote 12,13", here({ reads: { pictureByNumber: async () => theirs } }))).toMatchObject({
      do: "refuse",
    });
    const alone = here({ place: { platform: "web", chatId: "room", group: false } });
    expect(await typed("/vote 12,13", alone)).toMatchObject(refusal("not_allowed", /nobody to vote with/));
  });

  it("starts from the button under a batch", async () =>
    expect(
      idsOf(await press("votepick", contextWith(), { job: BATCH, pictures: CANDIDATES, which: "all" })),
    ).toHaveLength(4));
});

it("/vote with words alone is a proposal", async () =>
  expect(asked(await typed("/vote We march on May Day", here()))).toMatchObject({
    kind: "proposal",
    question: "We march on May Day",
    rule: { method: "proposal" },
  }));

const opened = (decision: Decision, over: ContextOver = {}) =>
  contextWith({
    member: ben,
    ...over,
    reads: {
      decision: async () => decision,
      openDecisions: async () => [decision],
      job: async () => BATCH,
      picturesOf: async () => CANDIDATES,
      ...over.reads,
    },
  });
const choose = (decision: Decision, o: string | undefined, over: ContextOver = {}, values?: Record<string, unknown>) =>
  pressInChat("choose", opened(decision, over), { d: D, ...(o === undefined ? {} : { o }) }, values);

describe("a press", () => {
  it("of an option chooses it", async () =>
    expect(await choose(decisionOf("pick"), optionOf(13))).toMatchObject({
      do: "decide",
      choice: { how: "toggle", optionId: optionOf(13) },
    }));

  it("of several makes exactly those the choice", async () =>
    expect(
      await choose(decisionOf("pick"), undefined, {}, { choices: `${optionOf(12)},${optionOf(14)}` }),
    ).toMatchObject({
      choice: { how: "set", optionIds: [optionOf(12), optionOf(14)] },
    }));

  it.each([
    ["an option that is not there", "p9z", undefined],
    ["choices that are not there", undefined, { choices: "p9z" }],
    ["no choices", undefined, { choices: 7 }],
    ["a flood of choices", undefined, { choices: "x,".repeat(300) }],
  ])("of %s is refused", async (_what, o, values) =>
    expect(await choose(decisionOf("pick"), o, {}, values)).toMatchObject(refusal("expired", /no longer there/)),
  );

  it("in another chat, or of one that is over, is refused", async () => {
    const elsewhere = decisionOf("pick", { place: { platform: "web", chatId: "other", group: true } });
    expect(await choose(elsewhere, optionOf(12))).toMatchObject(refusal("expired", /not in this chat/));
    const over = decisionOf("pick", { state: "closed", outcome: outcomeOf([], {}) });
    expect(await choose(over, optionOf(12))).toMatchObject(refusal("expired", /over/));
  });

  it("counts for who has a vote in it", async () => {
    const present = decisionOf("pick", { rule: { who: "present" }, presentIds: [ana.id] });
    expect(await choose(present, optionOf(12))).toMatchObject(refusal("not_allowed", /who were here/));
    expect(await choose(present, optionOf(12), { member: ana })).toMatchObject({ do: "decide" });
    const crew = decisionOf("pick", { rule: { who: { roles: ["Crew"] } } });
    expect(await choose(crew, optionOf(12))).toMatchObject(refusal("not_allowed", /Crew/));
    const member = { ...ben, roles: [{ id: "1", name: "crew" }] };
    expect(await choose(crew, optionOf(12), { member })).toMatchObject({ do: "decide" });
  });

  it("for another take is the press under its picture: a vote, or at once for whose it is", async () => {
    expect(await choose(decisionOf("reroll"), "aye")).toMatchObject({
      do: "decide",
      on: { opening: { kind: "reroll", subjectJobId: BATCH.jobId } },
      whenPassed: { count: 3, lineage: { kind: "vote" } },
    });
    expect(await choose(decisionOf("reroll"), "aye", { member: ana })).toMatchObject({
      do: "draw",
      order: { count: 3 },
    });
  });

  it("for a spend makes what was asked for, with its seed; of an admin it is enough alone", async () => {
    const spend = decisionOf("spend", { order: orderWith({ seed: 77 }) });
    const outcome = await choose(spend, "aye");
    expect(outcome).toMatchObject({ do: "decide", whenPassed: { request: { seed: 77 } } });
    expect(outcome).not.toHaveProperty("decisive");
    expect(await choose(spend, "aye", { member: root })).toMatchObject({ decisive: true });
    expect(await choose(decisionOf("pick"), optionOf(12), { member: root })).not.toHaveProperty("decisive");
  });

  it.each(["disagree", "block"])("of %s counts, and asks why", async (o) => {
    const outcome = await choose(decisionOf("proposal"), o);
    expect(outcome).toMatchObject({
      do: "decide",
      choice: { how: "toggle", optionId: o },
      asks: { fields: [{ name: "reason", required: true }] },
    });
    expect(await choose(decisionOf("proposal"), o, {}, { reason: "  no lifts " })).toMatchObject({
      choice: { how: "set", optionIds: [o], reason: "no lifts" },
    });
    const long = await choose(decisionOf("proposal"), o, {}, { reason: "x".repeat(999) });
    expect(long.do === "decide" && long.choice.how === "set" && long.choice.reason?.length).toBe(200);
  });

  it("asks for no reason in a secret one, for agreeing, nor when it is taken back", async () => {
    expect(await choose(decisionOf("proposal", { rule: { visibility: "secret" } }), "block")).not.toHaveProperty(
      "then",
    );
    expect(await choose(decisionOf("proposal"), "agree")).not.toHaveProperty("asks");
    expect(await choose(decisionOf("proposal", { votes: [voteOf("Ben", ["block"])] }), "block")).not.toHaveProperty(
      "then",
    );
  });
});

describe("/vote in words on an open proposal", () => {
  it("chooses, with a reason, and saying it twice is no taking back", async () => {
    expect(await typed('/vote choice:disagree reason:"no lifts"', opened(decisionOf("proposal")))).toMatchObject({
      do: "decide",
      choice: { how: "set", optionIds: ["disagree"], reason: "no lifts" },
    });
  });

  it("adds a reason to what was chosen before", async () => {
    const decision = decisionOf("proposal", { votes: [voteOf("Ben", ["block"])] });
    expect(await typed('/vote reason:"no lifts"', opened(decision))).toMatchObject({
      choice: { optionIds: ["block"], reason: "no lifts" },
    });
    expect(await typed('/vote reason:"no lifts"', opened(decisionOf("proposal")))).toMatchObject(
      refusal("bad_args", /choice:/),
    );
  });

  it("needs one that is open, and one alone", async () => {
    expect(await typed("/vote choice:agree", opened(decisionOf("pick")))).toMatchObject(
      refusal("not_found", /No vote of that kind/),
    );
    const two = { openDecisions: async () => [decisionOf("proposal"), decisionOf("proposal")] };
    expect(await typed("/vote choice:agree", opened(decisionOf("proposal"), { reads: two }))).toMatchObject(
      refusal("bad_args", /Several/),
    );
  });
});

describe("the end of a vote", () => {
  const end = (decision: Decision, over: ContextOver, o?: string, values?: Record<string, unknown>) =>
    pressInChat("endvote", opened(decision, over), { d: D, ...(o === undefined ? {} : { o }) }, values);

  it.each([ana, root, mod])("asks $name, who may, for a line about it", async (member) => {
    expect(formOf(await end(decisionOf("pick"), { member })).fields).toMatchObject([{ name: "note", maxChars: 200 }]);
    expect(await end(decisionOf("pick"), { member }, undefined, { note: " for the front page " })).toEqual({
      do: "close",
      decisionId: D,
      note: "for the front page",
    });
    expect(await end(decisionOf("pick"), { member }, undefined, { note: "" })).toEqual({ do: "close", decisionId: D });
  });

  it("is nobody else's", async () => {
    expect(await end(decisionOf("pick"), { member: ben })).toMatchObject(refusal("not_allowed", /Only Ana/));
    expect(await end(decisionOf("pick"), { member: ben }, optionOf(12))).toMatchObject(
      refusal("not_allowed", /Only Ana/),
    );
    expect(await typed("/vote close:yes", opened(decisionOf("pick")))).toMatchObject(
      refusal("not_allowed", /Only Ana/),
    );
  });

  it("can be typed, with the line", async () => {
    expect(await typed("/vote close:yes", opened(decisionOf("pick"), { member: ana }))).toEqual({
      do: "close",
      decisionId: D,
    });
    expect(await typed('/vote note:"front page"', opened(decisionOf("pick"), { member: ana }))).toEqual({
      do: "close",
      decisionId: D,
      note: "front page",
    });
  });

  it("of a tie is one of the tied, also once it is over", async () => {
    const tied = decisionOf("pick", {
      state: "closed",
      round: 2,
      outcome: outcomeOf([optionOf(12), optionOf(13)], {}),
    });
    expect(await end(tied, { member: ana }, optionOf(13))).toEqual({
      do: "close",
      decisionId: D,
      choose: optionOf(13),
    });
    expect(await end(tied, { member: ana }, "p99")).toMatchObject(refusal("expired", /no longer there/));
  });

  it("of a spend is its withdrawal, without a form", async () =>
    expect(await end(decisionOf("spend"), { member: ana })).toEqual({ do: "close", decisionId: D }));
});

describe("/best", () => {
  const [first, second] = CANDIDATES;
  const won = (imageId: string | undefined, number: number) => ({
    imageId: imageId ?? "",
    decision: decisionOf("pick", {
      state: "passed",
      outcome: outcomeOf([optionOf(number)], { [optionOf(number)]: 5 }, { voted: 7, note: "front page" }),
    }),
  });
  const reads: ContextOver["reads"] = {
    winners: async () => [won(second?.imageId, 13), won(second?.imageId, 13), won(first?.imageId, 12)],
    picture: async (imageId) => CANDIDATES.find((each) => each.imageId === imageId),
  };

  it("shows each picture once, newest first, with its votes and its line", async () => {
    const { tiles } = viewOf(await typed("/best", contextWith({ reads })));
    expect(tiles?.map(({ title }) => title)).toEqual(["#13 · Ana", "#12 · Ana"]);
    expect(tiles?.[0]?.text).toContain("5 of 7 chose it\nNote: front page");
  });

  it("asks for the last week, and says when there is none", async () => {
    const since: number[] = [];
    const winners = async (sinceMs: number) => {
      since.push(sinceMs);
      return [];
    };
    const none = contextWith({ reads: { winners } });
    expect(viewOf(await typed("/best of:week", none)).text).toContain("/best shows");
    expect(viewOf(await typed("/best", none)).text).toContain("/vote puts");
    expect(since).toEqual([NOW_MS - 7 * 86_400_000, 0]);
  });
});

describe("what a group paid for", () => {
  const groups: Job = jobWith({
    voterNames: ["Ana", "Ben"],
    voterIds: [ana.id, ben.id],
    order: orderWith({}, { lineage: { ...LINEAGE, kind: "vote" } }),
  });
  const parent = jobWith({ jobId: BATCH.jobId, memberId: cy.id, memberName: "Cy" });
  const di = { id: "web:di", name: "Di", admin: false };
  const by = (member: ContextOver["member"], reads: ContextOver["reads"] = { job: async () => parent }) =>
    contextWith({ ...(member ? { member } : {}), reads });
  const pressedBy = async (verb: string, member: ContextOver["member"], job = groups) =>
    (await press(verb, by(member), subjectOf(job))).do;

  it.each([
    ["each who voted", ben],
    ["who asked for its parent", cy],
    ["a moderator", mod],
    ["an admin", root],
  ])("%s may delete, bring back, and cancel", async (_who, member) => {
    expect(await pressedBy("delete", member)).toBe("delete");
    expect(await pressedBy("cancel", member, { ...groups, state: "queued" })).toBe("cancel");
    const deleted = [pictureOf(groups, 0, { deleted: { atMs: NOW_MS, byName: "Ana" } })];
    expect((await press("undo", by(member), subjectOf(groups, { pictures: deleted }))).do).toBe("restore");
  });

  it.each([
    ["each who voted", ben],
    ["who asked for its parent", cy],
  ])("%s may lock its seed for everyone, and have another take at once", async (_who, member) => {
    expect(await pressedBy("lockall", member)).toBe("lock");
    expect(await pressedBy("reroll", member)).toBe("draw");
  });

  it("is nobody else's, who are told whose it is", async () => {
    expect(await press("delete", by(di), subjectOf(groups))).toMatchObject(
      refusal("not_allowed", /the group’s\. Ana and Ben/),
    );
    expect(await pressedBy("lockall", di)).toBe("refuse");
    expect(await pressedBy("reroll", di)).toBe("decide");
  });

  it("is no reason for a voter to lock for everyone what one member made", async () =>
    expect(await pressedBy("lockall", ana, jobWith())).toBe("refuse"));

  it("of before accounts were kept is that of who asked, and not of who is called so", async () => {
    const { voterIds: _, ...old } = groups;
    expect(await pressedBy("delete", ben, { ...old, memberId: ana.id })).toBe("refuse");
    expect(await pressedBy("delete", ana, { ...old, memberId: ana.id })).toBe("delete");
  });
});
