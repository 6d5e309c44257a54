import { type Style, styleName } from "../../domain/style.ts";
import { verbatim } from "../../domain/text.ts";
import { familyOfLora } from "../../families/shared/recognise.ts";
import type { GenerateInput } from "../../ports/backend.ts";
import { type BackendSentence, sentence } from "../../ports/backend-sentence.ts";
import { sameFile } from "../shared/same-file.ts";
import type { Catalogue, Drawable } from "./catalogue.ts";
import { NAME } from "./errors.ts";
import type { Headers } from "./headers.ts";
import type { Model } from "./models.ts";

/** What one picture needs of a host. */
export interface Needs {
  readonly style: Style;
  /** The file name, as the style gives it, of its LoRA; `undefined`: the base model alone. */
  readonly lora: string | undefined;
}

export const needsOfPicture = ({ request, style }: Pick<GenerateInput, "request" | "style">): Needs => ({
  style,
  lora: request.loraScale > 0 ? style.lora[NAME] : undefined,
});

/**
 * The model that draws it: that of the style's family, since its LoRA is for no other; without a LoRA whichever the operator
 * named, or any.
 */
export function modelFor({ choice }: Pick<Catalogue, "choice">, { style, lora }: Needs): Model | undefined {
  if (!choice?.ok) return undefined;
  const [first] = choice.models;
  const own = choice.models.find(({ family }) => family.id === style.family);
  if (lora !== undefined) return own;
  return choice.pinned ? first : (own ?? first);
}

/** Why this host cannot make it, as far as is known without asking. */
export function lackFor(
  { choice, loras }: Catalogue,
  { style, lora }: Needs,
  { drawable, headers }: { readonly drawable: Drawable | undefined; readonly headers: Headers },
): BackendSentence | undefined {
  if (choice && !choice.ok) return choice.reason;
  if (lora === undefined) return undefined;
  const file = sameFile(loras, lora);
  if (file === undefined) return sentence("backend.lacks.file", { file: lora });
  if (!choice || !drawable) return undefined;
  const { families } = drawable;
  const model = modelFor({ choice }, { style, lora });
  const made = familyOfLora(headers.known("loras", file), families);
  if (made && made.id !== (model?.family.id ?? style.family))
    return sentence("backend.lacks.lora-family", { file, family: verbatim(made.title), style: styleName(style) });
  if (!model)
    return sentence("backend.lacks.family", {
      style: styleName(style),
      family: verbatim(families.find(({ id }) => id === style.family)?.title ?? style.family),
    });
  return undefined;
}
