import type { TemplateSlot } from "./filled-template.ts";
import type { Template } from "./template.ts";
import { type Text, text, verbatim } from "./text.ts";

// Those that come with Placard are called so in every language, others as their file has it.

const OWN = {
  agenda: ["Agenda slide", "The items of a meeting, to be shown."],
  benefit: ["Benefit", "A concert or party for a good cause."],
  meeting: ["Meeting", "Invites to an assembly."],
  quote: ["Quote", "Somebody's words, large."],
  rally: ["Rally", "Calls people to a square, with when and where."],
  strike: ["Strike", "Announces a strike and its demands."],
  "thank-you": ["Thank you", "Thanks those who helped."],
  timeline: ["Timeline", "What happens when."],
  volunteers: ["Call for volunteers", "Asks for helping hands."],
  "who-does-what": ["Who does what", "Tasks and names, to hang up."],
} as const;
const isOwn = (id: string): id is keyof typeof OWN => Object.hasOwn(OWN, id);

const OWN_LABELS = {
  Demands: "demands",
  "For whom": "for-whom",
  "From whom": "from-whom",
  Items: "items",
  "What is needed": "needed",
  "Who said it": "said",
  Steps: "steps",
  "Tasks and names": "tasks",
  "Who calls": "who-calls",
  "Who invites": "who-invites",
  "The words": "words",
} as const;
const isOwnLabel = (label: string): label is keyof typeof OWN_LABELS => Object.hasOwn(OWN_LABELS, label);

export const templateName = ({ id, title }: Pick<Template, "id" | "title">): Text =>
  isOwn(id) && OWN[id][0] === title ? text(`template.name.${id}`) : verbatim(title);

/** Where its file is not at hand. */
export const templateNameOf = ({ id }: Pick<Template, "id">): Text =>
  isOwn(id) ? text(`template.name.${id}`) : verbatim(id);

export const templateAbout = ({ id, description }: Pick<Template, "id" | "description">): Text =>
  isOwn(id) && OWN[id][1] === description ? text(`template.about.${id}`) : verbatim(description);

/** What stands above its field. */
export function slotLabel({ slots }: Pick<Template, "slots">, slot: TemplateSlot): Text {
  const label = slots[slot]?.label;
  if (label === undefined) return text(`label.poster.${slot}`);
  return isOwnLabel(label) ? text(`label.template.${OWN_LABELS[label]}`) : verbatim(label);
}
