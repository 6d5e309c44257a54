import type { Job } from "../domain/job.ts";
import { type Text, text } from "../domain/text.ts";
import type { Backend } from "../ports/backend.ts";
import type { Plan } from "./router/plan.ts";

/** Where a job is tried, in this order, and why the first of them is not the first choice, for people. */
interface Candidates {
  readonly backends: readonly Backend[];
  readonly route: readonly Text[];
}

/** The backend that already has the work first, then the one whose queue the job waited in: its price was agreed to. */
export function candidatesFor(job: Job, plan: Plan): Candidates {
  const rank = ({ name }: Backend) => (name === job.attached?.backend ? 0 : name === job.lane ? 1 : 2);
  const backends = plan.candidates.toSorted((a, b) => rank(a) - rank(b));
  return { backends, route: whyHere(backends[0], plan, job) };
}

function whyHere(first: Backend | undefined, plan: Plan, job: Job): readonly Text[] {
  if (first === undefined || first === plan.candidates[0]) return plan.passedOver;
  // What spoke against the others when it was asked for may be over by now, but that is why it waited here.
  if (first.name === job.lane) return job.passedOver ?? [];
  return [text("route.being-made")];
}
