import { currentItem, type Meeting, startedMeeting } from "../../src/domain/meeting.ts";
import { applyMeeting, type MeetingChange } from "../../src/domain/meeting-change.ts";
import { ana, NOW_MS, PLACE } from "./context.ts";

export const MEETING_ID = "m".repeat(16);
const MINUTE_MS = 60_000;

/** Ana's, of three items, begun a minute before now. @param over what is otherwise from its start */
export const waitingMeeting = (over: Partial<Parameters<typeof startedMeeting>[0]> = {}): Meeting =>
  startedMeeting({
    meetingId: MEETING_ID,
    place: PLACE,
    title: "Tenants’ assembly",
    startedBy: { id: ana.id, name: ana.name },
    startedAtMs: NOW_MS - 10 * MINUTE_MS,
    code: "BCDFGH",
    wallKey: "0123456789abcdef",
    agenda: [
      { title: "Welcome" },
      { title: "Rent strike: which poster?", minutes: 5 },
      { title: "Any other business" },
    ],
    ...over,
  });

/** After these, a minute apart; every one must be allowed. */
export function meetingAfter(changes: readonly MeetingChange[], from: Meeting = waitingMeeting()): Meeting {
  let meeting = from;
  for (const [index, change] of changes.entries()) {
    const after = applyMeeting(meeting, change, from.startedAtMs + (index + 1) * MINUTE_MS);
    if (!after.ok) throw new Error(`refused: ${change.does}`);
    meeting = after.value;
  }
  return meeting;
}

export const BEGIN: MeetingChange = { does: "next", at: -1 };
/** At its second item, which has a timer. */
export const runningMeeting = (): Meeting => meetingAfter([BEGIN, { does: "next", at: 0 }]);
export const endedMeeting = (): Meeting => meetingAfter([{ does: "end" }], runningMeeting());
export const itemOf = (meeting: Meeting) => {
  const item = currentItem(meeting);
  if (!item) throw new Error("no item is current");
  return item;
};
