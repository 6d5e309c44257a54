/**
 * Seats of this browser, by meeting: who comes back, or scans the code once more, is the same person. `code`: what let them in.
 *
 * @typedef {{ readonly seat: string, readonly code?: string }} KeptSeat
 */

const KEPT = "placard.seats";
const KEPT_MAX = 20;

/** @returns {Readonly<Record<string, KeptSeat>>} the latest is the last */
function all() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    return typeof kept === "object" && kept !== null ? kept : {};
  } catch {
    // Not written by us, or nothing may be read: then nothing is known.
    return {};
  }
}

/** @param {Readonly<Record<string, KeptSeat>>} seats */
function keep(seats) {
  try {
    localStorage.setItem(KEPT, JSON.stringify(Object.fromEntries(Object.entries(seats).slice(-KEPT_MAX))));
  } catch {
    // The browser keeps nothing: it stays while the page is open.
  }
}

/** @param {string} meetingId @param {KeptSeat} kept */
export function keepSeat(meetingId, kept) {
  const { [meetingId]: before, ...others } = all();
  keep({ ...others, [meetingId]: { ...(before?.seat === kept.seat ? before : {}), ...kept } });
}

/** It is good for nothing any more. @param {string} seat */
export const forgetSeat = (seat) =>
  keep(Object.fromEntries(Object.entries(all()).filter(([, kept]) => kept.seat !== seat)));

/** Of this meeting; without one the latest. @param {string | null} meetingId @returns {string | undefined} */
export function keptSeat(meetingId) {
  const seats = all();
  return (meetingId ? seats[meetingId] : Object.values(seats).at(-1))?.seat;
}

/** The meeting that this code let somebody in to, here. @param {string} code @returns {string | undefined} */
export const meetingOf = (code) => Object.entries(all()).find(([, kept]) => kept.code === code)?.[0];
