import type { Person } from "../../domain/block.ts";
import { jobIdOf } from "../../domain/ids.ts";
import type { Job, NewJob } from "../../domain/job.ts";
import { currentItem } from "../../domain/meeting.ts";
import { meetingPotIdOf } from "../../domain/pot.ts";
import type { Problem } from "../../domain/problem.ts";
import type { CornerLabelKind, Order } from "../../domain/recipe.ts";
import type { Terms } from "../../domain/terms.ts";
import { text } from "../../domain/text.ts";
import type { Price } from "../price.ts";
import type { Cause } from "../replies.ts";
import type { EffectDeps } from "./effects.ts";

/** Said to whoever presses it again, from another device perhaps. */
export const OFFER_TAKEN: Problem = { code: "expired", text: text("problem.offer-taken") };

/** What a priced order becomes. `voters`: who voted for it; `owner`: whose it is, where that is not who pressed last. */
export const newJob = (
  price: Price,
  by: {
    readonly cause: Cause;
    readonly terms: Terms;
    readonly acceptedAtMs: number;
    readonly voters?: readonly { readonly memberId: string; readonly name: string }[];
    readonly owner?: Person;
    /** See `Outcome`: its job is the same whatever update brought it, so the store makes one of it. */
    readonly once?: string | undefined;
  },
): NewJob => ({
  ...price,
  order: labelled(price.order, by.terms.rules.label),
  jobId: jobIdOf(by.once ?? by.cause.updateId),
  memberId: (by.owner ?? by.cause.member).id,
  memberName: (by.owner ?? by.cause.member).name,
  target: by.cause.target,
  acceptedAtMs: by.acceptedAtMs,
  voterNames: (by.voters ?? []).map(({ name }) => name),
  ...(by.voters ? { voterIds: by.voters.map(({ memberId }) => memberId) } : {}),
  ...(by.cause.said && !by.voters ? { said: by.cause.said } : {}),
  ...(by.terms.rules.original === "always" ? { withOriginals: true } : {}),
});

/** As the chat wants it now, whatever holds for the picture that it was made from. */
function labelled({ label: _before, ...order }: Order, label: CornerLabelKind | undefined): Order {
  return label === undefined ? order : { ...order, label };
}

/** What this member, all here together, and all from their address may spend. */
export const spending = ({ allowance, spendCapGpuMs, addressCeiling, meeting }: Terms) => ({
  allowance,
  ...(meeting?.budgetFrom && currentItem(meeting) ? { paidFirstBy: meetingPotIdOf(meeting.meetingId) } : {}),
  ...(spendCapGpuMs === undefined ? {} : { spendCapGpuMs }),
  ...(addressCeiling === undefined ? {} : { addressCeiling }),
});

/** Logs it, without the prompt where the level is not "debug", and sets it going. */
export function noteAccepted({ services, relay, worker }: EffectDeps, job: Job): void {
  const { log } = services;
  log.info("job.accepted", {
    job: job.jobId,
    lane: job.lane,
    estimateGpuMs: job.estimateGpuMs,
    count: job.order.count,
  });
  log.debug("job.prompt", { job: job.jobId, prompt: job.order.request.finalPrompt });
  relay.kick(job.target.place.platform);
  worker.kick(job.lane);
}
