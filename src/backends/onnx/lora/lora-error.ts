/** A LoRA file cannot be used. The message is a sentence for the operator, without a path: "it is …". */
export class LoraError extends Error {
  override readonly name = "LoraError";
}

const SHOWN = 3;

/** "a, b, c and 12 more" */
export const someOf = (names: readonly string[]): string =>
  names.length <= SHOWN ? names.join(", ") : `${names.slice(0, SHOWN).join(", ")} and ${names.length - SHOWN} more`;
