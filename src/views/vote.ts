import type { Decision } from "../domain/decision.ts";
import type { Job, Picture } from "../domain/job.ts";
import { type Text, text } from "../domain/text.ts";
import type { OpenVote } from "../ports/view.ts";
import { openAyes, type SignButton } from "./buttons.ts";
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

/** A vote about another take as data, while it is open: for the page's line. */
export function openVote(
  {
    job,
    pictures,
    vote,
  }: { readonly job: Job; readonly pictures: readonly Picture[]; readonly vote: Decision | undefined },
  token: SignButton,
): { readonly vote?: OpenVote } {
  const [first] = pictures;
  const open = openAyes(vote);
  const [by] = open?.ayes ?? [];
  if (!vote || !first || !open || !by) return {};
  return {
    vote: {
      number: first.number,
      byName: by.name,
      voterIds: open.ayes.map(({ memberId }) => memberId),
      votesNeeded: open.needed,
      closesAtMs: vote.closesAtMs,
      requesterId: job.memberId,
      token: token("reroll", { jobId: job.jobId, pictures: pictures.length > 1 ? "all" : first.index }),
    },
  };
}
