import { bar, clipped, disc, photo, polygon, rays, rect, ring } from "../composition/shapes.ts";
import { besidesSecond, group, hasIcons, icon } from "../composition/signs.ts";
import type { Point, Rect } from "../composition/tree.ts";
import { zonesOf } from "../composition/zones.ts";
import { setStack } from "../lettering/typeset.ts";
import { inks, type Layout, setStrips, standOut } from "./layout.ts";

/** A beam across the page, a disc it strikes, and type on the beam's slant. */
export const constructivist: Layout = {
  name: "constructivist",
  inks: [
    inks("#efe3c8", "#191512", "#cf2318", "#9c8f78"),
    inks("#e9dcc0", "#14110f", "#c21f1a", "#33507a"),
    inks("#f1e8d4", "#1b1512", "#d6341f", "#d9a52b"),
  ],
  draw(scene) {
    const { w, h, u, inks: palette, chance, depart } = scene;
    const zones = zonesOf(scene, { titleAt: ["bottom", "top"], share: 0.42, side: 0.6 });
    const { stage } = zones;
    const lean = chance.yes(0.75) ? -1 : 1;
    const angle = lean * chance.between(6, 9) * Math.min(1.2, depart);
    const cx = w * (lean < 0 ? chance.between(0.56, 0.66) : chance.between(0.34, 0.44));
    const cy = stage.y + stage.h * chance.between(0.46, 0.56);
    const r = Math.min(stage.h * 0.44, w * (scene.wing ? 0.33 : 0.4));
    const whole = { x: 0, y: stage.y, w, h: stage.h };
    const from: Point = [lean < 0 ? -u : w + u, stage.y + stage.h * chance.between(0.72, 1)];
    const spread = stage.h * chance.between(0.2, 0.3);
    if (chance.yes(0.5)) rays(scene, cx, cy, w + h, 7, chance.between(0, 50), palette.second, whole);
    const shown = photo(scene, whole, palette.ink, palette.paper);
    const struck = chance.yes(0.5);
    const ground = struck ? palette.ink : palette.accent;
    if (!struck) {
      const slope = angle * 3.2;
      bar(scene, cx, cy + r * 0.62, (w + h) * 2, r * 0.5, slope, palette.ink);
      bar(scene, cx, cy + r * 1.06, (w + h) * 2, r * 0.16, slope, palette.accent);
    }
    disc(scene, cx, cy, r, ground);
    ring(scene, cx, cy, r + u * 3, u * 0.7, ground);
    const wedge: Point[] = [
      from,
      [from[0], from[1] - spread * 2.2],
      [cx + (lean < 0 ? r * 0.2 : -r * 0.2), cy - r * 0.1],
    ];
    if (struck) polygon(scene, clipped(wedge, { x: 0, y: 0, w, h }), palette.accent);
    // Whatever strikes through the stage stops where the lettering begins.
    rect(scene, strip(zones.main.rect, w, u), palette.paper);
    for (let i = 0; i < 3; i++) {
      const y = stage.y + stage.h * (0.08 + i * 0.05);
      bar(
        scene,
        lean < 0 ? w * 0.2 : w * 0.8,
        y,
        w * (0.32 - i * 0.08),
        u * (1.6 - i * 0.4),
        angle * 2.2,
        i === 1 ? palette.accent : palette.ink,
      );
    }
    if (hasIcons(scene) && !shown)
      group(scene, besidesSecond(scene.icons), { cx, cy, side: r * 1.5 }, standOut(scene, ground), {
        angle: angle * 0.5,
      });
    else disc(scene, cx, cy, r * 0.36, standOut(scene, ground));
    const next = scene.icons[1];
    if (next) icon(scene, next, lean < 0 ? w * 0.17 : w * 0.83, stage.y + stage.h * 0.3, u * 17, palette.ink);
    if (zones.foot)
      rect(scene, { x: 0, y: zones.foot.rect.y - u * 2.6, w, h: h - zones.foot.rect.y + u * 2.6 }, palette.ink);
    setStack(scene, zones.main.rect, zones.main.phrases, {
      font: "russo",
      subFont: "narrow",
      align: lean < 0 ? "left" : "right",
      valign: "middle",
      inks: [palette.ink, palette.paper],
      angle,
      leading: 1.2,
    });
    setStrips(scene, zones, "narrow", { inks: [palette.paper, palette.ink], valign: "middle" });
    scene.texture = { grain: 0.5, wear: 0.4 };
  },
};

const strip = (area: Rect, w: number, u: number): Rect => ({ x: -u, y: area.y, w: w + 2 * u, h: area.h });
