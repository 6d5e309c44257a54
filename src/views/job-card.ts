import type { Job, Picture, Progress } from "../domain/job.ts";
import { seedOf } from "../domain/recipe.ts";
import type { Style } from "../domain/style.ts";
import { durationText } from "../lib/time-text.ts";
import type { Ahead, Ballot, OutboxContent } from "../ports/store.ts";
import type { View } from "../ports/view.ts";
import { pictureButtons, type SignButton, waitingButtons } from "./buttons.ts";
import { cancelledLine, costText } from "./cancelled.ts";
import { OUT_OF_ROOM } from "./out-of-room.ts";
import { imageOfPicture, imageOfPictures, imageOfPreview, originalView } from "./picture.ts";
import { promptText } from "./prompt.ts";

/** Everything a card shows, read once. */
export interface CardFacts {
  readonly job: Job;
  readonly pictures: readonly Picture[];
  readonly ballot: Ballot | undefined;
  /** Of a waiting job. */
  readonly ahead: Ahead | undefined;
  /** Of a running job. */
  readonly progress: Progress | undefined;
  /** Of a running job: its newest unfinished picture. */
  readonly previewKey: string | undefined;
  /** No picture is begun, for want of room to store it. */
  readonly outOfRoom: boolean;
  readonly styleOf: (styleId: string) => Pick<Style, "title"> | undefined;
  /** Pictures are covered in this chat. */
  readonly spoiler: boolean;
  /** Backend names to titles; a backend that is gone keeps its name. */
  readonly backendTitle: (name: string) => string;
}

/** The message of a job as it should look now. Pure: the same facts give the same card. */
export function jobCard(facts: CardFacts, token: SignButton): View {
  const { job } = facts;
  switch (job.state) {
    case "queued":
      return {
        text: `${headline(job)}\n${facts.outOfRoom ? OUT_OF_ROOM : waitingText(facts.ahead, job)}`,
        tone: "working",
        progress: 0,
        buttons: waitingButtons(token, job.jobId),
      };
    case "running":
      return { ...runningCard(facts), buttons: waitingButtons(token, job.jobId) };
    case "done":
      return doneCard(facts, token);
    case "failed":
    case "cancelled":
      return {
        text: `${headline(job)}\n${endText(job)}`,
        tone: job.state === "failed" ? "bad" : "quiet",
        buttons: [[{ label: "Try again", token: token("again", { jobId: job.jobId, pictures: "all" }) }]],
      };
  }
}

/** What is posted where a post cannot be repeated safely: it is edited into the card at once. */
export const placeholderCard = (job: Job, content: OutboxContent): View =>
  content.kind === "job"
    ? { text: `${headline(job)}\nqueued`, tone: "working", progress: 0 }
    : {
        text: `${headline(job)}\n${content.kind === "original" ? "the original follows" : "the picture follows"}`,
        tone: "working",
      };

/** A single picture of a batch, in a message of its own. */
export function pickCard(facts: CardFacts, picture: Picture, byName: string, token: SignButton): View {
  if (picture.deleted) return deletedCard(picture);
  return {
    text: [
      promptText(facts.job.order.request.prompt),
      `picture ${picture.index + 1} of ${facts.pictures.length}, picked by ${byName}`,
      factLine(facts, [picture]),
    ].join("\n"),
    tone: "good",
    image: imageOfPicture(picture, "posted", facts),
    buttons: pictureButtons(token, facts.job, [picture], facts.ballot),
  };
}

/** The original of a picture, in a message of its own. */
export const originalCard = (picture: Picture, facts: Pick<CardFacts, "spoiler">): View =>
  picture.deleted ? deletedCard(picture) : originalView(picture, facts);

/** A batch is deleted as a whole. */
const deletedCard = (picture: Picture, last = picture): View => {
  const which =
    last === picture ? `Picture #${picture.number} was` : `Pictures #${picture.number} to #${last.number} were`;
  return { text: `${which} deleted by ${picture.deleted?.byName ?? "somebody"}.`, tone: "quiet" };
};

/** A reply that showed it before it was deleted. Such replies are not kept up to date, so this has to stay true. */
export const takenOffCard = ({ jobId, number, deleted }: Picture, token: SignButton): View => ({
  text: `Picture #${number} was deleted by ${deleted?.byName ?? "somebody"}. If it is brought back, /show ${number} shows it.`,
  tone: "quiet",
  buttons: [[{ label: "Undo", token: token("undo", { jobId, pictures: "all" }) }]],
});

/**
 * Stands in for a card that a platform does not take: nothing of what members wrote, no picture and no buttons, since nobody
 * knows which of them it was.
 */
export function plainCard(job: Job, content: OutboxContent, pictures: readonly Picture[]): View {
  const shown = content.kind === "job" ? pictures : pictures.filter(({ index }) => index === content.index);
  const [first] = shown;
  if (first?.deleted) return deletedCard(first, shown.at(-1));
  switch (job.state) {
    case "queued":
    case "running":
      return {
        text: "A picture is on its way. Its message cannot be shown as usual; /queue lists it.",
        tone: "working",
      };
    case "done":
      return first
        ? {
            text: `${notShownText(shown)} /show ${first.number} shows ${shown.length > 1 ? "the first" : "it"}.`,
            tone: "quiet",
          }
        : { text: "This picture is no longer kept here.", tone: "quiet" };
    case "failed":
    case "cancelled":
      return { text: endText(job), tone: job.state === "failed" ? "bad" : "quiet" };
  }
}

/** How a job without a picture ended. */
const endText = ({ problem, outcome }: Job): string =>
  [problem?.text ?? "No picture this time.", ...(outcome ? [costText(outcome)] : [])].join(" ");

const notShownText = (pictures: readonly Picture[]): string => {
  const numbers = pictures.map(({ number }) => `#${number}`);
  const which = numbers.length > 1 ? `Pictures ${numbers[0]} to ${numbers.at(-1)} are` : `Picture ${numbers[0]} is`;
  return `${which} made and kept, but cannot be shown in this message.`;
};

const headline = (job: Job): string =>
  `${promptText(job.order.request.prompt)} · ${job.voterNames.length > 0 ? `by vote of ${names(job.voterNames)}` : job.memberName}`;

const names = (list: readonly string[]): string => new Intl.ListFormat("en", { type: "conjunction" }).format(list);

function waitingText(ahead: Ahead | undefined, job: Job): string {
  const place = ahead === undefined || ahead.jobs === 0 ? "queued, you are next" : `queued, ${ahead.jobs} ahead of you`;
  return `${place}, about ${durationText((ahead?.estimateMs ?? 0) + job.estimateMs)}`;
}

function runningCard(facts: CardFacts): View {
  const { job, progress, previewKey, backendTitle, outOfRoom } = facts;
  const where = progress ? ` on ${backendTitle(progress.backend)}` : "";
  const step = progress?.step ? `, step ${progress.step.at} of ${progress.step.of}` : "";
  const working = progress?.waiting ? `waiting${where}${waitingThere(progress.waiting)}` : `making it${where}${step}`;
  const doing = outOfRoom && !progress ? OUT_OF_ROOM : working;
  return {
    text: [headline(job), doing, ...(progress?.route ?? [])].join("\n"),
    tone: "working",
    progress: progress?.fraction ?? 0,
    ...(job.order.count > 1 ? { becomesAlbum: true as const } : {}),
    ...(previewKey === undefined ? {} : { image: imageOfPreview(previewKey, job.order, facts) }),
  };
}

/** ": the model is loading, about 40 s", ", 3 ahead of us, about 2 min". */
function waitingThere({ position, etaMs, why }: NonNullable<Progress["waiting"]>): string {
  const place =
    position === undefined ? "" : position === 0 ? ", next in its queue" : `, ${position} ahead in its queue`;
  return `${why === undefined ? "" : `: ${why}`}${place}${etaMs === undefined ? "" : `, about ${durationText(etaMs)}`}`;
}

function doneCard(facts: CardFacts, token: SignButton): View {
  const { job, pictures } = facts;
  const first = pictures[0];
  const buttons = pictureButtons(token, job, pictures, facts.ballot);
  if (!first) return { text: `${headline(job)}\nThis picture is no longer kept here.`, tone: "quiet" };
  if (first.deleted) return { ...deletedCard(first, pictures.at(-1)), buttons };
  const text = [
    headline(job),
    factLine(facts, pictures),
    ...lineageLine(job),
    ...startLine(job),
    ...(job.outcome?.route ?? []),
    ...cancelledLine(job, pictures.length),
    ...voteLine(facts.ballot),
    ...job.order.advice,
  ];
  return {
    text: text.join("\n"),
    tone: "good",
    ...(pictures.length > 1
      ? {
          image: imageOfPictures(pictures, facts),
          album: pictures.map((picture) => imageOfPicture(picture, "posted", facts)),
        }
      : { image: imageOfPicture(first, "posted", facts) }),
    buttons,
  };
}

/** "#12 · RCA · seed 7 (locked) · cfg 3 · 28 steps · 832×1216 · the built-in sketch". */
function factLine({ job, styleOf, backendTitle }: CardFacts, shown: readonly Picture[]): string {
  const [first] = shown;
  const last = shown.at(-1);
  if (!first || !last) return "";
  const { request } = first.recipe;
  const several = shown.length > 1;
  const seeds = several ? `seeds ${request.seed} to ${seedOf(request.seed, shown.length - 1)}` : `seed ${request.seed}`;
  const numbers = several ? `#${first.number} to #${last.number}` : `#${first.number}`;
  return [
    numbers,
    styleOf(request.styleId)?.title ?? request.styleId,
    `${seeds}${job.order.seedFrom === "locked" ? " (locked)" : ""}`,
    `cfg ${request.guidance}`,
    ...(request.loraScale === 1 ? [] : [`scale ${request.loraScale}`]),
    `${request.steps} steps`,
    `${request.widthPx}×${request.heightPx}`,
    backendTitle(first.recipe.backend),
  ].join(" · ");
}

function lineageLine(job: Job): readonly string[] {
  const { lineage } = job.order;
  if (!lineage) return [];
  const word = {
    reroll: "rerolled from",
    vote: "rerolled by vote from",
    vary: "varied from",
    edit: "edited from",
    again: "made again after",
  }[lineage.kind];
  return [
    `${word} #${lineage.parentNumber} by ${job.voterNames.length > 0 ? names(job.voterNames) : job.memberName}: ${lineage.change}`,
  ];
}

function startLine({ order }: Job): readonly string[] {
  const { init } = order.request;
  return init ? [`started from an attached picture, change ${init.strength}`] : [];
}

function voteLine(ballot: Ballot | undefined): readonly string[] {
  if (!ballot || ballot.voters.length === 0) return [];
  switch (ballot.state) {
    case "open": {
      const missing = ballot.votesNeeded - ballot.voters.length;
      return [`Reroll: ${names(ballot.voters.map(({ name }) => name))} voted, ${missing} more needed`];
    }
    case "passed":
      return ["Reroll: the vote passed, the new picture is below"];
    case "closed":
      return ["Reroll: the vote ended without enough votes; press Reroll to start another"];
  }
}
