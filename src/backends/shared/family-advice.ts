import { hasLora, lorasOf, type Style } from "../../domain/style.ts";
import { FAMILIES } from "../../families/shared/known.ts";
import type { Recognised } from "../../families/shared/recognise.ts";
import type { FamilyFound } from "../../ports/backend-models.ts";

// For `npm run doctor`, of servers that draw with one model of their own choice.

export function familyThere(
  backend: string,
  styles: readonly Style[],
  model: Recognised | undefined,
  file: string,
): readonly FamilyFound[] {
  if (!model) return [];
  const { family, kind, by } = model;
  return [
    {
      family: family.id,
      what: `${kind.title} by its ${by}`,
      files: [file],
      licence: `${kind.licence.name} (${kind.licence.source})`,
      styles: styles
        .filter((style) => !hasLora(style) || (lorasOf(style, backend).length > 0 && style.family === family.id))
        .map(({ id }) => id),
    },
  ];
}

/** Styles whose LoRA the model that is loaded cannot use, each with its next step. */
export function familySteps(
  backend: string,
  styles: readonly Style[],
  model: Recognised | undefined,
): readonly string[] {
  if (!model) return [];
  return styles.flatMap((style) => {
    if (lorasOf(style, backend).length === 0 || style.family === model.family.id) return [];
    const made = FAMILIES.find(({ id }) => id === style.family)?.title ?? style.family;
    return [
      `The style ${style.title} is made for ${made}, and the model there is ${model.kind.title}: load one of ${made}, or write "family": "${model.family.id}" into the style if that is wrong.`,
    ];
  });
}
