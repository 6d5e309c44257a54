import { ENLARGING_BACKEND, PICTURE_MAX_PIXELS } from "../../domain/recipe.ts";
import { text } from "../../domain/text.ts";
import { type Backend, BackendError, type BackendEvent, type EnlargeInput } from "../../ports/backend.ts";
import type { Resizer } from "./resizer.ts";

/** Facts of the lane, for those that only want to know that it is there. */
export const ENLARGING = {
  name: ENLARGING_BACKEND,
  title: text("enlarging.title"),
  /** A megapixel of the larger picture, of noise and the start of a thread. */
  firstGuess: { perMegapixelStepMs: 300, overheadMs: 500 },
} as const;

/**
 * Where pictures are made larger that no model makes larger. A lane of its own, which no order for a picture is sent to and which
 * every process has: it knows no network, needs no model and costs nothing.
 */
export const resampler = (resizer: Pick<Resizer, "resize">): Backend => ({
  ...ENLARGING,
  where: "here",
  drawnBy: "program",
  features: {
    styles: "none",
    loraScale: false,
    guidance: false,
    trueCfg: false,
    negativePrompt: false,
    variation: "none",
    initImage: false,
    maxPixels: 0,
    progress: false,
    preview: false,
    queuePosition: false,
    reproducible: true,
    abortedRun: "stops",
  },
  // Each holds tens of megabytes.
  concurrency: 1,
  timeoutMs: 120_000,
  cancelWithinMs: 1000,
  costWeight: 0,
  health: async () => ({ up: true }),
  // biome-ignore lint/correctness/useYield: it draws nothing
  async *generate(): AsyncGenerator<BackendEvent, void> {
    throw new BackendError(ENLARGING.name, "rejected", "no picture to make larger");
  },
  async *enlarge({ picture, to, signal }: EnlargeInput): AsyncGenerator<BackendEvent, void> {
    const bytes = await resizer
      .resize(picture, { to, sharpen: true, maxPixels: PICTURE_MAX_PIXELS, signal })
      .catch((cause: unknown) => {
        signal.throwIfAborted();
        throw new BackendError(ENLARGING.name, "bad_response", "the picture could not be made larger", { cause });
      });
    yield { type: "image", bytes, model: "Placard", usedMs: 0, notes: [] };
  },
  close: async () => {},
});
