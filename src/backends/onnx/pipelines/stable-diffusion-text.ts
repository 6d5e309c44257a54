import { floats } from "../tensors.ts";
import { CLIP_TOKENS, output, type TextEncoder, textOutputs } from "./text.ts";

export interface SdTextEncoders {
  readonly first: TextEncoder;
  /** SDXL's. */
  readonly second?: TextEncoder;
}

/** A prompt as a UNet takes it. */
export interface SdText {
  /** [tokens, width]. */
  readonly sequence: Float32Array;
  readonly width: number;
  /** SDXL's one vector. */
  readonly pooled?: Float32Array;
}

export async function sdText({ first, second }: SdTextEncoders, prompt: string): Promise<SdText> {
  const one = await textOutputs(first, prompt, CLIP_TOKENS);
  if (second === undefined) {
    const { data, width } = sequenceOf(one, "last_hidden_state");
    return { sequence: data, width };
  }
  const two = await textOutputs(second, prompt, CLIP_TOKENS);
  const [left, right] = [one, two].map((outputs) => sequenceOf(outputs, lastButOne(Object.keys(outputs))));
  if (!left || !right) throw new Error("SDXL has two text encoders");
  const width = left.width + right.width;
  const sequence = new Float32Array(CLIP_TOKENS * width);
  for (let token = 0; token < CLIP_TOKENS; token += 1) {
    sequence.set(left.data.subarray(token * left.width, (token + 1) * left.width), token * width);
    sequence.set(right.data.subarray(token * right.width, (token + 1) * right.width), token * width + left.width);
  }
  return { sequence, width, pooled: floats(output(two, "text_embeds")) };
}

/** Of nothing, as SDXL models that say so were trained. */
export const noSdText = ({ sequence, width, pooled }: SdText): SdText => ({
  sequence: new Float32Array(sequence.length),
  width,
  ...(pooled === undefined ? {} : { pooled: new Float32Array(pooled.length) }),
});

function sequenceOf(outputs: Awaited<ReturnType<typeof textOutputs>>, name: string) {
  const data = floats(output(outputs, name));
  return { data, width: data.length / CLIP_TOKENS };
}

/** hidden_states.0 is what comes in, the last is what the last layer made of it. */
function lastButOne(names: readonly string[]): string {
  const layers = names.flatMap((name) => /^hidden_states\.(\d+)$/.exec(name)?.[1] ?? []).map(Number);
  return `hidden_states.${Math.max(...layers, 1) - 1}`;
}
