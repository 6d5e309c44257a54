import { type Allowance, type Bucket, fullBucket, refilled } from "./ledger.ts";

// One human with several accounts, on several platforms: what joining and parting them does to their allowance. Neither may gain
// anybody anything: whatever is done, in whatever order, what may be spent in all is never more than before, and later never more
// than could have been spent without it.

/** So many accounts are one person at most. */
export const ACCOUNTS_MAX = 8;

/** An account that nobody has joined with another is a person by itself, under its own id; joined ones have an id like this. */
export const joinedPersonId = (id: string): string => `person:${id}`;

/**
 * The one bucket of two persons who are one from now on. `undefined`: nothing has been spent of it; so for what comes in.
 *
 * The smaller of both, and of two debts their sum: a fresh account adds nothing to one that is used up, and pays nobody's debts.
 * All is back at the later of both times.
 */
export function joinedBucket(
  one: Bucket | undefined,
  other: Bucket | undefined,
  allowance: Allowance,
  nowMs: number,
): Bucket | undefined {
  if (!one && !other) return undefined;
  const a = asOf(one, allowance, nowMs);
  const b = asOf(other, allowance, nowMs);
  const resets = [a, b].flatMap(({ resetAtMs }) => (resetAtMs === undefined ? [] : [resetAtMs]));
  return {
    balanceGpuMs: Math.min(a.balanceGpuMs, b.balanceGpuMs, a.balanceGpuMs + b.balanceGpuMs),
    atMs: Math.max(a.atMs, b.atMs),
    ...(resets.length === 0 ? {} : { resetAtMs: Math.max(...resets) }),
  };
}

/**
 * Halves, also of a debt, which sum exactly; an odd millisecond stays, and of a debt it leaves. What is untouched is halved, too,
 * or joining and parting would double it; so that all of it comes back, the clock of the reset starts.
 */
export function partedBuckets(
  bucket: Bucket | undefined,
  allowance: Allowance,
  nowMs: number,
): { readonly stays: Bucket; readonly leaves: Bucket } {
  const { balanceGpuMs, atMs, resetAtMs } = asOf(bucket, allowance, nowMs);
  const resetsAtMs = resetAtMs ?? (allowance.resetMs > 0 ? nowMs + allowance.resetMs : undefined);
  const half = Math.floor(balanceGpuMs / 2);
  const halfOf = (part: number): Bucket => ({
    balanceGpuMs: part,
    atMs,
    ...(resetsAtMs === undefined ? {} : { resetAtMs: resetsAtMs }),
  });
  return { stays: halfOf(balanceGpuMs - half), leaves: halfOf(half) };
}

const asOf = (bucket: Bucket | undefined, allowance: Allowance, nowMs: number): Bucket =>
  bucket ? refilled(bucket, allowance, nowMs) : fullBucket(allowance, nowMs);
