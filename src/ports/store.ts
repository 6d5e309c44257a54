import type { Job, JobOutcome, NewPicture, Picture } from "../domain/job.ts";
import type { Allowance, SpendWindow } from "../domain/ledger.ts";
import type { MessageRef, Place } from "../domain/place.ts";
import type { Problem } from "../domain/problem.ts";
import type { HoldRules } from "../domain/withheld.ts";
import type { BlockList } from "./block-list.ts";
import type { Decisions } from "./decisions.ts";
import type { DeferredJobs } from "./deferred-jobs.ts";
import type { DocumentOrders } from "./document-store.ts";
import type { Fleet, SlotWanted, WorkSoFar } from "./fleet.ts";
import type { Forgetting } from "./forgetting.ts";
import type { Gauges } from "./gauges.ts";
import type { MovedValue } from "./key-values.ts";
import type { Leader, Reign } from "./leader.ts";
import type { MeetingUpkeep } from "./meeting-upkeep.ts";
import type { Meetings } from "./meetings.ts";
import type { Moderation } from "./moderation.ts";
import type { AcceptInput, AcceptRefusal, Account } from "./payment.ts";
import type { Persons } from "./persons.ts";
import type { Pots } from "./pots.ts";

/**
 * Everything that must survive: inbox, ledger, queue, outbox, decisions, meetings, block list, pictures' rows. Each method is one transaction,
 * durable when it resolves, and repeating it with the same ids changes nothing. Implementations pass `test/contracts/store.ts`.
 * A full disk or a dead server is an exception and nothing is half done.
 */
export interface Store
  extends BlockList,
    Decisions,
    DeferredJobs,
    DocumentOrders,
    Fleet,
    Forgetting,
    Gauges,
    Leader,
    Meetings,
    MeetingUpkeep,
    Moderation,
    Persons,
    Pots {
  // Intake
  /** Inbox row + holds + job + placeholder in the outbox, or none of them. */
  accept(input: AcceptInput): Promise<AcceptResult>;
  /** What `accept` would refuse this with, were it a new update. Changes and locks nothing. */
  wouldRefuse(input: AcceptInput): Promise<AcceptRefusal | undefined>;

  // Queue: fair order by start-time tags within a lane
  /** The next job of a lane: queued, or running with a lease that has ended. Its attempt counts one more. */
  claim(lane: string, nowMs: number, leaseMs: number): Promise<Job | undefined>;
  /** The same along with a slot to make it in. "full": there is a job, and no slot for it: somebody who has one takes it. */
  claimInSlot(lane: string, slot: SlotWanted, nowMs: number, leaseMs: number): Promise<Job | "full" | undefined>;
  /** Keeps the lease. false: the job belongs to another attempt or has ended; stop working on it. */
  heartbeat(jobId: string, attempt: number, nowMs: number, leaseMs: number): Promise<boolean>;
  attach(jobId: string, attempt: number, attached: { readonly backend: string; readonly key: string }): Promise<void>;
  /** Job done + holds settled + pictures + final in the outbox. false: another attempt owns the job; drop the result. */
  finish(input: FinishInput): Promise<boolean>;
  /** Job failed + holds refunded + final in the outbox. false as in `finish`. */
  fail(jobId: string, attempt: number, problem: Problem, nowMs: number): Promise<boolean>;
  /** Back to the queue with its position unchanged, e.g. at a graceful stop. false as in `finish`. */
  giveBack(jobId: string, attempt: number): Promise<boolean>;
  /**
   * Job cancelled, waiting or running + holds refunded + final in the outbox. false: it had already ended, or never was.
   * With the work of its newest attempt, what that used is settled instead; where it finished pictures, the job is done with
   * those. The work of another attempt is nobody's: as without it.
   */
  cancel(jobId: string, problem: Problem, nowMs: number, work?: CancelledWork): Promise<boolean>;
  /** One process only: every running job belonged to a dead process and is queued again. Resolves with how many. */
  recover(): Promise<number>;
  /** Jobs waiting in lanes that no longer exist move to `lane`. */
  moveLanes(known: readonly string[], lane: string): Promise<number>;
  job(jobId: string): Promise<Job | undefined>;
  /** What a message of ours shows: a whole job, or one picture of it by `index`. `undefined`: it is not ours, or shows none. */
  jobByMessage(
    place: Pick<Place, "platform" | "chatId">,
    messageId: string,
  ): Promise<{ readonly job: Job; readonly index?: number } | undefined>;
  /** A reply of ours shows this picture, or the whole batch that it is the first of: `jobByMessage` finds it from now on. */
  shows(message: MessageRef, imageId: string, whole?: "whole"): Promise<void>;
  /** Replies of ours that show pictures of this job, and which; a sheet is given under its first. */
  showing(jobId: string): Promise<readonly { readonly message: MessageRef; readonly index: number }[]>;
  /** What starts before this waiting job in its lane; `undefined` when it does not wait. */
  ahead(jobId: string): Promise<Ahead | undefined>;
  /** Waiting and running jobs, in the order they will start; running first. */
  openJobs(
    filter: { readonly chatKey?: string; readonly memberId?: string; readonly lane?: string },
    limit: number,
  ): Promise<readonly Job[]>;
  /** Waiting jobs of a lane, in the order they will start. */
  nextJobs(lane: string, limit: number): Promise<readonly Job[]>;
  counts(): Promise<{ readonly queued: number; readonly running: number }>;
  /** Sum of the estimates of waiting and running jobs, ms, by lane; lanes with none are absent. */
  loads(): Promise<ReadonlyMap<string, number>>;

  // Outbox: one row per message owed; `revision` counts how often its content changed
  /**
   * Rows that go to one platform and can be sent now, oldest first. A final waits until its placeholder is posted.
   *
   * @param only those without a message yet, or those with one
   */
  due(
    nowMs: number,
    limit: number,
    of: { readonly platform: string; readonly only?: "unposted" | "posted" },
  ): Promise<readonly OutboxRow[]>;
  /** The message shows `revision`. A newer revision stays due. @throws ReignOver, as `postpone` and `abandon` do */
  posted(key: OutboxKey, revision: number, message: MessageRef): Promise<void>;
  /** Not before `untilMs`. */
  postpone(key: OutboxKey, untilMs: number): Promise<void>;
  /** Nobody will ever see it (the bot was removed): stop trying. */
  abandon(key: OutboxKey): Promise<void>;
  /**
   * A picture of a batch gets a message of its own, once; false: it was already owed or posted. Its original follows where
   * the job says so.
   */
  pick(
    jobId: string,
    index: number,
    by: { readonly memberId: string; readonly name: string },
    nowMs: number,
  ): Promise<boolean>;

  // Allowance
  account(memberId: string, allowance: Allowance, nowMs: number): Promise<Account>;
  /** Of a community or chat: see `settingsKeyOf`. */
  spendWindow(settingsKey: string, nowMs: number): Promise<SpendWindow>;
  /** Of all who come from one address: see `AddressCeiling`. */
  addressWindow(addressKey: string, nowMs: number): Promise<SpendWindow>;
  /**
   * Holds this much in all for a job that goes to a dearer backend, from those who pay for it in equal parts, each by the
   * allowance they had when it was accepted. Never less than before; where somebody cannot bear it, nothing changes.
   */
  holdMore(
    jobId: string,
    totalGpuMs: number,
    spendCapGpuMs: number | undefined,
    nowMs: number,
  ): Promise<"held" | "member_short" | "window_short">;

  // Pictures
  picture(imageId: string): Promise<Picture | undefined>;
  /** Numbers count by chat, from 1; none is given twice. */
  pictureByNumber(chatKey: string, number: number): Promise<Picture | undefined>;
  /** The newest of this chat with these pixels, deleted ones left out: of a file that somebody brought back. */
  pictureBySum(chatKey: string, sha256: string): Promise<Picture | undefined>;
  /**
   * The one that looks most like it, of this chat or of this member's own anywhere, deleted ones left out; `undefined`: none looks
   * like it. @param fingerprint see `fingerprintOf`
   */
  pictureLike(
    by: { readonly chatKey: string; readonly memberId: string },
    fingerprint: string,
  ): Promise<Picture | undefined>;
  picturesOf(jobId: string): Promise<readonly Picture[]>;
  /** Newest first, without deleted ones. */
  history(filter: HistoryFilter): Promise<readonly Picture[]>;
  /** Marks all pictures of a job deleted and refreshes its message. false: nothing changed. */
  markDeleted(jobId: string, byName: string, nowMs: number): Promise<boolean>;
  restore(jobId: string): Promise<boolean>;
  /** How many pictures, deleted ones left out, `forget` would remove there. */
  countMadeBefore(chat: { readonly settingsKey: string; readonly madeBeforeMs: number }): Promise<number>;
  /** Pictures whose files may go: deleted before `deletedBeforeMs`, or older than their chat keeps them. Their rows are removed. */
  forget(
    input: {
      readonly deletedBeforeMs: number;
      /** By the key their settings are kept under. */
      readonly chats: readonly { readonly settingsKey: string; readonly madeBeforeMs: number }[];
    },
    limit: number,
  ): Promise<readonly string[]>;
  /** Whether a picture of this chat or community that is kept, or an order that is not done yet, names this logo. */
  usesLogo(settingsKey: string, logoKey: string): Promise<boolean>;
  /**
   * A chat goes on under another id, in one transaction: its jobs, what is owed to it, pictures, spend window and the small values
   * named in `values`. Messages of the old chat are no longer ours to edit, so what is owed and the messages of open jobs
   * are posted anew. Where the new chat has a small value already, that one stays. Twice is harmless.
   */
  moveChat(move: ChatMove): Promise<void>;
  /** Inbox rows older than this may go: no platform delivers an update that late. */
  sweepInbox(beforeMs: number): Promise<number>;
  /** Keys of addresses go from what counts for no window any more. */
  sweepAddresses(nowMs: number): Promise<number>;

  /**
   * What is dated ahead of now, because the clock had jumped ahead, counts from now on: allowances come back, what was spent
   * leaves its 24 hours, what is owed is sent. Resolves with how many rows that were.
   */
  clockSetBack(nowMs: number): Promise<number>;

  // Measured speed
  speed(backend: string): Promise<Speed | undefined>;
  /** Flushes and closes. Safe to call twice. */
  close(): Promise<void>;
}

export type AcceptResult =
  | { readonly status: "accepted"; readonly job: Job }
  /** This update was accepted before. */
  | { readonly status: "known"; readonly job: Job }
  /** One of the two came late: this member said the same here within ten minutes, and this is the job of that. */
  | { readonly status: "same"; readonly job: Job }
  /** Refused now, or when this update came the first time. */
  | { readonly status: "refused"; readonly why: AcceptRefusal };

export interface FinishInput {
  readonly jobId: string;
  readonly attempt: number;
  readonly outcome: JobOutcome;
  readonly pictures: readonly NewPicture[];
  /** What is held of them; absent: nothing. */
  readonly holdRules?: HoldRules;
  /** Feeds the estimate of later jobs; absent when the run says nothing about speed (re-attached, cached). */
  readonly measured?: {
    readonly backend: string;
    readonly megapixelSteps: number;
    readonly pictures: number;
    readonly usedMs: number;
  };
  readonly nowMs: number;
}

/** What a cancel in the middle charges and gives. */
export interface CancelledWork extends WorkSoFar {
  readonly byName: string;
  /** As of `FinishInput`. */
  readonly holdRules?: HoldRules;
}

export interface Ahead {
  readonly jobs: number;
  /** Sum of the estimates of waiting jobs before it, and of what the running ones are expected to still need. */
  readonly estimateMs: number;
}

/** What a chat's move takes along: see `Store.moveChat`. */
export interface ChatMove {
  readonly platform: string;
  readonly fromChatId: string;
  readonly toChatId: string;
  readonly values: readonly MovedValue[];
}

/**
 * What a message shows. "job": a job, from placeholder to final. "waited": where a job waited that has a newer message. "picture": one of a batch. "original": the file of a
 * picture, which follows the message that shows it alone. `index`: 0 to `BATCH_MAX` − 1. "decision": its line, from its opening to its
 * outcome. "reminder": that it closes soon.
 */
export type JobContent =
  | { readonly kind: "job" | "waited" }
  | { readonly kind: "picture" | "original"; readonly index: number };
export interface DecisionContent {
  readonly kind: "decision" | "reminder";
}
/**
 * "meeting": where it stands, at its newest item. "opening": where it waited, once it has begun. "item": what came of one that is over,
 * by its place in the agenda from 0.
 */
export type MeetingContent =
  | { readonly kind: "meeting" | "opening" }
  | { readonly kind: "item"; readonly index: number };
/** From the wish for a file to the file. */
interface DocumentContent {
  readonly kind: "document";
}
export type OutboxContent = JobContent | DecisionContent | MeetingContent | DocumentContent;

type OwnerKey = "jobId" | "decisionId" | "meetingId" | "documentId";
type OwnedBy<K extends OwnerKey> = { readonly [P in K]: string } & { readonly [P in Exclude<OwnerKey, K>]?: undefined };
/** Whose message it is. */
export type OwnedContent =
  | (OwnedBy<"jobId"> & JobContent)
  | (OwnedBy<"decisionId"> & DecisionContent)
  | (OwnedBy<"meetingId"> & MeetingContent)
  | (OwnedBy<"documentId"> & DocumentContent);
/** The id of whose message it is. */
export const ownerIdOf = ({ jobId, decisionId, meetingId, documentId }: OwnedContent): string =>
  jobId ?? decisionId ?? meetingId ?? documentId ?? "";

export type OutboxKey = {
  /** How often it has gone on in a new message at the end of its chat; absent: never. The ones before were posted for the same owner. */
  readonly placed?: number;
  /** Under which it is sent: once that is over, nothing is noted, which is a `ReignOver`. Absent: there is nobody else who sends. */
  readonly reign?: Reign;
} & OwnedContent;

export type OutboxRow = OutboxKey & {
  readonly revision: number;
  /** Where it was posted before: edit that. Absent: post. */
  readonly message?: MessageRef;
  /** How often sending failed so far. */
  readonly failures: number;
  /** Who pressed, for picks. */
  readonly byName?: string;
};

/** Of a chat, of a member there, or of a member in all chats. */
export type HistoryFilter =
  | {
      readonly chatKey: string;
      readonly memberId?: string;
      /** Only pictures with smaller numbers: paging. */
      readonly beforeNumber?: number;
      readonly limit: number;
    }
  | { readonly chatKey?: undefined; readonly memberId: string; readonly limit: number };

/** Exponentially weighted cost of one backend, in measured ms. */
export interface Speed {
  readonly perMegapixelStepMs: number;
  readonly runs: number;
}
