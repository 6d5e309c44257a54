import { AYE, type Decision, type DecisionRule, type NewDecision } from "../../../src/domain/decision.ts";
import { decisionIdOf } from "../../../src/domain/ids.ts";
import type { Job, NewJob, NewPicture } from "../../../src/domain/job.ts";
import type { Allowance } from "../../../src/domain/ledger.ts";
import type { Problem } from "../../../src/domain/problem.ts";
import { type Order, requestOf } from "../../../src/domain/recipe.ts";
import { verbatim } from "../../../src/domain/text.ts";
import type { VoteInput } from "../../../src/ports/decisions.ts";
import type { KeyValues } from "../../../src/ports/key-values.ts";
import type { AcceptInput } from "../../../src/ports/payment.ts";
import {
  type AcceptResult,
  type FinishInput,
  type OutboxKey,
  ownerIdOf,
  type Store,
} from "../../../src/ports/store.ts";

export interface OpenOptions {
  /** The same place opened again shows what was stored there; absent: a fresh one. */
  readonly place?: string;
  readonly nowMs?: () => number;
}
/** The small values belong to the same store: a move takes them along. */
export type OpenedStore = Store & { readonly keyValues: KeyValues };
export type OpenStore = (options: OpenOptions) => Promise<OpenedStore>;

/** What an implementation cannot do, with the reason. */
export interface StoreGaps {
  readonly reopen?: string;
  /** Transactions are run again, so that what they ask is asked more than once. */
  readonly runsAgain?: true;
}

export const T0 = 1_760_000_000_000;
export const HOUR_MS = 3_600_000;
export const LANE = "fake";
export const CHAT = { platform: "web", chatId: "room", group: true } as const;
export const STOPPED: Problem = { code: "cancelled", text: verbatim("Stopped.") };
export const MESSAGE = { place: CHAT, messageId: "m1" };

export const idOf = (text: string): string => text.padEnd(16, "-");

export const allowance = (capacityGpuMs: number, refillGpuMsPerHour = 0, resetMs = 0): Allowance => ({
  capacityGpuMs,
  refillGpuMsPerHour,
  resetMs,
});
export const PLENTY = allowance(1_000_000_000);

export const sampleOrder = (over: Partial<Order> = {}): Order => ({
  request: {
    prompt: "Ready for the march?",
    finalPrompt: "RCA style, Ready for the march?",
    styleId: "rca",
    loraScale: 1,
    guidance: 3,
    trueCfg: 1,
    steps: 28,
    seed: 7,
    widthPx: 832,
    heightPx: 1216,
  },
  count: 1,
  asked: [],
  advice: [],
  seedFrom: "typed",
  ...over,
});

export const sampleJob = (name: string, over: Partial<NewJob> = {}): NewJob => {
  const memberId = over.memberId ?? "web:ana";
  return {
    jobId: idOf(name),
    memberId,
    memberName: memberId.slice(4),
    target: { place: CHAT, memberId, replyToken: "t", replyTokenExpiresAtMs: T0 + 900_000 },
    order: sampleOrder(),
    lane: LANE,
    estimateGpuMs: 10,
    estimateMs: 1_000,
    acceptedAtMs: T0,
    voterNames: [],
    ...over,
  };
};

export interface AcceptOver extends Partial<Omit<AcceptInput, "job">> {
  readonly job?: Partial<NewJob>;
}

/** A job named `name`, paid by its member unless `shares` says otherwise. */
export const acceptInput = (name: string, over: AcceptOver = {}): AcceptInput => {
  const job = sampleJob(name, over.job);
  return {
    updateId: `update ${name}`,
    shares: [{ memberId: job.memberId, gpuMs: job.estimateGpuMs }],
    allowance: PLENTY,
    maxOpenPerMember: 1_000,
    nowMs: T0,
    ...over,
    job,
  };
};

export const accept = (store: Store, name: string, over: AcceptOver = {}): Promise<AcceptResult> =>
  store.accept(acceptInput(name, over));

export const claimed = async (store: Store, nowMs = T0, leaseMs = 60_000): Promise<Job> => {
  const job = await store.claim(LANE, nowMs, leaseMs);
  if (!job) throw new Error("nothing to claim");
  return job;
};

export const picturesFor = (
  job: Pick<Job, "jobId" | "memberId" | "memberName" | "order">,
  over: Partial<NewPicture> = {},
) =>
  Array.from({ length: job.order.count }, (_, index): NewPicture => {
    const request = requestOf(job.order, index);
    return {
      imageId: `${job.jobId}.${index}`,
      jobId: job.jobId,
      index,
      chatKey: "web:room",
      memberId: job.memberId,
      memberName: job.memberName,
      madeAtMs: T0,
      recipe: {
        placard: 1,
        request,
        style: { id: "rca", title: "RCA", triggerWord: "RCA style" },
        backend: LANE,
        model: "fake 1",
        reproducible: true,
        notes: [],
      },
      order: job.order,
      sha256: "00".repeat(32),
      ...over,
    };
  });

export const finish = (store: Store, job: Job, over: Partial<FinishInput> & { readonly usedGpuMs?: number } = {}) => {
  const { usedGpuMs = 10, ...rest } = over;
  return store.finish({
    jobId: job.jobId,
    attempt: job.attempt,
    outcome: { backend: LANE, route: [], usedGpuMs, tookMs: 900 },
    pictures: picturesFor(job),
    nowMs: T0,
    ...rest,
  });
};

/** Accepted, run and posted: a picture people can press buttons under. */
export async function shown(store: Store, name: string, over: AcceptOver = {}): Promise<Job> {
  await accept(store, name, over);
  const job = await claimed(store);
  await finish(store, job);
  await store.posted({ jobId: job.jobId, kind: "job" }, 2, MESSAGE);
  return job;
}

export const QUORUM: DecisionRule = {
  method: "quorum",
  needed: 3,
  maxChoices: 1,
  visibility: "live",
  who: "everyone",
  spends: true,
};

/** A reroll of a job, as its first press opens it. */
export const rerollOf = (subjectJobId: string, by: string, updateId: string, over: Partial<NewDecision> = {}) => ({
  decisionId: decisionIdOf(updateId),
  kind: "reroll" as const,
  place: CHAT,
  subjectJobId,
  options: [{ id: AYE }],
  rule: QUORUM,
  openedBy: { id: `web:${by}`, name: by },
  openedAtMs: T0,
  closesAtMs: T0 + HOUR_MS,
  round: 1 as const,
  ...over,
});

export interface VoteOver extends Partial<VoteInput> {
  readonly votesNeeded?: number;
  readonly closesAtMs?: number;
}

/** One press for another take of a job, which opens the vote about it where none is. */
export function voteInput(
  subjectJobId: string,
  member: string,
  updateId: string,
  { votesNeeded = 3, closesAtMs = T0 + HOUR_MS, ...over }: VoteOver = {},
): VoteInput {
  const opening = rerollOf(subjectJobId, member, updateId, {
    rule: { ...QUORUM, needed: votesNeeded },
    openedAtMs: over.nowMs ?? T0,
    closesAtMs,
  });
  return {
    updateId,
    on: { opening },
    member: { memberId: `web:${member}`, name: member },
    choice: { how: "toggle", optionId: AYE },
    allowance: PLENTY,
    nowMs: T0,
    whenPassed: (voters) => ({
      job: sampleJob(`re ${subjectJobId}`.slice(0, 16), {
        memberId: voters.at(-1)?.memberId ?? "",
        voterNames: voters.map((voter) => voter.name),
        voterIds: voters.map((voter) => voter.memberId),
      }),
    }),
    ...over,
  };
}

/** The newest vote about another take of a job. */
export const ballotOn = (store: Store, subjectJobId: string, nowMs = T0) =>
  store.decisionAbout("reroll", subjectJobId, nowMs);
export const namesIn = (decision: Pick<Decision, "votes"> | undefined) => decision?.votes.map(({ name }) => name);

export const balanceOf = async (store: Store, memberId: string, of: Allowance, nowMs = T0) =>
  (await store.account(memberId, of, nowMs)).bucket.balanceGpuMs;

/** The name of its job; of anything else its id. */
export const ownerIn = (key: OutboxKey): string => key.jobId?.replace(/-+$/, "") ?? ownerIdOf(key);

/** "job", "picture 1", "original 0". */
export const shownAs = (key: OutboxKey): string => ("index" in key ? `${key.kind} ${key.index}` : key.kind);
