import type { Picture } from "../../domain/job.ts";
import { currentItem, type Meeting } from "../../domain/meeting.ts";
import { candidatesOf } from "../../domain/meeting-candidates.ts";
import { text } from "../../domain/text.ts";
import type { Context } from "../../ports/command.ts";
import type { Outcome } from "../../ports/outcome.ts";
import { type Asking, pickOutcome } from "../decide/open.ts";
import { CANDIDATES_MAX } from "../decide/pictures.ts";

/** Pictures of the current item that can be voted on. */
async function candidatesNow({ reads }: Pick<Context, "reads">, meeting: Meeting): Promise<readonly Picture[]> {
  const item = currentItem(meeting);
  return item ? candidatesOf(item, await reads.picturesAsked(meeting.meetingId)) : [];
}

/** Which of the pictures of the current item. */
export async function itemVote(context: Context, meeting: Meeting): Promise<Outcome> {
  const item = currentItem(meeting);
  if (!item) return { do: "refuse", problem: { code: "bad_args", text: text("problem.meeting.waits") } };
  const open = await context.reads.openDecisions();
  if (open.some(({ kind, decisionId }) => kind === "pick" && item.decisionIds.includes(decisionId)))
    return { do: "refuse", problem: { code: "not_allowed", text: text("problem.decision.same") } };
  const candidates = await candidatesNow(context, meeting);
  // The newest of more than fit into one vote.
  const asked: Asking = { question: item.title };
  return pickOutcome(context, candidates.slice(-CANDIDATES_MAX), asked);
}
