import type { AddressCeiling, Allowance } from "./ledger.ts";
import type { PictureVerdict } from "./picture-verdict.ts";
import type { MessageRef, ReplyTarget } from "./place.ts";
import type { Problem } from "./problem.ts";
import type { Order, Recipe } from "./recipe.ts";
import type { RouteRules } from "./route-rules.ts";
import type { Text } from "./text.ts";
import type { Withheld } from "./withheld.ts";

/** The command behind a job. */
export interface Said {
  /** A digest of everything that was typed. */
  readonly words: string;
  /** When it was sent, Unix ms. */
  readonly atMs: number;
  /** The platform may have told its member that it failed. */
  readonly late?: true;
}

/** So far apart the same words are meant twice, late or not. */
export const SAME_WITHIN_MS = 10 * 60 * 1000;

/** "deferred": it waits until its member's allowance suffices, and is in no queue. */
export type JobState = "deferred" | "queued" | "running" | "done" | "failed" | "cancelled";

/** So many of one member's orders wait for their allowance. */
export const DEFERRED_MAX = 3;

/** What an order that waits for allowance is started by: the platform says nothing of its member then. */
export interface Deferral {
  /** Of its member when they ordered it. */
  readonly allowance: Allowance;
  /** Absent: none holds, or nobody knows where they come from. */
  readonly addressCeiling?: AddressCeiling;
  /** When there will be enough, Unix ms, as far as is known. */
  readonly expectedAtMs?: number;
}

/** One accepted order. Stored whole, so that any process can finish it. */
export interface Job {
  readonly jobId: string;
  /** Who asked, and to whom the picture belongs. */
  readonly memberId: string;
  readonly memberName: string;
  /** Where the answer goes. */
  readonly target: ReplyTarget;
  readonly order: Order;
  /** The queue it waits in: the name of the backend preferred at acceptance. */
  readonly lane: string;
  /** Why it waits there and not for the first choice, for people. Absent: it is the first choice. */
  readonly passedOver?: readonly Text[];
  /** Expected cost and duration of the whole job. */
  readonly estimateGpuMs: number;
  readonly estimateMs: number;
  readonly acceptedAtMs: number;
  /** What the rules of the chat allowed about where it is made, at acceptance. Absent: everything. Stored under this name. */
  readonly policy?: RouteRules;
  /** Whom it was charged to, when a vote started it. */
  readonly voterNames: readonly string[];
  /** The same as accounts, in the same order: it is theirs, too. Absent: no vote started it, or it was before this was kept. */
  readonly voterIds?: readonly string[];
  /** Absent: a press or a vote started it. */
  readonly said?: Said;
  /** The chat wants the originals posted too. */
  readonly withOriginals?: true;
  /** Of an order that waits for allowance, until it starts. */
  readonly deferral?: Deferral;
  readonly state: JobState;
  /** Tries so far; also the fence: only the newest attempt may finish the job. */
  readonly attempt: number;
  readonly startedAtMs?: number;
  readonly endedAtMs?: number;
  /** Where the backend's own copy of the work is, to pick it up again after a restart. */
  readonly attached?: { readonly backend: string; readonly key: string };
  /** The message that shows this job, once it was posted. */
  readonly message?: MessageRef;
  /** Of a done job, and of one that was cancelled in the middle. */
  readonly outcome?: JobOutcome;
  /** Of a failed or cancelled job. */
  readonly problem?: Problem;
}

export type NewJob = Omit<
  Job,
  "state" | "attempt" | "startedAtMs" | "endedAtMs" | "attached" | "message" | "outcome" | "problem"
>;

export interface JobOutcome {
  readonly backend: string;
  /** Why not the first choice, for people; empty when it was the first choice. */
  readonly route: readonly Text[];
  readonly usedGpuMs: number;
  /** Time the backend took for the whole job. */
  readonly tookMs: number;
  /** It was cancelled in the middle: by whom, and what of the held allowance came back. */
  readonly cancelled?: { readonly byName: string; readonly returnedGpuMs: number };
  /** Who paid what, where several did or the pot; they sum to `usedGpuMs`. */
  readonly receipts?: readonly Receipt[];
}

export type Receipt = { readonly gpuMs: number } & (
  | { readonly by: "member"; readonly name: string }
  | { readonly by: "pot" }
);

/** One picture of a done job. */
export interface Picture {
  readonly imageId: string;
  readonly jobId: string;
  /** 0 to `BATCH_MAX` − 1. */
  readonly index: number;
  /** Short, for people: `/show 12`. Counts up over the installation. */
  readonly number: number;
  readonly chatKey: string;
  readonly memberId: string;
  readonly memberName: string;
  readonly madeAtMs: number;
  readonly recipe: Recipe;
  readonly order: Order;
  /** SHA-256 of the original's pixels file as stored, hex. */
  readonly sha256: string;
  /** Of the classifier. Absent: there is none. */
  readonly verdict?: PictureVerdict;
  /**
   * Set while nobody is shown it. It is deleted, and its file goes at the next sweep after the undo time; or, with `withheld`, a
   * moderator decides about it or has refused it.
   */
  readonly deleted?: { readonly atMs: number; readonly byName: string; readonly withheld?: Withheld };
}
export type NewPicture = Omit<Picture, "number" | "deleted"> & {
  /** See `fingerprintOf`. Absent: nobody looked. */
  readonly fingerprint?: string;
  /** Of the classifier. Absent: there is none, or nothing to look at. */
  readonly verdict?: PictureVerdict;
};

/** A deleted picture can be brought back this long; the sweep that removes its file waits at least as long. */
export const UNDO_MS = 10 * 60 * 1000;

export interface Progress {
  /** 0 to 1 over the whole job. */
  readonly fraction: number;
  readonly backend: string;
  readonly step?: { readonly at: number; readonly of: number };
  /** It waits at the backend. */
  readonly waiting?: { readonly position?: number; readonly etaMs?: number; readonly why?: Text };
  /** Backends that failed before this one, for people. */
  readonly route: readonly Text[];
}
