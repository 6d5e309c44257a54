import type { Decision } from "../domain/decision.ts";
import { type Text, text } from "../domain/text.ts";
import { openAyes } from "./buttons.ts";
import { votersText } from "./voters.ts";

/** How a vote about another take of a picture stands, in its card's words. */
export function voteLine(vote: Decision | undefined): Text | undefined {
  const open = openAyes(vote);
  if (open)
    return open.ayes.length === 0
      ? undefined
      : text("card.vote.open", {
          names: votersText(open.ayes.map(({ name }) => name)),
          missing: open.needed - open.ayes.length,
        });
  switch (vote?.state) {
    case "passed":
      return text("card.vote.passed");
    case "closed":
      return text("card.vote.closed");
    default:
      return undefined;
  }
}

/** Of a free draft: what has become of the vote about the real one. */
export function draftLine(vote: Decision | undefined): Text | undefined {
  switch (vote?.state) {
    case undefined:
      return undefined;
    case "open":
      return text("card.draft.open");
    case "passed":
      return text("card.draft.passed");
    case "closed":
      return text("card.draft.closed");
  }
}
