import { say } from "./words.js";

/** What can be completed at the caret of a command line. */

/** @import { ShownSpec, ShownOption } from "../../../src/ports/option.ts" */

/**
 * @typedef {{ readonly insert: string, readonly label: string, readonly detail: string }} Item
 * @typedef {{ readonly start: number, readonly end: number, readonly kind: "command" | "option" | "value",
 *   readonly items: readonly Item[], readonly choosesFirst: boolean }} Completion
 */

const ITEMS_MAX = 40;

/** The command a line names. @param {string} text @param {readonly ShownSpec[]} commands */
export function commandOf(text, commands) {
  const name = /^\/([A-Za-z][A-Za-z0-9_]*)(?:\s|$)/.exec(text)?.[1]?.toLowerCase();
  return name === undefined ? undefined : commands.find((command) => command.name === name);
}

/** The option the caret is in. @param {string} text @param {number} caret @param {ShownSpec | undefined} command */
export function optionAt(text, caret, command) {
  const key = /(?:^|\s)([A-Za-z_]+):(?:"[^"]*|[^\s"]*)$/.exec(text.slice(0, caret))?.[1]?.toLowerCase();
  return command?.options.find((option) => option.name === key);
}

/** The options not yet in the line. @param {string} text @param {ShownSpec} command */
export function unusedOptions(text, command) {
  const used = new Set([...text.matchAll(/(?:^|\s)([A-Za-z_]+):/g)].map((match) => match[1]?.toLowerCase()));
  return command.options.filter((option) => !used.has(option.name) && option.kind !== "attachment");
}

/**
 * @param {string} text @param {number} caret @param {readonly ShownSpec[]} commands
 * @returns {Completion | undefined}
 */
export function completionsAt(text, caret, commands) {
  const before = text.slice(0, caret);
  const started = /^\/([A-Za-z0-9_]*)$/.exec(before);
  if (started) return commandNames(started[1]?.toLowerCase() ?? "", caret, commands);
  const command = commandOf(text, commands);
  if (!command) return undefined;
  const word = /(?:^|\s)(\S*)$/.exec(before)?.[1] ?? "";
  const start = caret - word.length;
  const [, key, typed] = /^([A-Za-z_]+):(.*)$/.exec(word) ?? [];
  if (key !== undefined) {
    const option = command.options.find((each) => each.name === key.toLowerCase());
    return option && values(option, typed ?? "", start + key.length + 1, caret);
  }
  if (word === "") return undefined;
  const items = unusedOptions(text, command)
    .filter((option) => option.name.startsWith(word.toLowerCase()))
    .map((option) => ({ insert: `${option.name}:`, label: `${option.name}:`, detail: describe(option) }));
  return items.length > 0 ? { start, end: caret, kind: "option", items, choosesFirst: false } : undefined;
}

/** @param {string} typed @param {number} caret @param {readonly ShownSpec[]} commands @returns {Completion | undefined} */
function commandNames(typed, caret, commands) {
  const found = commands.filter((command) => command.name.startsWith(typed));
  const also = commands.filter((command) => !command.name.startsWith(typed) && command.name.includes(typed));
  const items = [...found, ...also].slice(0, ITEMS_MAX).map((command) => ({
    insert: `/${command.name} `,
    label: `/${command.name}`,
    detail: command.summary,
  }));
  const exact = commands.some((command) => command.name === typed);
  return items.length > 0 ? { start: 0, end: caret, kind: "command", items, choosesFirst: !exact } : undefined;
}

/** @param {ShownOption} option @param {string} typed @param {number} start @param {number} end @returns {Completion | undefined} */
function values(option, typed, start, end) {
  const choices = option.choices ?? (option.kind === "boolean" ? yesNo() : []);
  const sought = typed.replace(/^"/, "").toLowerCase();
  const items = choices
    .filter(({ value, label }) => value.toLowerCase().startsWith(sought) || label.toLowerCase().includes(sought))
    .slice(0, ITEMS_MAX)
    .map(({ value, label }) => ({ insert: `${quoted(value)} `, label: value, detail: label === value ? "" : label }));
  const exact = choices.some(({ value }) => value.toLowerCase() === sought);
  return items.length > 0 && !exact ? { start, end, kind: "value", items, choosesFirst: sought !== "" } : undefined;
}

/** @param {string} value */
const quoted = (value) => (/[\s"]/.test(value) ? `"${value}"` : value);

/** The choices of an option that is on or off. */
export const yesNo = () => [
  { value: "true", label: say("page.option.yes") },
  { value: "false", label: say("page.option.no") },
];

/** One line about an option: what it does, range, default. @param {ShownOption} option */
export function describe({ summary, min, max, fallback }) {
  const facts = [
    summary,
    min === undefined || max === undefined ? undefined : say("page.option.range", { min, max }),
    fallback === undefined ? undefined : say("page.option.fallback", { value: fallback }),
  ];
  return facts.filter((fact) => fact !== undefined).join(" · ");
}

/**
 * What a line already says, to fill a form with. A good guess: the core reads it for good.
 *
 * @param {string} text @param {ShownSpec} command @returns {Record<string, string>}
 */
export function valuesIn(text, command) {
  /** @type {Record<string, string>} */
  const found = {};
  const names = new Set(command.options.map((option) => option.name));
  const rest = text
    .replace(/^\/\S+\s*/, "")
    .replace(/(^|\s)([A-Za-z_]+):("[^"]*"|\S+)/g, (whole, space, key, value) => {
      if (!names.has(key.toLowerCase())) return whole;
      const inQuotes = /^"(.*)"$/s.exec(value)?.[1];
      found[key.toLowerCase()] = inQuotes ?? value;
      return space;
    })
    // An option that was begun and left empty.
    .replace(/(?:^|\s)([A-Za-z_]+):\s*$/, (whole, key) => (names.has(key.toLowerCase()) ? "" : whole))
    .trim();
  const takesRest = command.options.find((option) => option.rest);
  if (takesRest && rest !== "" && found[takesRest.name] === undefined) found[takesRest.name] = rest;
  return found;
}

/** The line that says what a form says, for the group to read. @param {ShownSpec} command @param {Record<string, unknown>} given */
export function lineOf(command, given) {
  const parts = command.options
    .filter((option) => given[option.name] !== undefined)
    .map((option) =>
      option.rest ? String(given[option.name]) : `${option.name}:${quoted(String(given[option.name]))}`,
    );
  return [`/${command.name}`, ...parts].join(" ").slice(0, 4000);
}
