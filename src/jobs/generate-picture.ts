import { createHash } from "node:crypto";
import type { SetLettering } from "../domain/lettering.ts";
import type { ImageRequest, Recipe } from "../domain/recipe.ts";
import { recipeToText } from "../domain/recipe-text.ts";
import type { Size } from "../domain/size.ts";
import type { SourceType } from "../domain/source-type.ts";
import { type Style, triggerText } from "../domain/style.ts";
import { type Text, text } from "../domain/text.ts";
import { limitOf, untilAborted } from "../lib/abort.ts";
import { hasManifest } from "../lib/c2pa-part.ts";
import type { Clock } from "../lib/clock.ts";
import { imageKind } from "../lib/image-kind.ts";
import { pngSize, pngTextParts } from "../lib/png.ts";
import type { YieldQueue } from "../lib/yield-queue.ts";
import {
  type Backend,
  BackendError,
  type BackendEvent,
  type EnlargeInput,
  type GenerateInput,
} from "../ports/backend.ts";
import { checkedPng } from "./checked-png.ts";
import type { PixelReader } from "./pixels/pixel-reader.ts";

export interface Made {
  /** PNG with the recipe in its text chunks, in pieces to be written one after the other. */
  readonly original: readonly Uint8Array[];
  /** The same without the recipe, as it is posted. */
  readonly posted: Uint8Array;
  /** The file itself, where a far end has sealed it and the original is another one, made of it. */
  readonly sealed?: Uint8Array;
  /** Of `posted`, hex. */
  readonly sha256: string;
  readonly recipe: Recipe;
  /** What the engine says it spent; else the time around the call. */
  readonly usedMs: number;
  /** The work was picked up again: its time says nothing about speed. */
  readonly reattached: boolean;
  /** Words stand over it: the same without them, as PNG without text chunks, and how they were set. */
  readonly lettered?: { readonly plain: Uint8Array; readonly set: SetLettering };
}

export type Happening = Extract<BackendEvent, { type: "waiting" | "progress" }>;

export interface Watching {
  readonly attached: (key: string) => Promise<void>;
  /** Fractions are from 0 to 1. */
  readonly happened: (event: Happening) => void;
}

type Input = Omit<GenerateInput, "signal"> & {
  readonly signal: AbortSignal;
  readonly style: Style;
  /** Nothing is drawn: this picture is made larger. */
  readonly enlarging?: Pick<EnlargeInput, "picture" | "from" | "to">;
  /** Of the picture that it starts from. */
  readonly over?: SourceType;
};

/**
 * One picture from one backend, checked: exactly one image, decodable, no smaller than asked for.
 *
 * @throws BackendError, "timeout" when `timeoutMs` of the backend is over; the signal's reason when it was aborted
 */
export async function generatePicture(
  backend: Backend,
  input: Input,
  watching: Watching,
  deps: {
    readonly clock: Clock;
    /** Each pass over a large picture takes milliseconds, and pictures of several backends come at the same moment. */
    readonly yields: YieldQueue;
    readonly pixels: Pick<PixelReader, "read">;
  },
): Promise<Made> {
  const startedAtMs = deps.clock.steadyMs();
  const image = await collect(backend, input, watching, deps.clock);
  const elapsedMs = Math.round(deps.clock.steadyMs() - startedAtMs);
  const { yields, pixels } = deps;
  const wanted = input.enlarging ? larger(input.enlarging) : { ...input.request, ownSize: image.ownSize };
  const posted = await checkedPng(backend, image.bytes, wanted, { yields, pixels, signal: input.signal });
  const recipe = recipeOf(backend, input, image, pngSize(posted));
  const sha256 = await sha256Of(posted, yields);
  return {
    // What a far end has signed stays as it is: any change would break its seal. The recipe is in the database as well.
    original: isSigned(image.bytes) ? [image.bytes] : pngTextParts(posted, recipeToText(recipe)),
    posted,
    ...(isSealedElsewhere(image.bytes) ? { sealed: image.bytes } : {}),
    sha256,
    recipe,
    // No longer than it may take: a far end's clock may be set while it works, and what it says is only said.
    usedMs: Math.min(image.usedMs ?? elapsedMs, backend.timeoutMs),
    reattached: input.attachKey !== undefined,
  };
}

/** JPEG and WebP become a PNG, which breaks their seal: they are kept beside it. */
const isSealedElsewhere = (bytes: Uint8Array): boolean => imageKind(bytes) !== "png" && hasManifest(bytes);

/** A PNG is kept as it came. */
const isSigned = (bytes: Uint8Array): boolean => imageKind(bytes) === "png" && hasManifest(bytes);

/** A millisecond of hashing, or two. What does it beside this thread copies the picture first, which takes as long. */
const HASHED_AT_ONCE_BYTES = 2 * 1024 * 1024;

/** Hex. */
export async function sha256Of(bytes: Uint8Array, yields: YieldQueue): Promise<string> {
  const hash = createHash("sha256");
  for (let at = 0; at < bytes.length; at += HASHED_AT_ONCE_BYTES) {
    await yields.next();
    hash.update(bytes.subarray(at, at + HASHED_AT_ONCE_BYTES));
  }
  return hash.digest("hex");
}

type Image = Extract<BackendEvent, { type: "image" }>;

/** Noise of a kind that was wished for is in the picture only where its backend says so. */
const withoutNoise = ({ noiseDtype: _wished, ...request }: ImageRequest): ImageRequest => request;

const recipeOf = (backend: Backend, { request, style, over }: Input, image: Image, size: Size): Recipe => ({
  placard: 1,
  request: {
    ...withoutNoise(request),
    ...image.fixed,
    ...(image.seed === undefined ? {} : { seed: image.seed }),
  },
  style: { id: style.id, title: style.title, triggerWord: triggerText(style) },
  backend: backend.name,
  model: image.model,
  ...(image.lora ? { lora: image.lora } : {}),
  reproducible: backend.features.reproducible,
  ...(isAsked(size, request) ? {} : { size }),
  notes: [...(isAsked(size, request) ? [] : [sizeNote(size, request)]), ...image.notes].slice(0, 20),
  ...(image.missed === undefined || image.missed.length === 0 ? {} : { missed: image.missed.slice(0, 6) }),
  ...(backend.typeset ? { typeset: true } : {}),
  ...(over === undefined ? {} : { over }),
});

const isAsked = (made: Size, asked: Size): boolean =>
  made.widthPx === asked.widthPx && made.heightPx === asked.heightPx;

const sizeNote = (made: Size, asked: Size): Text =>
  text("picture.note.size", {
    made: `${made.widthPx}×${made.heightPx}`,
    asked: `${asked.widthPx}×${asked.heightPx}`,
  });

/** Where it is not of the wanted size it is brought to it afterwards, but for one that was not made larger at all. */
const larger = ({ from }: Pick<EnlargeInput, "from">): Size => ({
  widthPx: from.widthPx + 1,
  heightPx: from.heightPx + 1,
});

function eventsOf(backend: Backend, { enlarging, ...input }: Input, signal: AbortSignal): AsyncIterable<BackendEvent> {
  if (!enlarging) return backend.generate({ ...input, signal });
  if (!backend.enlarge) throw new BackendError(backend.name, "rejected", "it makes no pictures larger");
  return backend.enlarge({ ...input, ...enlarging, signal });
}

/** The one image of a backend within its time. */
async function collect(backend: Backend, input: Input, watching: Watching, clock: Clock): Promise<Image> {
  input.signal.throwIfAborted();
  const limit = limitOf(clock, backend.timeoutMs);
  const signal = AbortSignal.any([input.signal, limit.signal]);
  const events = eventsOf(backend, input, signal)[Symbol.asyncIterator]();
  let image: Image | undefined;
  try {
    image = await imageIn(events, backend.name, signal, watching);
  } catch (error) {
    await letGo(events, clock.deadline(backend.cancelWithinMs));
    if (limit.signal.aborted && error === signal.reason)
      throw new BackendError(backend.name, "timeout", `no picture within ${backend.timeoutMs} ms`, { cause: error });
    if (error instanceof BackendError || signal.aborted) throw error;
    throw new BackendError(backend.name, "bad_response", "broke", { cause: error });
  } finally {
    limit.end();
  }
  if (!image) throw new BackendError(backend.name, "bad_response", "ended without an image");
  return image;
}

async function imageIn(
  events: AsyncIterator<BackendEvent>,
  backend: string,
  signal: AbortSignal,
  watching: Watching,
): Promise<Image | undefined> {
  let image: Image | undefined;
  for (;;) {
    // A backend that hangs may ignore its signal: waiting for the next event ends with the signal in any case.
    const next = await untilAborted(events.next(), signal);
    if (next.done === true) return image;
    const event = next.value;
    switch (event.type) {
      case "attached":
        await watching.attached(event.key);
        break;
      case "waiting":
        watching.happened(event);
        break;
      case "progress":
        watching.happened({ ...event, fraction: Math.min(1, Math.max(0, event.fraction)) });
        break;
      case "image":
        if (image) throw new BackendError(backend, "bad_response", "gave two images for one request");
        image = event;
        break;
    }
  }
}

/** Its next picture would meet this one there. A generator that hangs is not waited for. */
const letGo = (events: AsyncIterator<BackendEvent>, late: AbortSignal): Promise<unknown> =>
  untilAborted(Promise.resolve(events.return?.()), late).catch(() => undefined);
