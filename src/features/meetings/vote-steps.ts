import type { Decision } from "../../domain/decision.ts";
import type { Picture } from "../../domain/job.ts";
import type { Problem } from "../../domain/problem.ts";
import { text } from "../../domain/text.ts";
import type { Context } from "../../ports/command.ts";
import type { Outcome } from "../../ports/outcome.ts";
import { isTied, UNDO_CLOSE_MS } from "../../views/meeting/screen-facts.ts";
import type { VoteStep } from "../../views/meeting/vote-token.ts";
import { pickOutcome } from "../decide/open.ts";
import { decisionHere } from "../decide/rules.ts";
import { openMeeting, steerProblem } from "./steer.ts";

/** A press goes on its way for a while, and the phone's clock may be another. */
const ON_ITS_WAY_MS = 1000;
const RUN_OFF_MINUTES = 2;

/** What the chair does with a vote from a phone, in one press. */
export async function voteStepOutcome(
  context: Context,
  { decisionId, step }: { readonly decisionId: string; readonly step: VoteStep },
): Promise<Outcome> {
  const meeting = openMeeting(context);
  if (!meeting.ok) return { do: "refuse", problem: meeting.problem };
  const forbidden = steerProblem(context, meeting.value);
  if (forbidden) return { do: "refuse", problem: forbidden };
  const found = await decisionHere(context, decisionId);
  if (!found.ok) return { do: "refuse", problem: found.problem };
  const decision = found.value;
  if (decision.meetingId !== meeting.value.meetingId) return { do: "refuse", problem: OVER };
  switch (step) {
    case "close":
      return decision.state === "open" ? { do: "close", decisionId } : { do: "refuse", problem: OVER };
    case "undo":
      return { do: "reopen", decisionId, closedAfterMs: context.nowMs - UNDO_CLOSE_MS - ON_ITS_WAY_MS };
    case "runoff":
      return isTied(decision) ? runOff(context, decision) : { do: "refuse", problem: OVER };
  }
}

const OVER: Problem = { code: "expired", text: text("problem.decision.over") };

/** Among those that were tied. */
async function runOff(context: Context, { options, outcome, question }: Decision): Promise<Outcome> {
  const tied: Picture[] = [];
  for (const { id, imageId } of options) {
    const isTiedOne = outcome?.winners.includes(id) && imageId !== undefined;
    const picture = isTiedOne ? await context.reads.picture(imageId) : undefined;
    if (picture && !picture.deleted) tied.push(picture);
  }
  return pickOutcome(context, tied, { question, minutes: RUN_OFF_MINUTES });
}
