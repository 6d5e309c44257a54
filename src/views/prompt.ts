const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;
/** Unicode's first-strong isolate and its end (UAX #9): what stands around the prompt keeps its order. */
const isolated = (text: string): string => (RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text);

/** A prompt as shown in a sentence. Prompts with lettering bring quotes of their own; a second pair around them confuses. */
export const promptText = (prompt: string): string => isolated(/["“”«»]/.test(prompt) ? prompt : `“${prompt}”`);
