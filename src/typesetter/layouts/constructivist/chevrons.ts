import { companions } from "../../composition/companions.ts";
import { clipped, disc, polygon } from "../../composition/shapes.ts";
import { sign } from "../../composition/sign.ts";
import type { Point } from "../../composition/tree.ts";
import { type Layout, standOut } from "../layout.ts";
import { AGITPROP_INKS, callZones, photoDisc, setCall, titleGround } from "./kit.ts";

/** Arrowheads one in the other, all pointing where it goes. */
export const chevrons: Layout = {
  name: "chevrons",
  ownGround: true,
  inks: AGITPROP_INKS,
  draw(scene) {
    const { w, h, u, inks: palette, chance } = scene;
    const zones = callZones(scene, { titleAt: ["bottom", "top"], share: 0.29, side: 0.9, ground: palette.ink });
    const { stage } = zones;
    const field = { x: -u, y: stage.y - u, w: w + 2 * u, h: h - stage.y + 2 * u };
    // Pointing up, or to one side.
    const turn = scene.deal("towards", 3);
    const cx = w / 2;
    const cy = stage.y + stage.h / 2;
    const reach = Math.max(w, stage.h);
    const step = reach * chance.between(0.2, 0.235);
    const head = (tip: number): readonly Point[] => {
      // A triangle whose tip lies `tip` ahead of the middle, wide enough to leave the page.
      const half = reach * 1.5;
      const back = tip - half * 0.78;
      const points: readonly Point[] = [
        [0, -tip],
        [half, -back],
        [-half, -back],
      ];
      return points.map(
        ([px, py]): Point => (turn === 0 ? [cx + px, cy + py] : turn === 1 ? [cx - py, cy + px] : [cx + py, cy - px]),
      );
    };
    const fills = [palette.ink, palette.accent, palette.second, palette.ink, palette.accent, palette.ink];
    const first = (turn === 0 ? stage.h : w) * 0.62;
    fills.forEach((fill, index) => {
      polygon(scene, clipped(head(first - index * step), field), fill);
    });
    const r = Math.min(stage.h * 0.36, w * 0.32) * chance.between(0.95, 1.03);
    const middle: Point = turn === 0 ? [cx, cy + stage.h * 0.08] : [cx + (turn === 1 ? -0.08 : 0.08) * w, cy];
    disc(scene, middle[0], middle[1], r * 1.12, palette.paper);
    disc(scene, middle[0], middle[1], r, palette.accent);
    const shown = photoDisc(scene, middle[0], middle[1], r, palette.ink, palette.paper);
    const hero = scene.icons[0];
    const light = standOut(scene, palette.accent);
    if (!shown && hero) sign(scene, hero, middle[0], middle[1], r * 1.42, light);
    else if (!shown) disc(scene, middle[0], middle[1], r * 0.46, light);
    companions(
      scene,
      [
        [w * 0.13, stage.y + stage.h * 0.14, u * 17],
        [w * 0.87, stage.y + stage.h * 0.14, u * 17],
      ],
      palette.ink,
    );
    titleGround(scene, zones, palette.ink);
    setCall(scene, zones, {
      font: "anton",
      align: "centre",
      ground: palette.ink,
      foot: palette.accent,
    });
  },
};
