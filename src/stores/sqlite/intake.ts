import type { Job, NewJob } from "../../domain/job.ts";
import type { Share } from "../../domain/ledger.ts";
import { settingsKeyOf } from "../../domain/place.ts";
import type { AcceptInput, AcceptRefusal, AcceptResult, Ballot, VoteInput, VoteResult } from "../../ports/store.ts";
import { type InboxOutcome, parseInbox } from "../shared/rows.ts";
import type { Ballots } from "./ballots.ts";
import type { Database } from "./database.ts";
import type { AllowanceOf, Ledger } from "./ledger.ts";
import type { Outbox } from "./outbox.ts";
import type { Queue } from "./queue.ts";

export interface Parts {
  readonly ledger: Ledger;
  readonly queue: Queue;
  readonly outbox: Outbox;
  readonly ballots: Ballots;
}

/** Commands and votes: what an update leads to, once. Each call runs inside one transaction of its caller. */
export function intakeOf(db: Database, parts: Parts) {
  const { ledger, queue, outbox, ballots } = parts;
  const select = db.query<{ readonly outcome: string }>("SELECT outcome FROM inbox WHERE update_id = ?");
  const insert = db.query("INSERT INTO inbox VALUES(?, ?, ?)");
  const sweep = db.query("DELETE FROM inbox WHERE at_ms < ?");

  const seen = (updateId: string): InboxOutcome | undefined => {
    const row = select.get(updateId);
    return row && parseInbox(row.outcome);
  };
  const note = (updateId: string, outcome: InboxOutcome, nowMs: number) =>
    insert.run(updateId, JSON.stringify(outcome), nowMs);

  const spendKeyOf = (job: NewJob) => settingsKeyOf(job.target.place);
  /** Of the chat first, then of the address. */
  const spendShort = (job: NewJob, shares: readonly Share[], input: AcceptInput | VoteInput) => {
    const { spendCapGpuMs, addressCeiling, nowMs } = input;
    const neededGpuMs = shares.reduce((sum, { gpuMs }) => sum + gpuMs, 0);
    const here =
      spendCapGpuMs === undefined ? undefined : ledger.spendShort(spendKeyOf(job), neededGpuMs, spendCapGpuMs, nowMs);
    return here ?? (addressCeiling && ledger.addressShort(addressCeiling, neededGpuMs, nowMs));
  };
  const start = (
    newJob: NewJob,
    shares: readonly Share[],
    allowanceOf: AllowanceOf,
    { addressCeiling, nowMs }: AcceptInput | VoteInput,
  ): Job => {
    const job = queue.enqueue(newJob);
    const ceiling = addressCeiling ? { ceiling: addressCeiling } : {};
    ledger.hold({ jobId: job.jobId, spendKey: spendKeyOf(newJob), ...ceiling }, shares, allowanceOf, nowMs);
    outbox.placeholder(job.jobId);
    return job;
  };
  const known = (jobId: string): Job => {
    const job = queue.job(jobId);
    if (!job) throw new Error(`accepted job ${jobId} is missing`);
    return job;
  };
  const refusal = (input: AcceptInput): AcceptRefusal | undefined => {
    const { job, shares, allowance, maxOpenPerMember, nowMs } = input;
    const open = queue.openOf(job.memberId);
    if (open >= maxOpenPerMember) return { code: "queue_full", open };
    const [first] = ledger.short(shares, () => allowance, nowMs);
    if (!first) return spendShort(job, shares, input);
    const { memberId, gpuMs } = first;
    return { code: "quota_used", memberId, neededGpuMs: gpuMs, account: ledger.account(memberId, allowance, nowMs) };
  };

  const ballotOf = (subjectJobId: string, nowMs: number): Ballot => {
    const ballot = ballots.ballot(subjectJobId, nowMs);
    if (!ballot) throw new Error(`job ${subjectJobId} has no ballot`);
    return ballot;
  };
  /** Enough votes: the job, or the ballot goes on without the votes of those who cannot pay, or without this one. */
  const complete = (input: VoteInput, voters: Ballot["voters"]): VoteResult => {
    const { subjectJobId, member, nowMs } = input;
    const { job: newJob, shares } = input.whenPassed(voters);
    const known = ballots.allowances(subjectJobId);
    const allowanceOf: AllowanceOf = (memberId) => known.get(memberId) ?? input.allowance;
    const short = new Set(ledger.short(shares, allowanceOf, nowMs).map((share) => share.memberId));
    if (short.size > 0) {
      for (const memberId of short) ballots.take(subjectJobId, memberId);
      const names = [...short].map((id) => voters.find((voter) => voter.memberId === id)?.name ?? id);
      return { status: "unpaid", ballot: ballotOf(subjectJobId, nowMs), names };
    }
    const why = spendShort(newJob, shares, input);
    if (why) {
      ballots.take(subjectJobId, member.memberId);
      return { status: "pot_used", ballot: ballotOf(subjectJobId, nowMs), why };
    }
    const job = start(newJob, shares, allowanceOf, input);
    ballots.pass(subjectJobId, job.jobId);
    return { status: "passed", ballot: ballotOf(subjectJobId, nowMs), job };
  };
  const cast = (input: VoteInput): VoteResult => {
    const { subjectJobId, member, nowMs } = input;
    const before = ballots.current(subjectJobId, input.votesNeeded, input.closesAtMs, nowMs);
    if (before.state === "passed") return { status: "over", ballot: before };
    const again = before.voters.some((voter) => voter.memberId === member.memberId);
    if (again) ballots.take(subjectJobId, member.memberId);
    else ballots.add(subjectJobId, member, input.allowance);
    outbox.changed(subjectJobId);
    const ballot = ballotOf(subjectJobId, nowMs);
    if (again) return { status: "taken_back", ballot };
    return ballot.voters.length < ballot.votesNeeded ? { status: "counted", ballot } : complete(input, ballot.voters);
  };

  return {
    accept(input: AcceptInput): AcceptResult {
      const { updateId, job, nowMs } = input;
      const before = seen(updateId);
      if (before?.did === "refused") return { status: "refused", why: before.why };
      if (before?.did === "accepted") return { status: "known", job: known(before.jobId) };
      if (before) throw new Error(`update ${updateId} was a vote before`);
      // Its inbox row has been swept; the job id derives from the update, so it is the same job.
      const old = queue.job(job.jobId);
      if (old) return { status: "known", job: old };
      const same = queue.same(job);
      if (same) {
        note(updateId, { did: "accepted", jobId: same.jobId }, nowMs);
        return { status: "same", job: same };
      }
      const why = refusal(input);
      note(updateId, why ? { did: "refused", why } : { did: "accepted", jobId: job.jobId }, nowMs);
      if (why) return { status: "refused", why };
      return { status: "accepted", job: start(job, input.shares, () => input.allowance, input) };
    },
    vote(input: VoteInput): VoteResult {
      const { updateId, subjectJobId, nowMs } = input;
      if (seen(updateId)) return { status: "known", ballot: ballotOf(subjectJobId, nowMs) };
      note(updateId, { did: "voted", subjectJobId }, nowMs);
      return cast(input);
    },
    sweep: (beforeMs: number) => sweep.run(beforeMs),
  };
}
