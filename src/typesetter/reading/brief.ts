import { listed, type Text, text } from "../../domain/text.ts";
import type { Colour } from "../composition/colour.ts";
import { PHRASE_MAX_LETTERS, withinLetters } from "../lettering/letters.ts";
import { missingCharacters } from "../lettering/shape.ts";
import { type Icon, iconFor, iconNamed, stemOf } from "../signs/icons.ts";
import { cleanPrompt } from "./clean.ts";
import { type Phrase, readQuotes } from "./quotes.ts";
import { COLOURS, COMMON, type Inks, MOODS, STYLE_WORDS } from "./words.ts";

/** What a prompt asks of the poster. */
export interface Brief {
  /** At least one, except where nothing can be lettered. */
  readonly phrases: readonly Phrase[];
  /** In the prompt's order, without the background. */
  readonly colours: readonly Colour[];
  readonly background: Colour | undefined;
  readonly mood: Inks | undefined;
  readonly icons: readonly Icon[];
  readonly layout: string | undefined;
  /** Not to be chosen by chance either. */
  readonly unwantedLayouts: ReadonlySet<string>;
  /** For members: what was left out or not understood. */
  readonly notes: readonly Text[];
}

const MOST_NOTED_WORDS = 12;
const TITLE_WORDS = 6;

/**
 * @param prompt the prompt as sent, any text
 * @param trigger the style's trigger word: no subject here, but it can name a layout
 * @param unwanted what must not be in it, any text: signs and layouts that it names are left out
 */
export function readBrief(prompt: string, trigger = "", unwanted = ""): Brief {
  const cleaned = cleanPrompt(prompt);
  const notes = [...cleaned.notes];
  const body = withoutTrigger(cleaned.text, trigger);
  const { phrases: quoted, rest } = readQuotes(body);
  const drawable = quoted.map(drawablePhrase).filter((phrase) => phrase !== undefined);
  const asked = drawable.length > 0 ? drawable : titleOf(rest.trim() === "" ? body : rest);
  const { phrases, cut } = withinLetters(asked);
  if (drawable.length === 0 && phrases.length > 0) notes.push(text("backend.sketch.note.title"));
  if (cut) notes.push(text("backend.sketch.note.cut", { letters: PHRASE_MAX_LETTERS }));
  const missing = missingCharacters(quoted.length > 0 ? quoted.map((phrase) => phrase.text).join("") : body);
  if (missing.length > 0) notes.push(missingNote(missing));
  const words = readWords(rest);
  // The style speaks where the prompt names none: /blueprint a bridge is a blueprint. At scale 0 its trigger is not there.
  const styles = body === cleaned.text ? undefined : readWords(trigger).layout;
  if (words.unknown.length > 0) notes.push(text("backend.sketch.note.unknown", { words: shortList(words.unknown) }));
  const not = unwantedIn(unwanted);
  return {
    phrases,
    colours: words.colours,
    background: words.background,
    mood: words.mood,
    icons: words.icons.filter(({ name }) => !not.icons.has(name)),
    layout: [words.layout, styles].find((layout) => layout !== undefined && !not.layouts.has(layout)),
    unwantedLayouts: not.layouts,
    notes: [...notes, ...not.notes],
  };
}

interface Unwanted {
  /** By name. */
  readonly icons: ReadonlySet<string>;
  readonly layouts: ReadonlySet<string>;
  readonly notes: readonly Text[];
}

/** Colours and moods come from palettes as well, whatever a prompt asks for: of them it would be a promise. */
function unwantedIn(unwanted: string): Unwanted {
  const icons = new Set<string>();
  const layouts = new Set<string>();
  const out = new Set<string>();
  const unknown = new Set<string>();
  for (const word of wordsOf(cleanPrompt(unwanted).text)) {
    const layout = own(STYLE_WORDS, word);
    const coloured = own(COLOURS, word) ?? own(MOODS, word);
    const icon = layout === undefined && coloured === undefined ? iconFor(word)?.name : undefined;
    if (layout !== undefined) layouts.add(layout);
    if (icon !== undefined) icons.add(icon);
    if (layout !== undefined || icon !== undefined) out.add(word);
    else if (word.length > 2 && (coloured !== undefined || !COMMON.has(word))) unknown.add(word);
  }
  const note = (id: "backend.sketch.note.kept-out" | "backend.sketch.note.not-kept-out", words: ReadonlySet<string>) =>
    words.size === 0 ? [] : [text(id, { words: shortList([...words]) })];
  return {
    icons,
    layouts,
    notes: [...note("backend.sketch.note.kept-out", out), ...note("backend.sketch.note.not-kept-out", unknown)],
  };
}

const shortList = (words: readonly string[]): Text =>
  listed(
    [
      ...words.slice(0, MOST_NOTED_WORDS).map((word) => word.slice(0, 24)),
      ...(words.length > MOST_NOTED_WORDS ? ["…"] : []),
    ],
    "commas",
  );

const wordsOf = (text: string): readonly string[] =>
  [...text.toLowerCase().matchAll(/[\p{L}][\p{L}\p{M}’'-]*/gu)].map((match) => match[0].replace(/['’]s$/u, ""));

const missingNote = (missing: readonly string[]): Text =>
  text("backend.sketch.note.missing", {
    characters: `${missing.slice(0, 24).join(" ")}${missing.length > 24 ? " …" : ""}`,
  });

function withoutTrigger(text: string, trigger: string): string {
  const at = trigger === "" ? -1 : text.toLowerCase().indexOf(trigger.toLowerCase());
  return at < 0 ? text : `${text.slice(0, at)} ${text.slice(at + trigger.length)}`.trim().replace(/^[,;:.\s]+/u, "");
}

/** Without the characters that no font has; `undefined` when nothing is left. */
function drawablePhrase(phrase: Phrase): Phrase | undefined {
  const missing = new Set(missingCharacters(phrase.text));
  const drawable = [...phrase.text]
    .filter((character) => !missing.has(character))
    .join("")
    .replace(/\s+/gu, " ")
    .trim();
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(drawable)
    ? { ...phrase, text: phrase.capitals ? drawable.toUpperCase() : drawable }
    : undefined;
}

/** The prompt's first thought, in capitals, where nothing was quoted. */
function titleOf(text: string): readonly Phrase[] {
  const missing = new Set(missingCharacters(text));
  const drawable = [...text].filter((character) => !missing.has(character)).join("");
  // A question or a call keeps its mark: "Ready for the march?" is another poster without it.
  const first = drawable
    .split(/[,.;:\n]|(?<=[!?])/u)
    .map((part) => part.trim())
    .find((part) => /[\p{L}\p{N}]/u.test(part));
  if (first === undefined) return [];
  const words = first.replace(/^(?:an?|the)\s+/iu, "").split(/\s+/u);
  // A thought cut in its middle should not end in "of the".
  let end = Math.min(words.length, TITLE_WORDS);
  while (
    end > 1 &&
    end < words.length &&
    /^(?:an?|the|of|in|on|at|to|for|with|and|or|by|from|under|over)$/iu.test(words[end - 1] ?? "")
  )
    end--;
  return [
    {
      text: words.slice(0, end).join(" ").toUpperCase(),
      position: undefined,
      size: "normal",
      narrow: false,
      capitals: true,
    },
  ];
}

interface ReadWords {
  readonly colours: readonly Colour[];
  readonly background: Colour | undefined;
  readonly mood: Inks | undefined;
  readonly icons: readonly Icon[];
  readonly layout: string | undefined;
  readonly unknown: readonly string[];
}

function readWords(text: string): ReadWords {
  const words = wordsOf(text);
  const colours: Colour[] = [];
  const icons: Icon[] = [];
  const late: Icon[] = [];
  const unknown: string[] = [];
  let paired = false;
  let background: Colour | undefined;
  let mood: Inks | undefined;
  let layout: string | undefined;
  words.forEach((word, index) => {
    const colour = isThing(words, index) ? undefined : own(COLOURS, word);
    const style = own(STYLE_WORDS, word);
    const feeling = own(MOODS, word);
    layout ??= style;
    mood ??= feeling;
    if (colour !== undefined && isBackground(words, index)) background ??= colour;
    else if (colour !== undefined && !colours.includes(colour)) colours.push(colour);
    const known = colour !== undefined || style !== undefined || COMMON.has(word) || COMMON.has(stemOf(word));
    const pair =
      iconNamed(`${word}-${stemOf(words[index + 1] ?? "")}`) ?? iconNamed(`${word}-${words[index + 1] ?? ""}`);
    const icon = pair ?? (known || paired ? undefined : iconFor(word));
    const inPair = paired;
    paired = pair !== undefined;
    // "Night" is a mood first; its moon is drawn only where the prompt names no other subject.
    const list = feeling === undefined ? icons : late;
    if (icon && ![...icons, ...late].some((other) => other.name === icon.name)) list.push(icon);
    if (!known && !icon && !inPair && feeling === undefined && word.length > 2 && !unknown.includes(word))
      unknown.push(word);
  });
  return { colours, background, mood, icons: [...icons, ...late], layout, unknown };
}

const own = <T>(table: Readonly<Record<string, T>>, word: string): T | undefined =>
  Object.hasOwn(table, word) ? table[word] : undefined;

/** "A rose" is a flower and "rose" an ink. */
function isThing(words: readonly string[], index: number): boolean {
  return (
    /^(?:rose|orange|lemon|violet|salmon|olive)$/u.test(words[index] ?? "") &&
    /^(?:an?|the|of|one)$/u.test(words[index - 1] ?? "")
  );
}

/** "black background", "on a deep red ground", "on cream paper". */
function isBackground(words: readonly string[], index: number): boolean {
  if (/^(?:background|backdrop|ground|paper|page|sky)$/u.test(words[index + 1] ?? "")) return true;
  const before = words.slice(Math.max(0, index - 3), index);
  const at = before.lastIndexOf("on");
  return (
    at >= 0 && before.slice(at + 1).every((word) => /^(?:an?|the|deep|dark|light|pale|bright|plain|solid)$/u.test(word))
  );
}
