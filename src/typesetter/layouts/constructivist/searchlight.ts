import { companions } from "../../composition/companions.ts";
import { clipped, disc, polygon, ring } from "../../composition/shapes.ts";
import { sign } from "../../composition/sign.ts";
import type { Point } from "../../composition/tree.ts";
import { type Layout, mirrored } from "../layout.ts";
import { AGITPROP_INKS, callZones, photoDisc, setCall, titleGround } from "./kit.ts";

/** Beams of light from the lower corners cross a dark sheet; what they find stands in their crossing. */
export const searchlight: Layout = {
  name: "searchlight",
  ownGround: true,
  inks: AGITPROP_INKS,
  draw(scene) {
    const { w, h, u, inks: palette, chance } = scene;
    const zones = callZones(scene, { titleAt: ["bottom", "top"], share: 0.29, ground: palette.ink });
    const { stage } = zones;
    const { side, x } = mirrored(scene);
    const page = { x: -u, y: -u, w: w + 2 * u, h: h + 2 * u };
    const field = { x: -u, y: stage.y - u, w: w + 2 * u, h: stage.h + 2 * u };
    polygon(
      scene,
      clipped(
        [
          [-u, -u],
          [w + u, -u],
          [w + u, h + u],
          [-u, h + u],
        ],
        page,
      ),
      palette.ink,
    );
    const foot = stage.y + stage.h;
    const cone = (from: number, left: number, right: number, fill: string): void => {
      const points: readonly Point[] = [
        [x(from) - u * 2, foot + u],
        [x(from) + u * 2, foot + u],
        [x(right), stage.y - u],
        [x(left), stage.y - u],
      ];
      polygon(scene, clipped(points, field), fill);
    };
    cone(0.94, chance.between(-0.22, -0.12), chance.between(0.28, 0.36), palette.second);
    cone(0.06, chance.between(0.62, 0.7), chance.between(1.14, 1.24), palette.accent);
    cone(0.5, chance.between(0.36, 0.4), chance.between(0.58, 0.62), palette.accent);
    const r = Math.min(stage.h * 0.38, w * 0.34) * chance.between(0.95, 1.04);
    const cx = x(0.5);
    const cy = stage.y + stage.h * 0.47;
    disc(scene, cx, cy, r, palette.paper);
    ring(scene, cx, cy, r + u * 2.4, u, palette.paper);
    const shown = photoDisc(scene, cx, cy, r, palette.ink, palette.paper);
    const hero = scene.icons[0];
    if (!shown && hero) sign(scene, hero, cx, cy, r * 1.42, palette.ink);
    else if (!shown) disc(scene, cx, cy, r * 0.5, palette.accent);
    companions(
      scene,
      [
        [x(0.12), stage.y + stage.h * 0.84, u * 16],
        [x(0.9), stage.y + stage.h * 0.84, u * 16],
      ],
      palette.paper,
    );
    titleGround(scene, zones, palette.ink);
    setCall(scene, zones, {
      font: "condensed",
      align: side > 0 ? "left" : "right",
      ground: palette.ink,
      foot: palette.accent,
    });
  },
};
