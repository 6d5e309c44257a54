/** From what was filled in to the command line that is sent: nothing else is. Pure, and free of the page's words. */

/** @import { LetterLevel } from "../../../../src/ports/chat.ts" */
/** @import { ShownOption } from "../../../../src/ports/option.ts" */
/** @import { Upload } from "../../../../src/ports/group-log.ts" */

/**
 * `template` "": own words; `slots`: what is filled in, of whatever template. `shape` "": as the chat or the style has it. `fine`: by the option's name, as typed; "" is left out.
 *
 * @typedef {{ readonly lines: readonly string[], readonly shows: string, readonly style: string, readonly shape: string,
 *   readonly count: number, readonly fine: Readonly<Record<string, string>>, readonly upload?: Upload, readonly template: string,
 *   readonly slots: Readonly<Record<string, string>> }} Draft
 * @typedef {{ readonly kind: "command" | "says" | "shows" | "option", readonly text: string }} Part
 */

/** @type {Draft} */
export const EMPTY_DRAFT = {
  lines: [""],
  shows: "",
  style: "",
  shape: "",
  count: 1,
  fine: {},
  template: "",
  slots: {},
};

/**
 * Marks of quotation that the core and the sketch both read, the usual ones first, and what may not stand between them. What
 * people type keeps its own marks: their line is put between others.
 */
const MARKS = /** @type {const} */ ([
  ['"', '"', /["”]/u],
  ["«", "»", /[«»]/u],
  ["‹", "›", /[‹›]/u],
  ["「", "」", /[「」]/u],
  ["『", "』", /[『』]/u],
  ["《", "》", /[《》]/u],
  ["〈", "〉", /[〈〉]/u],
]);

/** One text in marks that it does not use itself. Where it uses all of them, its own straight ones become primes. @param {string} text */
export function quoted(text) {
  const [open, close] = MARKS.find(([, , within]) => !within.test(text)) ?? MARKS[0];
  const inside = MARKS.every(([, , within]) => within.test(text)) ? text.replace(/["”]/gu, "″") : text;
  return open + inside + close;
}

/** What is to be lettered, a text a line. @param {Pick<Draft, "lines">} draft */
const lettering = ({ lines }) => lines.map((line) => line.trim()).filter((line) => line !== "");

/** In one line, without what only joined it to something before. @param {Pick<Draft, "shows">} draft */
const shown = ({ shows }) => shows.trim().replace(/\s+/gu, " ");

/** Whether there is anything to make a picture of. @param {Draft} draft */
export const saysNothing = (draft) => lettering(draft).length === 0 && shown(draft) === "";

/** The options that stand in the folded part, of a style's command. @param {readonly ShownOption[]} options @param {boolean} hasPicture */
export const fineOptions = (options, hasPicture) =>
  options.filter(
    ({ name, rest, kind }) =>
      !rest && kind !== "attachment" && name !== "size" && name !== "count" && (name !== "change" || hasPicture),
  );

/**
 * The line, part by part: lettering, what it shows, options in the order of the command's own. A comma after the lettering keeps
 * the words that follow from being read as where it stands ("small", "on the left").
 *
 * @param {Draft} draft @param {readonly ShownOption[]} options of the style's command @returns {readonly Part[]}
 */
export function partsOf(draft, options) {
  const says = lettering(draft).map(quoted);
  const shows = shown(draft);
  /** @type {(name: string) => string} */
  const chosen = (name) =>
    name === "size"
      ? draft.shape
      : name === "count"
        ? draft.count > 1
          ? String(draft.count)
          : ""
        : (draft.fine[name] ?? "");
  const offered = options.filter(({ name }) => name === "size" || name === "count");
  const given = options
    .filter((option) => offered.includes(option) || fineOptions(options, draft.upload !== undefined).includes(option))
    .map(({ name }) => /** @type {const} */ ([name, chosen(name).trim().replace(/\s+/gu, " ")]))
    .filter(([, value]) => value !== "");
  return [
    { kind: "command", text: `/${draft.style}` },
    ...says.map((text, index) => ({
      kind: /** @type {const} */ ("says"),
      text: index === says.length - 1 && shows !== "" ? `${text},` : text,
    })),
    ...(shows === "" ? [] : [{ kind: /** @type {const} */ ("shows"), text: shows }]),
    ...given.map(([name, value]) => ({
      kind: /** @type {const} */ ("option"),
      text: `${name}:${/[\s"«»‹›「」『』《》〈〉,;]/u.test(value) ? quoted(value) : value}`,
    })),
  ];
}

/** Nothing to clear. @param {Draft} draft */
export const isEmpty = (draft) =>
  saysNothing(draft) &&
  !draft.upload &&
  draft.shape === "" &&
  draft.count === 1 &&
  [...Object.values(draft.fine), ...Object.values(draft.slots)].every((value) => value === "");

/** @param {readonly Part[]} parts */
export const lineOf = (parts) => parts.map(({ text }) => text).join(" ");

/**
 * How large each line is lettered: as the core reads them; until it has answered, by their order. An empty line is what it would be.
 *
 * @param {readonly string[]} lines @param {readonly LetterLevel[]} known of those that are not empty
 * @returns {readonly LetterLevel[]}
 */
export function levelsOf(lines, known) {
  let at = 0;
  return lines.map((line) => {
    const guess = at === 0 ? "title" : at === 1 ? "subtitle" : "details";
    if (line.trim() === "") return guess;
    const level = known[at] ?? guess;
    at += 1;
    return level;
  });
}

/** Pasted text, a line each; the first goes on with what was typed before. @param {string} text */
export const linesIn = (text) => text.split(/\r\n?|[\n\v\f\u0085\u2028\u2029]/u);
