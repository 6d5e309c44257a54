export interface Line {
  readonly text: string;
  /** One of a list: it keeps its number, and what other mark it had becomes "•". */
  readonly isItem: boolean;
}

const BULLET = /^\s*[-–—•*·▪◦‣●○■□✓✔➤→]\s+(?=\S)/u;
const NUMBER = /^\s*(?:\p{Nd}{1,2}[.)]|\(\p{Nd}{1,2}\)|[①-⑳])\s*(?=\S)/u;
/** Behind a number in a line: "5. June" and "1. Mai" are dates. */
const MARK = /(?:^|\s)(\p{Nd}{1,2})[.)]\s+(?=\p{L})/gu;

/** The lines of a text: typed lines, and lists that stand in one line: "1. a 2. b", "• a • b", "a; b; c". */
export function linesOf(text: string): readonly Line[] {
  const typed = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /[\p{L}\p{N}\p{S}]/u.test(line));
  const lines = typed.flatMap(
    (line): readonly Line[] => numbered(line) ?? bulleted(line) ?? separated(line) ?? [lineOf(line)],
  );
  // One number alone is a date or a name: "1. May", "3) Room".
  return lines.filter(({ isItem }) => isItem).length > 1 ? lines : lines.map((line) => ({ ...line, isItem: false }));
}

function lineOf(line: string): Line {
  if (BULLET.test(line)) return { text: `• ${line.replace(BULLET, "")}`, isItem: true };
  return { text: line, isItem: NUMBER.test(line) && !/^\s*\p{Nd}+[.:]\p{Nd}/u.test(line) && !isDates(line) };
}

/** Numbers that count from one, one after the other. */
function numbered(line: string): readonly Line[] | undefined {
  const starts: number[] = [];
  for (const match of line.matchAll(MARK))
    if (Number(match[1]) === starts.length + 1) starts.push(match.index + (/^\s/u.test(match[0]) ? 1 : 0));
  if (starts.length < 2 || isDates(line)) return undefined;
  return splitAt(line, starts, true);
}

/** "1. Mai bis 2. Juni": fewer words between the numbers than an item would have, and months behind them. */
const isDates = (line: string): boolean =>
  /\p{Nd}\.\s+(?:jan|feb|mär|mar|apr|mai|may|jun|jul|aug|sep|okt|oct|nov|dez|dec)\p{L}*/iu.test(line);

function bulleted(line: string): readonly Line[] | undefined {
  const starts = [...line.matchAll(/(?:^|\s)•\s+/gu)].map(({ index, 0: mark }) => index + (/^\s/u.test(mark) ? 1 : 0));
  return starts.length < 2 ? undefined : splitAt(line, starts, true).map(({ text, isItem }) => ({ text, isItem }));
}

function separated(line: string): readonly Line[] | undefined {
  const parts = line.split(/[;；؛]/u).map((part) => part.trim());
  const told = parts.filter((part) => part !== "");
  if (told.length < 2) return undefined;
  // "Agenda: rent; repairs; votes" has its title before the colon.
  const [, head, first] = /^([^:：]+)[:：]\s+(.+)$/u.exec(told[0] ?? "") ?? [];
  const items = first === undefined ? told : [first, ...told.slice(1)];
  // Without one, two thoughts may be just that.
  if (items.length < (head === undefined ? 3 : 2)) return undefined;
  return [
    ...(head === undefined ? [] : [{ text: head, isItem: false }]),
    ...items.map((text) => ({ text, isItem: true })),
  ];
}

function splitAt(line: string, starts: readonly number[], isItem: boolean): readonly Line[] {
  const head = line
    .slice(0, starts[0])
    .trim()
    .replace(/[:：]$/u, "");
  const items = starts.map((start, index) =>
    line
      .slice(start, starts[index + 1])
      .trim()
      .replace(/[,;]$/u, ""),
  );
  return [...(head === "" ? [] : [{ text: head, isItem: false }]), ...items.map((text) => ({ text, isItem }))];
}
