import { LETTERING_BACKEND } from "../../domain/recipe.ts";
import { text } from "../../domain/text.ts";
import type { Backend, BackendEvent, GenerateInput } from "../../ports/backend.ts";
import { BackendError } from "../../ports/backend.ts";

/**
 * Where words are set over a picture that is there. A lane of its own, which no order for a picture is sent to and which every
 * process has: it knows no network, needs no model and costs nothing. It gives the stored picture back as it is; the words
 * are set over it as over any other.
 */
export const LETTERING: Backend = {
  name: LETTERING_BACKEND,
  title: text("lettering.title"),
  where: "here",
  drawnBy: "program",
  features: {
    styles: "every",
    loraScale: true,
    guidance: true,
    trueCfg: true,
    negativePrompt: true,
    variation: "seed",
    initImage: true,
    maxPixels: Number.POSITIVE_INFINITY,
    progress: false,
    preview: false,
    queuePosition: false,
    reproducible: true,
    abortedRun: "stops",
  },
  concurrency: 2,
  timeoutMs: 30_000,
  cancelWithinMs: 1000,
  costWeight: 0,
  firstGuess: { perMegapixelStepMs: 0, overheadMs: 400 },
  health: async () => ({ up: true }),
  generate,
  close: async () => {},
};

async function* generate({ request, initBytes }: GenerateInput): AsyncGenerator<BackendEvent, void> {
  if (!initBytes) throw new BackendError(LETTERING.name, "rejected", "no picture to set words over");
  yield {
    type: "image",
    bytes: initBytes,
    seed: request.seed,
    model: "Placard",
    ownSize: true,
    usedMs: 0,
    notes: [],
  };
}
