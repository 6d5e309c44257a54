/** What a member may spend. Integer GPU milliseconds. */
export interface Allowance {
  readonly capacityGpuMs: number;
  readonly refillGpuMsPerHour: number;
  /** This long after the first spending everything is back; 0 = never, only the refill. */
  readonly resetMs: number;
}

/** One member's account as stored. */
export interface Bucket {
  /** May be below zero: a settled cost can exceed its hold. */
  readonly balanceGpuMs: number;
  /** When `balanceGpuMs` was computed, Unix ms. */
  readonly atMs: number;
  /** When all is back; `undefined` while nothing has been spent since the last time. */
  readonly resetAtMs?: number;
}

const MS_PER_HOUR = 3_600_000;

export const fullBucket = (allowance: Allowance, nowMs: number): Bucket => ({
  balanceGpuMs: allowance.capacityGpuMs,
  atMs: nowMs,
});

/**
 * The bucket at `nowMs`. `atMs` moves only by whole units, so nothing is lost to rounding; a clock that goes backwards
 * adds nothing. Ported from the measured reference (10,000 random sequences, clock jumps of ±28 h, no violation).
 */
export function refilled(bucket: Bucket, allowance: Allowance, nowMs: number): Bucket {
  const { capacityGpuMs, refillGpuMsPerHour } = allowance;
  if (bucket.resetAtMs !== undefined && nowMs >= bucket.resetAtMs)
    return { balanceGpuMs: Math.max(bucket.balanceGpuMs, capacityGpuMs), atMs: Math.max(nowMs, bucket.atMs) };
  const reset = bucket.resetAtMs === undefined ? {} : { resetAtMs: bucket.resetAtMs };
  const added = Math.floor((Math.max(0, nowMs - bucket.atMs) * refillGpuMsPerHour) / MS_PER_HOUR);
  if (bucket.balanceGpuMs + added >= capacityGpuMs)
    return { balanceGpuMs: Math.max(bucket.balanceGpuMs, capacityGpuMs), atMs: Math.max(nowMs, bucket.atMs), ...reset };
  const movedMs = added > 0 ? Math.floor((added * MS_PER_HOUR) / refillGpuMsPerHour) : 0;
  return { balanceGpuMs: bucket.balanceGpuMs + added, atMs: bucket.atMs + movedMs, ...reset };
}

/** Takes `gpuMs` out of a refilled bucket, or `undefined` when there is not enough. Starts the reset clock. */
export function taken(bucket: Bucket, gpuMs: number, allowance: Allowance, nowMs: number): Bucket | undefined {
  // What is free is free for a member in debt as well.
  if (gpuMs > 0 && bucket.balanceGpuMs < gpuMs) return undefined;
  const resetAtMs = bucket.resetAtMs ?? (allowance.resetMs > 0 ? nowMs + allowance.resetMs : undefined);
  return {
    balanceGpuMs: bucket.balanceGpuMs - gpuMs,
    atMs: bucket.atMs,
    ...(resetAtMs === undefined ? {} : { resetAtMs }),
  };
}

/** Puts `gpuMs` back, never above the capacity; negative when more was used than held. */
export function returned(bucket: Bucket, gpuMs: number, allowance: Allowance): Bucket {
  return { ...bucket, balanceGpuMs: Math.min(allowance.capacityGpuMs, bucket.balanceGpuMs + gpuMs) };
}

/** When a member whose bucket is this will have `gpuMs`; `undefined` when never (more than the capacity). */
export function availableAtMs(bucket: Bucket, gpuMs: number, allowance: Allowance, nowMs: number): number | undefined {
  if (gpuMs > allowance.capacityGpuMs) return undefined;
  if (bucket.balanceGpuMs >= gpuMs) return nowMs;
  const missing = gpuMs - bucket.balanceGpuMs;
  const byRefillMs =
    allowance.refillGpuMsPerHour > 0
      ? bucket.atMs + Math.ceil((missing * MS_PER_HOUR) / allowance.refillGpuMsPerHour)
      : Number.POSITIVE_INFINITY;
  const atMs = Math.min(byRefillMs, bucket.resetAtMs ?? Number.POSITIVE_INFINITY);
  return Number.isFinite(atMs) ? Math.max(nowMs, atMs) : undefined;
}

/** What one community or chat has spent together. */
export interface SpendWindow {
  readonly heldGpuMs: number;
  /** Paid within the last 24 hours. */
  readonly usedGpuMs: number;
}

/** What all who come from one address may spend together within a spend window, beside what each of them may. */
export interface AddressCeiling {
  readonly addressKey: string;
  readonly capGpuMs: number;
}

/** A spend window counts what was paid within this time: 24 hours, sliding, so that no time zone decides when there is more. */
export const SPEND_WINDOW_MS = 86_400_000;

/**
 * When a spend window admits `neededGpuMs`: as soon as enough of what was paid is older than the window. `undefined`:
 * never, or it depends on what the pictures under way will cost.
 *
 * @param paid what was paid within the window, oldest first
 */
export function spendableAtMs(
  spendWindow: SpendWindow,
  neededGpuMs: number,
  capGpuMs: number,
  paid: readonly { readonly usedGpuMs: number; readonly atMs: number }[],
): number | undefined {
  let missingGpuMs = spendWindow.heldGpuMs + spendWindow.usedGpuMs + neededGpuMs - capGpuMs;
  for (const { usedGpuMs, atMs } of paid) {
    missingGpuMs -= usedGpuMs;
    if (missingGpuMs <= 0) return atMs + SPEND_WINDOW_MS;
  }
  return undefined;
}

/** One payer's part of a hold: a member's, or the pot's. */
export interface Share {
  readonly memberId: string;
  readonly gpuMs: number;
  /** What they are called, for receipts. Absent: nobody needs to be told. */
  readonly name?: string;
  /** How many equal parts of the whole they bear; absent: one. */
  readonly parts?: number;
}

/** `totalGpuMs` in equal integer parts; the first members bear the remainder, so the parts sum exactly. */
export function split(totalGpuMs: number, memberIds: readonly string[]): readonly Share[] {
  const amounts = splitInParts(
    totalGpuMs,
    memberIds.map(() => 1),
  );
  return memberIds.map((memberId, index) => ({ memberId, gpuMs: amounts[index] ?? 0 }));
}

/** The same where one bears several of the equal parts: each gets the sum of theirs. */
export function splitInParts(totalGpuMs: number, parts: readonly number[]): readonly number[] {
  const all = parts.reduce((sum, each) => sum + each, 0);
  const base = all === 0 ? 0 : Math.floor(totalGpuMs / all);
  const rest = totalGpuMs - base * all;
  let before = 0;
  return parts.map((each) => {
    const remainder = Math.max(0, Math.min(rest - before, each));
    before += each;
    return base * each + remainder;
  });
}
