import { z } from "zod";
import { SIDE_MAX_PX } from "../domain/recipe.ts";
import { text } from "../domain/text.ts";
import { OverLimit, openWorkerPool, type WorkerLimits, type WorkerPool } from "../lib/worker-pool.ts";
import { type Backend, BackendError, type BackendEvent, type GenerateInput } from "../ports/backend.ts";
import { sentence } from "../ports/backend-sentence.ts";
import { defineBackend, type ModuleServices } from "../ports/module.ts";
import type { WorkerAnswer, WorkerOrder } from "./sketch/worker-messages.ts";

/** Rises whenever the same recipe gives other bytes than before. */
const SKETCH_VERSION = 2;
const HONEST_NOTE = text("backend.sketch.note.honest");

/** Twice and more of what the largest poster took. */
const LIMITS: WorkerLimits = { heapMaxMb: 160, workMaxMs: 20_000, keptMaxBytes: 96 * 1024 * 1024 };

export const module = defineBackend({
  name: "sketch",
  packages: [
    "@expo-google-fonts/alfa-slab-one",
    "@expo-google-fonts/anton",
    "@expo-google-fonts/archivo-black",
    "@expo-google-fonts/inter-tight",
    "@expo-google-fonts/lalezar",
    "@expo-google-fonts/limelight",
    "@expo-google-fonts/permanent-marker",
    "@expo-google-fonts/poiret-one",
    "@expo-google-fonts/russo-one",
    "@expo-google-fonts/secular-one",
    "@expo-google-fonts/share-tech-mono",
    "@expo-google-fonts/sofia-sans-extra-condensed",
    "@expo-google-fonts/special-elite",
    "@expo-google-fonts/yeseva-one",
    "@iconify-json/game-icons",
    "@resvg/resvg-js",
    "bidi-js",
    "fflate",
    "harfbuzzjs",
  ],
  summary: "Posters set in type by Placard itself: no model, no GPU, no account; the same recipe gives the same bytes.",
  env: z.object({}),
  create: (_settings, services) => openSketch(services),
});

function openSketch(services: Pick<ModuleServices, "log">): Backend {
  const workerPool = openWorkerPool<WorkerOrder, WorkerAnswer>(
    "sketch",
    2,
    new URL("./sketch/worker.ts", import.meta.url),
    LIMITS,
  );
  return {
    name: "sketch",
    title: text("backend.sketch.title"),
    where: "here",
    drawnBy: "program",
    features: {
      styles: "every",
      loraScale: true,
      guidance: true,
      trueCfg: false,
      negativePrompt: false,
      variation: "seed",
      initImage: true,
      maxPixels: SIDE_MAX_PX * SIDE_MAX_PX,
      progress: true,
      preview: false,
      queuePosition: false,
      reproducible: true,
      abortedRun: "stops",
    },
    concurrency: 2,
    timeoutMs: 30_000,
    cancelWithinMs: 1000,
    // Who has spent everything elsewhere can still draw here.
    costWeight: 0,
    firstGuess: { perMegapixelStepMs: 0, overheadMs: 400 },
    health: async () => ({ up: true, detail: "no model" }),
    generate: (input) => generate(input),
    close: () => workerPool.close(),
  };

  async function* generate({ request, style, initBytes, signal }: GenerateInput): AsyncGenerator<BackendEvent, void> {
    const startedMs = performance.now();
    let shown = 0;
    for await (const answer of withinLimits(workerPool, { request, trigger: style.trigger, initBytes }, signal)) {
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
            model: `sketch ${SKETCH_VERSION}`,
            usedMs: Math.round(performance.now() - startedMs),
            notes: [HONEST_NOTE, ...answer.notes],
          };
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
  workerPool: WorkerPool<WorkerOrder, WorkerAnswer>,
  order: WorkerOrder,
  signal: AbortSignal,
): AsyncGenerator<WorkerAnswer, void> {
  try {
    yield* workerPool.work(order, signal);
  } catch (cause) {
    if (!(cause instanceof OverLimit)) throw cause;
    throw new BackendError("sketch", "rejected", cause.message, {
      cause,
      memberText: sentence("backend.sketch.too-much"),
    });
  }
}
