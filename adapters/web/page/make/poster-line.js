import { quoted } from "./line.js";

/** A template filled in, as the `/poster` line that is sent. Pure, and free of the page's words. */

/** @import { ShownTemplate } from "../../../../src/ports/poster-template.ts" */
/** @import { ShownOption } from "../../../../src/ports/option.ts" */
/** @import { Draft, Part } from "./line.js" */

/** @param {ShownTemplate["slots"][number]} slot @param {Draft} draft */
function wordsIn({ name }, { slots }) {
  const words = slots[name] ?? "";
  const lines = name === "list" ? words.split(/\r\n?|\n/u) : [words];
  return lines
    .map((line) => line.trim().replace(/\s+/gu, " "))
    .filter((line) => line !== "")
    .join("\n");
}

/** What it cannot do without and is not there. @param {Draft} draft @param {ShownTemplate} template */
export const missingSlots = (draft, { slots }) => slots.filter((slot) => slot.required && wordsIn(slot, draft) === "");

/** As it would be with what is missing. @param {Draft} draft @param {ShownTemplate} template @returns {Draft} */
export const withExamples = (draft, template) => ({
  ...draft,
  slots: {
    ...draft.slots,
    ...Object.fromEntries(missingSlots(draft, template).map(({ name, example }) => [name, example])),
  },
});

/**
 * The line, part by part, in the order of the command's own options.
 *
 * @param {Draft} draft @param {ShownTemplate} template @param {readonly ShownOption[]} options of the command
 * @returns {readonly Part[]}
 */
export function posterPartsOf(draft, template, options) {
  const slots = new Map(template.slots.map((slot) => [slot.name, wordsIn(slot, draft)]));
  /** @type {(name: string) => Part} */
  const partOf = (name) => {
    const words = slots.get(name);
    if (words !== undefined) return { kind: "says", text: words === "" ? "" : `${name}:${quoted(words)}` };
    const value =
      name === "template" ? template.id : name === "style" ? draft.style : name === "size" ? draft.shape : "";
    return { kind: "option", text: value === "" ? "" : `${name}:${value}` };
  };
  return [
    { kind: "command", text: "/poster" },
    ...options.map(({ name }) => partOf(name)).filter(({ text }) => text !== ""),
  ];
}
