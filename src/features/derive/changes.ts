import type { ImageRequest } from "../../domain/recipe.ts";
import { type Text, text } from "../../domain/text.ts";

/** A link is said beside the words, and drawn as they are. */
export const sameArt = (before: ImageRequest, after: ImageRequest): boolean =>
  before.template !== undefined && before.template.art === after.template?.art;

export const promptChanged = (before: ImageRequest, after: ImageRequest): boolean =>
  before.prompt !== after.prompt || before.promptLines !== after.promptLines;

export function changesBetween(before: ImageRequest, after: ImageRequest): readonly Text[] {
  const moved = (id: "change.cfg" | "change.steps" | "change.scale", from: number, to: number) =>
    from === to ? [] : [text(id, { from, to })];
  return [
    ...(promptChanged(before, after) ? [text(sameArt(before, after) ? "change.lettering" : "change.prompt")] : []),
    ...(before.negativePrompt === after.negativePrompt ? [] : [text("change.negative")]),
    ...moved("change.cfg", before.guidance, after.guidance),
    ...moved("change.steps", before.steps, after.steps),
    ...moved("change.scale", before.loraScale, after.loraScale),
    ...(before.widthPx === after.widthPx && before.heightPx === after.heightPx
      ? []
      : [text("change.size", { width: after.widthPx, height: after.heightPx })]),
    ...(before.seed === after.seed ? [] : [text("change.seed")]),
    ...(after.init === undefined ||
    (before.init?.key === after.init.key && before.init.strength === after.init.strength)
      ? []
      : [text("change.from-picture", { change: after.init.strength })]),
  ];
}
