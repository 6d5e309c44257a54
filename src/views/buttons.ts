import type { PictureChoice } from "../domain/batch.ts";
import type { Decision } from "../domain/decision.ts";
import { votesNeeded } from "../domain/decision-tally.ts";
import type { Job, Picture } from "../domain/job.ts";
import type { PressArg, PressSubject } from "../domain/press.ts";
import type { SeedScope } from "../domain/seed.ts";
import { type Text, text, verbatim } from "../domain/text.ts";
import type { Button, CardAction } from "../ports/view.ts";

/** Signs a button, as `Context.token` does. */
export type SignButton = (verb: string, subject: PressSubject, arg?: PressArg) => string;

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
  ballot: Decision | undefined,
): Button[][] {
  const first = pictures[0];
  if (first === undefined) return [];
  if (pictures.every((picture) => picture.deleted !== undefined))
    return [
      [{ label: text("button.undo"), token: token("undo", { jobId: job.jobId, pictures: "all" }), does: "undo" }],
    ];
  return pictures.length > 1 ? batchRows(token, job, pictures, ballot) : singleRows(token, job, first.index, ballot);
}

function singleRows(token: SignButton, job: Job, index: number, ballot: Decision | undefined): Button[][] {
  const button = (label: Text, verb: string, does: CardAction): Button => ({
    label,
    token: token(verb, { jobId: job.jobId, pictures: index }),
    does,
  });
  return [
    [
      { ...button(rerollLabel(ballot), "reroll", "reroll"), tone: "primary", byThumb: true },
      button(text("button.lock-seed"), "lock", "lock"),
      button(text("button.vary-subtle"), "subtle", "vary-little"),
      button(text("button.vary-strong"), "strong", "vary-lot"),
    ],
    [
      button(text("button.edit"), "edit", "edit"),
      button(text("button.info"), "info", "how"),
      button(text("button.original"), "original", "original"),
      { ...button(text("button.delete"), "delete", "delete"), tone: "danger" },
    ],
  ];
}

// Vary and Original need one picture: they are under the picture that a number posts.
function batchRows(
  token: SignButton,
  job: Job,
  pictures: readonly Picture[],
  ballot: Decision | undefined,
): Button[][] {
  const button = (label: Text, verb: string, which: PictureChoice, does: CardAction): Button => ({
    label,
    token: token(verb, { jobId: job.jobId, pictures: which }),
    does,
  });
  return [
    pictures.map((picture) => button(verbatim(String(picture.index + 1)), "pick", picture.index, "pick")),
    [
      { ...button(rerollLabel(ballot), "reroll", "all", "reroll"), tone: "primary", byThumb: true },
      button(text("button.lock-seed"), "lock", 0, "lock"),
    ],
    [
      button(text("button.edit"), "edit", "all", "edit"),
      button(text("button.info"), "info", 0, "how"),
      { ...button(text("button.delete"), "delete", "all", "delete"), tone: "danger" },
    ],
  ];
}

function rerollLabel(ballot: Decision | undefined): Text {
  return ballot?.state === "open" && ballot.votes.length > 0
    ? text("button.reroll.votes", { votes: ballot.votes.length, needed: votesNeeded(ballot) })
    : text("button.reroll");
}

/** Under a job that waits or runs. */
export const waitingButtons = (token: SignButton, jobId: string): Button[][] => [
  [
    {
      label: text("button.cancel"),
      token: token("cancel", { jobId, pictures: "all" }),
      tone: "danger",
      does: "cancel",
    },
  ],
];

/** Under a job that came to nothing. @param canSketch it could be set in type instead, at no cost */
export function endedButtons(token: SignButton, jobId: string, canSketch: boolean): Button[][] {
  const button = (label: Text, verb: "again" | "sketch"): Button => ({
    label,
    token: token(verb, { jobId, pictures: "all" }),
    does: verb,
  });
  return [
    [button(text("button.try-again"), "again"), ...(canSketch ? [button(text("button.use-sketch"), "sketch")] : [])],
  ];
}

/** Under the answer to a seed lock. */
export const lockedButtons = (token: SignButton, scope: SeedScope): Button[][] => [
  [{ label: text("button.unlock-seed"), token: token("unlock", "chat", { scope }) }],
];
