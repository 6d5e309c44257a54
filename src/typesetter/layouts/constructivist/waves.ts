import { companions } from "../../composition/companions.ts";
import { clipped, disc, polygon, ring } from "../../composition/shapes.ts";
import { sign } from "../../composition/sign.ts";
import type { Point } from "../../composition/tree.ts";
import { type Layout, mirrored, standOut } from "../layout.ts";
import { AGITPROP_INKS, callZones, photoDisc, setCall, slantedGround } from "./kit.ts";

/** Waves go out from a corner, and a wedge of them is lit. */
export const waves: Layout = {
  name: "waves",
  ownGround: true,
  inks: AGITPROP_INKS,
  draw(scene) {
    const { w, h, u, inks: palette, chance } = scene;
    const zones = callZones(scene, { titleAt: ["bottom", "top"], share: 0.3, side: 0.9, ground: palette.accent });
    const { stage } = zones;
    const { side, x } = mirrored(scene);
    const [ox, oy] = [x(0.02), stage.y + stage.h * (zones.titleAt === "top" ? 1.02 : 0.96)];
    const reach = Math.hypot(w, stage.h) * 1.05;
    const step = reach / chance.between(8.2, 9.4);
    for (let i = 9; i >= 2; i--) disc(scene, ox, oy, i * step, i % 2 === 0 ? palette.paper : palette.ink);
    const lit = (degrees: number): Point => {
      const radians = (degrees * Math.PI) / 180;
      return [ox + side * reach * 1.3 * Math.cos(radians), oy - reach * 1.3 * Math.sin(radians)];
    };
    const mid = (Math.atan2(stage.h * 0.5, w * 0.56) * 180) / Math.PI;
    const half = chance.between(12, 15);
    const field = { x: -u, y: stage.y - u, w: w + 2 * u, h: h - stage.y + 2 * u };
    polygon(scene, clipped([[ox, oy], lit(mid - half), lit(mid + half)], field), palette.accent);
    disc(scene, ox, oy, step * 1.5, palette.second);
    const r = Math.min(stage.h * 0.36, w * 0.33) * chance.between(0.95, 1.04);
    const cx = x(0.58);
    const cy = stage.y + stage.h * 0.47;
    slantedGround(scene, zones, palette.accent, side * 6);
    disc(scene, cx, cy, r * 1.1, palette.paper);
    disc(scene, cx, cy, r, palette.ink);
    const shown = photoDisc(scene, cx, cy, r, palette.ink, palette.paper);
    const hero = scene.icons[0];
    const light = standOut(scene, palette.ink);
    if (!shown && hero) sign(scene, hero, cx, cy, r * 1.46, light);
    else if (!shown) ring(scene, cx, cy, r * 0.55, r * 0.2, light);
    companions(
      scene,
      [
        [x(0.15), stage.y + stage.h * 0.2, u * 19],
        [x(0.88), stage.y + stage.h * 0.86, u * 15],
      ],
      palette.accent,
    );
    setCall(scene, zones, {
      font: "anton",
      align: side > 0 ? "left" : "right",
      ground: palette.accent,
      foot: palette.ink,
    });
  },
};
