import { writeFile } from "node:fs/promises";
import { setImmediate as nextRound } from "node:timers/promises";
import { liveWithParent } from "../../../lib/forked-life.ts";
import { hardenPrototypes } from "../../../lib/harden-prototypes.ts";
import { loadRuntime, versionOf } from "../../../lib/onnx-runtime.ts";
import { createSerial } from "../../../lib/serial.ts";
import { BackendError } from "../../../ports/backend.ts";
import { isOutOfMemory } from "../../shared/memory-words.ts";
import { LoraError } from "../lora/lora-error.ts";
import { lookAtModelFolder } from "../model-folder.ts";
import type { RunTime } from "../network.ts";
import { type Between, NoStepLeft } from "../pipelines/picture.ts";
import type { ProviderChoice } from "../settings.ts";
import { startStopwatch } from "../stopwatch.ts";
import { type LoadedModel, loadModel } from "./drawing.ts";
import {
  type DrawOrder,
  type EngineFailure,
  type EngineOptions,
  type FromEngine,
  type ToEngine,
  toEngineSchema,
} from "./messages.ts";
import { encodePng } from "./png.ts";
import { createPreviewer } from "./preview.ts";
import { findProvider, sessionOptions } from "./providers.ts";

// The engine's own process: a network's run blocks the one it is in, and cannot be interrupted but by its death. One model, one
// picture at a time; all that is heavy is done here, and the parent gets a file.

const PREVIEW_EVERY_MS = 500;

class BadFolder extends Error {
  override readonly name = "BadFolder";
}

const tell = (message: FromEngine): void => void process.send?.(message);
const time: RunTime = { runMs: 0 };
const stops = new Map<number, AbortController>();
const previewer = createPreviewer();
let model: LoadedModel | undefined;

async function load(options: EngineOptions): Promise<void> {
  const look = lookAtModelFolder(options.folder);
  if (!look.ok) throw new BadFolder(look.problems.join("; "));
  const runtime = await loadRuntime();
  const found = await findProvider(runtime, options.provider, process.platform);
  const open = { runtime, session: sessionOptions(found.provider, options), time };
  try {
    model = await loadModel(look.folder, options.loras, open);
  } catch (error) {
    if (!(error instanceof LoraError)) throw error;
    // Who asks for that style is told; the others still get their pictures.
    model = await loadModel(look.folder, [], open);
  }
  tell({ type: "loaded", facts: { ...found, version: versionOf(runtime), guidance: model.guidance } });
}

async function probe(choice: ProviderChoice): Promise<void> {
  const runtime = await loadRuntime();
  const found = await findProvider(runtime, choice, process.platform);
  tell({ type: "probed", found, version: versionOf(runtime) });
}

async function draw(id: number, order: DrawOrder): Promise<void> {
  const stop = new AbortController();
  stops.set(id, stop);
  try {
    if (!model) throw new Error("no model is loaded");
    const startedMs = performance.now();
    const watch = startStopwatch(time);
    const { rgb, widthPx, heightPx, textEncoderKeys } = await model.draw(order, between(id, stop.signal, watch));
    const png = await encodePng(rgb, { widthPx, heightPx });
    // Nobody would take it away.
    stop.signal.throwIfAborted();
    await writeFile(order.out, png);
    watch.lap("png");
    const totalMs = performance.now() - startedMs;
    tell({ type: "drawn", id, drawn: { widthPx, heightPx, stages: watch.stages(), totalMs, textEncoderKeys } });
  } finally {
    stops.delete(id);
  }
}

function between(id: number, signal: AbortSignal, watch: Between["watch"]): Between {
  let shownAtMs = performance.now();
  return {
    signal,
    watch,
    async step(at, of, clean) {
      let preview: Uint8Array | undefined;
      if (at < of && performance.now() - shownAtMs >= PREVIEW_EVERY_MS) {
        shownAtMs = performance.now();
        const shown = previewer.show(clean());
        preview = shown && (await encodePng(shown.rgb, shown));
      }
      tell({ type: "step", id, at, of, ...(preview ? { preview } : {}) });
      // Without a round of the loop between the runs no "stop" would be heard.
      await nextRound();
      signal.throwIfAborted();
    },
    decoded: (clean, rgb) => previewer.learn(clean, rgb),
  };
}

function failureOf(error: unknown): EngineFailure {
  if (error instanceof LoraError) return "lora";
  if (error instanceof NoStepLeft) return "no_step";
  if (error instanceof BadFolder) return "folder";
  if (error instanceof BackendError) return "start";
  const words = error instanceof Error ? error.message : String(error);
  return isOutOfMemory(words) || /bad_alloc|bad allocation/iu.test(words) ? "memory" : "broken";
}

function fail(error: unknown, id?: number): void {
  const stopped = id !== undefined && error instanceof DOMException && error.name === "AbortError";
  const message = error instanceof Error ? error.message : String(error);
  tell({ type: "failed", ...(id === undefined ? {} : { id }), why: stopped ? "stopped" : failureOf(error), message });
}

const serial = createSerial();

function hear(message: ToEngine): void {
  switch (message.type) {
    case "load":
      later(() => load(message.options));
      break;
    case "draw":
      later(() => draw(message.id, message.order), message.id);
      break;
    case "probe":
      later(() => probe(message.provider));
      break;
    case "stop":
      stops.get(message.id)?.abort();
      break;
  }
}

const later = (work: () => Promise<void>, id?: number): void =>
  void serial.run(work).catch((error: unknown) => fail(error, id));

liveWithParent();
hardenPrototypes();
process.on("message", (message: unknown) => hear(toEngineSchema.parse(message)));
