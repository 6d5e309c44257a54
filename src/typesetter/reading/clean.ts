import { text as message, type Text } from "../../domain/text.ts";

/** Marks that may stack on one letter; Vietnamese and Hebrew need two or three. */
const MOST_MARKS = 4;

export interface Cleaned {
  readonly text: string;
  readonly notes: readonly Text[];
}

/**
 * Chat text made safe to set: no control characters, no bidirectional overrides (they can make a line read as something
 * else), no towers of combining marks.
 */
export function cleanPrompt(prompt: string): Cleaned {
  const notes: Text[] = [];
  const withoutControls = prompt.normalize("NFC").replace(/[\p{Cc}\u2028\u2029]+/gu, " ");
  const withoutOverrides = withoutControls.replace(
    /[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\ufeff\u00ad]|[\u{e0000}-\u{e007f}]/gu,
    "",
  );
  if (withoutOverrides !== withoutControls) notes.push(message("backend.sketch.note.direction"));
  const text = withoutOverrides.replace(/(\p{M}{4})\p{M}+/gu, "$1").replace(/^\p{M}+/u, "");
  if (text.length < withoutOverrides.length) notes.push(message("backend.sketch.note.marks", { marks: MOST_MARKS }));
  return { text: text.replace(/\s+/gu, " ").trim(), notes };
}
