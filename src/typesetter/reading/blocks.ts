import { clausesOf } from "./clauses.ts";
import { isDetail, isPlace, isSmallPrint, withoutDate } from "./details.ts";
import { withoutIntroduction } from "./introduction.ts";
import { type Line, linesOf } from "./lists.ts";

/** From large to small: what it is; what more; when, where, how much; who answers for it. */
export type Level = "title" | "subtitle" | "details" | "small";

/** Lettering of one level. Its lines stay lines. */
export interface TextBlock {
  readonly text: string;
  readonly level: Level;
  readonly isList: boolean;
}

/** From so many plain lines on under a title they are a list without marks. */
const LIST_LINES = 3;

const block = (text: string, level: Level, isList = false): TextBlock => ({ text, level, isList });

/** What a line may be called in the languages that Placard speaks, as its forms call them, and in others. */
const LABELS: readonly (readonly [Level, RegExp])[] = [
  [
    "subtitle",
    /^(?:sub-?title|subheading|untertitel|sous-titre|subtítulo|подзаголовок|підзаголовок|副标题|副標題|(?:ال)?عنوان (?:ال)?فرعي)\s*[:：]\s*/iu,
  ],
  [
    "title",
    /^(?:title|headline|heading|titel|überschrift|titre|título|заголовок|标题|標題|タイトル|عنوان|العنوان|शीर्षक)\s*[:：]\s*/iu,
  ],
  [
    "details",
    /^(?:details?|einzelheiten|détails|detalles|detalhes|подробности|подробиці|详情|细节|(?:ال)?تفاصيل)\s*[:：]\s*/iu,
  ],
  [
    "small",
    /^(?:(?:small|fine) print|footer|kleingedrucktes|petits caractères|petites lignes|letra (?:pequeña|chica)|letras miúdas|мелким шрифтом|дрібним шрифтом|小字|خط صغير)\s*[:：]\s*/iu,
  ],
];

function labelled(line: string): { readonly level: Level; readonly text: string } | undefined {
  for (const [level, label] of LABELS) {
    const text = line.replace(label, "");
    if (text !== line && text.trim() !== "") return { level, text: text.trim() };
  }
  return undefined;
}

/** What one quoted text is for, by itself; `undefined`: a title or what follows one. */
const levelOf = (text: string): Level | undefined =>
  isSmallPrint(text) ? "small" : isDetail(text) ? "details" : undefined;

/**
 * Quoted texts in order: all of them are lettered, and the first that is no detail leads.
 *
 * @param asWritten a title keeps "poster for our", which is part of it
 */
export function levelsOfQuotes(
  quotes: readonly { readonly text: string }[],
  asWritten = false,
): readonly (readonly TextBlock[])[] {
  let plain = 0;
  return quotes.map(({ text }) => {
    const lines = linesOf(text);
    if (lines.length > 1) {
      const blocks = blocksOfLines(lines, plain === 0, asWritten);
      plain += blocks.filter(({ level }) => level === "title" || level === "subtitle").length;
      return blocks;
    }
    const label = labelled(text);
    if (label?.level === "title" || label?.level === "subtitle") plain++;
    if (label) return [block(label.text, label.level)];
    const known = levelOf(text);
    if (known) return [block(text, known)];
    plain++;
    return [block(text, plain === 1 ? "title" : plain === 2 ? "subtitle" : "details")];
  });
}

/** What the words of a language tell of a thought. */
export interface Sense {
  /** Says only how the poster is to look. */
  isDescription(words: string): boolean;
  isSlogan(clause: string): boolean;
  /** Names the picture and nothing that is on it. */
  isPictureName(clause: string): boolean;
  /** Without "poster for our", and not longer than a title. */
  titleOf(clause: string): string;
}

/**
 * What is lettered where nothing is quoted: the first thought as the title, then what tells when and where. Of several lines
 * all are lettered that are no description.
 */
export function blocksOf(text: string, sense: Sense): readonly TextBlock[] {
  const [first, ...others] = linesOf(text);
  if (!first) return [];
  if (first.isItem) return blocksOfLines([first, ...others], true);
  // Of a prompt in one line the first thought goes on to describe what is to be drawn.
  const head = headOf(first.text, others.length > 0 ? { ...sense, titleOf: (clause) => clause } : sense);
  const rest = others.filter(
    (line) => line.isItem || !clausesOf(line.text).every((clause) => sense.isDescription(clause)),
  );
  const below = blocksOfLines(
    rest,
    head.every(({ level }) => level !== "title"),
  );
  return merged([...head, ...below]);
}

/** The first line: a thought that leads, and of the others those that are details. */
function headOf(line: string, { isDescription, isSlogan, isPictureName, titleOf }: Sense): readonly TextBlock[] {
  const label = labelled(line);
  if (label) return [block(label.text, label.level)];
  const [name = "", ...after] = clausesOf(line);
  // "Poster: unity is strength".
  const clauses = after.length > 0 && isPictureName(name) ? after : [name, ...after];
  // "Saturday night, 8 pm" sets a mood, and says when.
  const told = clauses.filter((clause) => levelOf(clause) !== undefined || !isDescription(clause));
  const known = told.map((clause) => levelOf(clause));
  const hasDetails = known.includes("details");
  // "Kitchen on Friday 19h" is the kitchen's poster, though it says when.
  const leads = Math.max(
    0,
    told.findIndex((clause, index) => known[index] === undefined || withoutDate(clause).when !== ""),
  );
  const blocks: TextBlock[] = [];
  const details: string[] = [];
  (told.length > 0 ? told : clauses.slice(0, 1)).forEach((clause, index) => {
    if (index === leads) {
      const { title, when } = withoutDate(withoutIntroduction(clause));
      blocks.push(block(titleOf(title), "title"));
      if (when !== "") details.push(capitalised(when));
    } else if (known[index] === "small") blocks.push(block(capitalised(clause), "small"));
    else if (known[index] === "details" || (hasDetails && isPlace(clause))) details.push(capitalised(clause));
    else if (index === leads + 1 && line.includes(`${told[leads]}:`) && isSlogan(clause))
      blocks.push(block(capitalised(clause), "subtitle"));
  });
  return details.length > 0 ? [...blocks, block(details.join("\n"), "details")] : blocks;
}

/** @param needsTitle the first plain line is one */
function blocksOfLines(lines: readonly Line[], needsTitle: boolean, asWritten = false): readonly TextBlock[] {
  const blocks: TextBlock[] = [];
  const plain: string[] = [];
  const items: string[] = [];
  let hasTitle = !needsTitle;
  for (const { text, isItem } of lines) {
    const label = labelled(text);
    const level = label?.level ?? levelOf(text);
    if (isItem) items.push(text);
    else if (label) blocks.push(block(label.text, label.level));
    else if (level !== undefined) blocks.push(block(text, level));
    else if (!hasTitle) {
      hasTitle = true;
      blocks.push(block(asWritten ? text : withoutIntroduction(text), "title"));
    } else plain.push(text);
  }
  const isList = plain.length >= LIST_LINES || (plain.length > 1 && items.length > 0);
  if (isList) items.unshift(...plain);
  else if (plain.length > 0) blocks.push(block(plain.join("\n"), "subtitle"));
  if (items.length > 0) blocks.push(block(items.join("\n"), "details", true));
  return merged(blocks);
}

const RANK: Readonly<Record<Level, number>> = { title: 0, subtitle: 1, details: 2, small: 3 };

/** One block a level, lists before dates, in the order they are read. */
function merged(blocks: readonly TextBlock[]): readonly TextBlock[] {
  const found = new Map<string, TextBlock>();
  for (const each of blocks) {
    const key = `${each.level} ${each.isList}`;
    const before = found.get(key);
    found.set(key, before ? { ...before, text: `${before.text}\n${each.text}` } : each);
  }
  return [...found.values()].sort((a, b) => RANK[a.level] - RANK[b.level] || Number(b.isList) - Number(a.isList));
}

const capitalised = (text: string): string => text.replace(/^\p{Ll}(?!\.)/u, (letter) => letter.toUpperCase());
