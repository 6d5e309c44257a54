import { Resvg } from "@resvg/resvg-js";
import type { Branding } from "../../domain/lettering.ts";
import { type Text, text } from "../../domain/text.ts";
import type { ComposeInput } from "../composition/compose.ts";
import { coloursUnder, corners, type Page, type Photo, type Point, type Rect } from "../composition/tree.ts";
import { encodePng } from "./png.ts";
import { writeSvg } from "./svg.ts";
import { roughen } from "./texture.ts";
import { composeVaried } from "./vary.ts";

/** A line of lettering as it stands on the finished picture. */
export interface LetteredLine {
  readonly text: string;
  /** The four corners around its ink, in px. */
  readonly box: readonly Point[];
  /** Height of a capital. */
  readonly capPx: number;
  /** "#rrggbb", before any texture. */
  readonly fill: string;
}

/** An icon as it stands on the finished picture. */
export interface PlacedSign {
  /** `set:name` */
  readonly name: string;
  /** Its square's corners, in px, in turn from the icon's own upper left. */
  readonly box: readonly Point[];
}

export interface Drawn {
  readonly png: Uint8Array;
  readonly lettered: readonly LetteredLine[];
  readonly signs: readonly PlacedSign[];
  readonly svg: string;
  /** For Info: what is on the paper, what is not. */
  readonly notes: readonly Text[];
  /** For the card: what was asked for and is not there. */
  readonly missed: readonly Text[];
}

export type DrawInput = Omit<ComposeInput, "hasPhoto"> & {
  readonly initBytes: Uint8Array | undefined;
  /** Of the request's brand. */
  readonly logo?: Uint8Array | undefined;
  /** The very same page so many times as wide and high: a whole number. Paper is as fine as its pixels. Default: 1. */
  readonly zoom?: number;
};

/**
 * Draws one picture, blocking: call it in a worker.
 *
 * @param onPart hears fractions from 0 to 1
 */
export async function draw(input: DrawInput, onPart: (fraction: number) => void = () => undefined): Promise<Drawn> {
  const { initBytes, request, logo: logoBytes } = input;
  const composed = composeVaried({ ...input, hasPhoto: initBytes !== undefined });
  const { page, texture, layout, notes, missed } = composed;
  onPart(0.3);
  const picture = page.photo && initBytes ? await screened(initBytes, page.photo, page) : undefined;
  const href = picture && `data:image/png;base64,${Buffer.from(picture).toString("base64")}`;
  const svg = writeSvg(page, href);
  onPart(0.4);
  const { zoom = 1 } = input;
  const [widthPx, heightPx] = [page.widthPx * zoom, page.heightPx * zoom];
  const fitTo = zoom === 1 ? {} : ({ fitTo: { mode: "zoom", value: zoom } } as const);
  const pixels = new Resvg(svg, { font: { loadSystemFonts: false }, logLevel: "off", ...fitTo }).render().pixels;
  onPart(0.8);
  roughen(pixels, widthPx, heightPx, texture, page.paper, request.seed);
  const hasLogo = await stampLogo(pixels, { page, zoom, spot: composed.logo, bytes: logoBytes, brand: request.brand });
  const noLogo = request.brand?.logo && !hasLogo ? [text("lettering.missed.logo")] : [];
  const png = encodePng(pixels, widthPx, heightPx);
  const lettered = page.lettering.map(({ line, box, capPx, fill }) => ({ text: line.text, box, capPx, fill }));
  const signs = page.marks.flatMap(({ icon, outline }) => (icon === undefined ? [] : [{ name: icon, box: outline }]));
  return {
    png,
    svg,
    lettered,
    signs,
    notes: [...notes, text("backend.sketch.note.layout", { layout })],
    missed: [...noLogo, ...missed],
  };
}

interface Stamp {
  readonly page: Page;
  readonly zoom: number;
  /** In px of the page. */
  readonly spot: Rect | undefined;
  readonly bytes: Uint8Array | undefined;
  readonly brand: Branding | undefined;
}

/** Over paper and grain: a logo is clean on the roughest sheet. */
async function stampLogo(data: Uint8Array, { page, zoom, spot, bytes, brand }: Stamp): Promise<boolean> {
  if (!spot || !bytes) return false;
  const [{ edgesOf, plainTones, vanishes }, { padOf, plateFor }, { toneOf }, { fillBox, paintLogo }] =
    await Promise.all([
      import("../logo/edges.ts"),
      import("../logo/plate.ts"),
      import("../overlay/tones.ts"),
      import("../overlay/paint.ts"),
    ]);
  const edges = await edgesOf(bytes).catch(() => undefined);
  if (!edges) return false;
  const pixels = { data, widthPx: page.widthPx * zoom, heightPx: page.heightPx * zoom, channels: 4 } as const;
  const placed = { x: spot.x * zoom, y: spot.y * zoom, w: spot.w * zoom, h: spot.h * zoom };
  if (coloursUnder(page, corners(spot)).some((colour) => vanishes(edges, plainTones(toneOf(colour))))) {
    const pad = padOf(placed);
    fillBox(pixels, grown(placed, pad), plateFor(edges, brand?.colours));
  }
  await paintLogo(pixels, placed, bytes);
  return true;
}

const grown = ({ x, y, w, h }: Rect, by: number): Rect => ({ x: x - by, y: y - by, w: w + 2 * by, h: h + 2 * by });

/** What reads start pictures is loaded with the first: a recipe's schemas are 3 MB, and most posters start from words. */
async function screened(bytes: Uint8Array, photo: Photo, { widthPx, heightPx }: Page): Promise<Uint8Array> {
  const [{ withoutLettering }, { halftone }] = await Promise.all([import("./start-picture.ts"), import("./photo.ts")]);
  return halftone(await withoutLettering(bytes), photo, Math.min(widthPx, heightPx));
}
