import type { ShownDecision, ShownImage, ShownView } from "../../src/ports/view.ts";
import { V2 } from "./limits.ts";

/**
 * The pictures that a view shows one by one, where Discord has room for them in one message: those of a batch, or the
 * candidates of a pick. `undefined`: it shows one, or none, or too many.
 */
export function galleryOf(view: ShownView): readonly ShownImage[] | undefined {
  const images = view.decision ? candidates(view.decision) : (view.album ?? []);
  return images.length > 1 && images.length <= V2.galleryItems ? images : undefined;
}

/** Their numbers are on the buttons, so who hears a picture has to hear its number. */
const candidates = ({ options }: ShownDecision): readonly ShownImage[] =>
  options.flatMap(({ image, number, won }) =>
    image ? [number === undefined ? image : { ...image, alt: `${won ? "✓ " : ""}#${number}: ${image.alt}` }] : [],
  );

/** Below the gallery, in its order; what won is marked. */
export function galleryNumbers({ decision }: ShownView): string {
  const numbers = (decision?.options ?? []).flatMap(({ image, number, won }) =>
    image && number !== undefined ? [won ? `**✓ #${number}**` : `#${number}`] : [],
  );
  return numbers.length > 1 ? numbers.join(" · ") : "";
}
