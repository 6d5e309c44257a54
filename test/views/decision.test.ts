import { describe, expect, it } from "vitest";
import { discordCapabilities } from "../../adapters/discord/limits.ts";
import type { Decision, DecisionKind, DecisionRule } from "../../src/domain/decision.ts";
import { decodePress } from "../../src/domain/press-token.ts";
import type { ShownView } from "../../src/ports/view.ts";
import type { DecisionFacts } from "../../src/views/decision/facts.ts";
import { sheetOf, sheetSize } from "../../src/views/decision/sheet.ts";
import { decisionCard, decisionReminder } from "../../src/views/decision.ts";
import { fittedView, shownView } from "../../src/views/shown.ts";
import { contextWith, jobWith, KEY, NOW_MS, orderWith, pictureOf } from "../commands/context.ts";
import { BATCH, CANDIDATES, decisionOf, optionOf, outcomeOf, voteOf } from "../commands/decisions.ts";

const { token } = contextWith();
const known = (over: Partial<DecisionFacts> = {}): DecisionFacts => ({
  pictures: CANDIDATES,
  subject: { job: BATCH, pictures: CANDIDATES, ownerIds: [BATCH.memberId] },
  rules: { spoiler: false, polls: "buttons", pays: "voters" },
  nowMs: NOW_MS,
  ...over,
});
const shown = (decision: Decision, over: Partial<DecisionFacts> = {}): ShownView =>
  shownView(decisionCard(decision, known(over), token), "en");
const labels = ({ buttons = [] }: ShownView) => buttons.map((row) => row.map(({ label }) => label));
const presses = ({ buttons = [] }: ShownView) => buttons.flat().map((button) => decodePress(KEY, button.token));
const [p12, p13, p14] = [12, 13, 14].map(optionOf) as [string, string, string];

const KINDS: readonly DecisionKind[] = ["reroll", "pick", "proposal", "spend"];
const VISIBILITIES: readonly DecisionRule["visibility"][] = ["live", "hidden", "secret"];
const VOTES: Readonly<Record<DecisionKind, Decision["votes"]>> = {
  reroll: [voteOf("Bo", ["aye"])],
  spend: [voteOf("Bo", ["aye"])],
  pick: [voteOf("Bo", [p12, p13]), voteOf("Cy", [p13])],
  proposal: [voteOf("Bo", ["agree"]), voteOf("Cy", ["block"], "not without lifts")],
};
const WON: Readonly<Record<DecisionKind, string>> = { reroll: "aye", spend: "aye", pick: p13, proposal: "agree" };

it("of a picture that was chosen leaves out what a platform finds elsewhere, and leaves no empty row", () => {
  const outcome = outcomeOf([p13], { [p13]: 2 });
  const view = decisionCard(decisionOf("pick", { state: "passed", votes: VOTES.pick, outcome }), known(), token);
  expect(
    fittedView(view, "en", discordCapabilities)
      .buttons?.flat()
      .map(({ label }) => label),
  ).toEqual(["Print"]);
  const gone = CANDIDATES.map((picture) => ({ ...picture, deleted: { byName: "Bo", atMs: 0 } }));
  const deleted = decisionOf("pick", { state: "passed", votes: VOTES.pick, outcome });
  expect(shown(deleted, { pictures: gone as never }).buttons).toBeUndefined();
});

describe.each(KINDS)("a decision of kind %s", (kind) => {
  it.each(VISIBILITIES)("open and %s tells who asks, how it stands and until when, and is pressed", (visibility) => {
    const view = shown(decisionOf(kind, { votes: VOTES[kind], rule: { visibility } }));
    expect(view.text).toMatch(/^Ana .* · .* · open until /);
    expect(view.decision).toMatchObject({ kind, state: "open", visibility, byName: "Ana" });
    expect(view.decision?.votedIds).toEqual(VOTES[kind].map(({ memberId }) => memberId));
    expect(view.decision?.setToken).toBeDefined();
    const live = visibility === "live";
    expect(view.decision?.choicesOf === undefined).toBe(!live);
    expect(view.decision?.options.every(({ count }) => (count === undefined) === !live)).toBe(true);
    // Reasons say who chose what.
    expect(view.text.includes("not without lifts")).toBe(kind === "proposal" && live);
    for (const press of presses(view)) expect(press?.verb).toMatch(/^(?:choose|endvote)$/);
    expect(presses(view).filter((press) => press?.verb === "choose")).toHaveLength(decisionOf(kind).options.length);
  });

  it.each(VISIBILITIES)("that passed and was %s tells what was decided, and is pressed no more", (visibility) => {
    const counts = { [WON[kind]]: 2 };
    const view = shown(
      decisionOf(kind, {
        state: "passed",
        votes: visibility === "secret" ? [] : VOTES[kind],
        rule: { visibility },
        outcome: outcomeOf([WON[kind]], counts, {
          closed: { by: "chair", person: { id: "web:root", name: "Root" } },
          note: "good",
        }),
      }),
    );
    expect(view).toMatchObject({ tone: "good", decision: { state: "decided" } });
    expect(view.text).toContain("Closed by Root.");
    expect(view.text).toContain("Note: good");
    expect(view.decision?.options.filter(({ won }) => won).map(({ id }) => id)).toEqual([WON[kind]]);
    expect(view.decision?.choicesOf === undefined).toBe(visibility === "secret");
    // What comes next for a picture that was chosen: paper, and its words where there is room for that.
    const isPicture = kind === "pick" || kind === "proposal";
    expect(view.buttons?.flat().map(({ does }) => does)).toEqual(isPicture ? ["print", "lettering"] : undefined);
    expect(view.decision?.setToken).toBeUndefined();
  });

  it("that ended without a winner says so quietly", () => {
    const view = shown(decisionOf(kind, { state: "closed", votes: VOTES[kind], outcome: outcomeOf([], {}) }));
    expect(view).toMatchObject({ tone: "quiet", decision: { state: "closed" } });
    expect(view.text).toContain("Its time was up.");
  });
});

describe("the line of another take", () => {
  it("counts, and a thumb votes", () => {
    const view = shown(decisionOf("reroll", { votes: [voteOf("Bo", ["aye"])] }), {
      subject: { job: BATCH, pictures: CANDIDATES.slice(0, 1), ownerIds: [BATCH.memberId] },
    });
    expect(view.text.split("\n")[0]).toMatch(/^Ana wants another take of #12 · 1 of 3 · open until \d/);
    expect(view.buttons).toMatchObject([[{ label: "Vote", byThumb: true, tone: "primary" }]]);
    expect(view.decision).toMatchObject({ votesNeeded: 3, about: { number: 12 }, ownerIds: [BATCH.memberId] });
  });

  it("names those who pay once it passed", () => {
    const decision = decisionOf("reroll", {
      state: "passed",
      votes: [voteOf("Bo", ["aye"]), voteOf("Cy", ["aye"])],
      outcome: outcomeOf(["aye"], { aye: 2 }, { closed: { by: "votes" } }),
    });
    expect(shown(decision).text).toContain("Bo and Cy pay in equal parts.");
    expect(shown(decision, { rules: { spoiler: false, polls: "buttons", pays: "pot" } }).text).toContain("The pot");
  });
});

describe("a pick", () => {
  const pick = (over: Parameters<typeof decisionOf>[1] = {}) => decisionOf("pick", { votes: VOTES.pick, ...over });

  it("has a button for each picture, with its count, none of these, and its end", () =>
    expect(labels(shown(pick()))).toEqual([["#12 · 1", "#13 · 2"], ["#14"], ["None of these", "Close the vote"]]));

  it("hides the counts where they are hidden", () => {
    const view = shown(pick({ rule: { visibility: "hidden" } }));
    expect(labels(view).flat()).toEqual(["#12", "#13", "#14", "None of these", "Close the vote"]);
    expect(view.text).toContain("2 have voted");
  });

  it("shows the candidates on one sheet, each by itself for albums, with their numbers for who cannot see", () => {
    const view = shown(pick());
    expect(view.image).toMatchObject({
      key: `picks/${"d".repeat(16)}`,
      alt: "AI picture: 3 candidates, row by row: #12, #13, and #14",
    });
    expect(view.album?.map(({ key }) => key)).toEqual(CANDIDATES.map(({ imageId }) => `picture/${imageId}/posted`));
    expect(view.decision?.options.map(({ number }) => number)).toEqual([12, 13, 14, undefined]);
  });

  it("covers them where the chat covers pictures", () => {
    const view = shown(pick(), { rules: { spoiler: true, polls: "buttons", pays: "voters" } });
    expect([view.image, ...(view.album ?? [])].every((image) => image?.spoiler)).toBe(true);
  });

  it("covers all on the sheet where one was flagged", () => {
    const verdict = { kind: "flagged", label: "nudity", score: 0.9, weight: "spoiler" } as const;
    const pictures = CANDIDATES.map((picture, at) => (at === 1 ? { ...picture, verdict } : picture));
    const view = shown(pick(), { pictures });
    expect([view.image, ...(view.album ?? [])].map((image) => image?.spoiler)).toEqual([
      true,
      undefined,
      true,
      undefined,
    ]);
  });

  it("leaves out a picture that is gone, and marks its option", () => {
    const view = shown(pick(), { pictures: CANDIDATES.slice(0, 2) });
    expect(view.album).toHaveLength(2);
    expect(labels(view).flat()).toContain("gone");
  });

  it("tells the winner, the next, and who did not vote", () => {
    const outcome = outcomeOf([p13], { [p12]: 3, [p13]: 5, [p14]: 0 }, { voted: 7, notVoted: 1 });
    const view = shown(pick({ state: "passed", outcome }));
    expect(view.text).toBe("#13: 5 of 7 approve (next: 3).\nNot voted: 1.");
    expect(view.image?.key).toMatch(/\/won$/);
  });

  it("leaves a tie of the run-off to who opened it", () => {
    const outcome = outcomeOf([p12, p13], { [p12]: 2, [p13]: 2 });
    const view = shown(pick({ state: "closed", round: 2, outcome }));
    expect(view.text).toContain("A tie between #12 and #13: 2 each");
    expect(presses(view)).toMatchObject([
      { verb: "endvote", arg: { d: "d".repeat(16), o: p12 } },
      { verb: "endvote", arg: { d: "d".repeat(16), o: p13 } },
    ]);
    const decided = outcomeOf(
      [p12],
      { [p12]: 2, [p13]: 2 },
      { tie: true, chairChose: true, closed: { by: "chair", person: { id: "a", name: "Ana" } } },
    );
    expect(shown(pick({ state: "passed", round: 2, outcome: decided })).text).toContain("Ana decided.");
  });

  it("offers a reroll where none of them won", () => {
    const view = shown(pick({ state: "passed", outcome: outcomeOf(["none"], { none: 2 }) }));
    expect(view.text).toContain("None of these: 2 of 2 approve");
    expect(presses(view)).toMatchObject([{ verb: "reroll", subject: { jobId: BATCH.jobId, pictures: "all" } }]);
  });

  it("of 24 fits into five rows of five, and of 16 each button stands where its picture does", () => {
    const many = (count: number) => {
      const pictures = Array.from({ length: count }, (_, at) =>
        pictureOf(jobWith(), 0, { number: 100 + at, imageId: `${String(at).padStart(16, "a")}.0` }),
      );
      const options = [...pictures.map(({ number, imageId }) => ({ id: optionOf(number), imageId })), { id: "none" }];
      return labels(shown(decisionOf("pick", { options, rule: { method: "limited", maxChoices: 3 } }), { pictures }));
    };
    expect(many(24).map((row) => row.length)).toEqual([5, 5, 5, 5, 5]);
    expect(many(24).at(-1)?.at(-1)).toBe("None of these");
    expect(many(20).map((row) => row.length)).toEqual([5, 5, 5, 5, 2]);
    expect(many(16).map((row) => row.length)).toEqual([4, 4, 4, 4, 2]);
  });

  it("is a poll of the platform's own where the chat wants that", () => {
    const native = { rules: { spoiler: false, polls: "native" as const, pays: "voters" as const } };
    expect(shown(pick(), native).decision?.asPoll).toBe(true);
    expect(shown(pick()).decision?.asPoll).toBeUndefined();
    expect(shown(decisionOf("proposal"), native).decision?.asPoll).toBeUndefined();
  });
});

describe("a proposal", () => {
  it("has four answers, and tells reasons with names", () => {
    const view = shown(decisionOf("proposal", { votes: VOTES.proposal }));
    expect(labels(view)).toEqual([["Agree · 1", "Abstain", "Disagree", "Block · 1"], ["Close the vote"]]);
    expect(view.text).toMatch(/^Ana proposes: We march on May Day · 2 have voted/);
    expect(view.text).toContain("Cy blocks: not without lifts");
  });

  it("about a picture shows it", () => {
    const [first] = CANDIDATES;
    const options = [{ id: "agree", ...(first ? { imageId: first.imageId } : {}) }, { id: "block" }];
    const { question: _, ...proposal } = decisionOf("proposal", { options });
    const view = shown(proposal, { pictures: CANDIDATES.slice(0, 1) });
    expect(view.text).toMatch(/^Ana proposes: we use #12/);
    expect(view.image?.key).toBe(`picture/${first?.imageId}/posted`);
    expect(labels(view)[0]?.[0]).toBe("Agree");
  });
});

describe("a spend", () => {
  const draft = decisionOf("spend", {
    draftJobId: BATCH.jobId,
    order: orderWith({ prompt: "a red fox" }, { count: 4 }),
  });

  it("says what is made, that a draft is there, and can be withdrawn", () => {
    const view = shown(draft);
    expect(view.text).toContain("Ana wants to have 4 pictures made: “a red fox” · 0 of 3");
    expect(view.text).toContain("Above is a free draft");
    expect(labels(view)).toEqual([["Vote", "Withdraw"]]);
  });

  it("that ran out leaves its draft", () => {
    const view = shown({ ...draft, state: "closed", outcome: outcomeOf([], {}) });
    expect(view.text).toContain("Not made, for want of votes (0 of 3)");
    expect(view.text).toContain("The draft stays.");
  });
});

describe("the reminder", () => {
  it("tells how many of those here have not voted, counts nothing, and can be pressed", () => {
    const decision = decisionOf("pick", { votes: VOTES.pick, presentIds: ["web:bo", "web:cy", "web:di"] });
    const view = shownView(decisionReminder(decision, known(), token), "en");
    expect(view.text).toContain("1 of those here has not voted yet");
    expect(labels(view).flat()).toEqual(["#12", "#13", "#14", "None of these", "Close the vote"]);
    expect(view.decision).toBeUndefined();
  });

  it("has nothing to press once it is over", () => {
    const over = decisionOf("pick", { state: "closed", outcome: outcomeOf([], {}) });
    expect(shownView(decisionReminder(over, known(), token), "en").buttons).toBeUndefined();
  });
});

it("a sheet keeps every picture whole in a cell for the largest, and is no larger than screens are", () => {
  const wide = pictureOf(jobWith({ order: orderWith({ widthPx: 1216, heightPx: 832 }) }));
  const [tall] = CANDIDATES;
  if (!tall) throw new Error("no picture");
  expect(sheetOf([tall, wide])).toMatchObject({ columns: 2 });
  const { cell } = sheetOf([tall, wide]);
  expect(Math.abs(cell.widthPx - cell.heightPx)).toBeLessThanOrEqual(1);
  const { widthPx, heightPx } = sheetSize(Array.from({ length: 24 }, () => tall));
  expect(Math.max(widthPx, heightPx)).toBeLessThanOrEqual(2048 + 5);
});
