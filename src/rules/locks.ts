import type { NewDecision } from "../domain/decision.ts";
import type { JobState } from "../domain/job.ts";
import type { Answer } from "../ports/sql.ts";
import { personsOf } from "./accounts.ts";
import { STATE, WAITS } from "./job-states.ts";
import { all, effect, one, PersonMoved, run, type Tx } from "./transaction.ts";

/**
 * What is locked before it is decided about, in this order in every transaction, or two wait for each other for ever. The
 * rest (pictures, messages owed, blocks) comes after them and needs none: its rows hang on one that is locked.
 */
const ORDER = ["update", "decision", "slot", "job", "spend window", "bucket", "document"] as const;

/** A wrong order fails in every test that comes this way, not once a week in a deadlock. Each once, with all its keys. */
function inOrder(tx: Tx, what: (typeof ORDER)[number]): void {
  const rank = ORDER.indexOf(what);
  if (rank <= tx.reached) throw new Error(`lock order: ${what} after ${ORDER[tx.reached] ?? "all locks"}`);
  tx.reached = rank;
}

const takeUpdate = run<[updateId: string, nowMs: number]>(
  "INSERT INTO inbox(update_id, outcome, at_ms) VALUES($1, '', $2) ON CONFLICT(update_id) DO NOTHING",
);
// Where a row can be absent there is nothing to lock: a row of its own is made, which says nothing.
const take = effect<[key: string]>(
  "INSERT INTO row_lock(key) VALUES($1) ON CONFLICT(key) DO UPDATE SET key = excluded.key",
);
const jobLocked = one<LockedJob, [jobId: string]>(
  `SELECT job_id AS "jobId", lane, member_id AS "memberId", ${STATE} AS state, attempt FROM job WHERE job_id = $1 FOR NO KEY UPDATE`,
);
const chatLocked = all<{ readonly jobId: string }, [chatKey: string]>(
  `SELECT job_id AS "jobId" FROM job WHERE chat_key = $1 ORDER BY job_id FOR NO KEY UPDATE`,
);
// One that another transaction has in its hands is passed over.
const waitingLocked = one<NextJob, [lane: string]>(
  `SELECT job_id AS "jobId", tag, seq FROM job WHERE lane = $1 AND ${WAITS}
   ORDER BY tag, seq LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED`,
);
const lapsedLocked = one<NextJob, [lane: string, nowMs: number]>(
  `SELECT job_id AS "jobId", tag, seq FROM job WHERE lane = $1 AND state = 'running' AND lease_until_ms <= $2
   ORDER BY tag, seq LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED`,
);

export interface LockedJob {
  readonly jobId: string;
  readonly lane: string;
  readonly memberId: string;
  readonly state: JobState;
  readonly attempt: number;
}

interface NextJob {
  readonly jobId: string;
  readonly tag: number;
  readonly seq: number;
}

/** One order for all: two pairs never wait crosswise. `undefined`: nothing to wait for. */
function lockKeys(
  tx: Tx,
  what: "decision" | "slot" | "spend window" | "bucket" | "document",
  keys: readonly string[],
): Promise<void> | undefined {
  inOrder(tx, what);
  return tx.oneWriter
    ? undefined
    : takeAll(
        tx,
        [...new Set(keys)].toSorted().map((key) => `${what} ${key}`),
      );
}
async function takeAll(tx: Tx, keys: readonly string[]): Promise<void> {
  for (const key of keys) await take(tx, key);
}

/** Another delivery of it waits here until this one is decided. */
export function lockUpdate(tx: Tx, updateId: string, nowMs: number): Answer<number> | undefined {
  inOrder(tx, "update");
  return tx.oneWriter ? undefined : takeUpdate(tx, updateId, nowMs);
}

/** By `decisionKeys`, `decisionsOfChatKey` and `meetingKey`. */
export const lockDecisions = (tx: Tx, keys: readonly string[]) => lockKeys(tx, "decision", keys);
/** Those of a kind about one job share a lock: two that open one meet in it. */
export const decisionKeys = ({
  decisionId,
  kind,
  subjectJobId,
  meetingId,
}: Pick<NewDecision, "decisionId" | "kind" | "subjectJobId" | "meetingId">): readonly string[] => [
  subjectJobId === undefined ? decisionId : `${kind} ${subjectJobId}`,
  ...(meetingId === undefined ? [] : [meetingKey(meetingId)]),
];
/** A meeting is locked along with what is decided in it, so that who comes in and what is chosen find both as they are. */
export const meetingKey = (meetingId: string): string => `meeting ${meetingId}`;
/** Whoever counts the open ones of a chat, opens a meeting there, or moves them. */
export const decisionsOfChatKey = (chatKey: string): string => `chat ${chatKey}`;

/** Whoever takes a slot at a device, or a place in the line before it. */
export const lockSlotsAt = (tx: Tx, device: string) => lockKeys(tx, "slot", [device]);

export async function lockJob(tx: Tx, jobId: string): Promise<LockedJob | undefined> {
  inOrder(tx, "job");
  return jobLocked(tx, jobId);
}

/** Those that are there. */
export async function lockJobs(tx: Tx, jobIds: readonly string[]): Promise<ReadonlyMap<string, LockedJob>> {
  inOrder(tx, "job");
  const found = new Map<string, LockedJob>();
  for (const jobId of [...new Set(jobIds)].toSorted()) {
    const job = await jobLocked(tx, jobId);
    if (job) found.set(jobId, job);
  }
  return found;
}

export async function lockJobsOfChat(tx: Tx, chatKey: string): Promise<void> {
  inOrder(tx, "job");
  if (!tx.oneWriter) await chatLocked(tx, chatKey);
}

/** The next of its lane: the lowest tag of those that wait and those whose lease has ended. */
export async function lockNextJob(tx: Tx, lane: string, nowMs: number): Promise<NextJob | undefined> {
  inOrder(tx, "job");
  const [lapsed, waiting] = await Promise.all([lapsedLocked(tx, lane, nowMs), waitingLocked(tx, lane)]);
  if (!lapsed || !waiting) return lapsed ?? waiting;
  return lapsed.tag < waiting.tag || (lapsed.tag === waiting.tag && lapsed.seq < waiting.seq) ? lapsed : waiting;
}

/** Before their sums are read. */
export const lockSpendWindows = (tx: Tx, keys: readonly string[]) => lockKeys(tx, "spend window", keys);

/** By the persons who ask for them: two of one are counted one after the other. */
export const lockDocumentsOf = (tx: Tx, personId: string) => lockKeys(tx, "document", [personId]);

/**
 * Of all members of one transaction at once: those of the persons they are, which this tells. Whoever joins or parts accounts locks
 * the buckets of all persons that this touches, so a person holds still as long as its bucket is locked.
 *
 * @throws PersonMoved when somebody was joined or parted while we waited
 */
export async function lockBuckets(tx: Tx, memberIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { persons } = await lockBucketsAnd(tx, memberIds, async () => undefined);
  return persons;
}

/**
 * The same, and what is read of them behind the locks, along with who they are by then.
 *
 * @param read asks at once all that it asks
 * @throws PersonMoved as `lockBuckets`: what was read is of persons who are others by now
 */
export async function lockBucketsAnd<T>(
  tx: Tx,
  memberIds: readonly string[],
  read: (persons: ReadonlyMap<string, string>) => Promise<T>,
): Promise<{ readonly persons: ReadonlyMap<string, string>; readonly found: T }> {
  const persons = await personsOf(tx, memberIds);
  await lockKeys(tx, "bucket", [...persons.values()]);
  if (tx.oneWriter) return { persons, found: await read(persons) };
  const [now, found] = await Promise.all([personsOf(tx, memberIds), read(persons)]);
  for (const [memberId, person] of persons) if (now.get(memberId) !== person) throw new PersonMoved();
  return { persons, found };
}
