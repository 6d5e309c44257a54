const ELLIPSIS = "…";

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

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
