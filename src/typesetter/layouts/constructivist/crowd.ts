import type { Colour } from "../../composition/colour.ts";
import type { Scene } from "../../composition/scene.ts";
import { disc, polygon } from "../../composition/shapes.ts";
import type { Point } from "../../composition/tree.ts";

/** Heads and shoulders, row before row, a few of the last row in another ink. */
export function crowd(scene: Scene, y: number, height: number, ink: Colour, other: Colour): void {
  const { w, chance, inks } = scene;
  const rows = 2;
  const pitch = w / 7;
  for (let row = 0; row < rows; row++) {
    const base = y + (row * height) / 3.4;
    const r = pitch * (0.25 + 0.04 * row);
    for (let i = -1; i <= 7; i++) {
      const cx = (i + (row % 2 === 0 ? 0.5 : 1)) * pitch;
      const cy = base + chance.between(-0.12, 0.12) * pitch;
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
      disc(scene, cx, cy, r * 1.16, inks.paper);
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
