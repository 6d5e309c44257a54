import { currentItem, type Meeting } from "../../domain/meeting.ts";
import type { MeetingChange } from "../../domain/meeting-change.ts";
import { ok, type Problem, type Result, refuse } from "../../domain/problem.ts";
import { type Text, text } from "../../domain/text.ts";
import type { Context } from "../../ports/command.ts";
import type { Outcome } from "../../ports/outcome.ts";

// Who says how a meeting goes on.

const NONE: Problem = { code: "not_found", text: text("problem.meeting.none") };
const OVER: Problem = { code: "expired", text: text("problem.meeting.over") };

/** The open meeting of this chat. */
export const openMeeting = ({ meeting }: Pick<Context, "meeting">): Result<Meeting> =>
  meeting ? ok(meeting) : refuse(NONE);

/** The open meeting of this chat, where it is the one that a button names. */
export const namedMeeting = ({ meeting }: Pick<Context, "meeting">, meetingId: string): Result<Meeting> =>
  meeting?.meetingId === meetingId ? ok(meeting) : refuse(OVER);

type Who = Pick<Context, "member" | "accountIds" | "isAdmin">;

/** The chair, by any of their accounts, and who keeps order here. */
const maySteer = (context: Who, { chair }: Pick<Meeting, "chair">): boolean =>
  context.accountIds.includes(chair.id) || context.member.moderator === true || context.isAdmin;

export const steerProblem = (context: Who, meeting: Pick<Meeting, "chair">): Problem | undefined =>
  maySteer(context, meeting)
    ? undefined
    : { code: "not_allowed", text: text("problem.meeting.chair", { name: meeting.chair.name }) };

/** By whoever may. */
export function steered(context: Who, meeting: Meeting, change: MeetingChange, said?: Text): Outcome {
  const problem = steerProblem(context, meeting);
  return problem ? { do: "refuse", problem } : changed(meeting, change, said);
}

/** By anybody. */
export const changed = ({ meetingId }: Meeting, change: MeetingChange, said?: Text): Outcome => ({
  do: "meeting",
  does: "change",
  meetingId,
  change,
  ...(said === undefined ? {} : { said }),
});

/** What is drawn for an item has this size where nothing else is said. */
export const meetingSize = ({ meeting }: Pick<Context, "meeting">): string | undefined =>
  meeting && currentItem(meeting) ? meeting.size : undefined;
