/** A prompt as shown in a sentence. Prompts with lettering bring quotes of their own; a second pair around them confuses. */
export const promptText = (prompt: string): string => (/["“”«»]/.test(prompt) ? prompt : `“${prompt}”`);
