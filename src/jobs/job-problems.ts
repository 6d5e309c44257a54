import type { Job } from "../domain/job.ts";
import type { Problem } from "../domain/problem.ts";
import { sentences, type Text, text } from "../domain/text.ts";
import { duration } from "../domain/time-words.ts";

export const styleGone = ({ order }: Job): Problem => ({
  code: "not_found",
  text: text("problem.style-gone.returned", { style: order.request.styleId }),
});

export const startedTooOften = ({ jobId }: Job, times: number): Problem => ({
  code: "internal",
  text: text("problem.stopped-program", { times, job: jobId }),
});

/** @param usedGpuMs what is charged for it: the card says how much, once the books say what came back; `undefined`: nothing was held */
export const cancelledBy = (name: string, usedGpuMs: number | undefined): Problem => ({
  code: "cancelled",
  text: usedGpuMs === 0 ? text("problem.cancelled.returned", { name }) : text("problem.cancelled", { name }),
});

export const brokeHere = ({ jobId }: Job): Problem => ({
  code: "internal",
  text: text("problem.broke", { job: jobId }),
});

/** @param why a sentence that says who refused it */
export const refusedThere = (why: Text): Problem => ({
  code: "rejected",
  text: sentences(text("problem.no-picture"), why, text("problem.refused-there")),
});

export function noBackend(
  { jobId }: Job,
  route: readonly Text[],
  advice: {
    readonly tooLarge: boolean;
    /** Until one that rests wakes. */
    readonly waitMs: number | undefined;
  },
): Problem {
  return {
    code: "no_backend",
    text: sentences(text("problem.no-picture"), ...route, text("problem.returned"), nextStep(jobId, advice)),
  };
}

function nextStep(job: string, { tooLarge, waitMs }: Parameters<typeof noBackend>[2]): Text {
  // Waiting does not make a card's memory larger.
  if (tooLarge) return text("problem.next.smaller", { job });
  return waitMs === undefined
    ? text("problem.next.soon", { job })
    : text("problem.next.wait", { job, wait: duration(waitMs) });
}
