import type { Decision } from "../domain/decision.ts";
import { standingVotes, votesNeeded } from "../domain/decision-tally.ts";
import { facts, type Text, text, verbatim } from "../domain/text.ts";
import type { View } from "../ports/view.ts";
import type { SignButton } from "./buttons.ts";
import type { DecisionFacts } from "./decision/facts.ts";
import { voteLine } from "./vote.ts";

/** The message of a decision as it should look now: while it is open one line, then its outcome. Pure. */
export function decisionCard(decision: Decision, known: DecisionFacts, token: SignButton): View {
  const { state, subjectJobId, question } = decision;
  const [first] = known.subject?.pictures ?? [];
  const about = first ? verbatim(`#${first.number}`) : question === undefined ? undefined : verbatim(question);
  const isOpen = state === "open";
  const buttons =
    isOpen && decision.kind === "reroll" && subjectJobId !== undefined
      ? [[{ label: text("button.reroll"), token: token("reroll", { jobId: subjectJobId, pictures: "all" }) }]]
      : undefined;
  return {
    text: facts(about, standingText(decision)),
    tone: isOpen ? "working" : state === "passed" ? "good" : "quiet",
    ...(buttons ? { buttons } : {}),
  };
}

function standingText(decision: Decision): Text {
  const { kind, options, votes, outcome } = decision;
  const line = kind === "reroll" ? voteLine(decision) : undefined;
  return line ?? verbatim(`${outcome?.voted ?? standingVotes(options, votes).length} / ${votesNeeded(decision)}`);
}

/** Once, before the deadline, for those who have not voted. */
export const decisionReminder = (decision: Decision, known: DecisionFacts, token: SignButton): View =>
  decisionCard(decision, known, token);
