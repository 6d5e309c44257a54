import { type Text, text, verbatim } from "../domain/text.ts";

/** A prompt as shown in a sentence. Prompts with lettering bring quotes of their own; a second pair around them confuses. */
export const promptText = (prompt: string): Text =>
  /["“”«»„]/u.test(prompt) ? verbatim(prompt) : text("card.prompt", { prompt });
