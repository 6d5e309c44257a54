import type { LetteringLayer } from "../../domain/lettering.ts";
import type { ImageRequest, Recipe } from "../../domain/recipe.ts";
import { recipeToText } from "../../domain/recipe-text.ts";
import type { Style } from "../../domain/style.ts";
import { type Text, text } from "../../domain/text.ts";
import { withTrigger } from "../../domain/trigger.ts";
import { limitOf } from "../../lib/abort.ts";
import type { Clock } from "../../lib/clock.ts";
import { asError } from "../../lib/error.ts";
import { pngTextParts } from "../../lib/png.ts";
import type { YieldQueue } from "../../lib/yield-queue.ts";
import type { Log } from "../../ports/log.ts";
import type { PictureFiles } from "../../ports/picture-files.ts";
import { type Made, sha256Of } from "../generate-picture.ts";
import type { Lettered, Setter } from "./setter.ts";

export interface LetteringDeps {
  readonly setter: Pick<Setter, "over">;
  readonly clock: Pick<Clock, "after">;
  readonly yields: YieldQueue;
  readonly log: Log;
}

/** What a model is told where words are set over its picture: none of them, and where to leave room. */
export async function toldWithRoom(
  { lettering, promptLines, ...request }: ImageRequest,
  style: Style,
  layer: LetteringLayer,
): Promise<ImageRequest> {
  const { promptWithRoom } = await import("../../typesetter/reading/room.ts");
  const prompt = promptWithRoom(promptLines ?? request.prompt, layer);
  const { trigger, triggerPosition: position } = style;
  return { ...request, prompt, finalPrompt: withTrigger(prompt, { trigger, position, scale: request.loraScale }) };
}

/** A layer with the bytes of its logo, where it has one that is still there. */
export interface LayerToSet {
  readonly layer: LetteringLayer;
  readonly logo?: Uint8Array;
}

export async function layerToSet(layer: LetteringLayer, files: Pick<PictureFiles, "logo">): Promise<LayerToSet> {
  const { logo: named, ...others } = layer;
  const logo = named && (await files.logo(named.key));
  return logo ? { layer, logo } : { layer: others };
}

/** Some fifty times what it takes: a machine that is that busy has other pictures to make. */
const SET_WITHIN_MS = 10_000;

/** Over a checked picture; `undefined`: it could not be done, or not in time. @throws the signal's reason */
export async function setOver(
  picture: Uint8Array,
  words: Parameters<Setter["over"]>[1],
  { setter, clock, log }: Pick<LetteringDeps, "setter" | "clock" | "log">,
  signal: AbortSignal,
): Promise<Lettered | undefined> {
  const limit = limitOf(clock, SET_WITHIN_MS);
  try {
    return await setter.over(picture, words, AbortSignal.any([signal, limit.signal]));
  } catch (cause) {
    if (signal.aborted) throw cause;
    log.error("lettering.failed", { error: asError(cause) });
    return undefined;
  } finally {
    limit.end();
  }
}

type Said = Pick<ImageRequest, "prompt" | "promptLines" | "lettering" | "template">;

/**
 * What was made, with the words over it: its file, its sum and its recipe. The picture without them goes along.
 *
 * @param asked what the member typed, which the model was not told
 */
export async function withWords(
  { sealed: _notOfThis, ...made }: Made,
  { png, set }: Lettered,
  asked: Said,
  { yields }: Pick<LetteringDeps, "yields">,
): Promise<Made> {
  const hasLogo = set.parts.some(({ kind }) => kind === "logo");
  const missed = [...(asked.lettering?.logo && !hasLogo ? [NO_LOGO] : []), ...(made.recipe.missed ?? [])].slice(0, 6);
  const recipe = {
    ...made.recipe,
    request: requestSaying(made.recipe.request, asked),
    ...(missed.length === 0 ? {} : { missed }),
  };
  return {
    ...made,
    original: pngTextParts(png, recipeToText(recipe)),
    posted: png,
    sha256: await sha256Of(png, yields),
    recipe,
    lettered: { plain: made.posted, set },
  };
}

/** The picture as it came: its card says that the words are missing. */
export function withoutWords(made: Made, { lettering: _notSet, ...asked }: Said): Made {
  const { missed = [], ...recipe } = made.recipe;
  const told: Recipe = {
    ...recipe,
    request: requestSaying(recipe.request, asked),
    missed: [NOT_SET, ...missed].slice(0, 6),
  };
  return { ...made, recipe: told, original: pngTextParts(made.posted, recipeToText(told)) };
}

/** No room was left for it, or it is gone. */
const NO_LOGO: Text = text("lettering.missed.logo");
const NOT_SET: Text = text("lettering.missed");

/** What may be otherwise with other words. */
const ABOUT_WORDS: ReadonlySet<string> = new Set([NOT_SET, NO_LOGO].map((line) => JSON.stringify(line)));

/** What was typed or filled in stands in the recipe beside what was sent. */
function requestSaying(
  { promptLines: _told, template: _before, ...request }: ImageRequest,
  { prompt, promptLines, lettering, template }: Said,
): ImageRequest {
  return {
    ...request,
    prompt,
    ...(promptLines === undefined ? {} : { promptLines }),
    ...(lettering === undefined ? {} : { lettering }),
    ...(template === undefined ? {} : { template }),
  };
}

/** Of other words over a picture that is there: how that one was made, and what stands on it now. */
export function recipeOver(parent: Recipe, made: Recipe): Recipe {
  const { missed: _before, size: _size, ...rest } = parent;
  const missed = parent.missed?.filter((line) => !ABOUT_WORDS.has(JSON.stringify(line))) ?? [];
  return {
    ...rest,
    ...(made.size === undefined ? {} : { size: made.size }),
    ...(missed.length === 0 ? {} : { missed }),
  };
}
