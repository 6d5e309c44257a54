import { contrastOf } from "../../lib/colour.ts";
import { companions } from "../composition/companions.ts";
import type { Scene } from "../composition/scene.ts";
import { clipped, disc, photo, polygon, rect, ring } from "../composition/shapes.ts";
import { sign } from "../composition/sign.ts";
import type { Point, Rect } from "../composition/tree.ts";
import { zonesOf } from "../composition/zones.ts";
import { setStack } from "../lettering/typeset.ts";
import type { Icon } from "../signs/icons.ts";
import { inks, type Layout, mirrored, setStrips, standOut } from "./layout.ts";

/** A grid, much air, one large form cut by the page, and grotesque type flush left. */
export const swiss: Layout = {
  name: "swiss",
  inks: [
    inks("#f4f1ea", "#121212", "#e3231b", "#c9c5bb"),
    inks("#e3231b", "#0d0a09", "#f8f4ea", "#0d0a09"),
    inks("#f5c800", "#111111", "#111111", "#ffffff"),
    inks("#f2efe8", "#10131a", "#1747d1", "#c3c8d2"),
  ],
  draw(scene) {
    const { w, u, inks: palette, chance } = scene;
    const zones = zonesOf(scene, { titleAt: ["top", "bottom"], share: 0.38 });
    const { stage } = zones;
    const form = scene.deal("form", 4);
    const { x } = mirrored(scene);
    // The form stands whole: a circle that misses the edge by a little would look like a mistake.
    const side = Math.min(stage.h * 0.9, w * (scene.wing ? 0.96 : 0.8)) * chance.between(scene.wing ? 0.88 : 0.7, 1);
    const cx = scene.wing ? w / 2 : x(1 - (side / 2 + scene.m * chance.between(0.5, 1.7)) / w);
    const cy = stage.y + stage.h * (scene.wing ? 0.6 : 0.5);
    const shown = photo(
      scene,
      { x: w * 0.32, y: stage.y + scene.m * 0.5, w: w * 0.68, h: stage.h - scene.m },
      palette.ink,
      palette.paper,
    );
    const hero = scene.icons[0];
    if (shown)
      rect(scene, { x: scene.m, y: stage.y + scene.m * 0.5, w: w * 0.32 - 2 * scene.m, h: u * 2 }, palette.accent);
    else if (hero) subject(scene, hero, form, cx, cy, side);
    else abstract(scene, form, stage, cx, cy, side);
    companions(
      scene,
      [
        [x(0.12), stage.y + stage.h * 0.82, u * 15],
        [x(0.12), stage.y + stage.h * 0.5, u * 12],
      ],
      palette.ink,
    );
    setStack(scene, zones.main.rect, zones.main.phrases, {
      font: "archivo",
      subFont: "text",
      align: "left",
      valign: zones.titleAt === "bottom" ? "bottom" : "top",
      inks: [palette.ink, palette.paper],
      leading: 1.2,
      maxCap: chance.between(0.3, 0.46),
    });
    if (zones.foot)
      rect(
        scene,
        { x: scene.m, y: zones.foot.rect.y - u * 1.6, w: w - 2 * scene.m, h: Math.max(2, u * 0.5) },
        palette.ink,
      );
    setStrips(scene, zones, "text", { valign: "top" });
    scene.texture = { grain: 0.12, wear: 0 };
  },
};

/** The sign on a disc, on a square, cut out of a field that bleeds, or for itself. */
function subject(scene: Scene, hero: Icon, form: number, cx: number, cy: number, side: number): void {
  const { w, inks: palette } = scene;
  const plain = contrastOf(palette.accent, palette.paper) <= 1.6;
  const ground = plain ? palette.ink : palette.accent;
  if (form === 0) disc(scene, cx, cy, side * 0.5, ground);
  else if (form === 1)
    rect(scene, { x: cx - side * 0.46, y: cy - side * 0.46, w: side * 0.92, h: side * 0.92 }, ground);
  else if (form === 2) {
    const [from, to] = cx < w / 2 ? [-2, cx + side * 0.5] : [cx - side * 0.5, w + 2];
    rect(scene, { x: from, y: cy - side * 0.47, w: to - from, h: side * 0.94 }, ground);
  }
  const own = form === 3;
  sign(scene, hero, cx, cy, side * (own ? 1 : 0.7), own ? ground : standOut(scene, ground));
}

/** A disc, a stack of bars that grow, a target, or a corner. */
function abstract(scene: Scene, form: number, stage: Rect, cx: number, cy: number, side: number): void {
  const { w, inks: palette } = scene;
  if (form === 0) disc(scene, cx, cy, side * 0.5, palette.accent);
  else if (form === 1) {
    const step = side / 9;
    for (let i = 0; i < 9; i++) {
      const y = stage.y + (stage.h - side) / 2 + i * step;
      const fill = i === 4 ? palette.ink : palette.accent;
      rect(scene, { x: w * (0.3 + 0.04 * i), y, w, h: step * (0.12 + i * 0.085) }, fill);
    }
  } else if (form === 2) {
    for (let i = 0; i < 5; i++)
      ring(scene, cx, cy, side * (0.47 - i * 0.095), side * 0.05, i % 2 === 0 ? palette.accent : palette.ink);
  } else {
    const corner: readonly Point[] = [
      [w * 0.26, stage.y + stage.h * 0.94],
      [w * 1.1, stage.y + stage.h * 0.94],
      [w * 1.1, stage.y + stage.h * 0.02],
    ];
    polygon(scene, clipped(corner, { x: 0, y: 0, w, h: scene.h }), palette.accent);
    disc(scene, w * 0.34, stage.y + stage.h * 0.3, side * 0.12, palette.ink);
  }
}
