import { contrastOf } from "../../lib/colour.ts";
import type { PanelWish } from "../reading/panels.ts";
import type { Scene } from "./scene.ts";
import { rect } from "./shapes.ts";
import type { Point } from "./tree.ts";

/** Of the page's height: enough to write a date on by hand. */
const PANEL_SHARE = 0.14;

/** Of a page `heightPx` high, what one panel takes. */
export const panelHeightPx = (heightPx: number): number => Math.round(heightPx * PANEL_SHARE);

/**
 * Lays the panels, that nothing is drawn on, above and below what was drawn on the page between them. Marks that bleed over its edges are covered.
 *
 * @param page the whole of it
 */
export function layPanels(
  scene: Scene,
  panels: readonly PanelWish[],
  { widthPx: w, heightPx }: { readonly widthPx: number; readonly heightPx: number },
): void {
  const top = panels.some(({ edge }) => edge === "top");
  const panelH = panelHeightPx(heightPx);
  if (top) moveDown(scene, panelH);
  const { inks } = scene;
  for (const { edge, fill } of panels) {
    const y = edge === "top" ? -2 : heightPx - panelH;
    // By itself in the poster's ink.
    const colour = fill ?? inks.ink;
    rect(scene, { x: -2, y, w: w + 4, h: panelH + 2 }, colour);
    // Where the picture above has its colour, the panel would be lost in it.
    const edgePx = scene.u * 0.9;
    const line = [inks.paper, inks.accent, inks.ink].find((other) => contrastOf(other, colour) > 1.6) ?? inks.ink;
    rect(scene, { x: -2, y: edge === "top" ? panelH - edgePx : y, w: w + 4, h: edgePx }, line);
  }
}

function moveDown(scene: Scene, dy: number): void {
  const moved = ([x, y]: Point): Point => [x, y + dy];
  scene.marks.forEach((mark, index) => {
    scene.marks[index] = {
      ...mark,
      transform: `translate(0 ${dy})${mark.transform === undefined ? "" : ` ${mark.transform}`}`,
      outline: mark.outline.map(moved),
    };
  });
  scene.blocks.forEach((block, index) => {
    scene.blocks[index] = {
      ...block,
      rect: { ...block.rect, y: block.rect.y + dy },
      pivot: moved(block.pivot),
      lines: block.lines.map((line) => ({
        ...line,
        y: line.y + dy,
        pivot: moved(line.pivot),
        box: line.box.map(moved),
      })),
    };
  });
  const photo = scene.placedPhoto;
  scene.placedPhoto = photo && {
    ...photo,
    rect: { ...photo.rect, y: photo.rect.y + dy },
    ...(photo.clip ? { clip: photo.clip.map(moved) } : {}),
  };
}
