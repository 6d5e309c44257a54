import type { Job, JobOutcome } from "../domain/job.ts";
import { sentences, type Text, text } from "../domain/text.ts";
import { amount } from "../domain/time-words.ts";

/** "Cancelled by Ana after 2 of 4 pictures. …" on the card of those 2; `undefined`: it went to its end. */
export function cancelledLine({ order, outcome }: Pick<Job, "order" | "outcome">, finished: number): Text | undefined {
  const cancelled = outcome?.cancelled;
  if (!cancelled) return undefined;
  const name = cancelled.byName;
  const how =
    order.count > 1
      ? text("card.cancelled.after", { name, finished, of: order.count })
      : text("card.cancelled", { name });
  return sentences(how, costText(outcome));
}

/** What a cancel in the middle cost and gave back. */
export function costText({ usedGpuMs, cancelled }: JobOutcome): Text {
  if (usedGpuMs === 0) return text("card.cost.nothing");
  const used = amount(usedGpuMs);
  const returnedGpuMs = cancelled?.returnedGpuMs ?? 0;
  return returnedGpuMs === 0
    ? text("card.cost.used", { used })
    : text("card.cost.rest", { used, returned: amount(returnedGpuMs) });
}
