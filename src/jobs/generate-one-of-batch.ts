import { imageIdOf, parseImageId } from "../domain/ids.ts";
import type { Job, Progress } from "../domain/job.ts";
import { brandingOf } from "../domain/lettering.ts";
import { plainSourceTypeOf } from "../domain/made-by.ts";
import { saidOf } from "../domain/marked.ts";
import { type ImageRequest, PICTURE_MAX_PIXELS, requestOf } from "../domain/recipe.ts";
import { type SourceType, sourceTypeOfSeveral } from "../domain/source-type.ts";
import type { Text } from "../domain/text.ts";
import { type HoldRules, showsUnfinished } from "../domain/withheld.ts";
import type { Clock } from "../lib/clock.ts";
import type { YieldQueue } from "../lib/yield-queue.ts";
import { BackendError } from "../ports/backend.ts";
import { named, sentence } from "../ports/backend-sentence.ts";
import type { Log } from "../ports/log.ts";
import type { PictureFiles } from "../ports/picture-files.ts";
import type { Store } from "../ports/store.ts";
import type { Attempt } from "./attempt.ts";
import { enlargeOne } from "./enlarging/enlarge-one.ts";
import type { Resizer } from "./enlarging/resizer.ts";
import { generatePicture, type Happening, type Made, type Watching } from "./generate-picture.ts";
import type { LookAt } from "./judging/judged.ts";
import {
  type LayerToSet,
  layerToSet,
  recipeOver,
  setOver,
  toldWithRoom,
  withoutWords,
  withWords,
} from "./lettering/lettered-picture.ts";
import type { Setter } from "./lettering/setter.ts";
import type { PixelReader } from "./pixels/pixel-reader.ts";
import type { Previews } from "./previews.ts";
import { asImageToImage } from "./router/variation.ts";
import { startingPicture } from "./starting-picture.ts";
import type { WarmPictures } from "./warm-pictures.ts";
import type { Work } from "./work.ts";

export interface BatchDeps {
  readonly store: Pick<Store, "attach" | "picture">;
  readonly files: Pick<
    PictureFiles,
    "original" | "plain" | "lettering" | "input" | "logo" | "save" | "savePlain" | "saveLettering" | "saveSealed"
  >;
  readonly warm: Pick<WarmPictures, "keep">;
  readonly previews: Pick<Previews, "offer">;
  /** What is held of it, as its chat wants it now. */
  readonly holdRulesOf: (job: Job) => Promise<HoldRules>;
  readonly show: (job: Job, progress: Progress) => void;
  readonly clock: Clock;
  readonly yields: YieldQueue;
  readonly pixels: Pick<PixelReader, "read">;
  readonly setter: Pick<Setter, "over">;
  readonly resizer: Pick<Resizer, "resize">;
  /** The classifier; absent: there is none. */
  readonly lookAt?: LookAt;
  readonly log: Log;
}

/** One picture of a job, saved and noted. @throws BackendError, or the signal's reason */
export async function generateOneOfBatch(attempt: Attempt, index: number, work: Work, deps: BatchDeps): Promise<void> {
  const { job } = attempt;
  const { enlarge } = job.order;
  const finished = enlarge
    ? await enlargeOne(attempt, enlarge, enlargingWatch(attempt, index, work, deps), deps)
    : await drawOne(attempt, index, work, deps);
  const imageId = imageIdOf(job.jobId, index);
  // While it is written.
  const [fingerprint, verdict] = await Promise.all([
    hasFingerprint(attempt, finished) ? fingerprintOf(finished.posted, deps.pixels, attempt.signal) : undefined,
    deps.lookAt?.(finished, attempt.signal),
    saved(imageId, finished, job.attempt, deps.files),
  ]);
  deps.warm.keep(imageId, finished.posted);
  work.finished(finished, { ...(fingerprint === undefined ? {} : { fingerprint }), ...(verdict ? { verdict } : {}) });
}

function enlargingWatch(attempt: Attempt, index: number, work: Work, deps: BatchDeps) {
  const watching = watch({ attempt, index, words: undefined, isShown: false }, work, deps);
  work.works();
  return { attachKey: attachKeyOf(attempt, index), watching };
}

/** @throws BackendError, or the signal's reason */
async function drawOne(attempt: Attempt, index: number, work: Work, deps: BatchDeps): Promise<Made> {
  const { backend, job, style, signal } = attempt;
  const asked = asImageToImage(requestOf(job.order, index), backend, job.order);
  // What sets type letters by itself.
  const layer = backend.typeset ? undefined : asked.lettering;
  const words = layer && (await layerToSet(layer, deps.files));
  const set = backend.typeset ? await setInType(asked, deps.files) : undefined;
  const initBytes = await startOf(attempt, asked, deps);
  const editBytes = await editedBy(attempt, asked, deps);
  const over = await startedFrom(job, asked, deps);
  const attachKey = attachKeyOf(attempt, index);
  const input = {
    // What words change is there already: no room has to be asked for.
    request: layer && !asked.edit ? await toldWithRoom(asked, style, layer) : withoutLayer(asked),
    ...set,
    style,
    ...(initBytes ? { initBytes } : {}),
    ...(editBytes ? { editBytes } : {}),
    ...(attachKey === undefined ? {} : { attachKey }),
    ...(over === undefined ? {} : { over }),
    signal,
  };
  const isShown = showsUnfinished(await deps.holdRulesOf(job), deps.lookAt !== undefined);
  const watching = watch({ attempt, index, words, isShown }, work, deps);
  work.works();
  const made = await generatePicture(backend, input, watching, deps);
  return words ? lettered(attempt, made, { asked, words }, deps) : made;
}

/** What only pretends draws no picture that anybody would look for. */
const hasFingerprint = ({ backend: { drawnBy, typeset }, job: { order } }: Attempt, { lettered }: Made): boolean =>
  drawnBy === "model" || typeset === true || lettered !== undefined || order.enlarge !== undefined;

/** `undefined`: it could not be looked at, which is no fault of the picture. */
const fingerprintOf = async (png: Uint8Array, pixels: BatchDeps["pixels"], signal: AbortSignal) =>
  pixels.read(png, ["fingerprint"], { maxPixels: PICTURE_MAX_PIXELS, signal }).then(
    ({ seen }) => seen.fingerprint,
    () => undefined,
  );

/** What sets type by itself has the colours, font and logo that its words would have. */
async function setInType(asked: ImageRequest, files: Pick<PictureFiles, "logo">) {
  const brand = asked.lettering && brandingOf(asked.lettering);
  const logo = brand?.logo && (await files.logo(brand.logo.key));
  return brand && { request: { ...withoutLayer(asked), brand }, ...(logo ? { logo } : {}) };
}

const withoutLayer = ({ lettering: _layer, ...request }: ImageRequest): ImageRequest => request;

/** What it begins with; `undefined`: nothing. @throws BackendError when that is gone */
async function startOf(
  { backend, job }: Attempt,
  { init }: Pick<ImageRequest, "init">,
  deps: BatchDeps,
): Promise<Uint8Array | undefined> {
  const key = job.order.lettersOver ?? init?.key;
  return key === undefined ? undefined : startNamed(key, backend, deps);
}

/** How that came about which it starts from, or takes something from; of a member's own only what it says itself. */
async function startedFrom(
  { order }: Pick<Job, "order">,
  { init, edit }: Pick<ImageRequest, "init" | "edit">,
  { store, files }: Pick<BatchDeps, "store" | "files">,
): Promise<SourceType | undefined> {
  const keys = [order.lettersOver, init?.key, ...(edit?.keys ?? [])].filter((key) => key !== undefined);
  const made = keys.map(async (key) => {
    const parent = parseImageId(key) ? await store.picture(key) : undefined;
    if (parent) return plainSourceTypeOf(parent.recipe);
    const own = await startingPicture(key, files);
    return own && saidOf(own);
  });
  return sourceTypeOfSeveral(await Promise.all(made));
}

/** What words change, and what they speak of. @throws BackendError when one is gone */
const editedBy = async ({ backend, job }: Attempt, { edit }: Pick<ImageRequest, "edit">, deps: BatchDeps) =>
  // Other words over what came of it change nothing anew.
  edit && job.order.lettersOver === undefined
    ? Promise.all(edit.keys.map((key) => startNamed(key, backend, deps)))
    : undefined;

async function startNamed(
  key: string,
  { name }: Pick<Attempt["backend"], "name">,
  { files, store }: Pick<BatchDeps, "files" | "store">,
): Promise<Uint8Array> {
  const ours = parseImageId(key) ? await store.picture(key) : undefined;
  // What was taken out of sight meanwhile would be shown again in another picture, before a moderator has decided.
  const bytes = ours?.deleted?.withheld ? undefined : await startingPicture(key, files);
  if (bytes) return bytes;
  throw new BackendError(name, "rejected", "the starting picture is gone", {
    memberText: sentence("backend.error.start-gone"),
  });
}

/** With its words. Where they cannot be set the picture comes without, but for one of which the words are all. */
async function lettered(
  { backend, job, signal }: Attempt,
  made: Made,
  { asked, words: { layer, logo } }: { readonly asked: ImageRequest; readonly words: LayerToSet },
  deps: BatchDeps,
): Promise<Made> {
  const over = job.order.lettersOver;
  const parent = over !== undefined && parseImageId(over) ? await deps.store.picture(over) : undefined;
  const before = parent ? { ...made, recipe: recipeOver(parent.recipe, made.recipe) } : made;
  const words = await setOver(made.posted, { layer, ...(logo ? { logo } : {}) }, deps, signal);
  if (words) return withWords(before, words, asked, deps);
  if (over !== undefined) throw new BackendError(backend.name, "rejected", "the words could not be set");
  return withoutWords(before, asked);
}

/** The original last: while it is not there, nobody looks for what lies beside it. */
async function saved(
  imageId: string,
  { original, lettered: beside, sealed }: Made,
  attempt: number,
  files: BatchDeps["files"],
): Promise<void> {
  // An attempt before may have left one of another picture.
  if (sealed || attempt > 1) await files.saveSealed(imageId, sealed);
  if (beside) {
    await files.savePlain(imageId, [beside.plain]);
    await files.saveLettering(imageId, beside.set);
  }
  await files.save(imageId, original);
}

// The index in the batch goes along: only that picture can be picked up again.
const storedAttachKey = (index: number, key: string): string => `${index}:${key}`;

const attachKeyOf = ({ job: { attached }, backend }: Attempt, index: number): string | undefined => {
  const start = storedAttachKey(index, "");
  return attached?.backend === backend.name && attached.key.startsWith(start)
    ? attached.key.slice(start.length)
    : undefined;
};

/** Shows how the job goes on, from its first moment on this backend. */
function watch(
  {
    attempt: { backend, job, route },
    index,
    words,
    isShown,
  }: {
    readonly attempt: Attempt;
    readonly index: number;
    readonly words: LayerToSet | undefined;
    /** Unfinished. */
    readonly isShown: boolean;
  },
  work: Work,
  deps: BatchDeps,
): Watching {
  const { count } = job.order;
  const begun: Progress = { fraction: index / count, backend: backend.name, route };
  deps.show(job, begun);
  return {
    attached: (key) =>
      deps.store.attach(job.jobId, job.attempt, { backend: backend.name, key: storedAttachKey(index, key) }),
    happened(event) {
      if (event.type === "waiting") work.waits();
      else work.works();
      if (event.type === "progress" && event.preview && isShown) deps.previews.offer(job.jobId, event.preview, words);
      deps.show(
        job,
        progressAfter(event, begun, { title: backend.title, ofJob: (fraction) => (index + fraction) / count }),
      );
    },
  };
}

function progressAfter(
  event: Happening,
  begun: Progress,
  { title, ofJob }: { readonly title: Text; readonly ofJob: (fraction: number) => number },
): Progress {
  switch (event.type) {
    case "waiting": {
      const { position, etaMs, why } = event;
      return {
        ...begun,
        waiting: {
          ...(position === undefined ? {} : { position }),
          ...(etaMs === undefined ? {} : { etaMs }),
          ...(why === undefined ? {} : { why: named(why, title) }),
        },
      };
    }
    case "progress":
      return { ...begun, fraction: ofJob(event.fraction), ...(event.step ? { step: event.step } : {}) };
  }
}
