import type { Ballot, VoteInput, VoteResult } from "../ports/store.ts";
import { addVote, allowancesOf, ballotOn, openAnew, pass, takeVote } from "./ballots.ts";
import { note, payment, paymentShort, start, takeUpdate } from "./intake.ts";
import { shortOf } from "./ledger.ts";
import { lockBallots } from "./locks.ts";
import { changed } from "./outbox.ts";
import type { Tx } from "./transaction.ts";

/** See `Store.vote`. */
export async function vote(tx: Tx, input: VoteInput): Promise<VoteResult> {
  const { updateId, subjectJobId, nowMs } = input;
  const before = await takeUpdate(tx, updateId, nowMs);
  await lockBallots(tx, [subjectJobId]);
  if (before) return { status: "known", ballot: await ballotOf(tx, subjectJobId, nowMs) };
  await note(tx, updateId, { did: "voted", subjectJobId }, nowMs);
  return cast(tx, input);
}

async function cast(tx: Tx, input: VoteInput): Promise<VoteResult> {
  const { subjectJobId, member, nowMs } = input;
  const current = await currentBallot(tx, input);
  if (current.state === "passed") return { status: "over", ballot: current };
  const again = current.voters.some(({ memberId }) => memberId === member.memberId);
  if (again) await takeVote(tx, subjectJobId, member.memberId);
  else await addVote(tx, subjectJobId, member, input.allowance);
  const ballot = await ballotOf(tx, subjectJobId, nowMs);
  const result: VoteResult = again
    ? { status: "taken_back", ballot }
    : ballot.voters.length < ballot.votesNeeded
      ? { status: "counted", ballot }
      : await complete(tx, input, ballot.voters);
  // Last: whoever notes that this message was sent waits for nothing else.
  await changed(tx, subjectJobId);
  return result;
}

async function ballotOf(tx: Tx, subjectJobId: string, nowMs: number): Promise<Ballot> {
  const ballot = await ballotOn(tx, subjectJobId, nowMs);
  if (!ballot) throw new Error(`job ${subjectJobId} has no ballot`);
  return ballot;
}

/** The ballot to vote on now: a new round when there is none, it has closed, or nobody's vote is left in it. */
async function currentBallot(tx: Tx, input: VoteInput): Promise<Ballot> {
  const { subjectJobId, votesNeeded, closesAtMs, nowMs } = input;
  const found = await ballotOn(tx, subjectJobId, nowMs);
  if (found?.state === "passed" || (found?.state === "open" && found.voters.length > 0)) return found;
  const ballot = { subjectJobId, votesNeeded, closesAtMs };
  await openAnew(tx, ballot);
  return { ...ballot, voters: [], state: "open" };
}

/** Enough votes: the job, or the ballot goes on without the votes of those who cannot pay, or without this one. */
async function complete(tx: Tx, input: VoteInput, voters: Ballot["voters"]): Promise<VoteResult> {
  const { subjectJobId, member, allowance, nowMs } = input;
  const { job: newJob, shares } = input.whenPassed(voters);
  const known = await allowancesOf(tx, subjectJobId);
  const paid = await payment(tx, newJob, shares, {
    ...input,
    allowanceOf: (memberId) => known.get(memberId) ?? allowance,
  });
  const short = shortOf(paid).map(({ memberId }) => memberId);
  if (short.length > 0) {
    for (const memberId of short) await takeVote(tx, subjectJobId, memberId);
    const names = short.map((id) => voters.find(({ memberId }) => memberId === id)?.name ?? id);
    return { status: "unpaid", ballot: await ballotOf(tx, subjectJobId, nowMs), names };
  }
  const why = await paymentShort(tx, paid, input.spendCapGpuMs);
  if (why) {
    await takeVote(tx, subjectJobId, member.memberId);
    return { status: "pot_used", ballot: await ballotOf(tx, subjectJobId, nowMs), why };
  }
  const job = await start(tx, newJob, paid);
  await pass(tx, subjectJobId, job.jobId);
  return { status: "passed", ballot: await ballotOf(tx, subjectJobId, nowMs), job };
}
