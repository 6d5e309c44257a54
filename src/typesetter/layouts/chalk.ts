import { companions } from "../composition/companions.ts";
import type { Scene } from "../composition/scene.ts";
import { bar, circlePath, num, photo, ring } from "../composition/shapes.ts";
import { icon } from "../composition/signs.ts";
import { corners } from "../composition/tree.ts";
import { zonesOf } from "../composition/zones.ts";
import { setStack } from "../lettering/typeset.ts";
import { inks, type Layout, setStrips } from "./layout.ts";

/** A board, a few sticks of chalk, and somebody with a good hand. */
export const chalk: Layout = {
  name: "chalk",
  ownGround: true,
  inks: [
    inks("#24352f", "#f4f1e4", "#f2c14e", "#e98a7b"),
    inks("#26282b", "#f5f2e8", "#f08a6b", "#8fc7d6"),
    inks("#1f2f3d", "#f3f0e4", "#f3d35b", "#9ed2a5"),
  ],
  draw(scene) {
    const { w, u, inks: palette, chance, depart } = scene;
    const zones = zonesOf(scene, { titleAt: ["top", "bottom"], share: 0.36 });
    const { stage } = zones;
    const cx = w / 2 + w * chance.between(-0.06, 0.06);
    const cy = stage.y + stage.h / 2;
    const side = Math.min(stage.h * 0.86, w * 0.72) * chance.between(0.9, 1.02);
    const marks = scene.deal("marks", 3);
    const shown = photo(scene, { x: cx - side / 2, y: cy - side / 2, w: side, h: side }, palette.paper, palette.ink);
    const hero = scene.icons[0];
    if (hero && !shown) {
      icon(scene, hero, cx + u * 0.6, cy + u * 0.6, side, palette.accent, { opacity: 0.35 });
      icon(scene, hero, cx, cy, side, palette.ink, { linePx: u * 0.7 });
    } else if (!shown) {
      for (let i = 0; i < 5; i++)
        loop(
          scene.marks,
          cx + chance.between(-u, u),
          cy,
          side * (0.2 + i * 0.065),
          u * 0.6,
          i % 2 ? palette.accent : palette.ink,
        );
    }
    if (marks === 1) for (const r of [0.56, 0.59]) ring(scene, cx, cy, side * r, u * 0.6, palette.second);
    if (marks === 2) underline(scene, cx, Math.min(cy + side * 0.56, stage.y + stage.h - u), side);
    for (let i = 0; marks === 0 && i < 16; i++) {
      const angle = i * 22.5 + chance.between(-4, 4);
      const reach = side * (0.56 + 0.03 * (i % 2));
      const x = cx + reach * Math.cos((angle * Math.PI) / 180);
      const y = cy + reach * Math.sin((angle * Math.PI) / 180);
      const clear = scene.wing ? u * 8 : u * 2;
      if (y > stage.y + clear && y < stage.y + stage.h - clear)
        bar(scene, x, y, u * (i % 2 ? 5 : 8), u * 0.8, angle, palette.second);
    }
    companions(
      scene,
      [
        [scene.m + u * 9, stage.y + stage.h * 0.3, u * 15],
        [w - scene.m - u * 9, stage.y + stage.h * 0.7, u * 15],
      ],
      palette.ink,
      { linePx: u * 0.5 },
    );
    setStack(scene, zones.main.rect, zones.main.phrases, {
      font: "marker",
      align: "centre",
      valign: "middle",
      inks: [palette.ink],
      subInks: [palette.accent, palette.ink],
      leading: 1.4,
      angle: chance.between(-2.5, -1) * Math.min(1, depart),
      maxCap: 0.4,
    });
    if (!scene.wing) boardFrame(scene);
    setStrips(scene, zones, "marker", { align: "centre", inks: [palette.second, palette.ink], valign: "middle" });
    scene.texture = { grain: 0.9, wear: 1 };
  },
  panel: boardFrame,
};

/** Three strokes, each a little shorter. */
function underline(scene: Scene, cx: number, y: number, side: number): void {
  const { u, chance, inks: palette } = scene;
  for (let i = 0; i < 3; i++)
    bar(scene, cx, y - i * u * 1.9, side * (1 - 0.22 * i), u * 0.7, chance.between(-1.5, 1.5), palette.second);
}

/** Around the whole board. */
function boardFrame({ w, h, u, m, inks: palette, chance, marks }: Scene): void {
  const edge = m * 0.45;
  const frame = corners({ x: edge, y: edge, w: w - 2 * edge, h: h - 2 * edge });
  marks.push({
    d: `M${frame.map(([x, y]) => `${num(x + chance.between(-1, 1) * u * 0.5)} ${num(y + chance.between(-1, 1) * u * 0.5)}`).join("L")}Z`,
    stroke: { colour: palette.ink, widthPx: u * 0.55 },
    outline: [],
    solid: false,
  });
}

/** Two turns of a hand, not quite on top of each other. */
function loop(
  marks: import("../composition/tree.ts").Mark[],
  cx: number,
  cy: number,
  r: number,
  widthPx: number,
  colour: string,
): void {
  for (const [dx, k] of [
    [0, 1],
    [widthPx, 1.02],
  ] as const) {
    marks.push({
      d: circlePath(cx + dx, cy, r * k),
      stroke: { colour, widthPx },
      outline: corners({ x: cx - r * 1.1, y: cy - r * 1.1, w: 2.2 * r, h: 2.2 * r }),
      solid: false,
    });
  }
}
