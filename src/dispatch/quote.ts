import { createHash } from "node:crypto";
import { pendingQuoteOffersId } from "../domain/ids.ts";
import { split } from "../domain/ledger.ts";
import type { Order } from "../domain/recipe.ts";
import type { Terms } from "../domain/terms.ts";
import { text } from "../domain/text.ts";
import { letterLevels } from "../jobs/letter-levels.ts";
import { isDatabaseAway } from "../lib/database-away.ts";
import { asError } from "../lib/error.ts";
import type { ChatEvents, Invocation, Quote } from "../ports/chat.ts";
import type { AllowanceRefusal } from "../ports/payment.ts";
import { quotaProblem } from "../views/quota.ts";
import type { Decided } from "./dispatcher/decision.ts";
import { decideInvocation } from "./dispatcher/invocations.ts";
import { shutOut } from "./door.ts";
import { newJob, spending } from "./executor/acceptance.ts";
import { keptOffers } from "./kept-offers.ts";
import { keptStart, noted } from "./order-parts.ts";
import { priceOf } from "./price.ts";
import type { Services } from "./services.ts";
import { isPutToVote } from "./spend-gate.ts";

/** What a command would cost: decided and priced as it will be when it is sent, and nothing of it is done. */
export function createQuote(services: Services): ChatEvents["quote"] {
  return async (invocation) => {
    try {
      return await quoted(services, invocation);
    } catch (thrown) {
      services.log.error("quote.broke", { error: asError(thrown) });
      return { is: "refused", why: text(isDatabaseAway(thrown) ? "problem.excuse.away" : "problem.excuse") };
    }
  };
}

async function quoted(services: Services, invocation: Invocation): Promise<Quote> {
  const shut = await shutOut(services, invocation.member, invocation.target.place);
  if (shut) return { is: "refused", why: shut.text };
  const decision = await decideInvocation(services, unread(invocation));
  if ("refused" in decision) return { is: "refused", why: decision.refused.text };
  const { outcome, terms, notes } = decision;
  if (outcome.do === "refuse") return { is: "refused", why: outcome.problem.text };
  if (outcome.do !== "draw") return { is: "other" };
  const { asksFirst } = decision;
  return priced(services, invocation, { order: outcome.order, terms, notes, ...(asksFirst ? { asksFirst } : {}) });
}

async function priced(
  services: Services,
  invocation: Invocation,
  { order, terms, notes, asksFirst }: { readonly order: Order } & Pick<Decided, "terms" | "notes" | "asksFirst">,
): Promise<Quote> {
  const { store, installation } = services;
  const { updateId, member, target } = invocation;
  const nowMs = services.nowMs();
  const price = await priceOf(services, order, terms.rules.route);
  if (!price.ok) return { is: "refused", why: price.problem.text };
  const { estimateGpuMs, estimateMs } = price.value;
  const job = newJob(price.value, { cause: { updateId, member, target, from: "command" }, terms, acceptedAtMs: nowMs });
  const toVote = asksFirst === true && isPutToVote(services, price.value, terms);
  // What is put to the vote is not paid by who asks alone.
  const short = toVote
    ? undefined
    : await store.wouldRefuse({
        updateId,
        job,
        shares: split(estimateGpuMs, [member.id]),
        ...spending(terms),
        maxOpenPerMember: installation.maxOpenJobs,
        nowMs,
      });
  const { bucket } = await store.account(member.id, terms.allowance, nowMs);
  const { prompt, promptLines, widthPx, heightPx } = order.request;
  return {
    is: "picture",
    ms: estimateMs,
    gpuMs: estimateGpuMs,
    leftGpuMs: Math.max(0, bucket.balanceGpuMs),
    widthPx,
    heightPx,
    letters: await letterLevels(promptLines ?? prompt),
    notes: [...notes, ...(price.value.order.foreseen ?? []), ...(toVote ? [text("quote.to-vote")] : [])],
    ...(short ? { short: quotaProblem(short, terms.allowance, nowMs).text } : {}),
    ...(short && short.code !== "pot_short" && !("open" in short)
      ? await instead(services, invocation, { terms, short, at: nowMs })
      : {}),
  };
}

/** Now the bytes matter, too: what is offered is kept as it will be made. */
async function instead(
  services: Services,
  invocation: Invocation,
  { at, ...on }: { readonly terms: Terms; readonly short: AllowanceRefusal; readonly at: number },
): Promise<Pick<Extract<Quote, { is: "picture" }>, "offers">> {
  const decision = await decideInvocation(services, invocation);
  if ("refused" in decision || decision.outcome.do !== "draw") return {};
  const { outcome, terms, notes } = decision;
  const started = await keptStart(services, outcome, {
    chatKey: terms.chatKey,
    nameOf: (bytes) => `start ${createHash("sha256").update(bytes).digest("hex")}`,
  });
  if (!started.ok) return {};
  const order = noted(outcome.order, notes, started.value);
  const memberId = invocation.member.id;
  const of = `${memberId} ${at} ${JSON.stringify(order.request)}`;
  const inputId = pendingQuoteOffersId(terms.chatKey, memberId);
  return { offers: await keptOffers(services, order, { ...on, inputId, of }) };
}

/** That there is a picture decides something; its bytes do not, and somebody who types asks often. */
const unread = (invocation: Invocation): Invocation => ({
  ...invocation,
  attachments: invocation.attachments.map((file) => ({ ...file, read: async () => new Uint8Array() })),
});
