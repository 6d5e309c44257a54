import { companions } from "../composition/companions.ts";
import type { Scene } from "../composition/scene.ts";
import { photo, polygon, rect } from "../composition/shapes.ts";
import { sign } from "../composition/sign.ts";
import type { Rect } from "../composition/tree.ts";
import { besides, zonesOf } from "../composition/zones.ts";
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
    const { w, u, m, inks: palette, chance } = scene;
    const zones = zonesOf(scene, { titleAt: ["top", "bottom"], share: 0.54 });
    const { main } = zones;
    const face = scene.deal("face", 2) === 0;
    // Wood type is as wide as its block, and blocks differ.
    const inset = m * chance.between(0, 0.9);
    const block = { ...main.rect, x: main.rect.x + inset, w: main.rect.w - 2 * inset };
    const used = setStack(scene, block, main.phrases, {
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
    // A word or two leave much of their strip to the picture.
    const stage = scene.wing ? zones.stage : betweenRules(scene, besides(zones, used));
    const ornament =
      Math.min(stage.h * 0.92, w * (scene.wing || scene.icons.length < 2 ? 0.78 : 0.6)) * chance.between(0.86, 1);
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
    } else if (!shown) ornaments(scene, stage);
    setStrips(scene, zones, "slab", { align: "centre", tracking: 0.05 });
    scene.texture = { grain: 0.6, wear: 0.9 };
  },
  panel: rules,
};

/** Printer's flowers: a field of lozenges, set square, shifted like bricks, or as a pyramid. */
function ornaments(scene: Scene, stage: Rect): void {
  const { w, u, m, inks: palette } = scene;
  const step = u * 11;
  const form = scene.deal("flowers", 3);
  const count = Math.floor((w - 2 * m) / step);
  const fitting = Math.max(1, Math.floor((stage.h - u * 6) / step));
  const rows = form === 2 ? Math.min(fitting, count) : fitting;
  for (let row = 0; row < rows; row++) {
    const inRow = form === 0 ? count : form === 1 ? count - (row % 2) : Math.max(1, count - (rows - 1 - row));
    for (let column = 0; column < inRow; column++) {
      const x = w / 2 + (column - (inRow - 1) / 2) * step;
      const y = stage.y + stage.h / 2 + (row - (rows - 1) / 2) * step;
      const r = step * 0.36;
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
}

/** Where the rules at the page's edges leave off. */
function betweenRules({ h, m }: Scene, { x, y, w, h: high }: Rect): Rect {
  const top = Math.max(y, m);
  return { x, y: top, w, h: Math.min(y + high, h - m) - top };
}

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
