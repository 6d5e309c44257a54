import type { PictureChoice } from "../domain/batch.ts";
import type { Decision } from "../domain/decision.ts";
import { standingVotes, votesNeeded } from "../domain/decision-tally.ts";
import { canEnlarge } from "../domain/enlarging.ts";
import type { Job, Picture } from "../domain/job.ts";
import type { PressArg, PressSubject } from "../domain/press.ts";
import { sizeOfRecipe } from "../domain/recipe.ts";
import type { SeedScope } from "../domain/seed.ts";
import { type Text, text, verbatim } from "../domain/text.ts";
import type { Button, CardAction } from "../ports/view.ts";

/** Who said yes to it so far, and how many must; `undefined`: no such vote is open. */
export const openAyes = (vote: Decision | undefined) =>
  vote?.state === "open" ? { ayes: standingVotes(vote.options, vote.votes), needed: votesNeeded(vote) } : undefined;

/** Signs a button, as `Context.token` does. */
export type SignButton = (verb: string, subject: PressSubject, arg?: PressArg) => string;

/**
 * The buttons under a finished job, row by row, at most four in a row and three rows.
 *
 * @param pictures what the message shows: all pictures of the job, or the single one picked from a batch
 * @param vote about another take of the job; an open one counts on the Reroll button
 */
export function pictureButtons(
  token: SignButton,
  job: Job,
  pictures: readonly Picture[],
  vote: Decision | undefined,
): Button[][] {
  const first = pictures[0];
  if (first === undefined) return [];
  if (pictures.every((picture) => picture.deleted !== undefined))
    return [
      [{ label: text("button.undo"), token: token("undo", { jobId: job.jobId, pictures: "all" }), does: "undo" }],
    ];
  return pictures.length > 1 ? batchRows(token, job, pictures, vote) : singleRows(token, job, first, vote);
}

function singleRows(token: SignButton, job: Job, { index, recipe }: Picture, vote: Decision | undefined): Button[][] {
  const button = (label: Text, verb: string, does: CardAction): Button => ({
    label,
    token: token(verb, { jobId: job.jobId, pictures: index }),
    does,
  });
  return [
    [
      { ...button(rerollLabel(vote), "reroll", "reroll"), tone: "primary", byThumb: true },
      button(text("button.lock-seed"), "lock", "lock"),
      button(text("button.vary-subtle"), "subtle", "vary-little"),
      button(text("button.vary-strong"), "strong", "vary-lot"),
    ],
    [
      button(text("button.edit"), "edit", "edit"),
      button(text("button.info"), "info", "how"),
      button(text("button.original"), "original", "original"),
      // Elsewhere it is in Info.
      ...(job.target.place.group
        ? [{ ...button(text("button.put-to-vote"), "votepick", "vote"), ownLayoutOnly: true as const }]
        : []),
      { ...button(text("button.delete"), "delete", "delete"), tone: "danger" },
    ],
    [
      button(text("button.lettering"), "letters", "lettering"),
      button(text("button.print-on-paper"), "print", "print"),
      ...(canEnlarge(sizeOfRecipe(recipe)) ? [button(text("button.upscale"), "upscale", "upscale")] : []),
      ...(job.target.place.group ? [hideButton(token, job.jobId, index)] : []),
    ],
  ];
}

// Vary, Original, the lettering and what enlarges need one picture: they are under the picture that a number posts.
function batchRows(token: SignButton, job: Job, pictures: readonly Picture[], vote: Decision | undefined): Button[][] {
  const button = (label: Text, verb: string, which: PictureChoice, does: CardAction): Button => ({
    label,
    token: token(verb, { jobId: job.jobId, pictures: which }),
    does,
  });
  return [
    pictures.map((picture) => button(verbatim(String(picture.index + 1)), "pick", picture.index, "pick")),
    [
      { ...button(rerollLabel(vote), "reroll", "all", "reroll"), tone: "primary", byThumb: true },
      button(text("button.lock-seed"), "lock", 0, "lock"),
      ...(job.target.place.group ? [button(text("button.vote-on"), "votepick", "all", "vote")] : []),
    ],
    [
      button(text("button.edit"), "edit", "all", "edit"),
      button(text("button.info"), "info", 0, "how"),
      ...(job.target.place.group ? [hideButton(token, job.jobId, "all")] : []),
      { ...button(text("button.delete"), "delete", "all", "delete"), tone: "danger" },
    ],
  ];
}

/** Elsewhere it is in Info, and a command. */
const hideButton = (token: SignButton, jobId: string, pictures: PictureChoice): Button => ({
  label: text("button.hide"),
  token: token("hide", { jobId, pictures }),
  does: "hide",
  ownLayoutOnly: true,
});

function rerollLabel(vote: Decision | undefined): Text {
  const votes = openAyes(vote);
  return votes && votes.ayes.length > 0
    ? text("button.reroll.votes", { votes: votes.ayes.length, needed: votes.needed })
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
