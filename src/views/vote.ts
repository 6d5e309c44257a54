import type { Decision } from "../domain/decision.ts";
import { votesNeeded } from "../domain/decision-tally.ts";
import type { Job, Picture } from "../domain/job.ts";
import { type Text, text } from "../domain/text.ts";
import type { OpenVote } from "../ports/view.ts";
import type { SignButton } from "./buttons.ts";
import { votersText } from "./voters.ts";

/** How a vote about a picture stands, in its card's words. */
export function voteLine(ballot: Decision | undefined): Text | undefined {
  if (!ballot || ballot.votes.length === 0) return undefined;
  switch (ballot.state) {
    case "open":
      return text("card.vote.open", {
        names: votersText(ballot.votes.map(({ name }) => name)),
        missing: votesNeeded(ballot) - ballot.votes.length,
      });
    case "passed":
      return text("card.vote.passed");
    case "closed":
      return text("card.vote.closed");
  }
}

/** The same as data, while it is open. */
export function openVote(
  {
    job,
    pictures,
    ballot,
  }: { readonly job: Job; readonly pictures: readonly Picture[]; readonly ballot: Decision | undefined },
  token: SignButton,
): { readonly vote?: OpenVote } {
  const [first] = pictures;
  const [by] = ballot?.votes ?? [];
  if (!first || !by || ballot?.state !== "open") return {};
  return {
    vote: {
      number: first.number,
      byName: by.name,
      voterIds: ballot.votes.map(({ memberId }) => memberId),
      votesNeeded: votesNeeded(ballot),
      closesAtMs: ballot.closesAtMs,
      requesterId: job.memberId,
      token: token("reroll", { jobId: job.jobId, pictures: pictures.length > 1 ? "all" : first.index }),
    },
  };
}
