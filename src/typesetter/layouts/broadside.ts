import type { Scene } from "../composition/scene.ts";
import { photo, polygon, rect } from "../composition/shapes.ts";
import { companions, sign } from "../composition/sign.ts";
import { zonesOf } from "../composition/zones.ts";
import { setStack } from "../lettering/typeset.ts";
import { inks, type Layout, setStrips } from "./layout.ts";

/** Wood type, as wide as the sheet allows, with rules and one ornament. */
export const broadside: Layout = {
  name: "broadside",
  ownGround: true,
  inks: [
    inks("#eadfc4", "#1f1813", "#a3271c", "#7b6a4f"),
    inks("#f0e6cf", "#14213a", "#b8321f", "#8a8166"),
    inks("#e9e2cf", "#1b2a20", "#b5461d", "#7d8264"),
  ],
  draw(scene) {
    const { w, h, u, m, inks: palette, chance } = scene;
    const zones = zonesOf(scene, { titleAt: ["top", "bottom"], share: 0.54 });
    const { stage, main } = zones;
    const ornament = Math.min(stage.h * 0.92, w * (scene.wing ? 0.78 : 0.6)) * chance.between(0.86, 1);
    const face = scene.deal("face", 2) === 0;
    const cy = stage.y + stage.h / 2;
    if (!scene.wing) rules(scene);
    const shown = photo(
      scene,
      { x: m, y: stage.y + u * 3, w: w - 2 * m, h: stage.h - u * 6 },
      palette.ink,
      palette.paper,
    );
    const hero = scene.icons[0];
    if (hero && !shown) {
      sign(scene, hero, w / 2, cy, ornament, palette.accent);
      companions(
        scene,
        [
          [m + (w - 2 * m - ornament) / 4, cy, Math.min(ornament * 0.7, (w - 2 * m - ornament) * 0.4)],
          [w - m - (w - 2 * m - ornament) / 4, cy, Math.min(ornament * 0.7, (w - 2 * m - ornament) * 0.4)],
        ],
        palette.ink,
      );
      const reach = (w - 2 * m - ornament) / 2 - u * 3;
      for (const [index, x] of [m, w - m - reach].entries()) {
        if (reach < u * 4 || scene.icons[index + 1]) continue;
        rect(scene, { x, y: cy - u * 1.1, w: reach, h: u * 0.5 }, palette.ink);
        rect(scene, { x, y: cy + u * 0.2, w: reach, h: u * 1.2 }, palette.ink);
      }
    } else if (!shown) {
      const step = u * (scene.wing ? 11 : 7);
      const count = Math.floor((w - 2 * m) / step);
      // One row, or with the page to itself a field of them.
      const rows = scene.wing ? Math.max(1, Math.floor((h - 3 * m) / step)) : 1;
      for (let i = 0; i < count * rows; i++) {
        const [column, row] = [i % count, Math.floor(i / count)];
        const x = w / 2 + (column - (count - 1) / 2) * step;
        const y = cy + (row - (rows - 1) / 2) * step;
        const r = scene.wing ? step * 0.36 : u * 2.4;
        polygon(
          scene,
          [
            [x, y - r],
            [x + r, y],
            [x, y + r],
            [x - r, y],
          ],
          (column + row) % 2 === 0 ? palette.accent : palette.ink,
        );
      }
    }
    // Wood type is as wide as its block, and blocks differ.
    const inset = m * chance.between(0, 0.9);
    const block = { ...main.rect, x: main.rect.x + inset, w: main.rect.w - 2 * inset };
    setStack(scene, block, main.phrases, {
      font: face ? "slab" : "anton",
      subFont: face ? "slab" : "narrow",
      align: "centre",
      valign: zones.titleAt === "bottom" ? "bottom" : "top",
      inks: scene.deal("red", 3) === 0 ? [palette.accent, palette.ink] : [palette.ink],
      subInks: [palette.accent, palette.ink],
      leading: 1.2,
      justify: true,
      maxCap: chance.between(0.38, 0.46),
      lead: 3.6,
    });
    setStrips(scene, zones, "slab", { align: "centre", tracking: 0.05 });
    scene.texture = { grain: 0.6, wear: 0.9 };
  },
  panel: rules,
};

function rules(scene: Scene): void {
  const { w, h, m, inks: palette } = scene;
  rule(scene, m, m * 0.55, w - 2 * m, palette.ink);
  rule(scene, m, h - m * 0.55, w - 2 * m, palette.ink);
}

/** A thick and a thin line. */
function rule(scene: Scene, x: number, y: number, w: number, colour: string): void {
  rect(scene, { x, y: y - scene.u * 0.5, w, h: scene.u * 0.8 }, colour);
  rect(scene, { x, y: y + scene.u * 0.8, w, h: scene.u * 0.25 }, colour);
}
