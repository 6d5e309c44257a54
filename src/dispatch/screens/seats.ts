import type { Person } from "../../domain/block.ts";
import type { Meeting } from "../../domain/meeting.ts";
import { decodeSeat, encodeSeat, isGuestId } from "../../domain/seat.ts";
import { shutOut } from "../door.ts";
import type { Services } from "../services.ts";

/** So long what came of it can still be looked at. */
const SHOWN_AFTER_MS = 86_400_000;

/** Who sits at a phone of a meeting. */
export interface Sitter {
  readonly meeting: Meeting;
  readonly person: Person;
  readonly sinceMs: number;
  /** All of theirs, this one first. */
  readonly accountIds: readonly string[];
  readonly isChair: boolean;
  readonly isGuest: boolean;
}

/** Ended long ago. */
export const isGone = ({ endedAtMs }: Pick<Meeting, "endedAtMs">, nowMs: number): boolean =>
  endedAtMs !== undefined && nowMs > endedAtMs + SHOWN_AFTER_MS;

/** `undefined`: forged, of a meeting that is gone, or they are shut out of its chat. */
export async function sitterOf(services: Services, signed: string): Promise<Sitter | undefined> {
  const { store, buttonKey, nowMs } = services;
  const seat = decodeSeat(buttonKey, signed);
  const meeting = seat && (await store.meeting(seat.meetingId));
  if (!seat || !meeting || isGone(meeting, nowMs())) return undefined;
  const { person, sinceMs } = seat;
  if (await shutOut(services, person, meeting.place)) return undefined;
  const isGuest = isGuestId(person.id);
  const accountIds = isGuest ? [person.id] : await store.accountsOf(person.id);
  return { meeting, person, sinceMs, accountIds, isChair: !isGuest && accountIds.includes(meeting.chair.id), isGuest };
}

/** @returns what proves on a phone who sits there, good for this meeting alone */
export const seatIn = (
  { buttonKey, nowMs }: Pick<Services, "buttonKey" | "nowMs">,
  { meetingId }: Pick<Meeting, "meetingId">,
  { id, name }: Person,
): string => encodeSeat(buttonKey, { meetingId, person: { id, name }, sinceMs: nowMs() });
