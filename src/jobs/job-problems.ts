import type { Job } from "../domain/job.ts";
import type { Problem } from "../domain/problem.ts";
import { durationText } from "../lib/time-text.ts";

export const styleGone = ({ order }: Job): Problem => ({
  code: "not_found",
  text: `The style “${order.request.styleId}” is no longer here. Your allowance was returned; see /styles.`,
});

export const startedTooOften = ({ jobId }: Job, times: number): Problem => ({
  code: "internal",
  text: `This picture stopped the program ${times} times, so it was given up. Your allowance was returned (job ${jobId}).`,
});

/** @param usedGpuMs what is charged for it: the card says how much, once the books say what came back */
export const cancelledBy = (name: string, usedGpuMs: number): Problem => ({
  code: "cancelled",
  text: `Cancelled by ${name}.${usedGpuMs === 0 ? " The allowance was returned." : ""}`,
});

export const brokeHere = ({ jobId }: Job): Problem => ({
  code: "internal",
  text: `Something broke on our side, so there is no picture this time. Your allowance was returned; please try again (job ${jobId}).`,
});

/** @param why with the title of who refused it */
export const refusedThere = (why: string): Problem => ({
  code: "rejected",
  text: `No picture this time: ${why}. Change the words or settings and try again. Your allowance was returned.`,
});

export function noBackend(
  { jobId }: Job,
  route: readonly string[],
  advice: {
    readonly tooLarge: boolean;
    /** Until one that rests wakes. */
    readonly waitMs: number | undefined;
  },
): Problem {
  const why = route.length > 0 ? `: ${route.join("; ")}` : "";
  const wait = advice.waitMs === undefined ? "a few minutes" : durationText(advice.waitMs);
  // Waiting does not make a card's memory larger.
  const next = advice.tooLarge ? "try a smaller size" : `try again in ${wait}`;
  return {
    code: "no_backend",
    text: `No picture this time${why}. Your allowance was returned; ${next} (job ${jobId}).`,
  };
}
