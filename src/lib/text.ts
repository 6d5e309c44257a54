const ELLIPSIS = "…";

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Without what stands at the end in `chars`. Linear: a pattern anchored at the end alone tries from every character again. */
export function trimEndOf(text: string, chars: string): string {
  let end = text.length;
  while (end > 0 && chars.includes(text[end - 1] ?? "")) end -= 1;
  return text.slice(0, end);
}

/** At most `maxChars` UTF-16 units, whole graphemes: an emoji is never split. */
export function cutText(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  let cut = "";
  for (const { segment } of graphemes.segment(text)) {
    if (cut.length + segment.length > maxChars - ELLIPSIS.length) break;
    cut += segment;
  }
  return cut + ELLIPSIS;
}
