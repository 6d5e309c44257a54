import type { FluxText } from "./flux.ts";
import { CLIP_TOKENS, output, type TextEncoder, textOutputs } from "./text.ts";

export interface FluxTextEncoders {
  readonly clip: TextEncoder;
  readonly t5: TextEncoder;
}

/**
 * @param prompt for T5, and for CLIP where `clipPrompt` is absent
 * @param t5Tokens FLUX.1-dev was made for 512, schnell for 256
 */
export async function fluxText(
  { clip, t5 }: FluxTextEncoders,
  prompt: string,
  t5Tokens: number,
  clipPrompt = prompt,
): Promise<FluxText> {
  const pooled = output(await textOutputs(clip, clipPrompt, CLIP_TOKENS), "pooler_output");
  const sequence = output(await textOutputs(t5, prompt, t5Tokens), "last_hidden_state");
  return { pooled, sequence };
}
