import { lorasOf, type Style } from "../../domain/style.ts";
import { chooseLora } from "./gallery.ts";
import type { Known } from "./session.ts";

const SHOWN_MAX = 12;

/** What an operator can do, each with the exact step. */
export function nextStepsOf(
  known: Known,
  styles: readonly Style[],
  hasToken: boolean,
  onHub: boolean,
): readonly string[] {
  const { description } = known.app;
  const titles = known.entries.map(({ title }) => title).filter((title) => title !== "");
  const offered = titles.slice(0, SHOWN_MAX).map((title) => `“${title}”`);
  const list =
    titles.length > SHOWN_MAX ? `${offered.join(", ")} and ${titles.length - SHOWN_MAX} more` : offered.join(", ");
  const wrong = styles.flatMap((style) => {
    const [reference, ...others] = lorasOf(style, "space").map(({ file }) => file);
    if (reference === undefined) return [];
    if (others.length > 0)
      return [`The style ${style.title} has ${others.length + 1} LoRAs here, and a Space takes one: name one.`];
    const choice = chooseLora(description, known.entries, { loraScale: 1 }, style);
    if (choice.kind !== "impossible") return [];
    return [
      `The style ${style.title} wants the LoRA “${reference.slice(0, 60)}”, which is not there: in the styles file set "lora": {"space": "…"} to one of ${list || "the Space's own"}${description.addCustom ? ", or to a Hub repository as owner/name" : ""}.`,
    ];
  });
  return [
    ...wrong,
    ...(styles.some(({ lora }) => lora["space"] !== undefined) || titles.length === 0
      ? []
      : [`No style uses this Space: in the styles file add "lora": {"space": "…"} with one of ${list}.`]),
    ...description.run.unknown.map(
      (name) => `The Space asks for “${name.slice(0, 40)}”, which Placard does not know: it cannot be used as it is.`,
    ),
    ...(onHub && !hasToken
      ? [
          "Set HF_TOKEN: without it the Space counts the free time of this machine's address, which is the least there is.",
        ]
      : []),
  ];
}
