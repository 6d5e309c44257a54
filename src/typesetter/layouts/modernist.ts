import { circlePoints, disc, photo, polygon, ring } from "../composition/shapes.ts";
import { besidesSecond, group, hasIcons, icon } from "../composition/signs.ts";
import type { Point } from "../composition/tree.ts";
import { zonesOf } from "../composition/zones.ts";
import { setStack } from "../lettering/typeset.ts";
import { inks, type Layout, setStrips } from "./layout.ts";

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
    const colours = [palette.accent, palette.second, palette.accent, palette.second] as const;
    const cy = stage.y + stage.h * 0.52;
    const size = Math.min(stage.h, w) * (scene.wing ? 0.42 : 0.5);
    const shown = photo(
      scene,
      { x: w * 0.14, y: stage.y + stage.h * 0.12, w: w * 0.6, h: stage.h * 0.78 },
      palette.ink,
      palette.paper,
    );
    for (let i = 0; i < 3; i++) {
      const x = w * (scene.wing ? 0.34 + 0.16 * i : 0.26 + 0.24 * i) + chance.between(-0.05, 0.05) * w;
      const y = cy + (i % 2 === 0 ? -1 : 1) * stage.h * chance.between(0.03, 0.12);
      const r = size * chance.between(0.62, 0.82) * (i === 1 ? 1.1 : 0.85);
      const fill = colours[i] ?? palette.accent;
      if (chance.yes(0.45)) disc(scene, x, y, r, fill, { multiply: true });
      else
        polygon(scene, pebble(x, y, r, chance.between(0, 90) * depart, chance.between(0.58, 0.8)), fill, {
          multiply: true,
        });
    }
    if (hasIcons(scene) && !shown)
      group(scene, besidesSecond(scene.icons), { cx: w / 2, cy, side: size * 1.35 }, palette.ink);
    else if (!shown)
      for (let i = 0; i < 4; i++) ring(scene, w * 0.5, cy, size * (0.2 + i * 0.13), u * 0.6, palette.ink);
    const next = scene.icons[1];
    if (next) icon(scene, next, w * 0.84, stage.y + stage.h * 0.2, size * 0.36, palette.ink);
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
