import type { NewJob } from "../domain/job.ts";
import type { AddressCeiling, Allowance, Bucket, Share } from "../domain/ledger.ts";

// What a job is accepted and paid by, and why it is not.

export interface AcceptInput {
  readonly updateId: string;
  readonly job: NewJob;
  /** Whom to hold the estimate from: one member, or voters in equal parts. */
  readonly shares: readonly Share[];
  readonly allowance: Allowance;
  /** A pot that pays all of it instead, where it covers it: a meeting's. */
  readonly paidFirstBy?: string;
  /** A member with this many open jobs is refused. */
  readonly maxOpenPerMember: number;
  /** What the community or chat may hold and pay within 24 hours; absent: as much as its members have. */
  readonly spendCapGpuMs?: number;
  /** Counted and held in the same transaction; absent: none. */
  readonly addressCeiling?: AddressCeiling;
  readonly nowMs: number;
}

export type AcceptRefusal =
  | AllowanceRefusal
  /** So many of theirs are open, or wait for allowance. */
  | { readonly code: "queue_full" | "deferred_full"; readonly open: number }
  /** The chat's pot was to pay it. */
  | { readonly code: "pot_short"; readonly neededGpuMs: number; readonly leftGpuMs: number };

/** It costs more than there is now. */
export type AllowanceRefusal =
  | { readonly code: "quota_used"; readonly memberId: string; readonly neededGpuMs: number; readonly account: Account }
  | SpendRefusal;

export interface SpendRefusal {
  /** "pot_used": of the spend window; called so in stored outcomes, as is the column `pot_key`. */
  readonly code: "pot_used" | "address_used";
  readonly neededGpuMs: number;
  readonly leftGpuMs: number;
  readonly capGpuMs: number;
  /** Absent: it needs more than the spend window ever has, or what is under way decides. */
  readonly retryAtMs?: number;
}

export interface Account {
  readonly bucket: Bucket;
  /** Held for jobs under way. */
  readonly heldGpuMs: number;
  /** The last jobs paid for, newest first, at most 5. */
  readonly recent: readonly {
    readonly jobId: string;
    readonly usedGpuMs: number;
    readonly atMs: number;
    readonly prompt: string;
  }[];
}
