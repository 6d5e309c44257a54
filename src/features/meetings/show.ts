import type { Meeting } from "../../domain/meeting.ts";
import { withPresent } from "../../domain/meeting-change.ts";
import { lines, text } from "../../domain/text.ts";
import type { Context } from "../../ports/command.ts";
import type { Outcome } from "../../ports/outcome.ts";
import { whereCard } from "../../views/meeting/card.ts";
import { meetingFacts } from "../../views/meeting/facts.ts";

/** Where it is and what came of it so far: for who asks, and for who comes late. */
export async function showMeeting(context: Context, meeting: Meeting): Promise<Outcome> {
  const { reads, rules, nowMs, token, member, accountIds } = context;
  // Who asks is there by asking.
  const there = member.anonymous ? meeting : withPresent(meeting, { id: member.id, name: member.name });
  const links = reads.meetingLinks(meeting);
  const known = await meetingFacts(meeting, reads, { links, rules, nowMs });
  const view = whereCard(there, known, token);
  if (links.seat === undefined) return { do: "reply", visibility: "private", view };
  const own = text(accountIds.includes(meeting.chair.id) ? "meeting.seat.chair" : "meeting.seat", { link: links.seat });
  return { do: "reply", visibility: "private", view: { ...view, text: lines(view.text, own), alone: true } };
}
