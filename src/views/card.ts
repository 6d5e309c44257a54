import { shownWords } from "../domain/filled-template.ts";
import type { Job, Picture, Progress } from "../domain/job.ts";
import { styleNameOf } from "../domain/style.ts";
import { facts, type MessageId, sentences, type Text, text, verbatim } from "../domain/text.ts";
import { amount, duration } from "../domain/time-words.ts";
import type { Card } from "../ports/view.ts";
import { openAyes } from "./buttons.ts";
import { cancelledLine } from "./cancelled.ts";
import type { CardFacts } from "./card-facts.ts";
import { enlargedLine } from "./enlarged.ts";
import { reasonText, type WithheldPictures, withheldText } from "./held.ts";
import { aiFact } from "./picture.ts";
import { promptText } from "./prompt.ts";
import { receiptLine } from "./receipts.ts";

// A job's message as its parts, in few words: what decides how a picture looks stands under "How it was made".

type Whose = Pick<CardFacts, "job" | "ownerIds">;

const partsOf = ({ job: { order, memberId, memberName }, ownerIds }: Whose) => ({
  words: promptText(shownWords(order.request)),
  owner: { id: memberId, name: memberName },
  ownerIds,
  widthPx: order.request.widthPx,
  heightPx: order.request.heightPx,
});

/** @param doing where it stands, or why it does not go on */
export const waitingPart = (known: Whose, doing: Text): Card => ({
  ...partsOf(known),
  state: "waiting",
  facts: doing,
  notes: known.job.order.foreseen ?? [],
});

export function workingPart(known: CardFacts, doing: Text): Card {
  const { job, progress, backendTitle } = known;
  return {
    ...partsOf(known),
    state: "working",
    facts: progress && !progress.waiting ? stepFacts(job, progress, backendTitle) : doing,
    notes: [...(progress?.route ?? []), ...(job.order.foreseen ?? [])],
  };
}

/** "Step 18 of 28 · about 4 s · ComfyUI". */
const stepFacts = ({ estimateMs }: Job, { step, fraction, backend }: Progress, titleOf: CardFacts["backendTitle"]) =>
  facts(
    step && text("card.step", step),
    text("card.waiting.about", { wait: duration(estimateMs * (1 - fraction)) }),
    titleOf(backend),
  );

export const deletedPart = (known: Whose, told: Text): Card => ({ ...partsOf(known), state: "deleted", facts: told });

/** Who is none of those whom it concerns reads the facts alone. */
export const heldPart = (known: Whose, held: WithheldPictures): Card => ({
  ...partsOf(known),
  state: "held",
  facts: withheldText(held),
  note: text("held.author"),
  why: reasonText(held.withheld.why),
});

export function donePart(
  known: Whose & Pick<CardFacts, "pictures" | "vote" | "reroll" | "styleOf" | "backendTitle">,
  pictures: readonly Picture[],
): Card {
  const { job, vote, reroll, styleOf } = known;
  const [first] = pictures;
  const last = pictures.at(-1);
  const { styleId } = job.order.request;
  const { lineage } = job.order;
  const missed = pictures.flatMap(({ recipe }) => recipe.missed ?? []);
  const cancelled = cancelledLine(job, known.pictures.length);
  return {
    ...partsOf(known),
    ...(first?.recipe.size ?? {}),
    state: "done",
    facts: facts(
      first &&
        (first === last || !last
          ? verbatim(`#${first.number}`)
          : text("card.fact.numbers", { first: first.number, last: last.number })),
      styleNameOf(styleId, styleOf),
      lineage && text("card.from", { parent: lineage.parentNumber }),
      first && aiFact(first.recipe),
    ),
    badges: [...new Map(missed.map((line) => [JSON.stringify(line), line])).values()].slice(0, BADGES_MAX),
    notes: [first && enlargedLine(first, known), cancelled, receiptLine(job.outcome)].filter(
      (line) => line !== undefined,
    ),
    ...(job.voterNames.length > 0 ? { sharedBy: job.voterNames } : {}),
    pictures: pictures.map(({ number, recipe }) => ({ number, seed: recipe.request.seed })),
    reroll: { label: text("button.reroll"), ...(reroll.by === "vote" ? votesOn(vote, reroll.needed) : reroll) },
  };
}

function votesOn(vote: CardFacts["vote"], needed: number) {
  const open = openAyes(vote);
  return {
    by: "vote" as const,
    needed: open?.needed ?? needed,
    voterIds: open?.ayes.map(({ memberId }) => memberId) ?? [],
  };
}

const BADGES_MAX = 4;

/** Said by the card's title and by what came back. */
const SAID_ELSEWHERE: ReadonlySet<string> = new Set<MessageId>(["problem.no-picture", "problem.returned"]);

/** @param endText the whole of it, as other platforms say it */
export function endedPart(known: Whose, endText: Text): Card {
  const { job } = known;
  const { problem, estimateGpuMs, deferral, outcome } = job;
  const isFailed = job.state === "failed";
  const back =
    isFailed && !deferral && !outcome && estimateGpuMs > 0
      ? text("card.back", { amount: amount(estimateGpuMs) })
      : undefined;
  const cause = isFailed ? without(problem?.text ?? endText, SAID_ELSEWHERE) : endText;
  return {
    ...partsOf(known),
    state: "ended",
    facts: promptText(shownWords(job.order.request)),
    title: text("card.no-picture"),
    cause: back ? sentences(cause, back) : cause,
  };
}

function without(from: Text, ids: ReadonlySet<string>): Text {
  if (!("parts" in from) || from.as !== "sentences") return from;
  const rest = from.parts.filter((part) => !(typeof part === "object" && "id" in part && ids.has(part.id)));
  return rest.length === 0 ? from : { ...from, parts: rest };
}
