import type { Person } from "../../domain/block.ts";
import { type Decision, NONE_OF_THESE } from "../../domain/decision.ts";
import { standingVotes, votesNeeded } from "../../domain/decision-tally.ts";
import { shownWords } from "../../domain/filled-template.ts";
import type { Picture } from "../../domain/job.ts";
import { clock, lines, listed, sentences, type Text, text, verbatim } from "../../domain/text.ts";
import { promptText } from "../prompt.ts";
import { votersText } from "../voters.ts";
import { ayesOf, countOf, type DecisionFacts, pictureOfOption, showsNames, votedCount } from "./facts.ts";

// What a decision's message says. All of it in sentences of the catalogues; only questions, reasons and notes are members' words.

const numberText = ({ number }: Pick<Picture, "number">): Text => verbatim(`#${number}`);

/** "#7", "#7 to #10". */
function numbersText(pictures: readonly Picture[]): Text {
  const [first] = pictures;
  const last = pictures.at(-1);
  if (!first || !last) return text("decision.gone");
  return first === last ? numberText(first) : text("card.fact.numbers", { first: first.number, last: last.number });
}

/** What is asked. */
export function askedText(decision: Decision, known: DecisionFacts): Text {
  const { kind, openedBy, question, order } = decision;
  const { name } = openedBy;
  switch (kind) {
    case "reroll":
      return text("decision.asks.reroll", { name, pictures: numbersText(known.subject?.pictures ?? []) });
    case "pick":
      return question === undefined
        ? text("decision.asks.pick", { name })
        : text("decision.asks.question", { name, question });
    case "proposal":
      return question === undefined
        ? text("decision.asks.use", { name, picture: numbersText(known.pictures) })
        : text("decision.asks.proposal", { name, question });
    case "spend":
      return text("decision.asks.spend", {
        name,
        prompt: promptText(order ? shownWords(order.request) : ""),
        count: order?.count ?? 1,
      });
  }
}

/** "1 of 3", "5 have voted". */
export function standingText(decision: Decision): Text {
  if (decision.rule.method === "quorum")
    return text("decision.standing.quorum", { votes: ayesOf(decision).length, needed: votesNeeded(decision) });
  return text("decision.standing.voted", { voted: votedCount(decision) });
}

/** "open until 19:40". */
export const untilText = ({ closesAtMs }: Decision, nowMs: number): Text =>
  text("decision.until", { time: clock(closesAtMs, nowMs) });

/** How to vote and what becomes of it, while it is open. */
export function openNotes(decision: Decision, { rules }: DecisionFacts): readonly Text[] {
  const { rule, kind, round } = decision;
  const { method, needed, maxChoices, visibility } = rule;
  return [
    ...(round === 2 ? [text("decision.run-off")] : []),
    ...(method === "approval" ? [text("decision.how.approval")] : []),
    ...(method === "limited" ? [text("decision.how.limited", { max: maxChoices })] : []),
    ...(method === "proposal" && typeof needed === "number" ? [text("decision.how.proposal", { needed })] : []),
    ...(method === "proposal" && needed === "majority_present" ? [text("decision.how.majority")] : []),
    ...(visibility === "live" ? [] : [text(`decision.visibility.${visibility}`)]),
    ...(rule.spends ? [text(`decision.pays.${rules.pays}`)] : []),
    ...(kind === "spend" && decision.draftJobId !== undefined ? [text("decision.draft")] : []),
    ...reasonsText(decision),
  ];
}

/** Why somebody disagrees, or would block it, in their own words. */
function reasonsText(decision: Decision): readonly Text[] {
  if (!showsNames(decision)) return [];
  return standingVotes(decision.options, decision.votes).flatMap(({ name, reason, choices }) => {
    if (reason === undefined || reason === "") return [];
    if (choices.includes("block")) return [text("decision.reason.block", { name, reason })];
    return [text(choices.includes("disagree") ? "decision.reason.disagree" : "decision.reason", { name, reason })];
  });
}

/** What was decided. */
export function outcomeText(decision: Decision, known: DecisionFacts): Text {
  switch (decision.rule.method) {
    case "quorum":
      return quorumOutcome(decision, known);
    case "proposal":
      return proposalOutcome(decision, known);
    case "approval":
    case "limited":
      return pickOutcome(decision, known);
  }
}

function quorumOutcome(decision: Decision, known: DecisionFacts): Text {
  const passed = decision.state === "passed";
  const standing = standingText(decision);
  const withdrawn = decision.kind === "spend" && !passed && withdrawnBy(decision);
  if (withdrawn)
    return text("decision.over.spend.withdrawn", {
      name: withdrawn.name,
      prompt: promptText(decision.order ? shownWords(decision.order.request) : ""),
    });
  if (decision.kind === "reroll")
    return text(passed ? "decision.over.reroll.passed" : "decision.over.reroll.closed", {
      pictures: numbersText(known.subject?.pictures ?? []),
      standing,
    });
  return text(passed ? "decision.over.spend.passed" : "decision.over.spend.closed", {
    prompt: promptText(decision.order ? shownWords(decision.order.request) : ""),
    standing,
  });
}

function proposalOutcome(decision: Decision, known: DecisionFacts): Text {
  const what =
    decision.question === undefined
      ? text("decision.use", { picture: numbersText(known.pictures) })
      : promptText(decision.question);
  const count = (id: string) => countOf(decision, id);
  return sentences(
    text(decision.state === "passed" ? "decision.over.agreed" : "decision.over.not-agreed", { what }),
    text("decision.over.counts", {
      agree: count("agree"),
      abstain: count("abstain"),
      disagree: count("disagree"),
      block: count("block"),
    }),
  );
}

/** "#14: 5 of 7 approve (next: 3)". */
function pickOutcome(decision: Decision, known: DecisionFacts): Text {
  const { outcome } = decision;
  const voted = votedCount(decision);
  const winners = outcome?.winners ?? [];
  const nameOf = (optionId: string): Text => {
    if (optionId === NONE_OF_THESE) return text("decision.none");
    const option = decision.options.find(({ id }) => id === optionId);
    const picture = option && pictureOfOption(option, known);
    return picture ? numberText(picture) : text("decision.gone");
  };
  const [winner] = winners;
  if (winner === undefined) return text("decision.over.nobody", { voted });
  const votes = countOf(decision, winner);
  if (winners.length > 1) return text("decision.over.tie", { names: listed(winners.map(nameOf)), votes });
  const next = Math.max(
    -1,
    ...decision.options.filter(({ id }) => id !== winner).map(({ id }) => countOf(decision, id)),
  );
  const picture = nameOf(winner);
  return next < 0
    ? text("decision.over.won.alone", { picture, votes, voted })
    : text("decision.over.won", { picture, votes, voted, next });
}

/** Who did not vote, how it ended, who pays, and why not. */
export function outcomeNotes(decision: Decision, { rules, subject }: DecisionFacts): readonly Text[] {
  const { outcome, rule, kind, draftJobId } = decision;
  if (!outcome) return [];
  const { notVoted, closed, chairChose, note } = outcome;
  const passed = decision.state === "passed";
  return [
    ...(notVoted === undefined || notVoted === 0 ? [] : [text("decision.not-voted", { n: notVoted })]),
    ...(closed.by === "chair" && !(kind === "spend" && !passed)
      ? [text(chairChose ? "decision.chosen-by" : "decision.closed-by", { name: closed.person.name })]
      : []),
    ...(closed.by === "deadline" && !passed ? [text("decision.time-up")] : []),
    ...(outcome.tie && !passed ? [text("decision.tie.chair")] : []),
    ...(kind === "spend" && !passed && draftJobId !== undefined && subject ? [text("decision.draft-stays")] : []),
    ...(rule.spends && passed ? paidText(decision, rules) : []),
    ...reasonsText(decision),
    ...(note === undefined ? [] : [text("decision.note", { note })]),
  ];
}

/** Who took it back before it had the votes. */
const withdrawnBy = ({ outcome }: Decision): Person | undefined =>
  outcome?.closed.by === "chair" ? outcome.closed.person : undefined;

function paidText(decision: Decision, { pays }: Pick<DecisionFacts["rules"], "pays">): readonly Text[] {
  const ayes = ayesOf(decision);
  const borneIds = new Set(decision.outcome?.borneIds);
  const namesOf = (borne: boolean) =>
    ayes.filter(({ memberId }) => borneIds.has(memberId) === borne).map(({ name }) => name);
  const [paying, borne] = [namesOf(false), namesOf(true)];
  const [sole, ...more] = paying;
  if (pays === "pot") return [text("decision.paid.pot")];
  return [
    ...(paying.length > 1 ? [text("decision.paid.voters", { names: votersText(paying) })] : []),
    ...(sole !== undefined && more.length === 0 ? [text("decision.paid.one", { name: sole })] : []),
    ...(borne.length > 0 ? [text("decision.paid.borne", { names: votersText(borne) })] : []),
  ];
}

/** Reasons and notes are whole lines; short sentences stand beside each other. */
export function notesText(notes: readonly Text[]): Text {
  const isLine = (note: Text) => "id" in note && /^decision\.(?:reason|note)/u.test(note.id);
  return lines(
    ...(notes.some((note) => !isLine(note)) ? [sentences(...notes.filter((note) => !isLine(note)))] : []),
    ...notes.filter(isLine),
  );
}
