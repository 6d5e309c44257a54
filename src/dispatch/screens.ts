import type { Meeting } from "../domain/meeting.ts";
import { chatKeyOf } from "../domain/place.ts";
import { ok } from "../domain/problem.ts";
import { isGuestId } from "../domain/seat.ts";
import type { ShownJobs } from "../jobs/shown-jobs.ts";
import type { Listeners } from "../lib/listeners.ts";
import { matchLanguage } from "../messages/catalogue.ts";
import type { ChatEvents } from "../ports/chat.ts";
import type { MeetingScreens, SeatAsking } from "../ports/meeting-screens.ts";
import { type SeatFacts, shownMeeting, shownSeat } from "../views/meeting/screen.ts";
import { shutOut } from "./door.ts";
import { createActing } from "./screens/acting.ts";
import type { ReadFacts } from "./screens/facts.ts";
import { shownImageId, widthFor } from "./screens/media.ts";
import { createRevisions } from "./screens/revisions.ts";
import { isGone, type Sitter, seatIn, sitterOf } from "./screens/seats.ts";
import { createWatching } from "./screens/watching.ts";
import type { Services } from "./services.ts";

/** Of each account; nobody waits for more of their own. */
const MAKING_MAX = 10;

/** Walls and phones of meetings, whatever platform their chat is on. */
export function createMeetingScreens(
  services: Services,
  parts: {
    readonly events: Pick<ChatEvents, "invoked" | "pressed">;
    readonly media: ChatEvents["media"];
    readonly shown: Pick<ShownJobs, "runningFor" | "progressOf">;
    /** Something changed in this process. */
    readonly changes: Listeners;
  },
): MeetingScreens {
  const { store, nowMs, readerLanguage, token, joinCodes } = services;
  const revisions = createRevisions(services, parts.shown);
  const { watch, changed } = createWatching(services, revisions);
  parts.changes.add(changed);
  const acting = createActing(services, parts.events);

  async function wallOf(wallKey: string): Promise<ReadFacts | undefined> {
    const meeting = await store.meetingByWall(wallKey);
    return meeting && !isGone(meeting, nowMs()) ? revisions.facts(meeting.meetingId) : undefined;
  }

  const languageFor = async (languages: readonly string[], { place }: Meeting): Promise<string> =>
    matchLanguage([...languages]) ?? readerLanguage.ofChat(place);

  async function seatFacts({ person, accountIds, isGuest, meeting }: Sitter, facts: ReadFacts): Promise<SeatFacts> {
    const chatKey = chatKeyOf(meeting.place);
    const jobs = await Promise.all(accountIds.map((memberId) => store.openJobs({ chatKey, memberId }, MAKING_MAX)));
    return {
      me: person,
      accountIds,
      isChair: !isGuest && accountIds.includes(facts.meeting.chair.id),
      making: jobs.flat().map((job) => ({ job, progress: parts.shown.progressOf(job.jobId) })),
    };
  }

  async function seat({ seat: signed, languages }: SeatAsking) {
    const sitter = await sitterOf(services, signed);
    const facts = sitter && (await revisions.facts(sitter.meeting.meetingId));
    if (!sitter || !facts) return undefined;
    const reader = { id: sitter.person.id, languages };
    const language = await readerLanguage.ofMember(sitter.meeting.place, reader);
    return shownSeat({ ...facts, nowMs: nowMs() }, await seatFacts(sitter, facts), token, language);
  }

  return {
    ...acting,
    watch,
    seat,
    knows: joinCodes.knows,
    async wall(wallKey, languages) {
      const facts = await wallOf(wallKey);
      return facts && shownMeeting({ ...facts, nowMs: nowMs() }, await languageFor(languages, facts.meeting));
    },
    async join(typed, name, by) {
      const came = await joinCodes.join(typed, name, by);
      if (!came.ok) return came;
      changed();
      const { meeting, person } = came.value;
      return ok({ seat: seatIn(services, meeting, person), meetingId: meeting.meetingId });
    },
    async seatFor(meetingId, at, member) {
      const meeting = await store.meeting(meetingId);
      const isHere = meeting && chatKeyOf(meeting.place) === chatKeyOf(at) && !isGuestId(member.id);
      if (!isHere || isGone(meeting, nowMs()) || (await shutOut(services, member, meeting.place))) return undefined;
      return seatIn(services, meeting, member);
    },
    async media(key, by, shownPx) {
      const sitter = "seat" in by ? await sitterOf(services, by.seat) : undefined;
      const facts =
        "seat" in by ? sitter && (await revisions.facts(sitter.meeting.meetingId)) : await wallOf(by.wallKey);
      if (!facts) return undefined;
      const shown =
        sitter === undefined
          ? shownMeeting(facts, "en")
          : shownSeat(facts, { ...sitter, me: sitter.person, making: [] }, token, "en");
      if (shownImageId(key, shown, facts) === undefined) return undefined;
      const found = await parts.media(key, { shownPx: widthFor(shownPx) });
      return found && { bytes: found.bytes, mime: found.mime };
    },
  };
}
