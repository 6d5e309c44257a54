import { type Allowance, availableAtMs } from "../domain/ledger.ts";
import type { Problem } from "../domain/problem.ts";
import { listed, sentences, type Text, text } from "../domain/text.ts";
import { amount, duration } from "../domain/time-words.ts";
import type { AcceptRefusal, AllowanceRefusal, SpendRefusal } from "../ports/payment.ts";

// To tenths, up for what is needed and down for what is left: "needs 1.5 s and 1.5 s is left" would be no reason.
const neededText = (gpuMs: number): Text => amount(Math.ceil(gpuMs / 100) * 100);
const leftText = (gpuMs: number): Text => amount(Math.floor(Math.max(0, gpuMs) / 100) * 100);

/** What it needs, and what there is. */
export function needsText(why: AllowanceRefusal): Text {
  const needed = neededText(why.neededGpuMs);
  if (why.code !== "quota_used")
    return text(NEEDS[why.code], { needed, cap: amount(why.capGpuMs), left: leftText(why.leftGpuMs) });
  const { bucket, heldGpuMs } = why.account;
  return sentences(
    text("quota.needs", { needed, left: leftText(bucket.balanceGpuMs) }),
    heldGpuMs > 0 ? text("quota.needs.held", { held: amount(heldGpuMs) }) : undefined,
  );
}

/** Why an order was not accepted, with the time when it would be. */
export function quotaProblem(why: AcceptRefusal, allowance: Allowance, nowMs: number): Problem {
  switch (why.code) {
    case "queue_full":
      return { code: "queue_full", text: text("quota.queue-full", { open: why.open }) };
    case "deferred_full":
      return { code: "queue_full", text: text("quota.deferred-full", { open: why.open }) };
    case "pot_short":
      return { code: "quota_used", text: potShortText(why) };
    case "pot_used":
    case "address_used":
      return spendProblem(why, nowMs);
    case "quota_used": {
      const retryAtMs = availableAtMs(why.account.bucket, why.neededGpuMs, allowance, nowMs);
      const needs = needsText(why);
      if (retryAtMs === undefined) return { code: "quota_used", text: sentences(needs, text("quota.cheaper")) };
      return { code: "quota_used", text: sentences(needs, enoughIn(retryAtMs - nowMs)), retryAtMs };
    }
  }
}

/** It was to be paid by what members gave, and they have not given enough. */
export const potShortText = ({ neededGpuMs, leftGpuMs }: Pick<SpendRefusal, "neededGpuMs" | "leftGpuMs">): Text =>
  text("quota.needs.pot", { needed: neededText(neededGpuMs), left: leftText(leftGpuMs) });

/** Of a vote that passed. */
export const borneText = (names: readonly string[]): Text =>
  text("vote.borne", { names: listed(names), voters: names.length });

const enoughIn = (waitMs: number): Text => text("quota.enough-in", { wait: duration(waitMs) });

const NEEDS = { pot_used: "quota.needs.here", address_used: "quota.needs.address" } as const;

/** What a chat's members, or all who come from one address, may spend together is used up for now. */
export function spendProblem(why: SpendRefusal, nowMs: number): Problem {
  const { neededGpuMs, capGpuMs, retryAtMs } = why;
  const needs = needsText(why);
  if (neededGpuMs > capGpuMs) return { code: "quota_used", text: sentences(needs, text("quota.cheaper")) };
  if (retryAtMs === undefined) return { code: "quota_used", text: sentences(needs, text("quota.under-way")) };
  return { code: "quota_used", text: sentences(needs, enoughIn(retryAtMs - nowMs)), retryAtMs };
}
