import { hasLora, lorasOf, type Style } from "../../domain/style.ts";

/** The file that a style's reference means; its ending may be left out there. */
export const loraFileOf = (reference: string): string =>
  /\.(?:safetensors|sft|ckpt|pt|bin)$/i.test(reference) ? reference : `${reference}.safetensors`;

/**
 * For `npm run doctor`: what keeps styles with a LoRA from being made on one backend, each with its next step.
 * @param has the far end knows this reference; `undefined`: it cannot be asked
 * @param how what to do about one it does not know, e.g. "put the file into the folder models/Lora"
 */
export function loraSteps(
  backend: string,
  styles: readonly Style[],
  has: ((reference: string) => boolean) | undefined,
  how: (reference: string) => string,
): readonly string[] {
  return styles.flatMap((style) => {
    if (!hasLora(style)) return [];
    const loras = lorasOf(style, backend);
    if (loras.length === 0)
      return [`The style ${style.title} has no LoRA here: add "${backend}" to its "lora" in the styles file.`];
    return loras.flatMap(({ file }) =>
      has === undefined || has(file)
        ? []
        : [`The style ${style.title} wants the LoRA “${file}”, which is not there: ${how(file)}.`],
    );
  });
}
