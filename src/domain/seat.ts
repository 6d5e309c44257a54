import { createHmac, type KeyObject, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Person } from "./block.ts";

/** Who sits at a phone, and in which meeting. Whoever has its signed text is this person there, and nowhere else. */
export interface Seat {
  readonly meetingId: string;
  readonly person: Person;
  /** When they came in, Unix ms. */
  readonly sinceMs: number;
}

/** A guest is a member of no chat: their ids are ours, and no name leads to them. */
const GUEST = "web:guest-";

/** @param random at least 16 of a-z, 0-9 and "-", unguessable */
export const guestIdOf = (random: string): string => `${GUEST}${random}`;
export const isGuestId = (memberId: string): boolean => memberId.startsWith(GUEST);

/** 128 bits: this one is carried about for a day, and stands for a person. */
const MAC_CHARS = 22;
const FORM = /^([A-Za-z0-9_-]{1,600})\.([A-Za-z0-9_-]{22})$/u;
const SEAT_MAX_CHARS = 700;
/** Another version may have signed something else. */
const seatSchema = z.tuple([z.string(), z.string(), z.string(), z.int()]);

/** Under a name of its own: nothing else that this key signs can be taken for one. */
const macOf = (key: KeyObject, body: string): string =>
  createHmac("sha256", key).update(`seat ${body}`).digest("base64url").slice(0, MAC_CHARS);

export function encodeSeat(key: KeyObject, { meetingId, person: { id, name }, sinceMs }: Seat): string {
  const body = Buffer.from(JSON.stringify([meetingId, id, name, sinceMs])).toString("base64url");
  const seat = `${body}.${macOf(key, body)}`;
  if (!FORM.test(seat)) throw new Error(`no seat can be made for ${id}`);
  return seat;
}

/** `undefined` for anything that is not exactly one of ours, whatever its type. Whether its meeting goes on is decided from stored state. */
export function decodeSeat(key: KeyObject, seat: unknown): Seat | undefined {
  if (typeof seat !== "string" || seat.length > SEAT_MAX_CHARS) return undefined;
  const [, body, mac] = FORM.exec(seat) ?? [];
  if (body === undefined || mac === undefined) return undefined;
  if (!timingSafeEqual(Buffer.from(macOf(key, body)), Buffer.from(mac))) return undefined;
  const read = seatSchema.safeParse(JSON.parse(Buffer.from(body, "base64url").toString()));
  if (!read.success) return undefined;
  const [meetingId, id, name, sinceMs] = read.data;
  return { meetingId, person: { id, name }, sinceMs };
}
