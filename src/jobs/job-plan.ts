import type { Job } from "../domain/job.ts";
import type { Order } from "../domain/recipe.ts";
import { type Style, styleSchema } from "../domain/style.ts";
import type { Backend } from "../ports/backend.ts";
import { LETTERING } from "./lettering/lane.ts";
import type { Plan } from "./router/plan.ts";
import type { Router } from "./router/router.ts";

/** Words over a picture that is there: no backend makes anything. */
const isOfWords = ({ lettersOver }: Order): boolean => lettersOver !== undefined;
const NOWHERE_ELSE: Plan = { candidates: [LETTERING], passedOver: [] };

/** Nothing is drawn, so it needs no style, and outlives that of its picture. */
export const styleOfPicture = (order: Order): Style | undefined =>
  isOfWords(order) || order.enlarge
    ? styleSchema.parse({ id: order.request.styleId, title: order.request.styleId })
    : undefined;

/** Where this process makes a job. What is to be larger is so in any case: after all others by what every process has. */
export function planOf(
  job: Job,
  style: Style,
  { router, resampler }: { readonly router: Pick<Router, "backends" | "planHere">; readonly resampler: Backend },
): Plan {
  const { order, policy } = job;
  if (isOfWords(order)) return NOWHERE_ELSE;
  const plan = router.planHere(order, style, policy);
  if (!order.enlarge) return plan;
  return { ...plan, candidates: [...promisedTo(job, router.backends), ...plan.candidates, resampler] };
}

/** Whoever was to make it larger, and has not been asked since a restart what it can do. */
const promisedTo = ({ order, lane, attached }: Job, backends: readonly Backend[]): readonly Backend[] =>
  backends.filter(
    ({ name, enlarge, redraws, features }) =>
      (name === lane || name === attached?.backend) &&
      enlarge !== undefined &&
      redraws === undefined &&
      features.enlarges === undefined &&
      !order.enlarge?.free,
  );
