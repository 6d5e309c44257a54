import { contrastOf, mixColours } from "../../lib/colour.ts";
import { companions } from "../composition/companions.ts";
import { disc, photo, polygon, rect } from "../composition/shapes.ts";
import { icon } from "../composition/signs.ts";
import type { Point } from "../composition/tree.ts";
import { zonesOf } from "../composition/zones.ts";
import { setStack } from "../lettering/typeset.ts";
import { inks, type Layout, mirrored, setStrips, standOut } from "./layout.ts";

/** A sun, hills behind hills, and the subject on the nearest one. */
export const horizon: Layout = {
  name: "horizon",
  ownGround: true,
  inks: [
    inks("#f6dcb2", "#21243d", "#e0512f", "#7f6a8c"),
    inks("#f5e6c4", "#17352f", "#e98a2e", "#5d8f74"),
    inks("#dfe9e6", "#16324f", "#e4643f", "#6d9bb0"),
  ],
  draw(scene) {
    const { w, h, u, m, inks: palette, chance } = scene;
    const zones = zonesOf(scene, { titleAt: ["top", "bottom"], share: 0.3, ground: palette.ink });
    const land = zones.titleAt === "top" ? zones.stage : { x: 0, y: zones.stage.y, w, h: zones.stage.h + m };
    const r = Math.min(w, land.h) * chance.between(0.26, 0.32);
    const { x: across } = mirrored(scene);
    const sx = across(chance.between(0.3, 0.44));
    const sy = land.y + land.h * 0.42;
    const shown = photo(scene, { x: 0, y: land.y, w, h: land.h * 0.75 }, palette.ink, palette.paper);
    // Whoever stands before the sun has the nearest hill's ink.
    const suns = [palette.accent, palette.second, mixColours(palette.paper, palette.ink, 0.3)];
    const sun = suns.find((colour) => contrastOf(colour, palette.ink) >= 2) ?? palette.paper;
    if (!shown) disc(scene, sx, sy, r, sun);
    const layers = 3 + scene.deal("hills", 3);
    const near = palette.ink;
    for (let i = 0; i < layers; i++) {
      const share = i / (layers - 1);
      const y = land.y + land.h * (0.48 + (0.45 * i) / (layers - 1));
      polygon(
        scene,
        ridge(w, h, y, land.h * (0.13 - 0.02 * i), chance.fork(`ridge ${i}`)),
        i === layers - 1 ? near : mixColours(mixColours(palette.second, palette.paper, 0.45), near, share * 0.5),
      );
    }
    const hero = scene.icons[0];
    const size = Math.min(w * (scene.wing ? 0.64 : 0.5), land.h * 0.56);
    if (hero && !shown) icon(scene, hero, across(0.56), land.y + land.h * 0.93 - size * 0.49, size, near);
    companions(
      scene,
      [
        [across(0.14), land.y + land.h * 0.84, u * 17],
        [across(0.88), land.y + land.h * 0.2, u * 14],
      ],
      near,
    );
    for (let i = 0; i < 3; i++) {
      const y = land.y + land.h * (0.12 + i * 0.1);
      rect(
        scene,
        { x: w * chance.between(0.05, 0.6), y, w: w * chance.between(0.12, 0.25), h: u * 0.7 },
        mixColours(palette.paper, palette.second, 0.5),
      );
    }
    const ground = zones.titleAt === "bottom" ? near : palette.paper;
    if (zones.titleAt === "bottom") rect(scene, { x: -u, y: zones.main.rect.y - m * 0.3, w: w + 2 * u, h }, near);
    if (zones.foot && zones.titleAt !== "bottom")
      rect(scene, { x: -u, y: zones.foot.rect.y - m * 0.5, w: w + 2 * u, h }, near);
    setStack(scene, zones.main.rect, zones.main.phrases, {
      font: "condensed",
      subFont: "narrow",
      align: "centre",
      valign: "middle",
      inks: [standOut(scene, ground), palette.ink, palette.paper],
      leading: 1.22,
      tracking: 0.03,
    });
    setStrips(scene, zones, "narrow", {
      align: "centre",
      valign: "middle",
      inks: [palette.paper, palette.ink],
      tracking: 0.08,
    });
    scene.texture = { grain: 0.5, wear: 0.1 };
  },
};

/** A chain of hills: midpoints moved up and down, finer each time. */
function ridge(
  w: number,
  h: number,
  y: number,
  rough: number,
  chance: { between(low: number, high: number): number },
): readonly Point[] {
  let heights = [chance.between(-1, 1), chance.between(-1, 1), chance.between(-1, 1)];
  for (let round = 0, reach = 0.6; round < 4; round++, reach *= 0.52) {
    heights = heights.flatMap((height, index) => {
      const next = heights[index + 1];
      return next === undefined ? [height] : [height, (height + next) / 2 + chance.between(-reach, reach)];
    });
  }
  const points = heights.map(
    (height, index): Point => [-2 + ((w + 4) * index) / (heights.length - 1), y + height * rough],
  );
  return [...points, [w + 2, h + 2], [-2, h + 2]];
}
