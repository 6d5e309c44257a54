import { z } from "zod";
import { SIDE_MAX_PX } from "../domain/recipe.ts";
import { triggerText } from "../domain/style.ts";
import { text } from "../domain/text.ts";
import { OverLimit } from "../lib/worker-pool.ts";
import { type Backend, BackendError, type BackendEvent, type GenerateInput } from "../ports/backend.ts";
import { sentence } from "../ports/backend-sentence.ts";
import { defineBackend, type ModuleServices } from "../ports/module.ts";
import { TYPESETTER_PACKAGES } from "../typesetter/packages.ts";
import { asTyped, lettersLacking } from "../typesetter/reading/texts.ts";
import { TYPESETTER_MODEL } from "../typesetter/version.ts";
import type { WorkerAnswer, WorkerOrder } from "../typesetter/worker-messages.ts";
import { openTypesetter, type Typesetter } from "../typesetter/worker-pool.ts";

const CONCURRENCY = 2;
const HONEST_NOTE = text("backend.sketch.note.honest");

export const module = defineBackend({
  name: "sketch",
  packages: TYPESETTER_PACKAGES,
  summary: "Posters set in type by Placard itself: no model, no GPU, no account; the same recipe gives the same bytes.",
  env: z.object({}),
  create: (_settings, services) => openSketch(services),
});

function openSketch(services: Pick<ModuleServices, "log">): Backend {
  const typesetter = openTypesetter("sketch", CONCURRENCY);
  return {
    name: "sketch",
    title: text("backend.sketch.title"),
    where: "here",
    drawnBy: "program",
    typeset: true,
    features: {
      styles: "every",
      loraScale: true,
      guidance: true,
      trueCfg: false,
      negativePrompt: false,
      doesWithout: ["negative", "truecfg"],
      variation: "seed",
      initImage: true,
      maxPixels: SIDE_MAX_PX * SIDE_MAX_PX,
      progress: true,
      preview: false,
      queuePosition: false,
      reproducible: true,
      abortedRun: "stops",
    },
    concurrency: CONCURRENCY,
    timeoutMs: 30_000,
    cancelWithinMs: 1000,
    // Who has spent everything elsewhere can still draw here.
    costWeight: 0,
    firstGuess: { perMegapixelStepMs: 0, overheadMs: 400 },
    lacks(request, style) {
      const { isNothingLeft, characters } = lettersLacking(asTyped(request), triggerText(style));
      return isNothingLeft ? sentence("backend.sketch.no-letters", { characters }) : undefined;
    },
    foresees(request, style) {
      const { characters } = lettersLacking(asTyped(request), triggerText(style));
      return characters === "" ? [] : [text("backend.sketch.letters-lacking", { characters })];
    },
    health: async () => ({ up: true, detail: "no model" }),
    generate: (input) => generate(input),
    redraws: (model) => model === TYPESETTER_MODEL,
    enlarge: ({ picture: _drawnAnew, from, to, ...input }) => {
      const zoom = to.widthPx / input.request.widthPx;
      // What it drew, it drew as large as it was asked to, or so many times as large.
      if (!Number.isInteger(zoom) || from.widthPx % input.request.widthPx !== 0)
        throw new BackendError("sketch", "rejected", `cannot draw it ${zoom} times as large`);
      return generate(input, zoom);
    },
    close: () => typesetter.close(),
  };

  async function* generate(
    { request, style, initBytes, logo, signal }: GenerateInput,
    zoom = 1,
  ): AsyncGenerator<BackendEvent, void> {
    const startedMs = performance.now();
    let shown = 0;
    const order = { request, trigger: triggerText(style), initBytes, logo, zoom };
    for await (const answer of withinLimits(typesetter, order, signal)) {
      switch (answer.type) {
        case "progress":
          shown = Math.max(shown, answer.fraction);
          yield { type: "progress", fraction: shown };
          break;
        case "drawn":
          yield {
            type: "image",
            bytes: answer.png,
            seed: request.seed,
            model: TYPESETTER_MODEL,
            usedMs: Math.round(performance.now() - startedMs),
            notes: [HONEST_NOTE, ...answer.notes],
            missed: answer.missed,
          };
          break;
        case "lettered":
        case "logo":
          break;
        case "failed":
          if (answer.becauseOfPhoto) {
            throw new BackendError("sketch", "rejected", "the picture cannot be decoded", {
              memberText: sentence("backend.error.start-unreadable"),
            });
          }
          services.log.error("sketch.failed", { reason: answer.message });
          throw new BackendError("sketch", "bad_response", answer.message, {
            memberText: sentence("backend.error.could-not-make"),
          });
      }
    }
  }
}

/** @throws BackendError "rejected" when the order takes more than a worker may */
async function* withinLimits(
  typesetter: Typesetter,
  order: WorkerOrder,
  signal: AbortSignal,
): AsyncGenerator<WorkerAnswer, void> {
  try {
    yield* typesetter.work(order, signal);
  } catch (cause) {
    if (!(cause instanceof OverLimit)) throw cause;
    throw new BackendError("sketch", "rejected", cause.message, {
      cause,
      memberText: sentence("backend.sketch.too-much"),
    });
  }
}
