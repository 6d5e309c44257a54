import { type Allowance, availableAtMs } from "../domain/ledger.ts";
import type { Problem } from "../domain/problem.ts";
import { sentences, type Text, text } from "../domain/text.ts";
import { amount, duration } from "../domain/time-words.ts";
import type { AcceptRefusal, SpendRefusal } from "../ports/store.ts";

// To tenths, up for what is needed and down for what is left: "needs 1.5 s and 1.5 s is left" would be no reason.
const neededText = (gpuMs: number): Text => amount(Math.ceil(gpuMs / 100) * 100);
const leftText = (gpuMs: number): Text => amount(Math.floor(Math.max(0, gpuMs) / 100) * 100);

/** Why an order was not accepted, with the time when it would be. */
export function quotaProblem(why: AcceptRefusal, allowance: Allowance, nowMs: number): Problem {
  switch (why.code) {
    case "queue_full":
      return { code: "queue_full", text: text("quota.queue-full", { open: why.open }) };
    case "pot_used":
    case "address_used":
      return spendProblem(why, nowMs);
    case "quota_used": {
      const retryAtMs = availableAtMs(why.account.bucket, why.neededGpuMs, allowance, nowMs);
      const needs = text("quota.needs", {
        needed: neededText(why.neededGpuMs),
        left: leftText(why.account.bucket.balanceGpuMs),
      });
      const { heldGpuMs } = why.account;
      const held = heldGpuMs > 0 ? text("quota.needs.held", { held: amount(heldGpuMs) }) : undefined;
      if (retryAtMs === undefined) return { code: "quota_used", text: sentences(needs, held, text("quota.cheaper")) };
      return { code: "quota_used", text: sentences(needs, held, enoughIn(retryAtMs - nowMs)), retryAtMs };
    }
  }
}

const enoughIn = (waitMs: number): Text => text("quota.enough-in", { wait: duration(waitMs) });

const NEEDS = { pot_used: "quota.needs.here", address_used: "quota.needs.address" } as const;

/** What a chat's members, or all who come from one address, may spend together is used up for now. */
export function spendProblem(why: SpendRefusal, nowMs: number): Problem {
  const { neededGpuMs, leftGpuMs, capGpuMs, retryAtMs } = why;
  const needs = text(NEEDS[why.code], {
    needed: neededText(neededGpuMs),
    cap: amount(capGpuMs),
    left: leftText(leftGpuMs),
  });
  if (neededGpuMs > capGpuMs) return { code: "quota_used", text: sentences(needs, text("quota.cheaper")) };
  if (retryAtMs === undefined) return { code: "quota_used", text: sentences(needs, text("quota.under-way")) };
  return { code: "quota_used", text: sentences(needs, enoughIn(retryAtMs - nowMs)), retryAtMs };
}
