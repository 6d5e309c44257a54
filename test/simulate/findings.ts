import { booksOf } from "./books.ts";
import { fairnessOf } from "./fairness.ts";
import type { Hour } from "./hour.ts";
import { invariantsOf } from "./invariants.ts";
import { limitsOf, type Machine } from "./limits.ts";
import type { Findings } from "./report.ts";

export function findingsOf(hour: Hour, machine: Machine): Findings {
  const books = booksOf(hour.world);
  const fairness = fairnessOf(hour.world.stories.byJob.values());
  return {
    hour,
    books,
    fairness,
    limits: limitsOf(hour, books, machine),
    invariants: invariantsOf(hour, books, fairness),
    machine,
  };
}
