import type { HoldReason, WithheldState } from "../domain/withheld.ts";
import type { Held, Hidden, HidePress, ModerationStep, Ruled, Ruling } from "../ports/moderation.ts";
import { accountsOf } from "./accounts.ts";
import { wantsOriginals } from "./jobs.ts";
import { refundPaid } from "./ledger.ts";
import { lockJob } from "./locks.ts";
import { changedEverywhere, meetingPicturesChanged, oweOriginal } from "./outbox.ts";
import { picturesOf } from "./pictures.ts";
import { parseHoldReason, parseOutcome, pictureBody } from "./rows.ts";
import { all, effect, number, one, type Tx } from "./transaction.ts";

// What waits for a moderator. Its job is locked whenever it changes: two who decide come one after the other.

const insertHeld = effect<[jobId: string, why: string, sinceMs: number]>(
  "INSERT INTO withheld(job_id, state, why, since_ms) VALUES($1, 'held', $2, $3)",
);
const takeAway = effect<[jobId: string, nowMs: number, byName: string]>(
  "UPDATE picture SET deleted_at_ms = $2, deleted_by = $3 WHERE job_id = $1",
);
const bringBack = effect<[jobId: string]>(
  "UPDATE picture SET deleted_at_ms = NULL, deleted_by = NULL WHERE job_id = $1",
);
type NewStep = [jobId: string, verb: string, byMemberId: string, byName: string, atMs: number];
const noteStep = effect<NewStep>(
  `INSERT INTO moderation_step(job_id, verb, by_member_id, by_name, at_ms, number)
   SELECT $1, $2, $3, $4, CAST($5 AS BIGINT), min(number) FROM picture WHERE job_id = $1`,
);

/** From now on nobody is shown it. The job is locked. */
async function hold(
  tx: Tx,
  jobId: string,
  why: HoldReason,
  since: { readonly byName: string; readonly nowMs: number },
): Promise<void> {
  await insertHeld(tx, jobId, JSON.stringify(why), since.nowMs);
  await takeAway(tx, jobId, since.nowMs, since.byName);
}

/** Of pictures that come with the end of their job. */
export async function holdMade(tx: Tx, jobId: string, why: HoldReason, nowMs: number): Promise<void> {
  await hold(tx, jobId, why, { byName: "", nowMs });
  await noteStep(tx, jobId, "hold", "", "", nowMs);
}

const stateOf = one<{ readonly state: WithheldState }, [jobId: string]>("SELECT state FROM withheld WHERE job_id = $1");
const insertPress = effect<[jobId: string, memberId: string]>(
  "INSERT INTO hide_press(job_id, member_id) VALUES($1, $2)",
);
const pressers = all<{ readonly memberId: string }, [jobId: string]>(
  `SELECT member_id AS "memberId" FROM hide_press WHERE job_id = $1`,
);
/** By whichever account, whenever those were joined. */
async function hasPressed(tx: Tx, jobId: string, memberId: string): Promise<boolean> {
  const accounts = await accountsOf(tx, memberId);
  return (await pressers(tx, jobId)).some((each) => accounts.includes(each.memberId));
}
const presses = number<[jobId: string]>("SELECT count(*) AS n FROM hide_press WHERE job_id = $1");
const inSight = number<[jobId: string]>(
  "SELECT count(*) AS n FROM picture WHERE job_id = $1 AND deleted_at_ms IS NULL",
);

/** See `Moderation.hide`. */
export async function hide(tx: Tx, { jobId, by, needed, nowMs }: HidePress): Promise<Hidden> {
  await lockJob(tx, jobId);
  const before = await stateOf(tx, jobId);
  if (before?.state === "approved") return { is: "approved" };
  // Run again after a commit that was not heard of it is out of sight by this press, or counted before: either is an answer.
  if ((await inSight(tx, jobId)) === 0) return tx.again ? { is: "hidden", presses: await presses(tx, jobId) } : KNOWN;
  const pressed = await hasPressed(tx, jobId, by.id);
  if (!pressed) await insertPress(tx, jobId, by.id);
  const so = await presses(tx, jobId);
  // Fewer may be needed by now: whoever keeps order since then is enough.
  if (pressed && so < needed) return tx.again ? { is: "counted", presses: so } : KNOWN;
  await noteStep(tx, jobId, "hide", by.id, by.name, nowMs);
  if (so < needed) return { is: "counted", presses: so };
  await hold(tx, jobId, { kind: "hidden", presses: so }, { byName: by.name, nowMs });
  await changedEverywhere(tx, jobId);
  await meetingPicturesChanged(tx, jobId);
  return { is: "hidden", presses: so };
}
const KNOWN: Hidden = { is: "known" };

type Rule = [jobId: string, state: string, reason: string | null, returnedGpuMs: number | null];
const rule = effect<Rule>("UPDATE withheld SET state = $2, reason = $3, returned_gpu_ms = $4 WHERE job_id = $1");
const ruledBy = one<
  { readonly returnedGpuMs: number | null },
  [jobId: string, verb: string, byMemberId: string, atMs: number]
>(
  `SELECT w.returned_gpu_ms AS "returnedGpuMs" FROM withheld w JOIN moderation_step s ON s.job_id = w.job_id
   WHERE w.job_id = $1 AND s.verb = $2 AND s.by_member_id = $3 AND s.at_ms = $4 LIMIT 1`,
);

/** See `Moderation.decideHeld`. */
export async function decideHeld(tx: Tx, ruling: Ruling): Promise<Ruled | undefined> {
  const { jobId, state, by, reason, nowMs } = ruling;
  await lockJob(tx, jobId);
  if ((await stateOf(tx, jobId))?.state !== "held") {
    const earlier = tx.again ? await ruledBy(tx, jobId, state, by.id, nowMs) : undefined;
    return earlier && { returnedGpuMs: earlier.returnedGpuMs ?? 0 };
  }
  const returnedGpuMs = state === "refused" ? await refunded(tx, jobId, nowMs) : 0;
  await rule(tx, jobId, state, reason ?? null, state === "refused" ? returnedGpuMs : null);
  await noteStep(tx, jobId, state, by.id, by.name, nowMs);
  if (state === "approved") await shown(tx, jobId);
  else await takeAway(tx, jobId, nowMs, by.name);
  await changedEverywhere(tx, jobId);
  await meetingPicturesChanged(tx, jobId);
  return { returnedGpuMs };
}

/** As if it had just been made. */
async function shown(tx: Tx, jobId: string): Promise<void> {
  await bringBack(tx, jobId);
  const [alone, ...others] = await picturesOf(tx, jobId);
  if (alone && others.length === 0 && (await wantsOriginals(tx, jobId))) await oweOriginal(tx, jobId, alone.index);
}

const outcomeOf = one<{ readonly outcome: string | null }, [jobId: string]>(
  "SELECT outcome FROM job WHERE job_id = $1",
);
const setOutcome = effect<[jobId: string, outcome: string]>("UPDATE job SET outcome = $2 WHERE job_id = $1");
/** What the job says it cost stays exactly what its holders paid: nothing. */
async function refunded(tx: Tx, jobId: string, nowMs: number): Promise<number> {
  const returnedGpuMs = await refundPaid(tx, jobId, nowMs);
  const row = await outcomeOf(tx, jobId);
  if (row?.outcome == null) return returnedGpuMs;
  const { receipts: _paid, ...outcome } = parseOutcome(row.outcome);
  await setOutcome(tx, jobId, JSON.stringify({ ...outcome, usedGpuMs: 0 }));
  return returnedGpuMs;
}

interface HeldRow {
  readonly jobId: string;
  readonly number: number;
  readonly lastNumber: number;
  readonly memberId: string;
  readonly body: string;
  readonly why: string;
  readonly sinceMs: number;
}
const heldRows = all<HeldRow, [chatKey: string, limit: number]>(
  `SELECT w.job_id AS "jobId", w.why AS why, w.since_ms AS "sinceMs", min(p.number) AS number, max(p.number) AS "lastNumber",
   min(p.member_id) AS "memberId", min(p.body) AS body FROM withheld w JOIN picture p ON p.job_id = w.job_id
   WHERE w.state = 'held' AND p.chat_key = $1 GROUP BY w.job_id, w.why, w.since_ms ORDER BY w.since_ms, w.job_id LIMIT $2`,
);
export const heldIn = async (tx: Tx, chatKey: string, limit: number): Promise<readonly Held[]> =>
  (await heldRows(tx, chatKey, limit)).map(({ memberId, body, why, ...row }) => ({
    ...row,
    member: { id: memberId, name: pictureBody.parse(body).memberName },
    why: parseHoldReason(why),
  }));

// Its number as it is now, and of what is gone as it was: the rows of what was refused go after minutes.
const stepRows = all<ModerationStep, [chatKey: string, limit: number]>(
  `SELECT s.verb AS verb, coalesce((SELECT min(p.number) FROM picture p WHERE p.job_id = s.job_id), s.number, 0) AS number,
   s.by_name AS "byName", s.at_ms AS "atMs" FROM moderation_step s JOIN job j ON j.job_id = s.job_id
   WHERE j.chat_key = $1 ORDER BY s.seq DESC LIMIT $2`,
);
export const moderationSteps = async (tx: Tx, chatKey: string, limit: number): Promise<readonly ModerationStep[]> =>
  (await stepRows(tx, chatKey, limit)).map((row) => ({ ...row }));
