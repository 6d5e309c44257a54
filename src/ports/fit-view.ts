import { cutText } from "../lib/text.ts";
import type { Capabilities } from "./chat.ts";
import type { ShownView } from "./view.ts";

/**
 * Shortens a view to what the platform takes. The one place that may lose content; adapters may assume the result fits
 * and must not drop anything. The first line is the prompt: it is what gives way, the facts below it stay.
 */
export function fitView(view: ShownView, capabilities: Capabilities): ShownView {
  const isCaption = view.image !== undefined || (view.file !== undefined && view.file.href === undefined);
  const maxChars = isCaption ? capabilities.captionMaxChars : capabilities.textMaxChars;
  if (view.text.length <= maxChars) return view;
  const end = view.text.indexOf("\n");
  const facts = end < 0 ? "" : view.text.slice(end);
  if (facts.length > maxChars / 2) return { ...view, text: cutText(view.text, maxChars) };
  return { ...view, text: cutText(view.text.slice(0, end < 0 ? undefined : end), maxChars - facts.length) + facts };
}
