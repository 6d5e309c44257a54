import { contrastOf } from "../../lib/colour.ts";
import { companions } from "../composition/companions.ts";
import { circlePoints, disc, overprint, photo, polygon, ring } from "../composition/shapes.ts";
import { sign } from "../composition/sign.ts";
import type { Point } from "../composition/tree.ts";
import { zonesOf } from "../composition/zones.ts";
import { setStack } from "../lettering/typeset.ts";
import { inks, type Layout, mirrored, setStrips, standOut } from "./layout.ts";

/** Cut paper, laid ink over ink. */
export const modernist: Layout = {
  name: "modernist",
  ownGround: true,
  inks: [
    inks("#f3ead7", "#22252b", "#e4572e", "#f2b134"),
    inks("#efe6d2", "#1f2b3a", "#2a7f8e", "#e9a23b"),
    inks("#f6efe2", "#2b2330", "#d64550", "#3e8e7e"),
  ],
  draw(scene) {
    const { w, u, inks: palette, chance, depart } = scene;
    const zones = zonesOf(scene, { titleAt: ["bottom", "top"], share: 0.32 });
    const { stage } = zones;
    const { x } = mirrored(scene);
    const cy = stage.y + stage.h * (scene.wing ? 0.54 : 0.52);
    const size = Math.min(stage.h, w) * (scene.wing ? 0.47 : 0.5);
    const round = scene.deal("round", 3);
    const cut = (index: number, cx: number, y: number, r: number, fill: string, over: boolean): void => {
      const look = over ? {} : overprint(scene);
      if (index === round) disc(scene, cx, y, r, fill, look);
      else polygon(scene, pebble(cx, y, r, chance.between(0, 90) * depart, chance.between(0.58, 0.8)), fill, look);
    };
    const spread = scene.wing ? 0.16 : 0.22;
    const [left, right] = [0.5 - spread + chance.between(-0.05, 0.05), 0.5 + spread + chance.between(-0.05, 0.05)];
    const drop = stage.h * chance.between(0.05, 0.14);
    cut(0, x(left), cy - drop, size * chance.between(0.56, 0.7), palette.second, false);
    cut(1, x(right), cy + drop * 0.6, size * chance.between(0.5, 0.64), palette.second, false);
    // The sheet on top is opaque: ink printed over three colours would be lost in the darkest.
    const [mx, my] = [x(0.5 + chance.between(-0.03, 0.03)), cy];
    const ground = contrastOf(palette.accent, palette.ink) >= 3.2 || contrastOf(palette.accent, palette.paper) >= 3.2;
    const middle = ground ? palette.accent : palette.paper;
    cut(2, mx, my, size * chance.between(0.82, 0.92), middle, true);
    const shown = photo(
      scene,
      { x: mx - size * 0.62, y: my - size * 0.62, w: size * 1.24, h: size * 1.24 },
      palette.ink,
      palette.paper,
      circlePoints(mx, my, size * 0.6),
    );
    const hero = scene.icons[0];
    const light = standOut(scene, middle);
    if (hero && !shown) sign(scene, hero, mx, my, size * 1.12, light);
    else if (!shown) for (let i = 0; i < 4; i++) ring(scene, mx, my, size * (0.14 + i * 0.1), u * 0.7, light);
    companions(
      scene,
      [
        [x(0.86), stage.y + stage.h * 0.16, size * 0.36],
        [x(0.13), stage.y + stage.h * 0.86, size * 0.3],
      ],
      palette.ink,
    );
    setStack(scene, zones.main.rect, zones.main.phrases, {
      font: "serif",
      subFont: "text",
      align: "left",
      valign: "middle",
      inks: [palette.ink, palette.paper],
      leading: 1.42,
      maxCap: 0.4,
    });
    setStrips(scene, zones, "text");
    scene.texture = { grain: 0.4, wear: 0.15 };
  },
};

/** A circle pressed flat along one axis, and a little pointed. */
const pebble = (cx: number, cy: number, r: number, angle: number, flat: number): readonly Point[] =>
  circlePoints(0, 0, 1).map(([x, y]): Point => {
    const radians = (angle * Math.PI) / 180;
    const px = r * 1.2 * x * (1 + 0.12 * y);
    const py = r * flat * y * (1 - 0.2 * x);
    return [cx + px * Math.cos(radians) - py * Math.sin(radians), cy + px * Math.sin(radians) + py * Math.cos(radians)];
  });
