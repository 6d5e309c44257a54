import type { Colour } from "../../../lib/colour.ts";
import type { Scene } from "../../composition/scene.ts";
import { disc, polygon } from "../../composition/shapes.ts";
import type { Point } from "../../composition/tree.ts";

const PITCH_SHARE = 1 / 7;
const HEAD_SHARE = 0.25;
const RIM = 1.16;
const SWAY_SHARE = 0.12;

/** How far above its `y` the tallest head of a crowd reaches, px. */
export const headsAbove = ({ w }: Scene): number => w * PITCH_SHARE * (HEAD_SHARE * RIM + SWAY_SHARE);

/** Heads and shoulders, row before row, a few of the last row in another ink. */
export function crowd(scene: Scene, y: number, height: number, ink: Colour, other: Colour): void {
  const { w, chance, inks } = scene;
  const rows = 2;
  const pitch = w * PITCH_SHARE;
  for (let row = 0; row < rows; row++) {
    const base = y + (row * height) / 3.4;
    const r = pitch * (HEAD_SHARE + 0.04 * row);
    for (let i = -1; i <= 7; i++) {
      const cx = (i + (row % 2 === 0 ? 0.5 : 1)) * pitch;
      const cy = base + chance.between(-SWAY_SHARE, SWAY_SHARE) * pitch;
      const fill = row === 0 && (i + 8) % 3 === 1 ? other : ink;
      const body: readonly Point[] = [
        [cx - r * 0.8, cy + r * 1.25],
        [cx + r * 0.8, cy + r * 1.25],
        [cx + r * 2, cy + r * 2.1],
        [cx + r * 2.1, y + height],
        [cx - r * 2.1, y + height],
        [cx - r * 2, cy + r * 2.1],
      ];
      // A rim of the sheet keeps one dark figure apart from the next.
      disc(scene, cx, cy, r * RIM, inks.paper);
      polygon(
        scene,
        body.map(([px, py], index): Point => [px, index < 2 ? py - r * 0.2 : py - r * 0.16]),
        inks.paper,
      );
      disc(scene, cx, cy, r, fill);
      polygon(scene, body, fill);
    }
  }
}
