import { text as message, type Text } from "../../domain/text.ts";

/** Marks that may stack on one letter; Vietnamese and Hebrew need two or three. */
const MOST_MARKS = 4;

export interface Cleaned {
  readonly text: string;
  readonly notes: readonly Text[];
}

/**
 * Chat text made safe to set, line by line: no control characters, no bidirectional overrides (they can make a line read as something
 * else), no towers of combining marks.
 */
export function cleanPrompt(prompt: string): Cleaned {
  const notes: Text[] = [];
  const withoutControls = prompt
    .normalize("NFC")
    .replace(/\r\n?|[\u0085\u2028\u2029]/gu, "\n")
    .replace(/[^\P{Cc}\n]+/gu, " ");
  const withoutOverrides = withoutControls.replace(
    /[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\ufeff\u00ad]|[\u{e0000}-\u{e007f}]/gu,
    "",
  );
  // One colour has no skin tones, and no other form of a sign.
  const plain = withoutOverrides.replace(/[\ufe0e\ufe0f]|[\u{1f3fb}-\u{1f3ff}]/gu, "");
  if (withoutOverrides !== withoutControls) notes.push(message("backend.sketch.note.direction"));
  const text = plain.replace(/(\p{M}{4})\p{M}+/gu, "$1").replace(/^\p{M}+/u, "");
  if (text.length < plain.length) notes.push(message("backend.sketch.note.marks", { marks: MOST_MARKS }));
  // Each line by itself: an agenda stays one.
  return {
    text: text
      .replace(/[^\S\n]+/gu, " ")
      .replace(/ ?\n[ \n]*/gu, "\n")
      .trim(),
    notes,
  };
}
