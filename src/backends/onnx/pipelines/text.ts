import type { AnyTensor } from "../../../lib/onnx-runtime.ts";
import type { Network } from "../network.ts";
import { type PromptTokenizer, paddedIds } from "../tokens/tokenizer.ts";

/** CLIP's context: what all its exports take. */
export const CLIP_TOKENS = 77;

/** A text encoder and the tokenizer that goes with it. */
export interface TextEncoder {
  readonly network: Network;
  readonly tokenizer: PromptTokenizer;
}

/** All outputs of a text encoder for one text of exactly `tokens` tokens. */
export function textOutputs(
  { network, tokenizer }: TextEncoder,
  text: string,
  tokens: number,
): Promise<Readonly<Record<string, AnyTensor>>> {
  return network.run({ input_ids: { data: paddedIds(tokenizer, text, tokens), dims: [1, tokens] } });
}

/** @throws Error where the export lacks it */
export function output(outputs: Readonly<Record<string, AnyTensor>>, name: string): AnyTensor {
  const found = outputs[name];
  if (found === undefined)
    throw new Error(`a text encoder has no output ${name}; it has ${Object.keys(outputs).join(", ")}`);
  return found;
}
