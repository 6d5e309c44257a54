import { readdirSync, rmSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type ImageRequest, LORAS_MAX, type NoiseDtype, SIDE_MAX_PX, usedLoras } from "../../domain/recipe.ts";
import { lorasFor, lorasOf, type Style } from "../../domain/style.ts";
import { type Text, text } from "../../domain/text.ts";
import { eventStream } from "../../lib/event-stream.ts";
import {
  type Backend,
  BackendError,
  type BackendEvent,
  type BackendFeatures,
  type GenerateInput,
  type Health,
  type Inspection,
} from "../../ports/backend.ts";
import { forOperator, sentence } from "../../ports/backend-sentence.ts";
import type { BackendServices } from "../../ports/module.ts";
import { cannot } from "../shared/cannot.ts";
import { sameFile } from "../shared/same-file.ts";
import { createEngine, type Engine, EngineError, type EngineEvent, type EngineSetup } from "./engine/engine.ts";
import type { Drawn, DrawOrder, EngineFacts } from "./engine/messages.ts";
import { inspectionOf } from "./inspection.ts";
import { lookAtModelFolder, type ModelFolder } from "./model-folder.ts";
import { NAME } from "./name.ts";
import type { OnnxSettings } from "./settings.ts";

/** Steps of models that were distilled to need few: more of them make the picture worse, not better. */
const DISTILLED_STEPS_MAX = 8;
/** Styles whose files are put in at once. */
const LORAS_AT_ONCE = 4;

export interface OnnxOptions extends OnnxSettings {
  readonly modelDir: string;
  /** For tests: how the engine's process is run. */
  readonly engine?: Partial<Pick<EngineSetup, "script" | "patienceMs">>;
}

/** A model inside of Placard's own processes. Source: ONNX reference. */
export function createOnnx(
  options: OnnxOptions,
  { clock, log, folder, styles }: Pick<BackendServices, "clock" | "log" | "folder" | "styles">,
): Backend {
  const look = lookAtModelFolder(options.modelDir);
  const model = look.ok ? look.folder : undefined;
  let loras = lorasIn(options.loraDir);
  let pictures = 0;
  let made: string | undefined;
  /** Pictures on their way from the engine; what lies there is of a life before. */
  const out = (): string => {
    if (made === undefined) {
      made = folder(NAME);
      for (const file of readdirSync(made)) rmSync(join(made, file), { force: true });
    }
    pictures += 1;
    return join(made, `${pictures}.png`);
  };
  const fileOf = (reference: string): string | undefined => {
    const found = sameFile(loras, reference);
    return found === undefined ? undefined : join(options.loraDir, found);
  };
  const engine = createEngine({
    options: () => ({
      folder: options.modelDir,
      provider: options.provider,
      threads: options.threads,
      spinning: options.spinning,
      mapped: options.mapped,
      loras: [
        ...new Set(styles.flatMap((style) => lorasOf(style, NAME).flatMap(({ file }) => fileOf(file) ?? []))),
      ].slice(0, LORAS_AT_ONCE),
    }),
    clock,
    idleMs: options.idleMs,
    ...options.engine,
  });
  const stepsMax = stepsMaxOf(options, model);
  const usualNoise = noiseOf(options, model);

  const health = async (): Promise<Health> => {
    if (!look.ok) return { up: false, reason: forOperator(sentence("backend.onnx.folder")) };
    return { up: true, detail: engine.facts ? `${look.folder.name}, loaded` : look.folder.name };
  };

  function lacks(request: ImageRequest, style: Style) {
    const missing = lorasFor(style, NAME, request.loraScale).find(({ file }) => fileOf(file) === undefined);
    if (missing) return sentence("backend.lacks.file", { file: missing.file });
    if (request.init?.strength === 0) return sentence("backend.lacks.no-change");
    if (request.negativePrompt !== undefined && request.negativePrompt !== "" && request.trueCfg <= 1)
      return sentence("backend.lacks.negative.true-cfg");
    return undefined;
  }

  async function* generate(input: GenerateInput): AsyncGenerator<BackendEvent, void> {
    const { request, style, signal } = input;
    signal.throwIfAborted();
    if (!model) throw unusable(look.ok ? [] : look.problems);
    loras = lorasIn(options.loraDir);
    const lack = lacks(request, style);
    if (lack) throw cannot(NAME, lack);
    const used = lorasFor(style, NAME, request.loraScale);
    const steps = stepsOf(request, stepsMax);
    const noiseDtype = request.noiseDtype ?? usualNoise;
    const order = {
      ...orderOf(input, steps, noiseDtype),
      loras: used.map((use) => ({ ...use, file: fileOf(use.file) ?? "" })),
      out: out(),
    };
    try {
      yield* eventStream<BackendEvent>(signal, async (tell, inner) => {
        const startedMs = clock.steadyMs();
        const drawn = await engine.draw(order, inner, (event) => tell(eventOf(event)));
        log.debug("onnx.drawn", { totalMs: Math.round(drawn.totalMs), ...stagesOf(drawn) });
        tell({
          type: "image",
          bytes: await readFile(order.out),
          seed: request.seed,
          model: modelText(model, engine.facts),
          fixed: { steps, noiseDtype },
          ...usedLoras(used.map(({ file, scale }) => ({ reference: file, scale }))),
          usedMs: Math.round(Math.min(drawn.totalMs, clock.steadyMs() - startedMs)),
          notes: drawn.textEncoderKeys > 0 ? [text("backend.onnx.note.text-encoder")] : [],
        });
      });
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof EngineError ? backendError(error, style) : error;
    } finally {
      await rm(order.out, { force: true });
    }
  }

  return {
    name: NAME,
    title: titleOf(model),
    // On the group's own machine; "here" is what needs no model, and comes last.
    where: "local",
    drawnBy: "model",
    ...(model ? { clipTokenizerDir: join(model.path, "tokenizer") } : {}),
    get features() {
      return featuresOf(model, engine);
    },
    concurrency: 1,
    timeoutMs: options.timeoutMs,
    cancelWithinMs: 500,
    costWeight: 0,
    // FLUX on the processor; the first pictures say how it is here.
    firstGuess: { perMegapixelStepMs: 10_000, overheadMs: 10_000 },
    health,
    lacks,
    inspect(_styles, signal): Promise<Inspection> {
      loras = lorasIn(options.loraDir);
      return inspectionOf({ look, health: health(), loras, styles: _styles, provider: options.provider }, signal);
    },
    generate,
    close: () => engine.close(),
  };
}

/** Files there; none where there is no folder. */
function lorasIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".safetensors"));
  } catch {
    return [];
  }
}

/** Flat, for the log: what each stage took, and of that the networks' own runs. */
const stagesOf = ({ stages }: Drawn): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(stages).flatMap(([stage, { ms, runMs }]) => [
      [`${stage}Ms`, Math.round(ms * 10) / 10],
      [`${stage}RunMs`, Math.round(runMs * 10) / 10],
    ]),
  );

const titleOf = (model: ModelFolder | undefined): Text =>
  model ? text("backend.onnx.title", { model: model.name }) : text("backend.onnx.title.none");

/** What makes the picture again, beside the request: the model, and what computed it. */
const modelText = (model: ModelFolder, facts: EngineFacts | undefined): string =>
  `${model.name} (ONNX Runtime ${facts?.version ?? "unknown"}, ${facts?.provider ?? "cpu"})`;

function featuresOf(model: ModelFolder | undefined, { facts }: Engine): BackendFeatures {
  const guidance = facts?.guidance ?? (model?.kind === "flux" ? model.guidance : model?.guidanceWidth !== undefined);
  return {
    styles: "listed",
    loraScale: true,
    loras: LORAS_MAX,
    guidance,
    trueCfg: true,
    negativePrompt: true,
    variation: "seed",
    initImage: model?.hasEncoder ?? false,
    maxPixels: SIDE_MAX_PX * SIDE_MAX_PX,
    progress: true,
    preview: true,
    queuePosition: false,
    reproducible: true,
    abortedRun: "stops",
  };
}

/** FLUX was published in bfloat16, and so were most of its Spaces: a seed copied from one gives the same noise. */
const noiseOf = ({ noise }: OnnxOptions, model: ModelFolder | undefined): NoiseDtype =>
  noise ?? (model?.kind === "flux" ? "bf16" : "f32");

function stepsMaxOf({ stepsMax }: OnnxOptions, model: ModelFolder | undefined): number {
  if (stepsMax !== undefined) return stepsMax;
  const isDistilled =
    model?.kind === "flux"
      ? !model.guidance
      : model !== undefined && (model.sampler === "lcm" || model.scheduler.timestep_spacing === "trailing");
  return isDistilled ? DISTILLED_STEPS_MAX : Number.POSITIVE_INFINITY;
}

/** Starting from a picture, at least one step has to be left. */
function stepsOf({ steps, init }: ImageRequest, max: number): number {
  const taken = Math.min(steps, max);
  return init === undefined || init.strength <= 0 ? taken : Math.max(taken, Math.min(50, Math.ceil(1 / init.strength)));
}

function orderOf(
  { request, initBytes }: GenerateInput,
  steps: number,
  noise: NoiseDtype,
): Omit<DrawOrder, "loras" | "out"> {
  const { finalPrompt, negativePrompt = "", guidance, trueCfg, seed, variation, widthPx, heightPx, init } = request;
  return {
    prompt: finalPrompt,
    negativePrompt,
    guidance,
    trueCfg,
    steps,
    seed,
    noise,
    widthPx,
    heightPx,
    ...(variation ? { variation } : {}),
    ...(init && initBytes ? { start: { bytes: initBytes, strength: init.strength } } : {}),
  };
}

function eventOf(event: EngineEvent): BackendEvent {
  switch (event.type) {
    case "loading":
      return { type: "waiting", why: sentence("backend.error.loading") };
    case "step": {
      const { at, of, preview } = event;
      // The last tenth is the decoder's.
      return { type: "progress", fraction: (0.9 * at) / of, step: { at, of }, ...(preview ? { preview } : {}) };
    }
  }
}

const unusable = (problems: readonly string[]): BackendError =>
  new BackendError(NAME, "offline", `the model's folder cannot be used: ${problems.join("; ")}`, {
    memberText: forOperator(sentence("backend.onnx.folder")),
  });

function backendError(error: EngineError, style: Style): BackendError {
  switch (error.why) {
    case "folder":
      return unusable([error.message]);
    case "lora": {
      const file = lorasOf(style, NAME)
        .map((each) => each.file)
        .join(", ");
      return new BackendError(NAME, "rejected", `the LoRA ${file}: ${error.message}`, {
        memberText: forOperator(sentence("backend.error.style-unloadable", { file })),
        elsewhere: true,
      });
    }
    case "start":
      return new BackendError(NAME, "rejected", error.message, {
        memberText: sentence("backend.error.start-unreadable"),
      });
    case "no_step":
      return cannot(NAME, sentence("backend.lacks.no-change"));
    case "memory":
      return new BackendError(NAME, "out_of_memory", error.message);
    case "killed_outside":
      return new BackendError(NAME, "out_of_memory", `${error.message}; the system does so when memory runs out`);
    case "stopped":
    case "died":
    case "broken":
      return new BackendError(NAME, "bad_response", error.message, {
        memberText: sentence("backend.error.program-broke"),
      });
  }
}
