import type { FilledTemplate } from "../../domain/filled-template.ts";
import type { Picture } from "../../domain/job.ts";
import { ok, type Problem, type Result, refuse } from "../../domain/problem.ts";
import { type ImageRequest, type Order, requestOf } from "../../domain/recipe.ts";
import { sizeOf } from "../../domain/size.ts";
import { hasLora, type Style, styleName } from "../../domain/style.ts";
import { listed, type Text, text } from "../../domain/text.ts";
import { cleanPrompt } from "../draw/advice.ts";
import {
  adviceFor,
  askedOf,
  CHANGE_DEFAULT,
  checkedPrompt,
  finalPromptOf,
  type OrderContext,
  type Seeded,
  seedOfLock,
} from "../draw/order.ts";
import { layerAfter, sameBesideWords } from "../lettering/layer.ts";
import { changesBetween, promptChanged, sameArt } from "./changes.ts";

/** What a child is made from: one picture, or a whole batch by its first picture. */
export interface Parent {
  readonly picture: Picture;
  /** 1 for a single picture, the size of the batch for a whole one. */
  readonly count: number;
}

export const VARY_STRENGTH = { subtle: 0.15, strong: 0.4 } as const;
export type VaryKind = keyof typeof VARY_STRENGTH;

type ChildContext = Pick<OrderContext, "newSeed" | "countTokens">;
type EditContext = ChildContext & Pick<OrderContext, "seedLock" | "words">;
type Lineage = NonNullable<Order["lineage"]>;

/** The same recipe with a new seed; a lock does not hold it, since a new seed is what was asked for. */
export function rerollOrder(catalogue: ChildContext, style: Style, parent: Parent, kind: "reroll" | "vote"): Order {
  // A variation is a step away from one seed's picture; with another seed there is nothing to step away from.
  const { variation: _dropped, ...request } = requestBehind(parent.picture);
  return child(
    catalogue,
    { style, parent, request: { ...request, seed: catalogue.newSeed() } },
    { kind, change: text("change.seed"), seedFrom: "drawn" },
  );
}

/** The same composition, somewhat different. Always one picture. */
export function varyOrder(catalogue: ChildContext, style: Style, parent: Parent, vary: VaryKind): Order {
  const variation = { seed: catalogue.newSeed(), strength: VARY_STRENGTH[vary] };
  const change = text(`change.varied.${vary}`);
  return child(
    catalogue,
    { style, parent: { ...parent, count: 1 }, request: { ...requestBehind(parent.picture), variation } },
    { kind: "vary", change, seedFrom: "parent" },
  );
}

/** The same recipe once more: another backend, or one that does not promise the same picture, may do better. */
export function againOrder(catalogue: ChildContext, style: Style, parent: Parent): Order {
  return child(
    catalogue,
    { style, parent, request: requestBehind(parent.picture) },
    {
      kind: "again",
      change: text("change.again"),
      seedFrom: "parent",
    },
  );
}

/** What an edit can change; what is left out stays as it was. */
export interface EditOptions {
  readonly prompt?: string | undefined;
  /** Filled in anew: the prompt says the same. */
  readonly template?: FilledTemplate | undefined;
  readonly cfg?: number | undefined;
  readonly steps?: number | undefined;
  /** "cleared" asks for the locked seed, else a new one; "random" always for a new one. */
  readonly seed?: number | "random" | "cleared" | undefined;
  readonly scale?: number | undefined;
  readonly size?: string | undefined;
  /** "" wants nothing away any more. */
  readonly negative?: string | undefined;
  /** Starts from the parent's pixels: 0 keeps them, 1 ignores them. */
  readonly change?: number | undefined;
}

export const NOTHING_CHANGED: Problem = { code: "bad_args", text: text("problem.edit.nothing") };

/** The parent with the changed fields. Refused when nothing was changed: it would cost and show the same picture. */
export function editOrder(catalogue: EditContext, style: Style, parent: Parent, options: EditOptions): Result<Order> {
  const edited = editedRequest(catalogue, requestBehind(parent.picture), parent, options);
  if (!edited.ok) return edited;
  const { request, seedFrom, changes } = edited.value;
  if (changes.length === 0) return refuse(NOTHING_CHANGED);
  const over = letteredAnew(style, parent, request, changes);
  if (over) return ok(over);
  return ok(
    child(catalogue, { style, parent, request }, { kind: "edit", change: listed(changes, "commas"), seedFrom }),
  );
}

function editedRequest(
  catalogue: EditContext,
  before: ImageRequest,
  parent: Parent,
  options: EditOptions,
): Result<Pick<Order, "request" | "seedFrom"> & { readonly changes: readonly Text[] }> {
  const size = options.size === undefined ? ok(before) : sizeOf(options.size);
  if (!size.ok) return size;
  const {
    variation,
    negativePrompt,
    lettering,
    template: filled,
    prompt: toldBefore,
    promptLines,
    edit,
    ...rest
  } = before;
  const kept = { prompt: toldBefore, ...(promptLines === undefined ? {} : { promptLines }) };
  const prompt = options.prompt === undefined ? ok(kept) : checkedPrompt(options.prompt);
  if (!prompt.ok) return prompt;
  const { seedFrom, ...seeded } = seedAfterEdit(catalogue, before.seed, options.seed);
  const { change } = options;
  const layer = options.prompt === undefined ? lettering : layerAfter(catalogue.words, lettering, prompt.value);
  const unwanted = options.negative === undefined ? (negativePrompt ?? "") : cleanPrompt(options.negative);
  const after: ImageRequest = {
    ...rest,
    ...prompt.value,
    ...(unwanted === "" ? {} : { negativePrompt: unwanted }),
    guidance: options.cfg ?? before.guidance,
    steps: options.steps ?? before.steps,
    loraScale: options.scale ?? before.loraScale,
    widthPx: size.value.widthPx,
    heightPx: size.value.heightPx,
    ...seeded,
    // A start is drawn over; what words change is not.
    ...(edit && change === undefined ? { edit } : {}),
    ...(change === undefined ? {} : { init: { key: parent.picture.imageId, strength: change } }),
    ...(variation !== undefined && seeded.seed === before.seed && change === undefined ? { variation } : {}),
    ...(layer === undefined ? {} : { lettering: layer }),
  };
  // Other words than its template's are a prompt like any other.
  const template = options.template ?? (promptChanged(before, after) ? undefined : filled);
  const request = { ...after, ...(template === undefined ? {} : { template }) };
  return ok({ request, seedFrom, changes: changesBetween(before, request) });
}

/** Where nothing but the words over a picture was changed, they alone are: not one pixel of the rest. */
function letteredAnew(
  style: Style,
  parent: Parent,
  request: ImageRequest,
  changes: readonly Text[],
): Order | undefined {
  const { picture } = parent;
  const before = requestBehind(picture);
  const wordsOnly =
    changes.length === 1 &&
    promptChanged(before, request) &&
    (sameArt(before, request) || sameBesideWords(before, request)) &&
    parent.count === 1;
  // What waits for a moderator would be there to see, under other words.
  if (!wordsOnly || picture.deleted || !isLettered(picture) || request.lettering === undefined) return undefined;
  return letteringOrder(style, picture, request);
}

/** Words are set over it, and it is kept without them, too. */
const isLettered = ({ recipe }: Picture): boolean => recipe.request.lettering !== undefined;

/**
 * Other words over the same picture: nothing is made.
 *
 * @param style of the picture, where it is still here
 * @param request of the picture, with its new layer and a prompt that says the same
 */
export function letteringOrder(style: Style | undefined, picture: Picture, request: ImageRequest): Order {
  const { prompt, loraScale } = request;
  return {
    request: { ...request, finalPrompt: style ? finalPromptOf(prompt, style, loraScale) : prompt },
    count: 1,
    asked: [],
    lettersOver: picture.imageId,
    lineage: {
      parentImageId: picture.imageId,
      parentNumber: picture.number,
      kind: "lettering",
      change: text("change.lettering"),
      sameSeedOn: homeOfSeed(picture),
    },
    advice: [],
    seedFrom: "parent",
  };
}

/**
 * The same recipe and seed in another style. Settings that were the old style's own become the new one's; what a member
 * had chosen stays, and so does the size: the seed's composition depends on it.
 *
 * @param styles `before`: the style the parent was made in, where it is still here
 */
export function restyleOrder(
  catalogue: EditContext,
  { style, before }: { readonly style: Style; readonly before: Style | undefined },
  parent: Parent,
  options: EditOptions = {},
): Result<Order> {
  // A model that one style was drawn with may not take the LoRA of another.
  const { model, ...modelless } = requestBehind(parent.picture);
  const request = { ...modelless, ...(model === undefined || hasLora(style) ? {} : { model }) };
  const own = (value: number, was: number | undefined, is: number) => (value === was ? is : value);
  const restyled = {
    ...request,
    styleId: style.id,
    guidance: own(request.guidance, before?.defaults.cfg, style.defaults.cfg),
    steps: own(request.steps, before?.defaults.steps, style.defaults.steps),
    loraScale: own(request.loraScale, before?.defaults.scale, style.defaults.scale),
  };
  const edited = editedRequest(catalogue, restyled, parent, options);
  if (!edited.ok) return edited;
  const moved = text("change.style", {
    from: before ? styleName(before) : request.styleId,
    to: styleName(style),
  });
  const changes = [moved, ...edited.value.changes];
  const { seedFrom } = edited.value;
  return ok(
    child(
      catalogue,
      { style, parent, request: edited.value.request },
      { kind: "edit", change: listed(changes, "commas"), seedFrom },
    ),
  );
}

function seedAfterEdit(
  catalogue: Pick<OrderContext, "newSeed" | "seedLock">,
  parentSeed: number,
  typed: EditOptions["seed"],
): Seeded {
  if (typed === undefined || typed === parentSeed) return { seed: parentSeed, seedFrom: "parent" };
  if (typeof typed === "number") return { seed: typed, seedFrom: "typed" };
  if (typed === "cleared" && catalogue.seedLock !== undefined) return seedOfLock(catalogue.seedLock);
  return { seed: catalogue.newSeed(), seedFrom: "drawn" };
}

/**
 * What the picture was asked to be. Not the recipe's request: a backend without variation seeds turns a variation into
 * image to image, which another backend need not do. The seed is the recipe's: some backends report another one; and so
 * is the noise that it stands for.
 */
export function requestBehind(picture: Picture): ImageRequest {
  const { seed, noiseDtype } = picture.recipe.request;
  const { init, ...request } = requestOf(picture.order, picture.index);
  // A member's picture that words were set over was kept as it was: what is made of it starts from it as usual.
  const start = init?.strength === 0 && picture.order.lettersOver !== undefined ? startFrom(picture) : init;
  const asked = {
    ...request,
    ...(start === undefined ? {} : { init: start }),
    ...(noiseDtype === undefined ? {} : { noiseDtype }),
  };
  return asked.variation === undefined ? { ...asked, seed } : asked;
}

const startFrom = ({ imageId }: Picture) => ({ key: imageId, strength: CHANGE_DEFAULT });

/** Where the seed behind a picture gives that picture; `null` where it came from another picture, or by chance. */
export function homeOfSeed({ recipe, order }: Picture): string | null {
  const fromPicture = order.request.variation !== undefined && recipe.request.variation === undefined;
  return recipe.reproducible && !fromPicture ? recipe.backend : null;
}

function child(
  catalogue: ChildContext,
  { style, parent, request }: { readonly style: Style; readonly parent: Parent; readonly request: ImageRequest },
  how: Pick<Lineage, "kind" | "change"> & Pick<Order, "seedFrom">,
): Order {
  const made = { ...request, finalPrompt: finalPromptOf(request.prompt, style, request.loraScale) };
  return {
    request: made,
    count: parent.count,
    asked: askedOf(made, style),
    lineage: {
      parentImageId: parent.picture.imageId,
      parentNumber: parent.picture.number,
      kind: how.kind,
      change: how.change,
      sameSeedOn: homeOfSeed(parent.picture),
    },
    advice: adviceFor(catalogue, style, made),
    seedFrom: how.seedFrom,
  };
}
