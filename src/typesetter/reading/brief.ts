import { listed, type Text, text } from "../../domain/text.ts";
import type { Colour } from "../composition/colour.ts";
import { PHRASE_MAX_LETTERS, withinLetters } from "../lettering/letters.ts";
import { missingCharacters } from "../lettering/shape.ts";
import { cleanPrompt } from "./clean.ts";
import { type Phrase, readQuotes, withoutQuotes } from "./quotes.ts";
import { titlesOf } from "./title.ts";
import { type Impossible, type Thing, understand } from "./understanding.ts";
import { type Inks, STYLE_WORDS } from "./words.ts";

/** What a prompt asks of the poster. */
export interface Brief {
  /** At least one, except where nothing can be lettered. */
  readonly phrases: readonly Phrase[];
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
  const rest = withoutQuotes(body);
  const asked = understand(rest, unwanted);
  const quoted = readQuotes(body, asked.languages);
  const drawable = quoted.map(drawablePhrase).filter((phrase) => phrase !== undefined);
  const titled = drawable.length > 0 ? [] : titlesOf(drawableText(rest.trim() === "" ? body : rest), asked.languages);
  const { phrases, cut } = withinLetters(drawable.length > 0 ? drawable : titled.map(titlePhrase));
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
  const lettered = titled.join(" ").toLowerCase();
  const strange = asked.unknownThings.filter((word) => !lettered.includes(word.toLowerCase()));
  return {
    phrases,
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

const missingOf = (missing: readonly string[]) => ({
  characters: `${missing.slice(0, 24).join(" ")}${missing.length > 24 ? " …" : ""}`,
});

function withoutTrigger(text: string, trigger: string): string {
  const at = trigger === "" ? -1 : text.toLowerCase().indexOf(trigger.toLowerCase());
  return at < 0 ? text : `${text.slice(0, at)} ${text.slice(at + trigger.length)}`.trim().replace(/^[,;:.\s]+/u, "");
}

/** The layouts that style words name, by the word. */
function layoutsIn(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [word] of text.toLowerCase().matchAll(/[\p{L}][\p{L}\p{M}’'-]*/gu)) {
    const layout = Object.hasOwn(STYLE_WORDS, word) ? STYLE_WORDS[word] : undefined;
    if (layout !== undefined) found.set(word, layout);
  }
  return found;
}

/** Without the characters that no font has. */
function drawableText(written: string): string {
  const missing = new Set(missingCharacters(written));
  return [...written].filter((character) => !missing.has(character)).join("");
}

/** `undefined` when nothing is left. */
function drawablePhrase(phrase: Phrase): Phrase | undefined {
  const drawable = drawableText(phrase.text).replace(/\s+/gu, " ").trim();
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(drawable)
    ? { ...phrase, text: phrase.capitals ? drawable.toUpperCase() : drawable }
    : undefined;
}

const titlePhrase = (title: string): Phrase => ({
  text: title.toUpperCase(),
  position: undefined,
  size: "normal",
  narrow: false,
  capitals: true,
});
