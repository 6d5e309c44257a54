import { type Decision, NONE_OF_THESE } from "../../domain/decision.ts";
import type { MeetingItem } from "../../domain/meeting.ts";
import { type Text, text } from "../../domain/text.ts";
import { countOf, votedCount } from "../decision/facts.ts";
import { isTied } from "./screen-facts.ts";

/** What came of an item, in a few words for a list; `undefined`: nothing was decided about it. */
export function itemOutcomeText({ chosen }: Pick<MeetingItem, "chosen">, vote: Decision | undefined): Text | undefined {
  if (chosen?.by === "chair") return text("screen.outcome.chair");
  return vote && vote.state !== "open" ? voteOutcomeText(vote) : undefined;
}

function voteOutcomeText(vote: Decision): Text {
  const [winner] = vote.outcome?.winners ?? [];
  if (vote.outcome?.chairChose) return text("screen.outcome.chair");
  if (isTied(vote)) return text("screen.outcome.tie");
  if (vote.rule.method === "proposal")
    return text(vote.state === "passed" ? "screen.outcome.agreed" : "screen.outcome.not-agreed", {
      blocks: countOf(vote, "block"),
    });
  if (winner === NONE_OF_THESE) return text("screen.outcome.none");
  if (winner === undefined) return text("screen.outcome.undecided");
  return text("screen.outcome.approved", { votes: countOf(vote, winner), voted: votedCount(vote) });
}
