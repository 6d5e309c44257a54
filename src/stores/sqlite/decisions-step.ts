import { decisionIdOf } from "../../domain/ids.ts";
import type { Database } from "./database.ts";

/**
 * A ballot about another take was a table of its own; it becomes one kind of decision among others, under an id that follows from
 * its job. And what is owed to a chat belongs to a job or to a decision.
 */
export function decisionsForBallots(db: Database): void {
  db.exec(TABLES);
  const ballots =
    db.query<BallotRow>(`SELECT b.subject_job_id AS jobId, b.votes_needed AS needed, b.closes_at_ms AS closesAtMs,
    b.state AS state, b.started_job_id AS startedJobId, j.chat_key AS chatKey, j.member_id AS memberId,
    coalesce(j.community_key, j.chat_key) AS settingsKey, coalesce(j.ended_at_ms, b.closes_at_ms) AS endedAtMs,
    j.body ->> '$.target.place' AS place, j.body ->> '$.memberName' AS memberName
    FROM ballot b JOIN job j ON j.job_id = b.subject_job_id ORDER BY j.seq`);
  const votes = db.query<VoteRow>(
    "SELECT member_id AS memberId, name, allowance FROM vote WHERE subject_job_id = ? ORDER BY place",
  );
  const putDecision = db.query(`INSERT INTO decision(decision_id, kind, chat_key, settings_key, subject_job_id, state,
    opened_at_ms, closes_at_ms, ended_at_ms, outcome, body) VALUES(?, 'reroll', ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const putVote = db.query(`INSERT INTO decision_vote(decision_id, member_id, name, choices, at_ms, allowance)
    VALUES(?, ?, ?, 'aye', ?, ?)`);
  for (const ballot of ballots.all()) {
    const { jobId, chatKey, settingsKey, state, closesAtMs } = ballot;
    const cast = votes.all(jobId);
    const decisionId = decisionIdOf(`ballot ${jobId}`);
    // When it was opened nobody noted: after its picture was there, and before it closes.
    const openedAtMs = Math.min(ballot.endedAtMs, closesAtMs);
    const body = JSON.stringify(bodyOf(ballot, { decisionId, openedAtMs, first: cast[0] }));
    const outcome = state === "open" ? null : JSON.stringify(outcomeOf(ballot, cast.length));
    const endedAtMs = state === "open" ? null : closesAtMs;
    putDecision.run(decisionId, chatKey, settingsKey, jobId, state, openedAtMs, closesAtMs, endedAtMs, outcome, body);
    for (const { memberId, name, allowance } of cast) putVote.run(decisionId, memberId, name, openedAtMs, allowance);
  }
  db.exec("DROP TABLE vote; DROP TABLE ballot;");
}

interface BallotRow {
  readonly jobId: string;
  readonly needed: number;
  readonly closesAtMs: number;
  readonly state: "open" | "passed" | "closed";
  readonly startedJobId: string | null;
  readonly chatKey: string;
  readonly settingsKey: string;
  readonly memberId: string;
  readonly memberName: string;
  readonly endedAtMs: number;
  readonly place: string;
}

interface VoteRow {
  readonly memberId: string;
  readonly name: string;
  readonly allowance: string | null;
}

const bodyOf = (
  { jobId, needed, closesAtMs, memberId, memberName, place }: BallotRow,
  made: { readonly decisionId: string; readonly openedAtMs: number; readonly first: VoteRow | undefined },
) => ({
  decisionId: made.decisionId,
  kind: "reroll",
  place: JSON.parse(place) as unknown,
  subjectJobId: jobId,
  options: [{ id: "aye" }],
  rule: { method: "quorum", needed, maxChoices: 1, visibility: "live", who: "everyone", spends: true },
  openedBy: made.first ? { id: made.first.memberId, name: made.first.name } : { id: memberId, name: memberName },
  openedAtMs: made.openedAtMs,
  closesAtMs,
  round: 1,
});

const outcomeOf = ({ state, startedJobId }: BallotRow, voted: number) => ({
  winners: state === "passed" ? ["aye"] : [],
  counts: { aye: voted },
  voted,
  tie: false,
  closed: { by: state === "passed" ? "votes" : "deadline" },
  ...(startedJobId === null ? {} : { startedJobId }),
});

const TABLES = `
  -- settings_key: as of the chat's community where it has one. remind_at_ms: absent once it was done, or where it is not.
  -- votes_tag: another one with each change of its votes; '' says nothing.
  CREATE TABLE decision(
    seq INTEGER PRIMARY KEY,
    decision_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('reroll','pick','proposal','spend')),
    chat_key TEXT NOT NULL,
    settings_key TEXT NOT NULL,
    subject_job_id TEXT REFERENCES job(job_id),
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open','passed','closed')),
    opened_at_ms INTEGER NOT NULL,
    closes_at_ms INTEGER NOT NULL,
    remind_at_ms INTEGER,
    ended_at_ms INTEGER,
    won_image_id TEXT,
    votes_tag TEXT NOT NULL DEFAULT '',
    outcome TEXT,
    body TEXT NOT NULL) STRICT;
  CREATE INDEX decision_open ON decision(chat_key, seq) WHERE state = 'open';
  CREATE INDEX decision_subject ON decision(subject_job_id, kind, seq) WHERE subject_job_id IS NOT NULL;
  CREATE INDEX decision_won ON decision(chat_key, ended_at_ms) WHERE won_image_id IS NOT NULL;

  -- One row an account; accounts of one person count once. choices: ids of options with commas between them. allowance: what the
  -- voter may spend, as their roles were when they voted; JSON, absent for votes from before.
  CREATE TABLE decision_vote(
    seq INTEGER PRIMARY KEY,
    decision_id TEXT NOT NULL REFERENCES decision(decision_id),
    member_id TEXT NOT NULL,
    name TEXT NOT NULL,
    choices TEXT NOT NULL,
    reason TEXT,
    at_ms INTEGER NOT NULL,
    allowance TEXT,
    UNIQUE(decision_id, member_id)) STRICT;

  -- owner_id: of a job, or of a decision.
  CREATE TABLE outbox_4(
    seq INTEGER PRIMARY KEY,
    owner_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('job','wait','pick0','pick1','pick2','pick3','file0','file1','file2','file3',
      'decision','reminder')),
    revision INTEGER NOT NULL DEFAULT 1,
    posted_revision INTEGER NOT NULL DEFAULT 0,
    abandoned INTEGER NOT NULL DEFAULT 0,
    not_before_ms INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    message TEXT,
    by_name TEXT,
    by_member_id TEXT,
    platform TEXT,
    chat_id TEXT,
    message_id TEXT,
    UNIQUE(owner_id, kind)) STRICT;
  INSERT INTO outbox_4 SELECT seq, job_id, kind, revision, posted_revision, abandoned, not_before_ms, failures, message,
    by_name, by_member_id, platform, chat_id, message_id FROM outbox;
  DROP TABLE outbox;
  ALTER TABLE outbox_4 RENAME TO outbox;
  CREATE INDEX outbox_owed ON outbox(seq, not_before_ms) WHERE abandoned = 0 AND revision > posted_revision;
  CREATE INDEX outbox_message ON outbox(message_id, chat_id) WHERE message_id IS NOT NULL;`;
