import type { ImageRequest } from "../../domain/recipe.ts";
import { type Style, styleName } from "../../domain/style.ts";
import { verbatim } from "../../domain/text.ts";
import { FAMILIES } from "../../families/shared/known.ts";
import { fixedBy, honouredBy, type Numbers, numbersFor } from "../../families/shared/numbers.ts";
import { familyOfLora, type Recognised, recognise, type SeenFile } from "../../families/shared/recognise.ts";
import type { BackendFeatures } from "../../ports/backend.ts";
import { type BackendSentence, sentence } from "../../ports/backend-sentence.ts";

// For servers that draw with one model of their own choice, and name it.

/** `undefined`: a name that says nothing. */
export const modelNamed = (name: string | undefined): Recognised | undefined =>
  // Menus show a hash behind the name.
  name === undefined ? undefined : recognise({ name: name.replace(/\s*\[[^\]]*\]\s*$/, "") }, FAMILIES);

/** The numbers of the model that is loaded; a model that nobody knows is taken for FLUX.1, as most people run. */
export const numbersOn = (model: Recognised | undefined, request: ImageRequest, style: Style): Numbers =>
  model?.kind.draws
    ? numbersFor(model.kind.draws, request, style)
    : { steps: request.steps, guidance: request.guidance, cfg: request.trueCfg };

/** What the server and its model honour together. */
export function featuresOn(server: BackendFeatures, model: Recognised | undefined): BackendFeatures {
  if (!model?.kind.draws) return server;
  const own = honouredBy(model.kind.draws);
  return {
    ...server,
    guidance: server.guidance && own.guidance,
    trueCfg: server.trueCfg && own.trueCfg,
    negativePrompt: server.negativePrompt && own.negativePrompt,
    initImage: server.initImage && own.initImage,
    maxPixels: Math.min(server.maxPixels, own.maxPixels),
  };
}

/** For the recipe, where the model is known. */
export const fixedOn = (model: Recognised | undefined, request: ImageRequest, style: Style) =>
  model?.kind.draws ? { fixed: fixedBy(model.kind.draws, request, style) } : {};

/**
 * Why a style's LoRA is not for the model that is loaded.
 * @param file of the LoRA, with what its header says where the server shows it
 */
export function foreignLora(model: Recognised | undefined, style: Style, file: SeenFile): BackendSentence | undefined {
  const made = familyOfLora(file.metadata, FAMILIES);
  const there = model?.family;
  const wanted = made ?? FAMILIES.find(({ id }) => id === style.family);
  if (made && made.id !== (there?.id ?? style.family))
    return sentence("backend.lacks.lora-family", {
      file: file.name,
      family: verbatim(made.title),
      style: styleName(style),
    });
  if (!there || made || there.id === style.family) return undefined;
  return sentence("backend.lacks.family", {
    style: styleName(style),
    family: verbatim(wanted?.title ?? style.family),
  });
}
