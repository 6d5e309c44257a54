import { listed, type Text, text } from "../../domain/text.ts";
import type { Colour } from "../../lib/colour.ts";
import { missingCharacters } from "../lettering/coverage.ts";
import { hanFormOf } from "../lettering/han.ts";
import { PHRASE_MAX_LETTERS, withinLetters } from "../lettering/letters.ts";
import { blocksOf, levelsOfQuotes, type TextBlock } from "./blocks.ts";
import { cleanPrompt } from "./clean.ts";
import { linkToScan, type ScannedLink } from "./links.ts";
import { readQuotes, withoutQuotes } from "./quotes.ts";
import {
  type AskedPhrase,
  drawablePhrase,
  type LetteredPhrase,
  shownOf,
  withFlanked,
  withoutTrigger,
} from "./texts.ts";
import { isPictureName, isSlogan, titleOf } from "./title.ts";
import { type Impossible, type Thing, understand } from "./understanding.ts";
import { type Inks, STYLE_WORDS } from "./words.ts";

/** What a prompt asks of the poster. */
export interface Brief {
  /** At least one, except where nothing can be lettered. */
  readonly phrases: readonly LetteredPhrase[];
  /** Drawn as a QR code. */
  readonly link: ScannedLink | undefined;
  /** In the prompt's order, without the background. */
  readonly colours: readonly Colour[];
  readonly background: Colour | undefined;
  readonly mood: Inks | undefined;
  /** What leads first. */
  readonly things: readonly Thing[];
  readonly denied: readonly Thing[];
  readonly layout: string | undefined;
  /** Not to be chosen by chance either. Layouts by the word that named them. */
  readonly unwantedLayouts: ReadonlyMap<string, string>;
  /** For members: what was left out or not understood. */
  readonly notes: readonly Text[];
  /** Of what was asked for, what cannot be drawn or lettered whatever the layout: in a few words, for the card. */
  readonly missed: readonly Text[];
}

export interface BriefInput {
  /** As sent, any text. */
  readonly prompt: string;
  /** The style's trigger word: no subject here, but it can name a layout. */
  readonly trigger?: string;
  /** What is to be kept out, in the member's words. */
  readonly unwanted?: string;
}

const NOTED_MAX_WORDS = 12;
const NOTED_MAX_CHARACTERS = 24;
/** On the card, which is short. */
const MISSED_MAX = 3;

export function readBrief({ prompt, trigger = "", unwanted = "" }: BriefInput): Brief {
  const cleaned = cleanPrompt(prompt);
  const body = withoutTrigger(cleaned.text, trigger);
  const scanned = linkToScan(body);
  const written = withFlanked(scanned?.rest ?? body);
  const rest = withoutQuotes(written);
  const asked = understand(rest, unwanted);
  const quoted = readQuotes(written, asked.languages);
  const drawable = levelled(quoted).flatMap((phrase) => drawablePhrase(phrase) ?? []);
  const titled =
    drawable.length > 0
      ? []
      : blocksOf(rest.trim() === "" ? written : rest, {
          isDescription,
          isSlogan: (clause) => isSlogan(clause, asked.languages),
          isPictureName: (clause) => isPictureName(clause, asked.languages),
          titleOf: (clause) => titleOf(clause, asked.languages),
        });
  const letters =
    drawable.length > 0
      ? drawable
      : titled
          .flatMap((part) => drawablePhrase(titlePhrase(part)) ?? [])
          .filter((phrase) => /[\p{L}\p{N}\p{S}]/u.test(phrase.text));
  const { phrases, cut } = withinLetters(letters);
  const han = hanFormOf(phrases.map((phrase) => phrase.text).join(" "));
  // An emoji is asked for wherever it stands.
  const emoji = [...rest.matchAll(/\p{Extended_Pictographic}/gu)].join("");
  const missing = missingCharacters(quoted.length > 0 ? `${quoted.map((one) => one.text).join("")}${emoji}` : body);
  const unwantedLayouts = layoutsIn(cleanPrompt(unwanted).text);
  const wantedIn = (words: string) => [...layoutsIn(words).values()].find((name) => !isUnwanted(name));
  const isUnwanted = (layout: string) => [...unwantedLayouts.values()].includes(layout);
  // The style speaks where the prompt names none: /blueprint a bridge is a blueprint. At scale 0 its trigger is not there.
  const styleLayout = body === cleaned.text ? undefined : wantedIn(trigger);
  const cutNote = cut ? text("backend.sketch.note.cut", { letters: PHRASE_MAX_LETTERS }) : undefined;
  const missingNote = missing.length > 0 ? text("backend.sketch.note.missing", missingOf(missing)) : undefined;
  const impossible = asked.impossible.map(impossibleText);
  const stayed = asked.notKeptOut.filter((word) => !unwantedLayouts.has(word.toLowerCase()));
  const stayedNote =
    stayed.length > 0 ? text("backend.sketch.note.not-kept-out", { words: shownWords(stayed) }) : undefined;
  const lettered = titled
    .map((part) => part.text)
    .join(" ")
    .toLowerCase();
  const strange = asked.unknownThings.filter((word) => !lettered.includes(word.toLowerCase()));
  return {
    phrases: phrases.map((phrase) => ({ ...phrase, han })),
    link: scanned?.link,
    colours: asked.colours,
    background: asked.background,
    mood: asked.mood,
    things: asked.things,
    denied: asked.denied,
    layout: wantedIn(rest) ?? styleLayout,
    unwantedLayouts,
    notes: [
      ...cleaned.notes,
      drawable.length === 0 && phrases.length > 0 ? text("backend.sketch.note.title") : undefined,
      cutNote,
      missingNote,
      asked.unknown.length > 0 ? text("backend.sketch.note.unknown", { words: shownWords(asked.unknown) }) : undefined,
      stayedNote,
      ...impossible,
    ].filter((note) => note !== undefined),
    missed: [
      ...impossible,
      stayedNote,
      cutNote,
      missing.length > 0 ? text("backend.sketch.missed.letters", missingOf(missing)) : undefined,
      strange.length > 0
        ? text("backend.sketch.missed.unknown", { words: shownWords(strange, MISSED_MAX) })
        : undefined,
    ].filter((note) => note !== undefined),
  };
}

/** Each cut to a length that fits, and as many as fit. */
export function shownWords(words: readonly string[], most = NOTED_MAX_WORDS): Text {
  const shown = words.slice(0, most).map((word) => cutWord(word));
  return listed([...shown, ...(words.length > most ? ["…"] : [])], "commas");
}

const cutWord = (word: string): string =>
  word.length > NOTED_MAX_CHARACTERS ? `${word.slice(0, NOTED_MAX_CHARACTERS).toWellFormed()}…` : word;

const impossibleText = (impossible: Impossible): Text => {
  switch (impossible) {
    case "chart":
      return text("backend.sketch.missed.chart");
    case "map":
      return text("backend.sketch.missed.map");
    case "portrait":
      return text("backend.sketch.missed.portrait");
  }
};

const missingOf = (missing: readonly string[]) => ({ characters: shownOf(missing) });

/** The layouts that style words name, by the word. */
function layoutsIn(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [word] of text.toLowerCase().matchAll(/[\p{L}][\p{L}\p{M}’'-]*/gu)) {
    const layout = Object.hasOwn(STYLE_WORDS, word) ? STYLE_WORDS[word] : undefined;
    if (layout !== undefined) found.set(word, layout);
  }
  return found;
}

function levelled(quoted: ReturnType<typeof readQuotes>): readonly AskedPhrase[] {
  const levels = levelsOfQuotes(quoted);
  return quoted.flatMap((phrase, index) => (levels[index] ?? []).map((part) => ({ ...phrase, ...part })));
}

/** Says only how the poster is to look. */
function isDescription(words: string): boolean {
  const { things, denied, unknown, unknownThings, colours, background, mood } = understand(words, "");
  const looks = colours.length > 0 || background !== undefined || mood !== undefined || layoutsIn(words).size > 0;
  return looks && [things, denied, unknown, unknownThings].every((told) => told.length === 0);
}

const titlePhrase = (part: TextBlock): AskedPhrase => ({
  ...part,
  position: undefined,
  size: "normal",
  narrow: false,
  capitals: part.level === "title",
});
