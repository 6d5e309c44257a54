import { AGENDA_MAX_ITEMS, type AgendaItem, ITEM_TITLE_MAX_CHARS } from "./meeting.ts";
import { ok, type Result, refuse } from "./problem.ts";
import { text } from "./text.ts";

// An agenda as people write or paste it.

export const ITEM_MAX_MINUTES = 240;

/** "•", "-", "[ ]", "1.", "2)", "(3)", "4:", "a)", "1.2.": what stands before an item in a list. */
const BULLET = /^(?:(?:[-–—*•·▪◦‣●○■□☐✓]|\[[ xX]?\])\s*)+(?=\S)/u;
const NUMBER = /^(?:\(?\p{Nd}{1,2}(?:\.\p{Nd}{1,2})*[.):．、]|\(?\p{Nd}{1,2}\)|[a-z]\))\s*(?=\S)/u;
/** "1. One 2. Two" on a line: a platform took the breaks out. */
const NUMBERED = /(?<=\s)(?=\p{Nd}{1,2}[.)]\s)/u;
const SEPARATORS = /[;；؛]/u;
const MINUTE = String.raw`(?:min(?:ut(?:e[ns]?|os?))?\.?|mins|mn|['′’]|мин(?:ут[аы]?)?\.?|хв(?:илин[аи]?)?\.?|分(?:钟|鐘)?|د(?:قيقة|قائق)?\.?)`;
/** "(5 min)", "[5']", ", 5 min", "– 5 Minuten" at the end. */
const MINUTES = new RegExp(
  String.raw`(?:\s*[(\[（]\s*(\p{Nd}{1,3})\s*${MINUTE}\s*[)\]）]|\s*[,:–—|-]\s*(\p{Nd}{1,3})\s*${MINUTE})$`,
  "iu",
);

/**
 * One line an item; of a text of one line, one an item between ";". What was typed by somebody is cleaned elsewhere: see
 * `displayName`, of which this keeps spaces and controls alone.
 */
export function agendaIn(typed: string): Result<readonly AgendaItem[]> {
  const items = linesOf(typed)
    .map(itemIn)
    .filter(({ title }) => title !== "");
  if (items.length > AGENDA_MAX_ITEMS)
    return refuse({
      code: "bad_args",
      text: text("problem.agenda.too-many.given", { n: items.length, max: AGENDA_MAX_ITEMS }),
    });
  const long = items.find(({ title }) => title.length > ITEM_TITLE_MAX_CHARS);
  if (long)
    return refuse({
      code: "bad_args",
      text: text("problem.agenda.long", { start: long.title.slice(0, 40), max: ITEM_TITLE_MAX_CHARS }),
    });
  return ok(items);
}

function linesOf(typed: string): readonly string[] {
  const lines = typed
    .normalize("NFC")
    .split(/[\r\n\u2028\u2029\v\f]+/u)
    .map((line) => line.replace(/[\p{Cc}\s]+/gu, " ").trim())
    .filter((line) => line !== "");
  const [only] = lines;
  if (only === undefined || lines.length > 1) return lines;
  if (SEPARATORS.test(only)) return only.split(SEPARATORS).map((part) => part.trim());
  return /^1[.)]\s/u.test(only) ? only.split(NUMBERED).map((part) => part.trim()) : lines;
}

function itemIn(line: string): AgendaItem {
  const bare = line.replace(BULLET, "").replace(NUMBER, "").trim();
  const found = MINUTES.exec(bare);
  const minutes = Number((found?.[1] ?? found?.[2] ?? "").normalize("NFKC"));
  const title = found ? bare.slice(0, found.index).trim() : bare;
  if (!found || title === "" || !Number.isInteger(minutes) || minutes < 1 || minutes > ITEM_MAX_MINUTES)
    return { title: bare };
  return { title, minutes };
}
