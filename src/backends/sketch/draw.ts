import { Resvg } from "@resvg/resvg-js";
import type { ImageRequest } from "../../recipe.ts";
import { compose } from "./compose.ts";
import { encodePng } from "./png.ts";
import { writeSvg } from "./svg.ts";

export interface Drawn {
  readonly png: Uint8Array;
  readonly notes: readonly string[];
}

/** Draws one picture, blocking: call it in a worker. `onPart` hears 0 to 1. */
export async function draw(
  request: ImageRequest,
  initBytes: Uint8Array | undefined,
  onPart: (fraction: number) => void,
): Promise<Drawn> {
  void initBytes;
  const { page, notes } = compose(request);
  onPart(0.3);
  const svg = writeSvg(page);
  const image = new Resvg(svg, { font: { loadSystemFonts: false }, logLevel: "off" }).render();
  onPart(0.7);
  const pixels = image.pixels;
  onPart(0.8);
  return { png: encodePng(pixels, page.widthPx, page.heightPx), notes };
}
