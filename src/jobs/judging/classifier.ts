import { PICTURE_MAX_PIXELS } from "../../domain/recipe.ts";
import { foreignImage } from "../../lib/foreign-image.ts";
import type { AnyTensor, Runtime, Session } from "../../lib/onnx-runtime.ts";
import type { Description } from "./description.ts";
import { BadModel } from "./model-files.ts";

type Input = Description["input"];

const ERRORS_ONLY = 3;
const CHANNELS = 3;
/** Behind what is transparent. */
const GROUND = "#fff";

/** Pixels as the network takes them. */
export async function inputOf(png: Uint8Array, input: Input): Promise<Float32Array> {
  const { widthPx, heightPx, resize = { widthPx, heightPx, fit: "fill" as const } } = input;
  const { data } = await foreignImage(png, PICTURE_MAX_PIXELS)
    .flatten({ background: GROUND })
    .toColourspace("srgb")
    .removeAlpha()
    .resize({ width: resize.widthPx, height: resize.heightPx, fit: resize.fit, kernel: "linear" })
    .extract({
      left: Math.floor((resize.widthPx - widthPx) / 2),
      top: Math.floor((resize.heightPx - heightPx) / 2),
      width: widthPx,
      height: heightPx,
    })
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  return numbersOf(data, input);
}

function numbersOf(rgb: Uint8Array, { widthPx, heightPx, layout, channels, mean, scale }: Input): Float32Array {
  const pixels = widthPx * heightPx;
  const numbers = new Float32Array(pixels * CHANNELS);
  for (let channel = 0; channel < CHANNELS; channel += 1) {
    const from = channels === "RGB" ? channel : CHANNELS - 1 - channel;
    const [less = 0, times = 1] = [mean[channel], scale[channel]];
    for (let at = 0; at < pixels; at += 1) {
      const to = layout === "NHWC" ? at * CHANNELS + channel : channel * pixels + at;
      numbers[to] = ((rgb[at * CHANNELS + from] ?? 0) - less) * times;
    }
  }
  return numbers;
}

export interface Classifier {
  /** From 0 to 1, in the order of the labels. @throws Error for what is no picture */
  scores(png: Uint8Array): Promise<readonly number[]>;
  /** Of a grey picture: whether it runs, and what it gives. @throws BadModel */
  tried(): Promise<void>;
}

/** @throws BadModel; Error of the runtime */
export async function openClassifier(
  runtime: Runtime,
  bytes: Uint8Array,
  description: Description,
): Promise<Classifier> {
  const { input, output } = description;
  // One thread: who waits for a picture notices nothing, and others want the processor too.
  const options = { executionProviders: ["cpu"], intraOpNumThreads: 1, logSeverityLevel: ERRORS_ONLY } as const;
  const session = await runtime.InferenceSession.create(bytes, options).catch((cause: unknown) => {
    throw new BadModel(`SAFETY_MODEL cannot be read as an ONNX model (${wordsOf(cause)})`, { cause });
  });
  const [name, ...others] = session.inputNames;
  if (name === undefined || others.length > 0)
    throw new BadModel(`SAFETY_MODEL has ${session.inputNames.length} inputs; one, a picture, is what is understood`);
  const { widthPx, heightPx, layout } = input;
  const dims = layout === "NHWC" ? [1, heightPx, widthPx, CHANNELS] : [1, CHANNELS, heightPx, widthPx];
  const run = async (numbers: Float32Array): Promise<readonly number[]> => {
    const outputs = await session.run({ [name]: new runtime.Tensor("float32", numbers, dims) });
    return scoresIn(outputs[firstOf(session)], output);
  };
  return {
    scores: async (png) => run(await inputOf(png, input)),
    async tried() {
      await run(new Float32Array(widthPx * heightPx * CHANNELS)).catch((cause: unknown) => {
        throw cause instanceof BadModel
          ? cause
          : new BadModel(`SAFETY_MODEL does not take what its description says (${wordsOf(cause)})`, { cause });
      });
    },
  };
}

const firstOf = (session: Session): string => session.outputNames[0] ?? "";

function scoresIn(tensor: AnyTensor | undefined, { labels, activation }: Description["output"]): readonly number[] {
  const numbers = tensor?.data instanceof Float32Array ? [...tensor.data] : [];
  if (numbers.length !== labels.length)
    throw new BadModel(
      `SAFETY_MODEL gives ${numbers.length} numbers, and its description names ${labels.length} labels`,
    );
  const scores = activated(numbers, activation);
  if (scores.some((score) => !(score >= -TOLERANCE && score <= 1 + TOLERANCE)))
    throw new BadModel("SAFETY_MODEL gives scores that are not between 0 and 1: output.activation may be another");
  return scores.map((score) => Math.min(1, Math.max(0, score)));
}

/** What rounding may add. */
const TOLERANCE = 1e-3;

function activated(numbers: readonly number[], activation: Description["output"]["activation"]): readonly number[] {
  switch (activation) {
    case "none":
      return numbers;
    case "sigmoid":
      return numbers.map((number) => 1 / (1 + Math.exp(-number)));
    case "softmax": {
      const most = Math.max(...numbers);
      const powers = numbers.map((number) => Math.exp(number - most));
      const sum = powers.reduce((all, one) => all + one, 0);
      return powers.map((power) => power / sum);
    }
  }
}

const WORDS_MAX_CHARS = 200;
const wordsOf = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).replaceAll(/\s+/g, " ").slice(0, WORDS_MAX_CHARS);
