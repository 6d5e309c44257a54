import type { Job, NewJob } from "../domain/job.ts";
import type { Problem } from "../domain/problem.ts";
import type { AcceptInput, AcceptRefusal } from "./payment.ts";

/**
 * Orders that wait for their member's allowance: jobs that hold nothing and stand in no queue. They are shown, cancelled, blocked
 * and moved with their chat as all jobs are. A part of `Store`.
 */
export interface DeferredJobs {
  /** Inbox row + job + placeholder in the outbox, or none of them. A member has no more than `DEFERRED_MAX` at a time. */
  defer(input: DeferInput): Promise<DeferResult>;
  /** Those to look at now, first ordered first. */
  dueDeferred(nowMs: number, limit: number): Promise<readonly Job[]>;
  /** Holds + queue, at today's price, or neither: as `accept`, but for the update. */
  startDeferred(input: StartInput): Promise<StartResult>;
  /** Looked at again at `tryAtMs`, and shown when `deferral.expectedAtMs` changed. Nothing where it waits no more. */
  deferUntil(job: Job, tryAtMs: number): Promise<void>;
  /** Job failed + final in the outbox. false: it waits no more. */
  giveUpDeferred(jobId: string, problem: Problem, nowMs: number): Promise<boolean>;
}

export interface DeferInput {
  readonly updateId: string;
  /** With its `deferral`. */
  readonly job: NewJob;
  readonly tryAtMs: number;
  readonly nowMs: number;
}

export type DeferResult =
  | { readonly status: "deferred"; readonly job: Job }
  /** This update came before. */
  | { readonly status: "known"; readonly job: Job }
  | { readonly status: "refused"; readonly why: AcceptRefusal };

/** `job`: as priced now. */
export type StartInput = Omit<AcceptInput, "updateId">;

export type StartResult =
  | { readonly status: "started" }
  | { readonly status: "short"; readonly why: AcceptRefusal }
  /** It waits no more: started, cancelled. */
  | { readonly status: "over" };
