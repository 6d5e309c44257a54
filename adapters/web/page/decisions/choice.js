/** @import { ShownDecision } from "../../../../src/ports/view.ts" */

/** @typedef {ShownDecision["options"][number]} Option */

/** Candidates; what is none, "None of these" or one that was deleted, goes with no other. @param {readonly Option[]} options */
export const candidatesIn = (options) => options.filter(({ image }) => image);

/**
 * What is chosen after a press of this one: more than `maxChoices` are too many.
 *
 * @param {Option} option @param {readonly string[]} chosen @param {Pick<ShownDecision, "options" | "maxChoices">} decision
 */
export function chosenAfter({ id, image }, chosen, { options, maxChoices }) {
  const without = chosen.filter((each) => each !== id);
  if (without.length < chosen.length) return without;
  if (maxChoices === 1) return [id];
  const candidates = candidatesIn(options);
  return [...(image ? without.filter((each) => candidates.some((one) => one.id === each)) : []), id];
}
