import { join } from "node:path";
import type { Provider } from "../../../src/backends/onnx/engine/providers.ts";
import { type Denoiser, loadFlux, loadFluxTexts, openDenoiser } from "../../../src/backends/onnx/load-model.ts";
import { type FluxFolder, lookAtModelFolder } from "../../../src/backends/onnx/model-folder.ts";
import type { OpenOptions } from "../../../src/backends/onnx/network.ts";
import { torchGenerator } from "../../../src/backends/onnx/noise/mersenne-twister.ts";
import { randn as torchRandn } from "../../../src/backends/onnx/noise/randn.ts";
import { toFloat32 } from "../../../src/backends/onnx/noise/rounding.ts";
import type { NoiseSource } from "../../../src/backends/onnx/noise/source.ts";
import { type FluxModel, fluxPicture } from "../../../src/backends/onnx/pipelines/flux.ts";
import { type FluxTextEncoders, fluxText } from "../../../src/backends/onnx/pipelines/flux-text.ts";
import type { Between } from "../../../src/backends/onnx/pipelines/picture.ts";
import type { DiscreteConfig } from "../../../src/backends/onnx/sampling/betas.ts";
import { eulerSampler } from "../../../src/backends/onnx/sampling/euler.ts";
import {
  type FlowConfig,
  flowFirstStep,
  flowNoised,
  flowSchedule,
  flowStep,
} from "../../../src/backends/onnx/sampling/flow.ts";
import { lcmSampler } from "../../../src/backends/onnx/sampling/lcm.ts";
import { discreteFirstStep } from "../../../src/backends/onnx/sampling/sampler.ts";
import { startStopwatch } from "../../../src/backends/onnx/stopwatch.ts";
import { floats, type Values } from "../../../src/backends/onnx/tensors.ts";
import { loadTokenizer, type PromptTokenizer, paddedIds } from "../../../src/backends/onnx/tokens/tokenizer.ts";
import type { NoiseDtype } from "../../../src/domain/recipe.ts";
import { loadRuntime } from "../../../src/lib/onnx-runtime.ts";

/** Consecutive draws from one generator. */
export function randn(asked: {
  readonly seed: bigint;
  readonly dtype: NoiseDtype;
  readonly counts: readonly number[];
}) {
  const generator = torchGenerator(asked.seed);
  return asked.counts.map((count) => torchRandn(generator, count, asked.dtype));
}

/** The first 32-bit outputs of the Mersenne Twister. */
export function uint32s({ seed, count }: { readonly seed: bigint; readonly count: number }) {
  const generator = torchGenerator(seed);
  return Uint32Array.from({ length: count }, () => generator.uint32());
}

const FOLDERS = { clip: "tokenizer", t5: "tokenizer_2" } as const;
const tokenizers = new Map<string, PromptTokenizer>();
const tokenizerOf = async (folder: string): Promise<PromptTokenizer> => {
  const loaded = tokenizers.get(folder) ?? (await loadTokenizer(folder));
  tokenizers.set(folder, loaded);
  return loaded;
};

// check.mjs asks without waiting: every tokenizer that it may ask for is there before.
const root = join(import.meta.dirname, "../../fixtures/onnx");
for (const model of ["tiny-flux", "tiny-schnell", "tiny-flux-fp16"])
  for (const folder of Object.values(FOLDERS)) await tokenizerOf(join(root, model, folder));

/** Token ids with special tokens; padded where a length is given. */
export function encode(asked: {
  readonly dir: string;
  readonly which: keyof typeof FOLDERS;
  readonly text: string;
  readonly length?: number;
}): readonly number[] {
  const model = asked.dir.split(/[/\\]/).at(-1) ?? "";
  const tokenizer = tokenizers.get(join(root, model, FOLDERS[asked.which]));
  if (!tokenizer) throw new Error(`no tokenizer for ${model}`);
  return asked.length === undefined
    ? tokenizer.encode(asked.text)
    : Array.from(paddedIds(tokenizer, asked.text, asked.length), Number);
}

export const schedule = (asked: { readonly steps: number; readonly tokens: number; readonly config: FlowConfig }) =>
  flowSchedule(asked.steps, asked.tokens, asked.config);

export interface TrajectoryCase {
  readonly scheduler: string;
  readonly steps: number;
  readonly seed: number;
  readonly strength?: number;
  readonly tokens?: number;
  readonly dynamic?: boolean;
  readonly shift?: number;
  readonly config?: DiscreteConfig;
}

const drawing = (seed: number): NoiseSource => {
  const generator = torchGenerator(seed);
  const next = (count: number) => torchRandn(generator, count, "f32");
  return { next, initial: next };
};

/** Runs a scheduler over 256 latents with a given network. */
export function trajectory(given: TrajectoryCase, network: (step: number) => Float32Array) {
  const noise = drawing(given.seed);
  const clean = noise.next(256);
  const first = noise.next(256);
  const { steps, strength } = given;
  if (given.scheduler === "flow") {
    const { dynamic = false, shift = 1, tokens = 0 } = given;
    const { sigmas, timesteps } = flowSchedule(steps, tokens, { use_dynamic_shifting: dynamic, shift });
    const firstStep = strength === undefined ? 0 : (flowFirstStep(steps, strength) ?? Number.NaN);
    const initial = strength === undefined ? first : flowNoised(clean, first, sigmas[firstStep]!, toFloat32);
    const result = initial.slice();
    for (let at = firstStep; at < steps; at += 1)
      flowStep(result, network(at - firstStep), { from: sigmas[at]!, to: sigmas[at + 1]! }, toFloat32);
    return { sigmas, timesteps, firstStep, initial, firstInput: initial, result, nextDraw: noise.next(16) };
  }
  if (!given.config) throw new Error("a discrete schedule needs its configuration");
  const sampler =
    given.scheduler === "lcm"
      ? lcmSampler(given.config, steps)
      : eulerSampler(given.config, steps, { ancestral: given.scheduler === "euler-ancestral" });
  const firstStep = strength === undefined ? 0 : (discreteFirstStep(steps, strength) ?? Number.NaN);
  sampler.startAt(firstStep);
  const initial =
    strength === undefined ? first.map((value) => value * sampler.initialScale) : sampler.noised(clean, first);
  const firstInput = sampler.scaled(initial);
  let at = { latents: initial, clean: initial };
  for (let step = firstStep; step < steps; step += 1) at = sampler.step(network(step - firstStep), at.latents, noise);
  const { timesteps } = sampler;
  const result = at.clean;
  const sigmas = "sigmas" in sampler ? { sigmas: sampler.sigmas as Float32Array } : {};
  return { ...sigmas, timesteps, firstStep, initial, firstInput, result, nextDraw: noise.next(16) };
}

export interface LoraUse {
  readonly path: string;
  readonly scale: number;
}

export interface PictureCase {
  readonly prompt: string;
  readonly prompt_2?: string;
  readonly negative_prompt?: string;
  readonly true_cfg?: number;
  readonly guidance?: number;
  readonly width: number;
  readonly height: number;
  readonly steps: number;
  readonly seed: number;
  readonly strength?: number;
  readonly noise_dtype?: NoiseDtype;
  readonly num_images?: number;
  readonly max_sequence_length: number;
}

const options = async (provider: Provider = "cpu"): Promise<OpenOptions> => ({
  runtime: await loadRuntime(),
  // One thread, which does not spin: the machine has other things to do.
  session: {
    executionProviders: [provider],
    logSeverityLevel: 3,
    intraOpNumThreads: 1,
    extra: { session: { "intra_op.allow_spinning": "0" } },
  },
  time: { runMs: 0 },
});

interface Loaded {
  readonly model: FluxModel;
  readonly texts: FluxTextEncoders;
  readonly denoiser: Denoiser;
}
const models = new Map<string, Loaded>();

async function loaded(dir: string, files: readonly string[]): Promise<Loaded> {
  const key = JSON.stringify([dir, files]);
  const known = models.get(key);
  if (known) return known;
  const look = lookAtModelFolder(dir);
  if (!look.ok || look.folder.kind !== "flux") throw new Error(`${dir} is no FLUX folder`);
  const folder: FluxFolder = look.folder;
  const opened = await options();
  const denoiser = await openDenoiser(join(dir, "transformer"), files, opened);
  const made: Loaded = {
    denoiser,
    model: { ...(await loadFlux(folder, opened)), transformer: denoiser.network },
    texts: await loadFluxTexts(folder, opened),
  };
  models.set(key, made);
  return made;
}

const between = (): Between => ({
  signal: new AbortController().signal,
  watch: startStopwatch({ runMs: 0 }),
  step: async () => undefined,
  decoded: () => undefined,
});

/** Several pictures from one generator: one draw for all of them, of which each takes its part. */
function sharedNoise(seed: number, type: NoiseDtype, count: number): readonly NoiseSource[] {
  const generator = torchGenerator(seed);
  const draws: Float32Array[] = [];
  return Array.from({ length: count }, (_, picture) => {
    let drawn = 0;
    const next = (size: number): Float32Array => {
      const whole = draws[drawn] ?? torchRandn(generator, size * count, type);
      draws[drawn] = whole;
      drawn += 1;
      return whole.slice(picture * size, (picture + 1) * size);
    };
    return { next, initial: next };
  });
}

const joined = (parts: readonly Float32Array[]): Float32Array => Float32Array.from(parts.flatMap((part) => [...part]));

/** Pictures from a model folder, from the prompt on. */
export async function draw(
  dir: string,
  given: PictureCase,
  { image, loras = [] }: { readonly image?: Uint8Array; readonly loras?: readonly LoraUse[] } = {},
) {
  const { model, texts, denoiser } = await loaded(
    dir,
    loras.map(({ path }) => path),
  );
  const textOf = (prompt: string, clip = prompt) => fluxText(texts, prompt, given.max_sequence_length, clip);
  const text = await textOf(given.prompt_2 ?? given.prompt, given.prompt);
  const negative = given.negative_prompt === undefined ? {} : { negative: await textOf(given.negative_prompt) };
  const pictures = [];
  for (const noise of sharedNoise(given.seed, given.noise_dtype ?? "f32", given.num_images ?? 1))
    pictures.push(
      await fluxPicture(
        model,
        {
          text,
          ...negative,
          noise,
          widthPx: given.width,
          heightPx: given.height,
          steps: given.steps,
          guidance: given.guidance ?? 3.5,
          trueCfg: given.true_cfg ?? 1,
          loraScales: Object.fromEntries(denoiser.scaleInputs.map((name, at) => [name, loras[at]?.scale ?? 0])),
          ...(image && given.strength !== undefined
            ? { start: { rgb: async () => image, strength: given.strength } }
            : {}),
        },
        between(),
      ),
    );
  const [first] = pictures;
  if (!first) throw new Error("no picture");
  return {
    ...first,
    initial: joined(pictures.map((picture) => picture.initial)),
    latents: joined(pictures.map((picture) => picture.latents)),
    rgb: Uint8Array.from(pictures.flatMap(({ rgb }) => [...rgb])),
  };
}

/** Calls of the transformer in `dir`/transformer with LoRAs, each with their scales. */
export async function forwards(
  dir: string,
  inputs: Readonly<Record<string, Values>>,
  paths: readonly string[],
  { scales, provider }: { readonly scales: readonly (readonly number[])[]; readonly provider?: Provider },
): Promise<readonly Float32Array[]> {
  const { network, scaleInputs } = await openDenoiser(join(dir, "transformer"), paths, await options(provider));
  const results: Float32Array[] = [];
  for (const each of scales) {
    const chosen = scaleInputs.map((name, at) => [name, { data: [each[at] ?? 0], dims: [1] }] as const);
    const { out_hidden_states } = await network.run({ ...inputs, ...Object.fromEntries(chosen) });
    if (!out_hidden_states) throw new Error("no out_hidden_states");
    results.push(floats(out_hidden_states));
  }
  await network.release();
  return results;
}

/** One call of it. */
export async function forward(dir: string, inputs: Readonly<Record<string, Values>>, loras: readonly LoraUse[]) {
  const paths = loras.map(({ path }) => path);
  return (await forwards(dir, inputs, paths, { scales: [loras.map(({ scale }) => scale)] }))[0];
}

/** Gives back what `draw` keeps loaded. */
export async function release(): Promise<void> {
  const all = [...models.values()].flatMap(({ model, texts }) => [
    model.transformer,
    model.decoder,
    texts.clip.network,
    texts.t5.network,
  ]);
  models.clear();
  await Promise.all(all.map((network) => network.release()));
}
