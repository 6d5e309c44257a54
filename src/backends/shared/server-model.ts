import { type ImageRequest, MODEL_TITLE_MAX_CHARS } from "../../domain/recipe.ts";
import { type Style, styleName } from "../../domain/style.ts";
import { verbatim } from "../../domain/text.ts";
import { type Drawing, editingOf } from "../../families/shared/family.ts";
import { FAMILIES } from "../../families/shared/known.ts";
import { askedOfEditor, fixedBy, honouredBy, type Numbers, numbersFor } from "../../families/shared/numbers.ts";
import { familyOfLora, type Recognised, recognise, type SeenFile } from "../../families/shared/recognise.ts";
import type { BackendFeatures } from "../../ports/backend.ts";
import type { ModelOffer, Readiness } from "../../ports/backend-models.ts";
import { type BackendSentence, sentence } from "../../ports/backend-sentence.ts";

// For servers that draw with one model of their own choice, and name it.

/** `undefined`: a name that says nothing. */
export const modelNamed = (name: string | undefined): Recognised | undefined =>
  // Menus show a hash behind the name.
  name === undefined ? undefined : recognise({ name: name.replace(/\s*\[[^\]]*\]\s*$/, "") }, FAMILIES);

/** What the model that is loaded does for this picture: draws it, or changes one by words. */
const drawingOf = (model: Recognised | undefined, { edit }: Pick<ImageRequest, "edit">): Drawing | undefined =>
  model && (edit ? editingOf(model.kind) : model.kind.draws);
const askedOf = (drawing: Drawing, request: ImageRequest, style: Style): ImageRequest =>
  request.edit ? askedOfEditor(drawing, request, style) : request;

/** The numbers of the model that is loaded; a model that nobody knows is taken for FLUX.1, as most people run. */
export function numbersOn(model: Recognised | undefined, request: ImageRequest, style: Style): Numbers {
  const drawing = drawingOf(model, request);
  return drawing
    ? numbersFor(drawing, askedOf(drawing, request, style), style)
    : { steps: request.steps, guidance: request.guidance, cfg: request.trueCfg };
}

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

/** As an order names it: a model that nobody knows by its file's name. @param name as the server tells it */
export const offerOn = (model: Recognised | undefined, name: string): ModelOffer =>
  model ? { title: model.kind.title, family: model.family.id } : { title: bareName(name) };

/** Without its folder, ending and the hash that menus show. */
const bareName = (name: string): string =>
  name
    .replace(/\s*\[[^\]]*\]\s*$/u, "")
    .replace(/\.(?:safetensors|sft|ckpt|pt|pth|gguf)$/iu, "")
    .replace(/^.*[/\\]/u, "")
    .slice(0, MODEL_TITLE_MAX_CHARS);

/** Of a service that has several models by these names: each with a title that none of the others has. */
export function offersNamed(
  names: readonly string[],
): readonly { readonly name: string; readonly offer: ModelOffer }[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const known = modelNamed(name);
    const offer = offerOn(known, name);
    const free = taken.has(offer.title) ? { ...offer, title: bareName(name) } : offer;
    taken.add(free.title);
    return { name, offer: free };
  });
}

/** The server has one model, and has it in memory. */
export const readinessOn = (model: Recognised | undefined, style: Style): Readiness => ({
  fits: model === undefined || model.family.id === style.family,
  isLoaded: true,
});

/** For the recipe, where the model is known. */
export function fixedOn(model: Recognised | undefined, request: ImageRequest, style: Style) {
  const drawing = drawingOf(model, request);
  return drawing ? { fixed: fixedBy(drawing, askedOf(drawing, request, style), style) } : {};
}

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
