import type { Job, Picture } from "../domain/job.ts";
import { NO_JOB } from "../domain/press-token.ts";
import type { SeedScope } from "../domain/seed.ts";
import type { Ballot } from "../ports/store.ts";
import type { Button } from "../ports/view.ts";

/** Signs a button, as `Context.token` does. */
export type SignButton = (verb: string, jobId: string, index?: number) => string;

/** The index of presses that mean a whole batch; 0 to 3 mean one of its pictures. */
export const WHOLE_BATCH = 4;

/** The index of `cancel` in a list of what waits. */
export const CANCEL_IN_LIST = 1;

/** The index of `unlock`: whose lock to take off. */
export const UNLOCK_INDEX: Readonly<Record<SeedScope, number>> = { me: 0, everyone: 1 };

/**
 * The buttons under a finished job, row by row, at most four in a row and three rows.
 *
 * @param pictures what the message shows: all pictures of the job, or the single one picked from a batch
 * @param ballot of the job; an open one counts on the Reroll button
 */
export function pictureButtons(
  token: SignButton,
  job: Job,
  pictures: readonly Picture[],
  ballot: Ballot | undefined,
): Button[][] {
  const first = pictures[0];
  if (first === undefined) return [];
  if (pictures.every((picture) => picture.deleted !== undefined))
    return [[{ label: "Undo", token: token("undo", job.jobId) }]];
  return pictures.length > 1 ? batchRows(token, job, pictures, ballot) : singleRows(token, job, first.index, ballot);
}

function singleRows(token: SignButton, job: Job, index: number, ballot: Ballot | undefined): Button[][] {
  const button = (label: string, verb: string): Button => ({ label, token: token(verb, job.jobId, index) });
  return [
    [
      { ...button(rerollLabel(ballot), "reroll"), tone: "primary" },
      button("Lock seed", "lock"),
      button("Vary subtle", "subtle"),
      button("Vary strong", "strong"),
    ],
    [
      button("Edit", "edit"),
      button("Info", "info"),
      button("Original", "original"),
      { ...button("Delete", "delete"), tone: "danger" },
    ],
  ];
}

// Vary and Original need one picture: they are under the picture that a number posts.
function batchRows(token: SignButton, job: Job, pictures: readonly Picture[], ballot: Ballot | undefined): Button[][] {
  const button = (label: string, verb: string, index: number): Button => ({
    label,
    token: token(verb, job.jobId, index),
  });
  return [
    pictures.map((picture) => button(String(picture.index + 1), "pick", picture.index)),
    [{ ...button(rerollLabel(ballot), "reroll", WHOLE_BATCH), tone: "primary" }, button("Lock seed", "lock", 0)],
    [
      button("Edit", "edit", WHOLE_BATCH),
      button("Info", "info", 0),
      { ...button("Delete", "delete", 0), tone: "danger" },
    ],
  ];
}

function rerollLabel(ballot: Ballot | undefined): string {
  return ballot?.state === "open" && ballot.voters.length > 0
    ? `Reroll ${ballot.voters.length}/${ballot.votesNeeded}`
    : "Reroll";
}

/** Under a job that waits or runs. */
export const waitingButtons = (token: SignButton, jobId: string): Button[][] => [
  [{ label: "Cancel", token: token("cancel", jobId), tone: "danger" }],
];

/** Under the answer to a seed lock. */
export const lockedButtons = (token: SignButton, scope: SeedScope): Button[][] => [
  [{ label: "Unlock seed", token: token("unlock", NO_JOB, UNLOCK_INDEX[scope]) }],
];
