import { AYE, type DecisionRule, type NewDecision } from "../../src/domain/decision.ts";
import { jobIdOf } from "../../src/domain/ids.ts";
import type { Job, NewJob } from "../../src/domain/job.ts";
import { settingsKeyOf } from "../../src/domain/place.ts";
import type { Store } from "../../src/ports/store.ts";
import {
  isFromPot,
  type Press,
  pickIdOf,
  REROLL_ESTIMATE_GPU_MS,
  rerollIdOf,
  rerollSeedOf,
  startedIdOf,
  VOTES_NEEDED,
} from "./presses.ts";
import { CAPACITY_GPU_MS, memberOf, updateIdOf } from "./wire.ts";

const HOURS_MS = 9 * 3_600_000;
const QUORUM: DecisionRule = {
  method: "quorum",
  needed: VOTES_NEEDED,
  maxChoices: 1,
  visibility: "live",
  who: "everyone",
  spends: true,
};
const OF_THREE: DecisionRule = { ...QUORUM, method: "approval", needed: 1, maxChoices: 3, spends: false };

/** What a press does in the store; the update is confirmed when this resolves. */
export async function pressed(store: Store, press: Press, nowMs: number): Promise<void> {
  const job = await store.job(jobIdOf(updateIdOf(press.subject)));
  if (!job) throw new Error(`nothing was made of update ${press.subject}`);
  const updateId = press.id;
  switch (press.does) {
    case "open": {
      const options = [{ id: "1", imageId: `${job.jobId}.0` }, { id: "2" }, { id: "none" }];
      const asked = { decisionId: pickIdOf(press.subject), kind: "pick" as const, options, rule: OF_THREE };
      await store.openDecision({ updateId, decision: aboutJob(job, asked, nowMs), nowMs });
      return;
    }
    case "close": {
      const by = { id: job.memberId, name: job.memberName };
      await store.closeDecision({ updateId, decisionId: pickIdOf(press.subject), by, nowMs });
      return;
    }
    case "give": {
      const memberId = memberOf(press.member);
      const allowance = { capacityGpuMs: CAPACITY_GPU_MS, refillGpuMsPerHour: 0, resetMs: 0 };
      const settingsKey = settingsKeyOf(job.target.place);
      const member = { memberId, name: memberId };
      const { gpuMs } = press;
      await store.give({ updateId, settingsKey, member, gpuMs, allowance, dayCapGpuMs: CAPACITY_GPU_MS, nowMs });
      return;
    }
    case "reroll":
    case "pick": {
      const options = [{ id: AYE }];
      const asked = { decisionId: rerollIdOf(press.subject), kind: "reroll" as const, options, rule: QUORUM };
      const memberId = memberOf(press.member);
      await store.vote({
        updateId,
        on:
          press.does === "reroll" ? { opening: aboutJob(job, asked, nowMs) } : { decisionId: pickIdOf(press.subject) },
        member: { memberId, name: memberId },
        choice: { how: "toggle", optionId: press.option },
        allowance: { capacityGpuMs: CAPACITY_GPU_MS, refillGpuMsPerHour: 0, resetMs: 0 },
        nowMs,
        ...(press.does === "reroll" ? { whenPassed: startedBy(job, press.subject) } : {}),
      });
    }
  }
}

const aboutJob = (
  { jobId, target, memberId, memberName }: Job,
  asked: Pick<NewDecision, "decisionId" | "kind" | "options" | "rule">,
  nowMs: number,
): NewDecision => ({
  ...asked,
  place: target.place,
  subjectJobId: jobId,
  openedBy: { id: memberId, name: memberName },
  openedAtMs: nowMs,
  closesAtMs: nowMs + HOURS_MS,
  round: 1,
});

const startedBy =
  (job: Job, subject: number) => (voters: readonly { readonly memberId: string; readonly name: string }[]) => {
    const started: NewJob = {
      jobId: startedIdOf(subject),
      memberId: job.memberId,
      memberName: job.memberName,
      target: job.target,
      order: { ...job.order, request: { ...job.order.request, seed: rerollSeedOf(subject) } },
      lane: job.lane,
      estimateGpuMs: REROLL_ESTIMATE_GPU_MS,
      estimateMs: job.estimateMs,
      acceptedAtMs: job.acceptedAtMs,
      voterNames: voters.map(({ name }) => name),
      voterIds: voters.map(({ memberId }) => memberId),
    };
    return { job: started, paidBy: isFromPot(subject) ? ("pot" as const) : ("voters" as const) };
  };
