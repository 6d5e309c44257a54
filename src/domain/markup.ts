/** Pairs of marks around words, the longer ones first: bold, underlined, struck, hidden, code, italic. */
const PAIRS = [
  /```(?:[a-z0-9]+\n)?([^`]+?)```/giu,
  /``([^`\n]+?)``/gu,
  /`([^`\n]+?)`/gu,
  /(?<![\p{L}\p{N}*])\*{1,3}(?=[^\s*])([^*\n]*[^\s*])\*{1,3}(?![\p{L}\p{N}*])/gu,
  /(?<![\p{L}\p{N}_])_{1,3}(?=[^\s_])([^_\n]*[^\s_])_{1,3}(?![\p{L}\p{N}_])/gu,
  /~~(?=[^\s~])([^~\n]*[^\s~])~~/gu,
  /\|\|(?=[^\s|])([^|\n]*[^\s|])\|\|/gu,
];
const LINK = /\[([^[\]\n]+)\]\(<?https?:\/\/[^\s()<>]+>?\)/gu;
/** Headings, small print and quotes, where a line begins. A dash or number stays: it may be a list's, or a date's. */
const LINE_STARTS = /^[^\S\n]*(?:#{1,3}|-#|>{1,3})[^\S\n]+/gmu;
const CUSTOM_EMOJI = /<a?:([A-Za-z0-9_]{2,32}):\d{5,24}>/gu;
const MOMENT = /<t:(-?\d{1,11})(?::[a-zA-Z])?>/gu;
const COMMAND = /<\/([^:<>\n]{1,100}):\d{5,24}>/gu;
/** Whom or what it names only its platform knows: its adapter has put in the names that it has. */
const ID = /<(?:@[!&]?|#)\d{5,24}>|<id:[a-z]+>/gu;

/**
 * Words without the marks that chats format by and without ids, which no picture can letter: "**Strike** <:fist:1234567>" is
 * "Strike fist". Marks without their other half, within words or between spaces are no markup and stay. Linear but for
 * repeated nesting; doing it again until nothing changes is the caller's.
 */
export function withoutMarkup(text: string): string {
  const named = text
    .replace(CUSTOM_EMOJI, (_all, name: string) => name.replaceAll("_", " ").trim())
    .replace(MOMENT, (_all, seconds: string) => momentOf(Number(seconds)))
    .replace(COMMAND, "/$1")
    .replace(ID, " ")
    .replace(LINK, "$1")
    .replace(LINE_STARTS, "");
  return PAIRS.reduce((words, pair) => words.replace(pair, "$1"), named);
}

function momentOf(seconds: number): string {
  const moment = new Date(seconds * 1000);
  return Number.isNaN(moment.getTime()) ? " " : `${moment.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
