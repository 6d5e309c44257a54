import type { Allowance } from "../domain/ledger.ts";

/** What members gave a chat or community to spend together: a part of the `Store`. It pays as a member does, under `potIdOf`. */
export interface Pots {
  pot(settingsKey: string, nowMs: number): Promise<Pot>;
  /** From a member's own allowance into the pot of a chat, once an update. */
  give(input: GiveInput): Promise<GiveResult>;
  /** What this person gave lately, all pots together, newest first, at most 5. */
  giftsOf(memberId: string, nowMs: number): Promise<readonly Gift[]>;
}

export interface Pot {
  /** Below zero where a picture came dearer than it was held for. */
  readonly balanceGpuMs: number;
  /** Held for jobs under way. */
  readonly heldGpuMs: number;
  /** Within the last 30 days, by person, the most first, at most 5. */
  readonly givers: readonly { readonly name: string; readonly gpuMs: number }[];
  /** What it paid last, newest first, at most 5. */
  readonly recent: readonly {
    readonly jobId: string;
    readonly usedGpuMs: number;
    readonly atMs: number;
    readonly prompt: string;
  }[];
}

export interface Gift {
  readonly gpuMs: number;
  readonly atMs: number;
}

export interface GiveInput {
  readonly updateId: string;
  readonly settingsKey: string;
  readonly member: { readonly memberId: string; readonly name: string };
  /** At least 1. */
  readonly gpuMs: number;
  /** See `givingAllowance`. */
  readonly allowance: Allowance;
  /** What one person may give within 24 hours, all pots together. */
  readonly dayCapGpuMs: number;
  readonly nowMs: number;
}
export type GiveResult =
  | { readonly status: "given"; readonly potGpuMs: number; readonly leftGpuMs: number }
  /** More than they have. */
  | { readonly status: "short"; readonly leftGpuMs: number }
  /** More than one may give in a day. */
  | { readonly status: "day_full"; readonly leftGpuMs: number }
  /** This update came before. */
  | { readonly status: "known" };
