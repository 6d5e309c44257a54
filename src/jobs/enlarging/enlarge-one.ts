import type { Picture } from "../../domain/job.ts";
import { scaledSet } from "../../domain/lettering.ts";
import { type Order, PICTURE_MAX_PIXELS, type Recipe } from "../../domain/recipe.ts";
import { recipeToText } from "../../domain/recipe-text.ts";
import type { Clock } from "../../lib/clock.ts";
import { pngSize, pngTextParts } from "../../lib/png.ts";
import type { YieldQueue } from "../../lib/yield-queue.ts";
import { BackendError } from "../../ports/backend.ts";
import { sentence } from "../../ports/backend-sentence.ts";
import type { Log } from "../../ports/log.ts";
import type { PictureFiles } from "../../ports/picture-files.ts";
import type { Store } from "../../ports/store.ts";
import type { Attempt } from "../attempt.ts";
import { generatePicture, type Made, sha256Of, type Watching } from "../generate-picture.ts";
import { layerToSet, setOver, withoutWords, withWords } from "../lettering/lettered-picture.ts";
import type { Setter } from "../lettering/setter.ts";
import type { PixelReader } from "../pixels/pixel-reader.ts";
import { ENLARGING } from "./lane.ts";
import type { Resizer } from "./resizer.ts";

type Enlarge = NonNullable<Order["enlarge"]>;

interface EnlargingDeps {
  readonly store: Pick<Store, "picture">;
  readonly files: Pick<PictureFiles, "original" | "plain" | "lettering" | "logo">;
  readonly clock: Clock;
  readonly yields: YieldQueue;
  readonly pixels: Pick<PixelReader, "read">;
  readonly setter: Pick<Setter, "over">;
  readonly resizer: Pick<Resizer, "resize">;
  readonly log: Log;
}

/**
 * The picture of an order that makes another one larger. Words that stand over it are set anew over the larger one, where it is kept
 * without them. @throws BackendError, or the signal's reason
 */
export async function enlargeOne(
  { backend, style, signal }: Attempt,
  enlarge: Enlarge,
  { attachKey, watching }: { readonly attachKey: string | undefined; readonly watching: Watching },
  deps: EnlargingDeps,
): Promise<Made> {
  const { files, store } = deps;
  const gone = () =>
    new BackendError(backend.name, "rejected", "the picture to be made larger is gone", {
      memberText: sentence("backend.error.start-gone"),
    });
  const parent = await store.picture(enlarge.imageId);
  if (!parent || parent.deleted) throw gone();
  const { plain, set } = await behindWords(parent, files);
  const picture = plain ?? (await files.original(enlarge.imageId));
  if (!picture) throw gone();
  const { request } = parent.recipe;
  const { brand } = request;
  const logo = brand?.logo && (await files.logo(brand.logo.key));
  const { from, to } = enlarge;
  const input = {
    request,
    // As it was when the picture was drawn.
    style: { ...style, trigger: parent.recipe.style.triggerWord },
    enlarging: { picture, from, to },
    ...(logo ? { logo } : {}),
    ...(attachKey === undefined ? {} : { attachKey }),
    signal,
  };
  const { sealed: _notOfThis, ...made } = await generatePicture(backend, input, watching, deps);
  const recipe = enlargedRecipe(parent.recipe, enlarge, { backend, model: made.recipe.model });
  const posted = await exactly(made.posted, enlarge, { resizer: deps.resizer, name: backend.name, signal });
  const larger: Made = {
    ...made,
    recipe,
    posted,
    original: pngTextParts(posted, recipeToText(recipe)),
    ...(posted === made.posted ? {} : { sha256: await sha256Of(posted, deps.yields) }),
  };
  const { lettering } = request;
  if (!set || !lettering) return larger;
  const words = { set: scaledSet(set, to), ...logoOf(await layerToSet(lettering, files)) };
  const lettered = await setOver(posted, words, deps, signal);
  return lettered ? withWords(larger, lettered, request, deps) : withoutWords(larger, request);
}

const logoOf = ({ logo }: { readonly logo?: Uint8Array }) => (logo ? { logo } : {});

/** As it is without the words that stand over it, and how those were set; neither where one of them is not kept. */
async function behindWords(
  { imageId, recipe }: Pick<Picture, "imageId" | "recipe">,
  files: Pick<PictureFiles, "plain" | "lettering">,
) {
  if (recipe.request.lettering === undefined) return {};
  const [plain, set] = await Promise.all([files.plain(imageId), files.lettering(imageId)]);
  return plain && set ? { plain, set } : {};
}

/** What model servers make is a multiple of their own. */
async function exactly(
  png: Uint8Array,
  { to }: Enlarge,
  {
    resizer,
    name,
    signal,
  }: { readonly resizer: Pick<Resizer, "resize">; readonly name: string; readonly signal: AbortSignal },
): Promise<Uint8Array> {
  const { widthPx, heightPx } = pngSize(png);
  if (widthPx === to.widthPx && heightPx === to.heightPx) return png;
  return resizer.resize(png, { to, sharpen: false, maxPixels: PICTURE_MAX_PIXELS, signal }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new BackendError(name, "bad_response", "what it made could not be brought to its size", { cause });
  });
}

/** How it was drawn stays as it was; how it became larger is said beside. */
function enlargedRecipe(
  parent: Recipe,
  { from, to }: Enlarge,
  { backend, model }: { readonly backend: Attempt["backend"]; readonly model: string },
): Recipe {
  return { ...parent, size: to, enlarged: { ...enlargedBy(backend, model), from } };
}

function enlargedBy({ name, typeset }: Attempt["backend"], model: string) {
  if (name === ENLARGING.name) return { by: "resampling" } as const;
  return typeset ? ({ by: "drawing" } as const) : ({ by: "model", model, backend: name } as const);
}
