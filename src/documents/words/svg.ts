import { fontOf } from "../../typesetter/lettering/fonts.ts";
import { type BaseDirection, clustersOf } from "../../typesetter/lettering/shape.ts";
import type { Voicing } from "./set.ts";

interface LinePlace {
  readonly x: number;
  /** Of the baseline. */
  readonly y: number;
  readonly cap: number;
  readonly direction: BaseDirection;
}

/** A line as path data: no text goes into the SVG, so there is nothing to escape. */
export function linePath(text: string, voice: Voicing, { x, y, cap, direction }: LinePlace): string {
  let d = "";
  let start = x;
  for (const { glyphs, advance } of clustersOf(text, voice, direction)) {
    for (const { face, glyph, dx, dy } of glyphs) {
      const font = fontOf(face);
      const scale = cap / font.capHeight;
      for (const { type, values } of font.outline(glyph)) {
        const at = values.map((value, index) =>
          index % 2 === 0 ? start + dx * cap + value * scale : y + dy * cap - value * scale,
        );
        d += `${type}${at.map((value) => value.toFixed(1)).join(" ")}`;
      }
    }
    start += advance * cap;
  }
  return d;
}
