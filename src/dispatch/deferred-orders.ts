import { rulesOf } from "../domain/chat-settings.ts";
import type { Job } from "../domain/job.ts";
import { split } from "../domain/ledger.ts";
import { needsApproval, noDirectProblem, spendCapFor, unapprovedProblem } from "../domain/permissions.ts";
import { settingsKeyOf } from "../domain/place.ts";
import type { Problem } from "../domain/problem.ts";
import { sentences, text } from "../domain/text.ts";
import { every } from "../lib/clock.ts";
import { coalesce } from "../lib/coalesce.ts";
import { asError } from "../lib/error.ts";
import type { StartInput } from "../ports/deferred-jobs.ts";
import type { AcceptRefusal, AllowanceRefusal } from "../ports/payment.ts";
import { quotaProblem } from "../views/quota.ts";
import { isOperator, shutOut } from "./door.ts";
import { enoughAtMs } from "./offers.ts";
import { type Price, priceOf } from "./price.ts";
import type { Services } from "./services.ts";
import { whereOf } from "./terms.ts";

/** Starts orders that waited for their member's allowance. */
export interface DeferredOrders {
  start(): void;
  stop(): Promise<void>;
  /** Nothing is being looked at. */
  idle(): Promise<void>;
  /** There is a new one, or more allowance than was expected. */
  kick(): void;
}

const LOOK_EVERY_MS = 5000;
/** Allowance comes back earlier than expected where a picture fails or is taken back; and nobody tells when a backend is free. */
const TRY_EVERY_MS = 600_000;
/** The member has as many pictures under way as they may have. */
const QUEUE_FULL_MS = 30_000;
const AT_ONCE = 50;

/** When it is looked at again, at the latest. */
export const nextTryMs = (expectedAtMs: number | undefined, nowMs: number): number =>
  Math.min(expectedAtMs ?? Number.POSITIVE_INFINITY, nowMs + TRY_EVERY_MS);

/** @param started messages have to be shown anew, and a job waits in a queue perhaps */
export function createDeferredOrders(services: Services, started: () => void): DeferredOrders {
  const { store, memory, installation, clock, nowMs, log } = services;
  let stopped = true;
  let stopLooking = () => {};

  async function tryDue(): Promise<void> {
    let failed = false;
    do {
      const due = stopped ? [] : await store.dueDeferred(nowMs(), AT_ONCE);
      // One after the other: the first ordered is the first to be paid for.
      for (const job of due)
        await tryOne(job).catch((error: unknown) => {
          failed = true;
          log.error("deferred.untried", { job: job.jobId, error: asError(error) });
        });
      if (due.length > 0) started();
      if (due.length < AT_ONCE) return;
    } while (!failed);
  }

  async function tryOne(job: Job): Promise<void> {
    const { place } = job.target;
    const settings = await memory.settings(settingsKeyOf(place));
    const rules = rulesOf(settings, { style: "", votes: installation.votes });
    const shut = await shutProblem(services, job);
    if (shut) return giveUp(job, shut);
    const price = await priceOf(services, job.order, rules.route);
    if (!price.ok) {
      const { problem } = price;
      // A backend that rests comes back by itself; what is gone does not.
      if (problem.retryAtMs === undefined) return giveUp(job, problem);
      return store.deferUntil(job, Math.max(nowMs() + LOOK_EVERY_MS, nextTryMs(problem.retryAtMs, nowMs())));
    }
    const spendCapGpuMs = spendCapFor(whereOf(services, place), rules, installation);
    const result = await store.startDeferred(startOf(services, job, price.value, spendCapGpuMs));
    switch (result.status) {
      case "started":
        return log.info("job.accepted", { job: job.jobId, lane: price.value.lane, deferred: true });
      case "over":
        return;
      case "short":
        return waitOn({ ...job, ...price.value }, result.why);
    }
  }

  async function waitOn(job: Job, why: AcceptRefusal): Promise<void> {
    const deferral = job.deferral ?? { allowance: installation.allowance };
    if (why.code === "pot_short" || "open" in why) return store.deferUntil(job, nowMs() + QUEUE_FULL_MS);
    const expectedAtMs = enoughAtMs(why, deferral, nowMs());
    // More than they ever have: waiting does not help.
    if (expectedAtMs === undefined && isNeverEnough(why, deferral.allowance.capacityGpuMs))
      return giveUp(job, quotaProblem(why, deferral.allowance, nowMs()));
    const { expectedAtMs: _before, ...rest } = deferral;
    const wait = { ...rest, ...(expectedAtMs === undefined ? {} : { expectedAtMs }) };
    const tryAtMs = Math.max(nowMs() + 1000, nextTryMs(expectedAtMs, nowMs()));
    return store.deferUntil({ ...job, deferral: wait }, tryAtMs);
  }

  async function giveUp(job: Job, problem: Problem): Promise<void> {
    log.info("job.deferred_in_vain", { job: job.jobId, code: problem.code });
    await store.giveUpDeferred(
      job.jobId,
      { ...problem, text: sentences(text("problem.deferred"), problem.text) },
      nowMs(),
    );
  }

  const look = coalesce(tryDue, (error) => log.error("deferred.unreadable", { error: asError(error) }));

  async function idle(): Promise<void> {
    while (look.running) await new Promise(setImmediate);
  }

  return {
    start() {
      stopped = false;
      stopLooking = every(clock, LOOK_EVERY_MS, look.ask);
      look.ask();
    },
    async stop() {
      stopped = true;
      stopLooking();
      await idle();
    },
    kick: look.ask,
    idle,
  };
}

const isNeverEnough = (why: AllowanceRefusal, capacityGpuMs: number) =>
  why.code === "quota_used" ? why.neededGpuMs > capacityGpuMs : why.neededGpuMs > why.capGpuMs;

/** What has changed since it was ordered. */
async function shutProblem(services: Services, { memberId, target }: Job): Promise<Problem | undefined> {
  const { memory, installation } = services;
  const where = whereOf(services, target.place);
  const isIn =
    !needsApproval(where, installation.approval) || (await memory.approval(settingsKeyOf(target.place))) !== undefined;
  if (!isIn) return unapprovedProblem(installation.admins.length);
  const direct = (await isOperator(services, memberId))
    ? undefined
    : noDirectProblem(where, installation.directMessages);
  return direct ?? shutOut(services, { id: memberId }, target.place);
}

function startOf(
  { installation, nowMs }: Pick<Services, "installation" | "nowMs">,
  job: Job,
  price: Price,
  spendCapGpuMs: number | undefined,
): StartInput {
  const { addressCeiling, allowance = installation.allowance } = job.deferral ?? {};
  return {
    job: { ...job, ...price, acceptedAtMs: nowMs() },
    shares: split(price.estimateGpuMs, [job.memberId]),
    allowance,
    maxOpenPerMember: installation.maxOpenJobs,
    ...(spendCapGpuMs === undefined ? {} : { spendCapGpuMs }),
    ...(addressCeiling === undefined ? {} : { addressCeiling }),
    nowMs: nowMs(),
  };
}
