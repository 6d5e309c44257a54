import { companions } from "../composition/companions.ts";
import type { Scene } from "../composition/scene.ts";
import { num, photo, ring } from "../composition/shapes.ts";
import { icon } from "../composition/signs.ts";
import { corners, type Rect } from "../composition/tree.ts";
import { zonesOf } from "../composition/zones.ts";
import { setStack } from "../lettering/typeset.ts";
import { inks, type Layout, mirrored, setStrips } from "./layout.ts";

/** A construction drawing of the subject, with its measures. */
export const blueprint: Layout = {
  name: "blueprint",
  ownGround: true,
  inks: [
    inks("#143d8c", "#f2f6ff", "#ffffff", "#6f93d6"),
    inks("#0f3a5f", "#eef6fb", "#ffd166", "#5f8fb3"),
    inks("#f4f1e6", "#173f8a", "#c8341f", "#a9bbdd"),
  ],
  draw(scene) {
    const { w, h, u, m, inks: palette, chance } = scene;
    const zones = zonesOf(scene, { titleAt: ["bottom", "top"], share: 0.3 });
    const { stage } = zones;
    const { x: across } = mirrored(scene);
    const cx = across(chance.between(0.4, 0.6));
    const cy = stage.y + stage.h * 0.5;
    const side = Math.min(stage.h * 0.74, w * 0.64) * chance.between(0.74, 1);
    const view = scene.deal("view", 3);
    const area = { x: m * 0.6, y: Math.max(stage.y, m * 0.6), w: w - 1.2 * m, h: 0 };
    area.h = stage.y + stage.h - area.y - u;
    grid(scene, area, u * 2.5, palette.second, u * 0.14, 0.4);
    grid(scene, area, u * 12.5, palette.second, u * 0.25, 0.7);
    const shown = photo(scene, { x: cx - side / 2, y: cy - side / 2, w: side, h: side }, palette.paper, palette.ink);
    const hero = scene.icons[0];
    if (hero && !shown) icon(scene, hero, cx, cy, side, palette.ink, { linePx: u * 0.5 });
    else if (!shown)
      for (let i = 1; i <= 4; i++)
        ring(scene, cx, cy, (side * i) / 8.4, u * 0.4, i === 3 ? palette.accent : palette.ink);
    if (view !== 1) ring(scene, cx, cy, side * 0.56, u * 0.3, palette.ink);
    if (view === 1)
      box(scene, { x: cx - side * 0.54, y: cy - side * 0.54, w: side * 1.08, h: side * 1.08 }, u * 0.35, palette.ink);
    if (view === 2) for (const r of [0.28, 0.42]) ring(scene, cx, cy, side * r, u * 0.25, palette.second);
    const reach = side * 0.62;
    line(
      scene,
      [
        [cx - reach, cy],
        [cx + reach, cy],
      ],
      u * 0.25,
      palette.accent,
      `${num(u * 3)} ${num(u)} ${num(u * 0.6)} ${num(u)}`,
    );
    line(
      scene,
      [
        [cx, Math.max(area.y, cy - reach)],
        [cx, Math.min(area.y + area.h, cy + reach)],
      ],
      u * 0.25,
      palette.accent,
      `${num(u * 3)} ${num(u)} ${num(u * 0.6)} ${num(u)}`,
    );
    const y = Math.min(area.y + area.h - u * 2, cy + side * 0.6);
    line(
      scene,
      [
        [cx - side / 2, y],
        [cx + side / 2, y],
      ],
      u * 0.35,
      palette.ink,
    );
    for (const x of [cx - side / 2, cx + side / 2])
      line(
        scene,
        [
          [x - u, y + u],
          [x + u, y - u],
        ],
        u * 0.5,
        palette.ink,
      );
    companions(
      scene,
      [
        [across(1) + (across(0) - across(1)) * 0.14, area.y + u * 11, u * 15],
        [across(0.14), area.y + area.h - u * 11, u * 15],
      ],
      palette.ink,
      { linePx: u * 0.4 },
    );
    if (!scene.wing) frame(scene, { x: m * 0.6, y: m * 0.6, w: w - 1.2 * m, h: h - 1.2 * m }, u * 0.5, palette.ink);
    setStack(
      scene,
      { ...zones.main.rect, y: zones.main.rect.y + u * 2, h: zones.main.rect.h - u * 4 },
      zones.main.phrases,
      {
        font: "mono",
        subFont: "mono",
        align: "left",
        valign: "middle",
        inks: [palette.ink],
        leading: 1.4,
        tracking: 0.04,
        maxCap: 0.36,
      },
    );
    setStrips(scene, zones, "mono", { inks: [palette.ink], valign: "middle" });
    scene.texture = { grain: 0.35, wear: 0.25 };
  },
  panel(scene, area) {
    const { w, h, u, m, inks: palette } = scene;
    frame(scene, { x: m * 0.6, y: m * 0.6, w: w - 1.2 * m, h: h - 1.2 * m }, u * 0.5, palette.ink);
    frame(scene, { x: area.x === 0 ? area.w : area.x, y: m * 0.6, w: 0, h: h - 1.2 * m }, u * 0.35, palette.ink);
  },
};

type Line = readonly (readonly [number, number])[];

function line(scene: Scene, points: Line, widthPx: number, colour: string, dash?: string): void {
  const [[x0, y0] = [0, 0], [x1, y1] = [0, 0]] = points;
  const outline = corners({
    x: Math.min(x0, x1) - widthPx,
    y: Math.min(y0, y1) - widthPx,
    w: Math.abs(x1 - x0) + 2 * widthPx,
    h: Math.abs(y1 - y0) + 2 * widthPx,
  });
  scene.marks.push({
    d: `M${num(x0)} ${num(y0)}L${num(x1)} ${num(y1)}`,
    stroke: { colour, widthPx, ...(dash ? { dash } : {}) },
    outline,
    solid: false,
  });
}

function grid(scene: Scene, area: Rect, pitch: number, colour: string, widthPx: number, opacity: number): void {
  let d = "";
  for (let x = area.x; x <= area.x + area.w + 0.1; x += pitch) d += `M${num(x)} ${num(area.y)}V${num(area.y + area.h)}`;
  for (let y = area.y; y <= area.y + area.h + 0.1; y += pitch) d += `M${num(area.x)} ${num(y)}H${num(area.x + area.w)}`;
  scene.marks.push({ d, stroke: { colour, widthPx }, opacity, outline: corners(area), solid: false });
}

function box(scene: Scene, area: Rect, widthPx: number, colour: string): void {
  const points = corners(area);
  scene.marks.push({
    d: `M${points.map(([x, y]) => `${num(x)} ${num(y)}`).join("L")}Z`,
    stroke: { colour, widthPx },
    outline: points,
    solid: false,
  });
}

function frame(scene: Scene, area: Rect, widthPx: number, colour: string): void {
  const points = corners(area).map(([x, y]) => `${num(x)} ${num(y)}`);
  // In the margin, where no lettering stands.
  scene.marks.push({ d: `M${points.join("L")}Z`, stroke: { colour, widthPx }, outline: [], solid: false });
}
