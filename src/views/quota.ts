import { type Allowance, availableAtMs } from "../domain/ledger.ts";
import type { Problem } from "../domain/problem.ts";
import { durationText, secondsText } from "../lib/time-text.ts";
import type { AcceptRefusal, SpendRefusal } from "../ports/store.ts";

// To tenths, up for what is needed and down for what is left: "needs 1.5 s and 1.5 s is left" would be no reason.
const neededText = (gpuMs: number): string => secondsText(Math.ceil(gpuMs / 100) * 100);
const leftText = (gpuMs: number): string => secondsText(Math.floor(Math.max(0, gpuMs) / 100) * 100);

/** Why an order was not accepted, with the time when it would be. */
export function quotaProblem(why: AcceptRefusal, allowance: Allowance, nowMs: number): Problem {
  switch (why.code) {
    case "queue_full":
      return {
        code: "queue_full",
        text: `You have ${why.open} pictures waiting. Let some finish, or take one back with /cancel.`,
      };
    case "pot_used":
    case "address_used":
      return spendProblem(why, nowMs);
    case "quota_used": {
      const retryAtMs = availableAtMs(why.account.bucket, why.neededGpuMs, allowance, nowMs);
      const needs = `This picture needs about ${neededText(why.neededGpuMs)} of your allowance and ${leftText(why.account.bucket.balanceGpuMs)} is left.`;
      const held =
        why.account.heldGpuMs > 0 ? ` ${secondsText(why.account.heldGpuMs)} is held for pictures under way.` : "";
      if (retryAtMs === undefined)
        return {
          code: "quota_used",
          text: `${needs}${held} Fewer steps, a smaller size or a smaller count cost less; see /quota.`,
        };
      return {
        code: "quota_used",
        text: `${needs}${held} There will be enough in ${durationText(retryAtMs - nowMs)}; see /quota.`,
        retryAtMs,
      };
    }
  }
}

const FROM = { pot_used: "here", address_used: "from your address, by all names together," } as const;

/** What a chat's members, or all who come from one address, may spend together is used up for now. */
export function spendProblem(why: SpendRefusal, nowMs: number): Problem {
  const { neededGpuMs, leftGpuMs, capGpuMs, retryAtMs } = why;
  const needs = `This picture needs about ${neededText(neededGpuMs)}, and of the ${secondsText(capGpuMs)} that may be spent ${FROM[why.code]} within 24 hours ${leftText(leftGpuMs)} is left.`;
  if (neededGpuMs > capGpuMs)
    return {
      code: "quota_used",
      text: `${needs} Fewer steps, a smaller size or a smaller count cost less; see /quota.`,
    };
  if (retryAtMs === undefined)
    return {
      code: "quota_used",
      text: `${needs} Pictures under way hold the rest: try again when they are done; see /quota.`,
    };
  return {
    code: "quota_used",
    text: `${needs} There will be enough in ${durationText(retryAtMs - nowMs)}; see /quota.`,
    retryAtMs,
  };
}
