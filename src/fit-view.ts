import type { Capabilities } from "./chat.ts";
import type { View } from "./view.ts";

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

/**
 * Shortens a view to what the platform takes. The one place that may lose content; adapters may assume the result fits
 * and must not drop anything. The first line is the prompt: it is what gives way, the facts below it stay.
 */
export function fitView(view: View, capabilities: Capabilities): View {
  const maxChars = view.image ? capabilities.captionMaxChars : capabilities.textMaxChars;
  if (view.text.length <= maxChars) return view;
  const end = view.text.indexOf("\n");
  const facts = end < 0 ? "" : view.text.slice(end);
  if (facts.length > maxChars / 2) return { ...view, text: cutText(view.text, maxChars) };
  return { ...view, text: cutText(view.text.slice(0, end < 0 ? undefined : end), maxChars - facts.length) + facts };
}
