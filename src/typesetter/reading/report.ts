import { listed, type Text, text } from "../../domain/text.ts";
import type { SignPlan } from "../signs/plan.ts";
import { type Brief, shownWords } from "./brief.ts";
import type { Thing } from "./understanding.ts";

/** What members are told of a poster. */
export interface Report {
  /** For Info: what is drawn, lettered and left out, and why. */
  readonly notes: readonly Text[];
  /** For the card, in a few words: what was asked for and is not there. */
  readonly missed: readonly Text[];
}

/** Of a text that is lettered, so much is told. */
const LETTERED_MAX_CHARACTERS = 60;
const LETTERED_MAX = 6;
/** On the card. */
const MISSED_MAX = 3;

/** @param drawn names of the pictures on the paper */
export function tell({
  brief,
  plan,
  drawn,
}: {
  readonly brief: Brief;
  readonly plan: SignPlan;
  readonly drawn: ReadonlySet<string>;
}): Report {
  const shown = plan.signs.filter(({ picture }) => drawn.has(picture)).flatMap(({ things }) => things);
  const covered = plan.signs.filter(({ picture }) => !drawn.has(picture)).flatMap(({ things }) => things);
  const leftOut = [...covered, ...plan.leftOut];
  const words = (things: readonly Thing[]): readonly string[] => [...new Set(things.map((thing) => thing.words))];
  const keptOut = [...words(brief.denied), ...brief.unwantedLayouts.keys()];
  const lettered = brief.phrases.slice(0, LETTERED_MAX).map(({ text: letters }) => quoted(letters));
  return {
    notes: [
      shown.length > 0
        ? text("backend.sketch.note.drawn", { things: shownWords(words(shown)) })
        : text("backend.sketch.note.shape"),
      lettered.length > 0
        ? text("backend.sketch.note.lettered", { texts: listed([...lettered], "commas") })
        : text("backend.sketch.note.no-letters"),
      leftOut.length > 0 ? text("backend.sketch.note.left-out", { things: shownWords(words(leftOut)) }) : undefined,
      keptOut.length > 0 ? text("backend.sketch.note.kept-out", { things: shownWords(keptOut) }) : undefined,
      ...brief.notes,
    ].filter((note) => note !== undefined),
    missed: [
      leftOut.length > 0
        ? text("backend.sketch.missed.things", { things: shownWords(words(leftOut), MISSED_MAX) })
        : undefined,
      ...brief.missed,
    ].filter((note) => note !== undefined),
  };
}

const quoted = (letters: string): Text =>
  text("card.prompt", {
    prompt:
      letters.length > LETTERED_MAX_CHARACTERS
        ? `${letters.slice(0, LETTERED_MAX_CHARACTERS).toWellFormed()}…`
        : letters,
  });
