import type { Job, JobOutcome } from "../domain/job.ts";
import { secondsText } from "../lib/time-text.ts";

/** "Cancelled by Ana after 2 of 4 pictures. …" on the card of those 2. None: it went to its end. */
export function cancelledLine({ order, outcome }: Pick<Job, "order" | "outcome">, finished: number): readonly string[] {
  const cancelled = outcome?.cancelled;
  if (!cancelled) return [];
  const many = order.count > 1 ? ` after ${finished} of ${order.count} pictures` : "";
  return [`Cancelled by ${cancelled.byName}${many}. ${costText(outcome)}`];
}

/** What a cancel in the middle cost and gave back. */
export function costText({ usedGpuMs, cancelled }: JobOutcome): string {
  if (usedGpuMs === 0) return "It cost nothing.";
  const used = `Charged for the GPU time used: ${secondsText(usedGpuMs)}`;
  const returnedGpuMs = cancelled?.returnedGpuMs ?? 0;
  return returnedGpuMs === 0
    ? `${used}.`
    : `${used}; the other ${secondsText(returnedGpuMs)} of the allowance came back.`;
}
