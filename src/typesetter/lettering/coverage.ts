import { readFileSync } from "node:fs";

/**
 * Which characters some bundled face has, as a table that was made from the fonts: the program's main thread asks this of
 * every prompt and shall not read a hundred files. Made anew by `npx vitest run -u test/typesetter/coverage.slow.test.ts`.
 */
const TABLE = new URL("./coverage.txt", import.meta.url);

interface Ranges {
  readonly firsts: Uint32Array;
  readonly lasts: Uint32Array;
}

let table: Ranges | undefined;

/** Distances and lengths in base 36: from the end of one range to the next, then how far that one goes. */
function ranges(): Ranges {
  if (table) return table;
  const numbers = readFileSync(TABLE, "utf8")
    .trim()
    .split(/\s+/u)
    .map((number) => Number.parseInt(number, 36));
  const firsts = new Uint32Array(numbers.length / 2);
  const lasts = new Uint32Array(numbers.length / 2);
  let at = 0;
  for (let i = 0; i < firsts.length; i++) {
    firsts[i] = at += numbers[2 * i] ?? 0;
    lasts[i] = at += numbers[2 * i + 1] ?? 0;
  }
  table = { firsts, lasts };
  return table;
}

function isCovered(codePoint: number): boolean {
  const { firsts, lasts } = ranges();
  let [low, high] = [0, firsts.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    if ((lasts[middle] ?? 0) < codePoint) low = middle + 1;
    else if ((firsts[middle] ?? 0) > codePoint) high = middle - 1;
    else return true;
  }
  return false;
}

/** Characters that no bundled font has, each once. */
export function missingCharacters(text: string): readonly string[] {
  const missing = new Set<string>();
  for (const character of text)
    if (!/^[\s\u200c\u200d]$/u.test(character) && !isCovered(character.codePointAt(0) ?? 0)) missing.add(character);
  return [...missing];
}

/** The table of these characters, in rising order. */
export function coverageTable(codePoints: readonly number[]): string {
  const numbers: number[] = [];
  let end = 0;
  codePoints.forEach((first, index) => {
    if (index > 0 && codePoints[index - 1] === first - 1) return;
    let last = first;
    for (let next = index + 1; codePoints[next] === last + 1; next++) last++;
    numbers.push(first - end, last - first);
    end = last;
  });
  const lines: string[] = [];
  for (let i = 0; i < numbers.length; i += 40)
    lines.push(
      numbers
        .slice(i, i + 40)
        .map((number) => number.toString(36))
        .join(" "),
    );
  return `${lines.join("\n")}\n`;
}
