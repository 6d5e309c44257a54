import sharp from "sharp";
import type { ImageRequest, Recipe } from "../domain/recipe.ts";
import { recipeToText } from "../domain/recipe-text.ts";
import type { Style } from "../domain/style.ts";
import { untilAborted } from "../lib/abort.ts";
import { pngSize, sniffImage, stripPng, withPngText } from "../lib/png.ts";
import { cutText } from "../lib/text.ts";
import { createYieldQueue } from "../lib/yield-queue.ts";
import { type Backend, BackendError, type BackendEvent, type GenerateInput } from "../ports/backend.ts";

/** libvips refuses larger pictures before it decodes them: a small file can hold a huge one. */
const MAX_PIXELS = 16_000_000;
const MAX_BYTES = 64 * 1024 * 1024;
/** Each copy of a large picture takes milliseconds, and pictures of several backends come at the same moment. */
const yields = createYieldQueue();

export interface Made {
  /** PNG with the recipe in its text chunks. */
  readonly original: Uint8Array;
  /** Of the PNG without the recipe, hex. */
  readonly sha256: string;
  readonly recipe: Recipe;
  /** What the engine says it spent; else the time around the call. */
  readonly usedMs: number;
  /** The work was picked up again: its time says nothing about speed. */
  readonly reattached: boolean;
}

interface Watching {
  readonly attached: (key: string) => Promise<void>;
  readonly happened: (event: Extract<BackendEvent, { type: "waiting" | "progress" }>) => void;
}

/**
 * One picture from one backend, checked: exactly one image, decodable, of the size asked for.
 *
 * @throws BackendError, "timeout" when `timeoutMs` of the backend is over; the signal's reason when it was aborted
 */
export async function generatePicture(
  backend: Backend,
  input: Omit<GenerateInput, "signal"> & { readonly signal: AbortSignal; readonly style: Style },
  watching: Watching,
  nowMs: () => number,
): Promise<Made> {
  const startedAtMs = nowMs();
  const deadline = AbortSignal.timeout(backend.timeoutMs);
  const image = await collect(
    backend,
    { ...input, signal: AbortSignal.any([input.signal, deadline]) },
    deadline,
    watching,
  );
  const elapsedMs = nowMs() - startedAtMs;
  const png = await checkedPng(backend.name, image.bytes, input.request);
  const request = {
    ...input.request,
    ...image.fixed,
    ...(image.seed === undefined ? {} : { seed: image.seed }),
  };
  const recipe: Recipe = {
    placard: 1,
    request,
    style: { id: input.style.id, title: input.style.title, triggerWord: input.style.trigger },
    backend: backend.name,
    model: image.model,
    ...(image.lora ? { lora: image.lora } : {}),
    reproducible: backend.features.reproducible,
    notes: image.notes.slice(0, 20).map((note) => cutText(note, 500)),
  };
  await yields.next();
  const sha256 = await sha256Of(png);
  await yields.next();
  return {
    original: withPngText(png, recipeToText(recipe)),
    sha256,
    recipe,
    usedMs: image.usedMs ?? elapsedMs,
    reattached: input.attachKey !== undefined,
  };
}

/** Hex. Off the event loop: several MB at once would hold up every other picture's progress. */
const sha256Of = async (bytes: Uint8Array): Promise<string> =>
  // The border of the types: picture bytes are never shared between threads; a copy to prove it would cost megabytes.
  Buffer.from(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>)).toString("hex");

type Image = Extract<BackendEvent, { type: "image" }>;

async function collect(
  backend: Backend,
  input: GenerateInput,
  deadline: AbortSignal,
  watching: Watching,
): Promise<Image> {
  const { signal } = input;
  signal.throwIfAborted();
  const events = backend.generate(input)[Symbol.asyncIterator]();
  let image: Image | undefined;
  try {
    for (;;) {
      // A backend that hangs may ignore its signal: waiting for the next event ends with the signal in any case.
      const next = await untilAborted(events.next(), signal);
      if (next.done === true) break;
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
          if (image) throw new BackendError(backend.name, "bad_response", "gave two images for one request");
          image = event;
          break;
      }
    }
  } catch (error) {
    await letGo(events, backend.cancelWithinMs);
    if (deadline.aborted && error === signal.reason)
      throw new BackendError(backend.name, "timeout", `no picture within ${backend.timeoutMs} ms`, { cause: error });
    if (error instanceof BackendError || signal.aborted) throw error;
    throw new BackendError(backend.name, "bad_response", "broke", { cause: error });
  }
  if (!image) throw new BackendError(backend.name, "bad_response", "ended without an image");
  return image;
}

/** Its next picture would meet this one there. A generator that hangs is not waited for. */
const letGo = (events: AsyncIterator<BackendEvent>, withinMs: number): Promise<unknown> =>
  untilAborted(Promise.resolve(events.return?.()), AbortSignal.timeout(withinMs)).catch(() => undefined);

/** A whole PNG without text chunks, of the requested size. Other formats are converted losslessly. */
async function checkedPng(backend: string, bytes: Uint8Array, request: ImageRequest): Promise<Uint8Array> {
  const bad = (what: string, cause?: unknown) => new BackendError(backend, "bad_response", what, { cause });
  if (bytes.length > MAX_BYTES) throw bad(`an image of ${bytes.length} bytes`);
  const mime = sniffImage(bytes);
  if (!mime) throw bad("bytes that are no PNG, JPEG or WebP");
  let size: { readonly width: number; readonly height: number };
  let png = bytes;
  try {
    const image = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: "error" });
    if (mime === "image/png") {
      // Every pixel is decoded for the one that is kept: a damaged file fails, and no second picture of megabytes is made.
      await image.resize(1, 1, { fit: "fill" }).raw().toBuffer();
      const { widthPx, heightPx } = pngSize(bytes);
      size = { width: widthPx, height: heightPx };
      await yields.next();
      png = stripPng(bytes);
    } else {
      const { data, info } = await image.png().toBuffer({ resolveWithObject: true });
      size = info;
      png = data;
    }
  } catch (cause) {
    throw bad("an image that cannot be decoded", cause);
  }
  if (size.width !== request.widthPx || size.height !== request.heightPx)
    throw bad(`${size.width}×${size.height} instead of ${request.widthPx}×${request.heightPx}`);
  return png;
}
