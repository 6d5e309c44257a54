import { shownWords } from "../domain/filled-template.ts";
import { NAMELESS } from "../domain/forgetting.ts";
import type { Job, Picture } from "../domain/job.ts";
import { seedOf, sizeOfRecipe } from "../domain/recipe.ts";
import { styleNameOf } from "../domain/style.ts";
import { facts, lines, type MessageId, sentences, type Text, text, verbatim } from "../domain/text.ts";
import type { JobContent } from "../ports/store.ts";
import type { View } from "../ports/view.ts";
import { endedButtons, pictureButtons, type SignButton, waitingButtons } from "./buttons.ts";
import { cancelledLine, costText } from "./cancelled.ts";
import { deletedPart, donePart, endedPart, heldPart, waitingPart, workingPart } from "./card.ts";
import type { CardFacts } from "./card-facts.ts";
import { enlargedLine } from "./enlarged.ts";
import { heldButtons, reasonText, type WithheldPictures, withheldIn, withheldText } from "./held.ts";
import { aiFact, imageOfPicture, imageOfPictures, imageOfPreview, originalView, settingFacts } from "./picture.ts";
import { promptText } from "./prompt.ts";
import { receiptLine } from "./receipts.ts";
import { standstill } from "./standstill.ts";
import { draftLine, voteLine } from "./vote.ts";
import { votersText } from "./voters.ts";
import { deferredText, doingText, placeText, waitingText } from "./waiting.ts";

/** The message of a job as it should look now. Pure: the same facts give the same card. */
export function jobCard(known: CardFacts, token: SignButton): View {
  const { job } = known;
  switch (job.state) {
    case "deferred": {
      const waits = deferredText(job, known.nowMs);
      return {
        text: lines(headline(job), waits),
        tone: "working",
        buttons: waitingButtons(token, job.jobId),
        card: waitingPart(known, waits),
      };
    }
    case "queued":
      return {
        text: lines(headline(job), standstill(known) ?? waitingText(known.ahead, job), ...foreseen(job)),
        tone: "working",
        progress: 0,
        buttons: waitingButtons(token, job.jobId),
        card: waitingPart(known, standstill(known) ?? placeText(known.ahead, job)),
      };
    case "running":
      return { ...runningCard(known), buttons: waitingButtons(token, job.jobId) };
    case "done":
      return doneCard(known, token);
    case "failed":
    case "cancelled":
      return {
        text: lines(headline(job), endText(job)),
        tone: job.state === "failed" ? "bad" : "quiet",
        buttons: endedButtons(token, job.jobId, known.canSketch),
        card: endedPart(known, endText(job)),
      };
  }
}

/** What is posted where a post cannot be repeated safely: it is edited into the card at once. */
export const placeholderCard = (job: Job, content: JobContent): View =>
  content.kind === "job" || content.kind === "waited"
    ? { text: lines(headline(job), text("card.queued")), tone: "working", progress: 0 }
    : {
        text: lines(
          headline(job),
          content.kind === "original" ? text("card.original-follows") : text("card.picture-follows"),
        ),
        tone: "working",
      };

/** One line, far up, where a job waited: it is at the end of the chat now. */
export function waitedCard({ job, pictures }: Pick<CardFacts, "job" | "pictures">): View {
  const first = pictures[0];
  return first?.deleted
    ? deletedCard(first, pictures.at(-1))
    : { text: facts(promptText(shownWords(job.order.request)), text("card.waited")), tone: "quiet" };
}

/** A single picture of a batch, in a message of its own. */
export function pickCard(known: CardFacts, picture: Picture, byName: string, token: SignButton): View {
  if (picture.deleted) return deletedCard(picture);
  return {
    text: lines(
      promptText(shownWords(known.job.order.request)),
      text("card.pick", { number: picture.index + 1, of: known.pictures.length, name: byName }),
      factLine(known, [picture]),
    ),
    tone: "good",
    image: imageOfPicture(picture, "posted", known),
    card: donePart(known, [picture]),
    buttons: pictureButtons(token, known.job, [picture], known.vote),
  };
}

/** The original of a picture, in a message of its own. */
export const originalCard = (picture: Picture, rules: Pick<CardFacts, "spoiler">): View =>
  picture.deleted ? deletedCard(picture) : originalView(picture, rules);

/** A batch is deleted as a whole. */
const deletedCard = (picture: Picture, last = picture): View => {
  const held = withheldIn([picture, last]);
  if (held) return { text: withheldText(held), tone: "quiet" };
  const name = deleterOf(picture);
  const which =
    last === picture
      ? text("card.deleted", { number: picture.number, name })
      : text("card.deleted.batch", { first: picture.number, last: last.number, name });
  return { text: which, tone: "quiet" };
};

const deleterOf = ({ deleted }: Picture): Text =>
  deleted && deleted.byName !== NAMELESS ? verbatim(deleted.byName) : text("card.somebody");

/** A reply that showed it before it was deleted. Such replies are not kept up to date, so this has to stay true. */
export const takenOffCard = (picture: Picture, token: SignButton): View =>
  picture.deleted?.withheld
    ? { text: text("held.taken-off", { number: picture.number }), tone: "quiet" }
    : {
        text: text("card.deleted.taken-off", { number: picture.number, name: deleterOf(picture) }),
        tone: "quiet",
        buttons: [[{ label: text("button.undo"), token: token("undo", { jobId: picture.jobId, pictures: "all" }) }]],
      };

/**
 * Stands in for a card that a platform does not take: nothing of what members wrote, no picture and no buttons, since nobody
 * knows which of them it was.
 */
export function plainCard(job: Job, content: JobContent, pictures: readonly Picture[]): View {
  const shown = "index" in content ? pictures.filter(({ index }) => index === content.index) : pictures;
  const [first] = shown;
  if (first?.deleted) return deletedCard(first, shown.at(-1));
  if (content.kind === "waited") return { text: text("card.waited"), tone: "quiet" };
  switch (job.state) {
    case "deferred":
    case "queued":
    case "running":
      return {
        text: text("card.plain.coming"),
        tone: "working",
      };
    case "done":
      return first
        ? { text: notShownText(first, shown.at(-1)), tone: "quiet" }
        : { text: text("card.no-longer-kept"), tone: "quiet" };
    case "failed":
    case "cancelled":
      return { text: endText(job), tone: job.state === "failed" ? "bad" : "quiet" };
  }
}

/** How a job without a picture ended. */
const endText = ({ problem, outcome }: Job): Text =>
  sentences(problem?.text ?? text("card.no-picture"), outcome && costText(outcome));

const notShownText = (first: Picture, last = first): Text =>
  first === last
    ? text("card.plain.made", { number: first.number })
    : text("card.plain.made.batch", { first: first.number, last: last.number });

const headline = (job: Job): Text =>
  facts(
    promptText(shownWords(job.order.request)),
    job.voterNames.length > 0 ? text("card.by-vote", { names: votersText(job.voterNames) }) : job.memberName,
  );

const foreseen = ({ order }: Job): readonly Text[] => order.foreseen ?? [];

function runningCard(known: CardFacts): View {
  const { job, progress, previewKey, backendTitle } = known;
  const doing = (progress ? undefined : standstill(known)) ?? doingText(progress, backendTitle);
  return {
    text: lines(headline(job), doing, ...(progress?.route ?? []), ...foreseen(job)),
    tone: "working",
    progress: progress?.fraction ?? 0,
    card: workingPart(known, doing),
    ...(job.order.count > 1 ? { becomesAlbum: true as const } : {}),
    ...(previewKey === undefined ? {} : { image: imageOfPreview(previewKey, job.order, known) }),
  };
}

function doneCard(known: CardFacts, token: SignButton): View {
  const { job, pictures } = known;
  const first = pictures[0];
  const buttons = pictureButtons(token, job, pictures, known.vote);
  if (!first) return { text: lines(headline(job), text("card.no-longer-kept")), tone: "quiet" };
  const held = withheldIn(pictures);
  if (held) return withheldCard(known, held, token);
  if (first.deleted) {
    const told = deletedCard(first, pictures.at(-1));
    return { ...told, buttons, card: deletedPart(known, told.text) };
  }
  return {
    text: lines(
      headline(job),
      factLine(known, pictures),
      lineageLine(job),
      enlargedLine(first, known),
      startLine(job),
      ...missedLines(pictures),
      ...(job.outcome?.route ?? []),
      cancelledLine(job, pictures.length),
      receiptLine(job.outcome),
      voteLine(known.vote),
      draftLine(known.draftOf),
      ...foreseen(job),
      ...adviceFor(job, pictures),
    ),
    tone: "good",
    ...(pictures.length > 1
      ? {
          image: imageOfPictures(pictures, known),
          album: pictures.map((picture) => imageOfPicture(picture, "posted", known)),
        }
      : { image: imageOfPicture(first, "posted", known) }),
    buttons,
    card: donePart(known, pictures),
  };
}

/** Without what the pictures show: neither they nor what was asked for are for all to read while nobody has decided. */
function withheldCard(known: CardFacts, held: WithheldPictures, token: SignButton): View {
  const told = withheldText(held);
  switch (held.withheld.state) {
    case "held":
      return {
        text: sentences(told, reasonText(held.withheld.why)),
        tone: "quiet",
        buttons: heldButtons(token, known.job.jobId),
        card: heldPart(known, held),
      };
    case "withdrawn":
    case "refused":
      return { text: told, tone: "quiet", card: deletedPart(known, told) };
  }
}

/** Several pictures of one prompt mostly lack the same. */
const MISSED_MAX = 4;
/** What was asked for and is not there, each once for a batch. */
function missedLines(pictures: readonly Picture[]): readonly Text[] {
  const missed = pictures.flatMap(({ recipe }) => recipe.missed ?? []);
  const once = new Map(missed.map((line) => [JSON.stringify(line), line]));
  return [...once.values()].slice(0, MISSED_MAX);
}

/** What the coach says of models: how they read long prompts, how strictly they follow them, which sizes they know. */
const OF_MODELS: ReadonlySet<string> = new Set<MessageId>([
  "advice.cfg",
  "advice.long",
  "advice.long.estimated",
  "advice.size",
]);
const adviceFor = ({ order }: Job, pictures: readonly Picture[]): readonly Text[] =>
  pictures.every(({ recipe }) => recipe.typeset)
    ? order.advice.filter((advice) => !("id" in advice && OF_MODELS.has(advice.id)))
    : order.advice;

/** "#12 · RCA · seed 7 (locked) · cfg 3 · 28 steps · 832×1216 · the built-in sketch". */
function factLine({ job, styleOf, backendTitle }: CardFacts, shown: readonly Picture[]): Text | undefined {
  const [first] = shown;
  const last = shown.at(-1);
  if (!first || !last) return undefined;
  const { request } = first.recipe;
  return facts(
    first === last
      ? verbatim(`#${first.number}`)
      : text("card.fact.numbers", { first: first.number, last: last.number }),
    styleNameOf(request.styleId, styleOf),
    seedFact(request.seed, shown.length, job.order.seedFrom === "locked"),
    ...settingFacts({ ...request, ...sizeOfRecipe(first.recipe) }, first.recipe),
    aiFact(first.recipe),
    backendTitle(first.recipe.backend),
  );
}

function seedFact(seed: number, pictures: number, locked: boolean): Text {
  if (pictures === 1) return text(locked ? "card.fact.seed.locked" : "card.fact.seed", { seed });
  const last = seedOf(seed, pictures - 1);
  return text(locked ? "card.fact.seeds.locked" : "card.fact.seeds", { first: seed, last });
}

function lineageLine(job: Job): Text | undefined {
  const { lineage } = job.order;
  if (!lineage) return undefined;
  const { kind, parentNumber: parent, change } = lineage;
  // Who voted stands in the headline.
  if (kind === "vote") return text("card.from.vote", { parent, change });
  return text(`card.from.${kind}`, { parent, names: job.memberName, change });
}

function startLine({ order }: Job): Text | undefined {
  const { init, edit } = order.request;
  // Words were set over it as it is.
  if (order.lettersOver !== undefined || order.enlarge) return undefined;
  // Of one of ours alone the line above says it.
  if (edit && (edit.keys.length > 1 || !order.lineage)) return text("card.edited", { pictures: edit.keys.length });
  return init && text("card.started-from", { change: init.strength });
}
