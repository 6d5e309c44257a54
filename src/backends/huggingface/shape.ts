import type { ImageRequest } from "../../domain/recipe.ts";
import type { Style } from "../../domain/style.ts";
import { FAMILIES } from "../../families/shared/known.ts";
import { fixedBy, honouredBy, type Numbers, numbersFor } from "../../families/shared/numbers.ts";
import { type Recognised, recognise } from "../../families/shared/recognise.ts";
import type { BackendFeatures } from "../../ports/backend.ts";
import { modelNamed } from "../shared/server-model.ts";

/** A model whose family is known, and so which numbers it takes; `undefined`: none that is known. */
export type Shape = Pick<Recognised, "family"> & { readonly drawing: NonNullable<Recognised["kind"]["draws"]> };

const drawn = (found: Pick<Recognised, "family" | "kind"> | undefined): Shape | undefined =>
  found?.kind.draws && { family: found.family, drawing: found.kind.draws };

/** By the repository's name. */
export const shapeOfModel = (repo: string): Shape | undefined => drawn(modelNamed(repo));

/**
 * Of what a LoRA is put on: the style tells the family.
 * @param providerId what its provider serves it with, which may tell the kind
 */
export function shapeOfLora({ family: id }: Pick<Style, "family">, providerId: string | undefined): Shape | undefined {
  const family = FAMILIES.find((each) => each.id === id);
  if (!family) return undefined;
  const told = providerId === undefined ? undefined : recognise({ name: providerId }, [family]);
  return drawn(told) ?? drawn(family.kinds.flatMap((kind) => (kind.draws ? [{ family, kind }] : []))[0]);
}

/** What a provider is told; a model that nobody knows is told what was asked for. */
export interface Told {
  readonly steps: number;
  /** Whatever guides the words; absent: the model was taught to do without. */
  readonly guidance?: number;
  /** Only where a second pass reads it. */
  readonly negative?: string;
}

export function toldOf(shape: Shape | undefined, request: ImageRequest, style: Style): Told {
  if (!shape) return { steps: request.steps, guidance: request.guidance };
  const numbers: Numbers = numbersFor(shape.drawing, request, style);
  const { steps } = numbers;
  switch (shape.drawing.guidance.by) {
    case "model":
      return { steps, guidance: numbers.guidance ?? request.guidance };
    case "second-pass":
      return {
        steps,
        guidance: numbers.cfg,
        ...(request.negativePrompt === undefined ? {} : { negative: request.negativePrompt }),
      };
    case "none":
      return { steps };
  }
}

/** For the recipe, where the model is known. */
export const fixedIn = (shape: Shape | undefined, request: ImageRequest, style: Style) =>
  shape ? { fixed: fixedBy(shape.drawing, request, style) } : {};

/** What the provider and the model honour together. */
export function featuresIn(server: BackendFeatures, shape: Shape | undefined): BackendFeatures {
  if (!shape) return server;
  const own = honouredBy(shape.drawing);
  return {
    ...server,
    guidance: own.guidance,
    negativePrompt: shape.drawing.guidance.by === "second-pass" && own.negativePrompt,
    initImage: server.initImage && own.initImage,
    maxPixels: Math.min(server.maxPixels, own.maxPixels),
  };
}
