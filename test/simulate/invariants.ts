import type { Books } from "./books.ts";
import { BOUND_JOBS, type Fairness } from "./fairness.ts";
import type { Hour } from "./hour.ts";

/** What has to hold however much there is to do; `wrong` of 0 is right. */
export interface Invariant {
  readonly what: string;
  readonly wrong: number;
}

/** Faults of ours, by their names in the log. */
const FAULTS = [
  "error intake.broke",
  "error job.broke",
  "error job.unfinished",
  "error outbox.broke",
  "error outbox.refused",
  "error outbox.unreadable",
  "error queue.unreadable",
];

export function invariantsOf(hour: Hour, books: Books, fairness: Fairness): readonly Invariant[] {
  const { till } = books;
  const faults = FAULTS.reduce((sum, fact) => sum + (hour.world.logged.get(fact) ?? 0), 0);
  return [
    { what: "accepted jobs that are not in the store", wrong: books.lost },
    { what: "jobs that never ended", wrong: till.openJobs },
    { what: "messages that are owed still", wrong: till.owedMessages },
    { what: "jobs whose end nobody was shown", wrong: books.unseen },
    { what: "GPU ms by which accounts are off", wrong: till.accountsOffBy },
    { what: "jobs with a hold that does not fit their state", wrong: till.jobsWrong },
    { what: "jobs charged another sum than they say", wrong: till.oddPayments },
    { what: "jobs of one member started out of their order", wrong: fairness.outOfOrder },
    { what: `jobs before which more than ${BOUND_JOBS} of one other member started`, wrong: fairness.overBound },
    { what: "faults of ours in the log", wrong: faults },
  ];
}

export const allHold = (invariants: readonly Invariant[]): boolean => invariants.every(({ wrong }) => wrong === 0);
