import type { Decision } from "../../domain/decision.ts";
import { standingVotes } from "../../domain/decision-tally.ts";
import { text } from "../../domain/text.ts";
import type { DocumentText } from "../../ports/documents.ts";
import { optionLabel } from "../../views/decision/buttons.ts";
import { countOf, type DecisionFacts, votedCount } from "../../views/decision/facts.ts";
import { askedText } from "../../views/decision/words.ts";
import type { DocumentWords } from "./words.ts";

/** A vote, with the item it was held for. */
export interface HeldVote {
  readonly item: string;
  readonly decision: Decision;
  readonly known: DecisionFacts;
}

/** Who chose what is told only of votes in which everybody saw it from the beginning. */
const tellsNames = ({ rule }: Decision): boolean => rule.visibility === "live";

/** One row an option. `undefined`: nothing was voted on. */
export function votesTable(votes: readonly HeldVote[], { say }: Pick<DocumentWords, "say">): DocumentText | undefined {
  const over = votes.filter(({ decision }) => decision.state !== "open");
  if (over.length === 0) return undefined;
  const head = ["item", "asked", "option", "votes", "voted", "won", "names"] as const;
  const rows = over.flatMap(({ item, decision, known }) =>
    decision.options.map((option) => [
      item,
      say(askedText(decision, known)),
      say(optionLabel(option, decision, known)),
      String(countOf(decision, option.id)),
      String(votedCount(decision)),
      decision.outcome?.winners.includes(option.id) ? say(text("choice.yes")) : "",
      tellsNames(decision) ? namesOf(decision, option.id) : "",
    ]),
  );
  const names = head.map((each) => say(text(`document.votes.${each}`)));
  // Office programs take a file without the mark for one in their own country's letters.
  return { name: "votes.csv", content: `\u{feff}${[names, ...rows].map(csvRow).join("\r\n")}\r\n` };
}

const namesOf = ({ options, votes }: Decision, optionId: string): string =>
  standingVotes(options, votes)
    .filter(({ choices }) => choices.includes(optionId))
    .map(({ name }) => name)
    .join("; ");

const csvRow = (cells: readonly string[]): string => cells.map(csvCell).join(",");

/** RFC 4180. What begins like a formula would be one: members write the questions. */
const csvCell = (cell: string): string => `"${cell.replace(/^(?=[=+\-@\t\r])/u, "'").replaceAll('"', '""')}"`;
