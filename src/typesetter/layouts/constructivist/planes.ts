import { companions } from "../../composition/companions.ts";
import { bar, disc, photo } from "../../composition/shapes.ts";
import { sign } from "../../composition/sign.ts";
import { corners, rotate } from "../../composition/tree.ts";
import { type Layout, mirrored, standOut } from "../layout.ts";
import { AGITPROP_INKS, callZones, clearOf, setCall, slantedGround, splinters } from "./kit.ts";

/** Tilted planes hang in the air, the largest with the sign. */
export const planes: Layout = {
  name: "planes",
  ownGround: true,
  inks: AGITPROP_INKS,
  draw(scene) {
    const { w, h, u, inks: palette, chance, depart } = scene;
    const zones = callZones(scene, { titleAt: ["top", "bottom"], share: 0.31, side: 0.8 });
    const { stage } = zones;
    const { side, x } = mirrored(scene);
    const tilt = -side * chance.between(17, 24);
    const slant = -side * 6;
    const clear = clearOf(scene, zones, slant);
    const big = Math.min(clear.h * 0.66, w * 0.56) * chance.between(0.95, 1.05);
    const cx = x(0.54);
    const cy = clear.y + clear.h * 0.5;
    disc(scene, x(0.27), clear.y + Math.max(clear.h * 0.3, big * 0.39), big * 0.38, palette.second);
    bar(scene, x(0.34), stage.y + stage.h * 0.7, (w + h) * 0.62, big * 0.16, tilt + side * 62, palette.ink);
    const square = corners({ x: cx - big / 2, y: cy - big / 2, w: big, h: big }).map((point) =>
      rotate(point, tilt, [cx, cy]),
    );
    bar(scene, cx, cy, big, big, tilt, palette.accent);
    const reach = big * 0.72;
    const shown = photo(
      scene,
      { x: cx - reach, y: cy - reach, w: 2 * reach, h: 2 * reach },
      palette.ink,
      palette.paper,
      square,
    );
    const hero = scene.icons[0];
    const light = standOut(scene, palette.accent);
    if (!shown && hero) sign(scene, hero, cx, cy, big * 0.86, light, { angle: tilt * 0.6 });
    else if (!shown) disc(scene, cx, cy, big * 0.28, light);
    bar(scene, x(0.88), stage.y + stage.h * 0.84, w * 0.5, big * 0.1, tilt, palette.ink);
    bar(scene, x(0.84), stage.y + stage.h * 0.14, w * 0.3, big * 0.06, tilt, palette.ink);
    splinters(scene, x(0.14), stage.y + stage.h * 0.9, tilt, [palette.accent, palette.ink]);
    companions(
      scene,
      [
        [x(0.2), stage.y + stage.h * 0.28, u * 16],
        [x(0.9), stage.y + stage.h * 0.3, u * 13],
      ],
      palette.ink,
    );
    // Bars that fly into the title would leave their tips beside its letters.
    slantedGround(scene, zones, palette.paper, slant);
    setCall(scene, zones, {
      font: "russo",
      align: side > 0 ? "left" : "right",
      ground: palette.paper,
      foot: palette.accent,
      angle: -side * chance.between(5, 7) * Math.min(1.2, depart),
    });
  },
};
