import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadSd, loadSdTexts } from "../../../src/backends/onnx/load-model.ts";
import { lookAtModelFolder } from "../../../src/backends/onnx/model-folder.ts";
import { type OpenOptions, openNetwork } from "../../../src/backends/onnx/network.ts";
import { noiseSource } from "../../../src/backends/onnx/noise/source.ts";
import { type Between, NoStepLeft } from "../../../src/backends/onnx/pipelines/picture.ts";
import { guidanceEmbedding, sdPicture } from "../../../src/backends/onnx/pipelines/stable-diffusion.ts";
import { noSdText, type SdText, sdText } from "../../../src/backends/onnx/pipelines/stable-diffusion-text.ts";
import { startStopwatch } from "../../../src/backends/onnx/stopwatch.ts";
import { loadTokenizer, paddedIds } from "../../../src/backends/onnx/tokens/tokenizer.ts";
import { loadRuntime } from "../../../src/lib/onnx-runtime.ts";
import { CHANNELS, embeddingOf, FACTOR, GUIDANCE_WIDTH, type TinySd, tinySd, UNET, widthOf } from "./tiny-sd.ts";

const PROMPT = "a red fox";
const SIZE = { widthPx: 40, heightPx: 24 };
const COUNT = CHANNELS * (SIZE.widthPx / FACTOR) * (SIZE.heightPx / FACTOR);
const folders: string[] = [];
const releases: (() => Promise<void>)[] = [];
afterAll(async () => {
  await Promise.all(releases.map((release) => release()));
  for (const folder of folders) rmSync(folder, { recursive: true });
});

const between = (): Between => ({
  signal: new AbortController().signal,
  watch: startStopwatch({ runMs: 0 }),
  step: async () => undefined,
  decoded: () => undefined,
});

async function open(tiny: TinySd) {
  const path = tinySd(tiny);
  folders.push(path);
  const look = lookAtModelFolder(path);
  if (!look.ok || look.folder.kind === "flux") throw new Error(look.ok ? "flux" : look.problems.join("; "));
  const { folder } = look;
  const session = { logSeverityLevel: 3, intraOpNumThreads: 1 } as const;
  const options: OpenOptions = { runtime: await loadRuntime(), session, time: { runMs: 0 } };
  const unet = await openNetwork(join(path, "unet/model.onnx"), options);
  const model = { ...(await loadSd(folder, options)), unet };
  const texts = await loadSdTexts(folder, options);
  const all = [unet, model.decoder, texts.first.network, ...(texts.second ? [texts.second.network] : [])];
  releases.push(...all.map((network) => () => network.release()));
  const text = await sdText(texts, PROMPT);
  return { path, model, text, negative: noSdText(text) };
}
type Opened = Awaited<ReturnType<typeof open>>;

interface Asked {
  readonly steps: number;
  readonly trueCfg?: number;
  readonly guidance?: number;
  readonly start?: { readonly rgb: Uint8Array; readonly strength: number };
}
const make = ({ model, text, negative }: Opened, { steps, trueCfg = 1, guidance = 1, start }: Asked) =>
  sdPicture(
    model,
    {
      ...SIZE,
      steps,
      trueCfg,
      guidance,
      text,
      negative,
      noise: noiseSource({ seed: 5, type: "f32" }),
      loraScales: {},
      ...(start ? { start: { rgb: async () => start.rgb, strength: start.strength } } : {}),
    },
    between(),
  );

const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

/** sigma of training timestep t, in double. */
const sigmaAt = (t: number): number => {
  const [first, last] = [Math.sqrt(0.00085), Math.sqrt(0.012)];
  let product = 1;
  for (let at = 0; at <= t; at += 1) product *= 1 - (first + ((last - first) * at) / 999) ** 2;
  return Math.sqrt((1 - product) / product);
};

/** What the tiny UNet says beside its share of the latents. */
const offsetOf = (text: SdText, timestep: number): number =>
  UNET.text * mean(text.sequence) +
  (UNET.timestep / 1000) * timestep +
  (text.pooled ? UNET.pooled * mean(text.pooled) + UNET.size * mean([24, 40, 0, 0, 24, 40]) : 0);

const expectNear = (got: ArrayLike<number>, wanted: ArrayLike<number>, what: string, digits = 4) => {
  expect(got.length).toBe(wanted.length);
  for (const at of [0, 1, Math.floor(wanted.length / 2), wanted.length - 1])
    expect(got[at], `${what}, value ${at}`).toBeCloseTo(wanted[at]!, digits);
};

describe("SD-Turbo's kind: Euler over evenly spaced timesteps", () => {
  const opened = open({ kind: "sd" });

  it("makes in two steps what the formula makes", async () => {
    const { text, ...rest } = await opened;
    const made = await make({ text, ...rest }, { steps: 2 });
    expect([...made.timesteps]).toEqual([999, 499]);
    const sigmas = [sigmaAt(999), sigmaAt(499), 0];
    let latents = noiseSource({ seed: 5, type: "f32" })
      .initial(COUNT)
      .map((value) => value * sigmas[0]!);
    expectNear(made.initial, latents, "before the first step", 3);
    for (const at of [0, 1]) {
      const [sigma, next] = [sigmas[at]!, sigmas[at + 1]!];
      const offset = offsetOf(text, made.timesteps[at]!);
      // Epsilon: the derivative is the network's output itself.
      latents = latents.map((x) => x + ((UNET.latents * x) / Math.sqrt(sigma ** 2 + 1) + offset) * (next - sigma));
    }
    expectNear(made.latents, latents, "after the last step", 3);
    const pixel = (colour: number) =>
      Math.min(255, Math.max(0, Math.round(255 * (0.5 * (latents[colour * 15]! / 0.5) * 0.5 + 0.5))));
    expectNear([...made.rgb.subarray(0, 3)], [0, 1, 2].map(pixel), "the first pixel", -0.5);
    expect([made.widthPx, made.heightPx, made.rgb.length]).toEqual([40, 24, 40 * 24 * 3]);
  });

  it("reads the prompt as its text encoder has it", async () => {
    const { path, text } = await opened;
    const ids = paddedIds(await loadTokenizer(join(path, "tokenizer")), PROMPT, 77);
    const embedding = embeddingOf("first");
    expect(text.width).toBe(widthOf("first"));
    expectNear(
      text.sequence,
      Array.from(ids).flatMap((id) => [...embedding.subarray(Number(id) * 6, Number(id) * 6 + 6)]),
      "the text",
    );
  });

  it("starts from a picture where the strength leaves steps, and says where it leaves none", async () => {
    const ready = await opened;
    const rgb = Uint8Array.from({ length: 40 * 24 * 3 }, (_, at) => at % 251);
    const made = await make(ready, { steps: 4, start: { rgb, strength: 0.5 } });
    expect(made.firstStep).toBe(2);
    const noise = noiseSource({ seed: 5, type: "f32" });
    // The fourth channel of the encoder is 0, its variance 1: nothing but the noise drawn first, scaled.
    const drawn = noise.next(COUNT).map((value) => value * 0.5);
    const second = noise.next(COUNT);
    const last = COUNT - 1;
    expect(made.initial[last]).toBeCloseTo(drawn[last]! + second[last]! * sigmaAt(499), 3);
    await expect(make(ready, { steps: 1, start: { rgb, strength: 0.5 } })).rejects.toThrow(NoStepLeft);
  });

  it("goes away from the negative prompt with true CFG", async () => {
    const ready = await opened;
    const [plain, guided] = [await make(ready, { steps: 1 }), await make(ready, { steps: 1, trueCfg: 3 })];
    const difference = UNET.text * mean(ready.text.sequence);
    // One step from sigma to 0 moves by the output: twice the difference more.
    expect(guided.latents[7]! - plain.latents[7]!).toBeCloseTo(-sigmaAt(999) * 2 * difference, 3);
  });
});

describe("SDXL-Turbo's kind: two text encoders, ancestral steps", () => {
  const opened = open({ kind: "sdxl" });

  it("joins both encoders' last layer but one, token by token", async () => {
    const { path, text } = await opened;
    const [id] = paddedIds(await loadTokenizer(join(path, "tokenizer")), PROMPT, 77);
    const token = (which: "first" | "second") => {
      const width = widthOf(which);
      return [...embeddingOf(which).subarray(Number(id) * width, (Number(id) + 1) * width)].map((value) => 2 * value);
    };
    expect(text.width).toBe(16);
    expectNear(text.sequence.subarray(0, 16), [...token("first"), ...token("second")], "the first token");
  });

  it("makes in one step what the formula makes, with the sizes told", async () => {
    const { text, ...rest } = await opened;
    const made = await make({ text, ...rest }, { steps: 1 });
    const sigma = sigmaAt(999);
    const latents = noiseSource({ seed: 5, type: "f32" })
      .initial(COUNT)
      .map((value) => value * sigma)
      .map((x) => x - sigma * ((UNET.latents * x) / Math.sqrt(sigma ** 2 + 1) + offsetOf(text, 999)));
    expectNear(made.latents, latents, "after the last step", 3);
  });

  it("draws anew on each step", async () => {
    const ready = await opened;
    const euler = await open({ kind: "sdxl", scheduler: { _class_name: "EulerDiscreteScheduler" } });
    const [ancestral, plain] = [await make(ready, { steps: 3 }), await make(euler, { steps: 3 })];
    expect(ancestral.initial).toEqual(plain.initial);
    expect(ancestral.latents).not.toEqual(plain.latents);
  });
});

describe("LCM's kind", () => {
  const opened = open({ kind: "lcm" });

  it("is told the guidance, and decodes what it takes for clean", async () => {
    const ready = await opened;
    const [little, much] = [await make(ready, { steps: 2, guidance: 1 }), await make(ready, { steps: 2, guidance: 8 })];
    expect([...little.timesteps]).toEqual([999, 499]);
    expect(little.initial).toEqual(much.initial);
    expect(little.latents).not.toEqual(much.latents);
  });

  it("tells it as sines, then cosines, of a thousand times what is above 1", () => {
    const embedding = guidanceEmbedding(7.5, GUIDANCE_WIDTH);
    const half = GUIDANCE_WIDTH / 2;
    const angles = Array.from({ length: half }, (_, at) => 6500 * 10_000 ** (-at / (half - 1)));
    expectNear(embedding, [...angles.map(Math.sin), ...angles.map(Math.cos)], "the embedding", 2);
  });

  it("uses fewer of the original steps for a picture that is changed little", async () => {
    const rgb = new Uint8Array(40 * 24 * 3).fill(200);
    const made = await make(await opened, { steps: 2, start: { rgb, strength: 0.5 } });
    expect([...made.timesteps]).toEqual([499, 259]);
  });
});
