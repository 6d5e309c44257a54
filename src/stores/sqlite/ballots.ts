import type { Allowance } from "../../domain/ledger.ts";
import type { Ballot } from "../../ports/store.ts";
import { parseAllowance } from "../shared/rows.ts";
import type { Database } from "./database.ts";

interface BallotRow {
  readonly votesNeeded: number;
  readonly closesAtMs: number;
  readonly state: Ballot["state"];
  readonly startedJobId: string | null;
}

type Voter = Ballot["voters"][number];

export type Ballots = ReturnType<typeof ballotsOf>;

/** One ballot per subject. It may be closed and opened again, but it passes once for ever. */
export function ballotsOf(db: Database) {
  const select = db.query<BallotRow>(
    `SELECT votes_needed AS votesNeeded, closes_at_ms AS closesAtMs, state, started_job_id AS startedJobId
     FROM ballot WHERE subject_job_id = ?`,
  );
  const voters = db.query<Voter>(
    "SELECT member_id AS memberId, name FROM vote WHERE subject_job_id = ? ORDER BY place",
  );
  const open = db.query(
    `INSERT INTO ballot(subject_job_id, votes_needed, closes_at_ms, state) VALUES(?, ?, ?, 'open')
     ON CONFLICT(subject_job_id) DO UPDATE SET votes_needed = excluded.votes_needed, closes_at_ms = excluded.closes_at_ms,
     state = 'open'`,
  );
  const clear = db.query("DELETE FROM vote WHERE subject_job_id = ?");
  const add = db.query(
    `INSERT INTO vote(subject_job_id, member_id, name, place, allowance)
     SELECT ?1, ?2, ?3, coalesce(max(place), 0) + 1, ?4 FROM vote WHERE subject_job_id = ?1`,
  );
  const allowances = db.query<{ readonly memberId: string; readonly allowance: string | null }>(
    "SELECT member_id AS memberId, allowance FROM vote WHERE subject_job_id = ?",
  );
  const take = db.query("DELETE FROM vote WHERE subject_job_id = ? AND member_id = ?");
  // Of one chat or community, or of all.
  const takeOpen = db.query<{ readonly subjectJobId: string }>(
    `DELETE FROM vote WHERE member_id = ?1 AND subject_job_id IN (
       SELECT subject_job_id FROM ballot JOIN job ON job.job_id = ballot.subject_job_id
       WHERE ballot.state = 'open' AND (?2 IS NULL OR coalesce(community_key, chat_key) = ?2))
     RETURNING subject_job_id AS subjectJobId`,
  );
  const pass = db.query("UPDATE ballot SET state = 'passed', started_job_id = ? WHERE subject_job_id = ?");
  const close = db.query<{ readonly subjectJobId: string }>(
    "UPDATE ballot SET state = 'closed' WHERE state = 'open' AND closes_at_ms <= ? RETURNING subject_job_id AS subjectJobId",
  );

  const ballot = (subjectJobId: string, nowMs: number): Ballot | undefined => {
    const row = select.get(subjectJobId);
    if (!row) return undefined;
    const { startedJobId, ...rest } = row;
    return {
      subjectJobId,
      ...rest,
      // Nobody has swept yet: the deadline counts all the same.
      state: row.state === "open" && row.closesAtMs <= nowMs ? "closed" : row.state,
      voters: voters.all(subjectJobId).map((voter) => ({ ...voter })),
      ...(startedJobId === null ? {} : { startedJobId }),
    };
  };

  return {
    ballot,
    /** The ballot to vote on now: a new round when there is none, it has closed, or nobody's vote is left in it. */
    current(subjectJobId: string, votesNeeded: number, closesAtMs: number, nowMs: number): Ballot {
      const found = ballot(subjectJobId, nowMs);
      if (found?.state === "passed" || (found?.state === "open" && found.voters.length > 0)) return found;
      clear.run(subjectJobId);
      open.run(subjectJobId, votesNeeded, closesAtMs);
      return { subjectJobId, votesNeeded, closesAtMs, voters: [], state: "open" };
    },
    add(subjectJobId: string, voter: Voter, allowance: Allowance): void {
      add.run(subjectJobId, voter.memberId, voter.name, JSON.stringify(allowance));
    },
    /** What each voter may spend; those who voted before it was kept are not in it. */
    allowances: (subjectJobId: string): ReadonlyMap<string, Allowance> =>
      new Map(
        allowances
          .all(subjectJobId)
          .flatMap(({ memberId, allowance }) =>
            allowance === null ? [] : [[memberId, parseAllowance(allowance)] as const],
          ),
      ),
    take(subjectJobId: string, memberId: string): void {
      take.run(subjectJobId, memberId);
    },
    /** Of this member's votes, those that have not led to anything yet. Which subjects' ballots that changed. */
    takeOpen: (memberId: string, settingsKey: string | undefined): readonly string[] =>
      takeOpen.all(memberId, settingsKey ?? null).map((row) => row.subjectJobId),
    pass(subjectJobId: string, startedJobId: string): void {
      pass.run(startedJobId, subjectJobId);
    },
    /** Which subjects' ballots this closed. */
    close: (nowMs: number): readonly string[] => close.all(nowMs).map((row) => row.subjectJobId),
  };
}
