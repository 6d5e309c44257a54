import { returned, SPEND_WINDOW_MS, taken } from "../domain/ledger.ts";
import type { Meeting } from "../domain/meeting.ts";
import { settingsKeyOf } from "../domain/place.ts";
import { meetingPotIdOf, POT_ALLOWANCE, potIdOf } from "../domain/pot.ts";
import type { StartMeetingInput, StartMeetingResult } from "../ports/meetings.ts";
import { sumOver } from "./accounts.ts";
import { type Buckets, bucketsOf, removeBucket, storedBucket } from "./buckets.ts";
import { heldOf } from "./ledger.ts";
import { type MeetingRow, meetingOf } from "./meeting-rows.ts";
import { settingsKeyBy } from "./meetings.ts";
import { addGift, givenSince } from "./pots.ts";
import { all, run, type Tx } from "./transaction.ts";

// A meeting's own pot: filled once, at its start, out of the starter's allowance or the chat's pot; what is left goes back there.

type Short = Extract<StartMeetingResult, { readonly status: "short" | "day_full" }>;

/** Moves the budget into the meeting's pot, or says why not. What is of the starter's own counts as a gift does, until it comes back. */
export async function fund(tx: Tx, { meeting, dayCapGpuMs, nowMs }: StartMeetingInput): Promise<Short | undefined> {
  const { meetingId, place, budgetGpuMs = 0, budgetFrom: from } = meeting;
  if (!from) return undefined;
  const potId = meetingPotIdOf(meetingId);
  const sourceId = from.by === "pot" ? potIdOf(settingsKeyOf(place)) : from.memberId;
  const allowance = from.by === "pot" ? POT_ALLOWANCE : from.allowance;
  const buckets = await bucketsOf(tx, [sourceId, potId]);
  const source = buckets.of(sourceId, allowance, nowMs);
  const left = taken(source, budgetGpuMs, allowance, nowMs);
  if (!left) return { status: "short", leftGpuMs: Math.max(0, source.balanceGpuMs) };
  if (from.by === "member") {
    const given = await sumOver(tx, sourceId, (each, account) => givenSince(each, account, nowMs - SPEND_WINDOW_MS));
    if (given + budgetGpuMs > dayCapGpuMs) return { status: "day_full", leftGpuMs: Math.max(0, dayCapGpuMs - given) };
    await addGift(tx, potId, sourceId, meeting.startedBy.name, budgetGpuMs, nowMs);
  }
  await buckets.put(sourceId, left);
  await buckets.put(potId, { balanceGpuMs: budgetGpuMs, atMs: nowMs });
  return undefined;
}

const funded = all<MeetingRow, []>(
  `SELECT chat_key AS "chatKey", settings_key AS "settingsKey", body FROM meeting WHERE budget = 1 ORDER BY seq`,
);
/** Those in whose pots something lies, or may come back to. */
export const withBudget = async (tx: Tx): Promise<readonly Meeting[]> => (await funded(tx)).map(meetingOf);
const spent = run<[meetingId: string]>("UPDATE meeting SET budget = 0 WHERE meeting_id = $1");
const giftBack = run<[potId: string, gpuMs: number]>(
  "UPDATE gift SET gpu_ms = CASE WHEN gpu_ms > $2 THEN gpu_ms - $2 ELSE 0 END WHERE pot_id = $1",
);
const noGift = run<[potId: string]>("DELETE FROM gift WHERE pot_id = $1 AND gpu_ms = 0");

/** Of meetings that are over: what is left goes back. What is held for jobs under way does so when they have ended. */
export async function budgetBack(tx: Tx, meetings: readonly Meeting[], nowMs: number): Promise<void> {
  const sources = new Map<Meeting, string>();
  for (const meeting of meetings)
    if (meeting.budgetFrom) sources.set(meeting, await sourceOf(tx, meeting, meeting.budgetFrom));
  if (sources.size === 0) return;
  const potIds = [...sources.keys()].map(({ meetingId }) => meetingPotIdOf(meetingId));
  const buckets = await bucketsOf(tx, [...sources.values(), ...potIds]);
  for (const [meeting, sourceId] of sources) await back(tx, buckets, { meeting, sourceId }, nowMs);
}
async function sourceOf(tx: Tx, meeting: Meeting, from: NonNullable<Meeting["budgetFrom"]>): Promise<string> {
  if (from.by === "member") return from.memberId;
  return potIdOf((await settingsKeyBy(tx, meeting.meetingId))?.settingsKey ?? settingsKeyOf(meeting.place));
}

async function back(
  tx: Tx,
  buckets: Buckets,
  { meeting, sourceId }: { readonly meeting: Meeting; readonly sourceId: string },
  nowMs: number,
): Promise<void> {
  const { meetingId, budgetFrom } = meeting;
  const potId = meetingPotIdOf(meetingId);
  const pot = buckets.of(potId, POT_ALLOWANCE, nowMs);
  const heldGpuMs = await heldOf(tx, potId);
  // A debt is paid once it is known whole: what is held may still cover it.
  const gpuMs = heldGpuMs > 0 ? Math.max(0, pot.balanceGpuMs) : pot.balanceGpuMs;
  if (gpuMs !== 0) {
    const allowance = budgetFrom?.by === "member" ? budgetFrom.allowance : POT_ALLOWANCE;
    await buckets.put(sourceId, returned(buckets.of(sourceId, allowance, nowMs), gpuMs, allowance));
    await buckets.put(potId, { ...pot, balanceGpuMs: pot.balanceGpuMs - gpuMs });
    await giftBack(tx, potId, Math.max(0, gpuMs));
    await noGift(tx, potId);
  }
  if (heldGpuMs > 0) return;
  await removeBucket(tx, potId);
  await spent(tx, meetingId);
}

/** See `Meetings.meetingBudget`. */
export async function budgetLeft(tx: Tx, meetingId: string) {
  const potId = meetingPotIdOf(meetingId);
  return { leftGpuMs: (await storedBucket(tx, potId))?.balanceGpuMs ?? 0, heldGpuMs: await heldOf(tx, potId) };
}
