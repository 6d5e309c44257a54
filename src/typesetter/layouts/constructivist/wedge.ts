import { companions } from "../../composition/companions.ts";
import { clipped, disc, polygon } from "../../composition/shapes.ts";
import { sign } from "../../composition/sign.ts";
import type { Point } from "../../composition/tree.ts";
import { type Layout, mirrored } from "../layout.ts";
import { AGITPROP_INKS, callZones, clearOf, photoDisc, setCall, slantedGround, splinters } from "./kit.ts";

/** A wedge drives into a disc on the dark half of the sheet. */
export const wedge: Layout = {
  name: "wedge",
  ownGround: true,
  inks: AGITPROP_INKS,
  draw(scene) {
    const { w, h, u, inks: palette, chance } = scene;
    const zones = callZones(scene, { titleAt: ["bottom", "top"], share: 0.31, side: 0.8 });
    const { side, x } = mirrored(scene);
    const slant = side * -7;
    const { stage } = zones;
    const clear = clearOf(scene, zones, slant);
    const low = zones.titleAt === "bottom" ? h : stage.y + stage.h;
    const whole = { x: -u, y: -u, w: w + 2 * u, h: h + 2 * u };
    const dark: readonly Point[] = [
      [x(chance.between(0.36, 0.46)), stage.y - u],
      [x(1.05), stage.y - u],
      [x(1.05), low + u],
      [x(-0.06), low + u],
    ];
    polygon(scene, clipped(dark, whole), palette.ink);
    const r = Math.min(clear.h * 0.46, w * 0.36) * chance.between(0.94, 1.04);
    const cx = x(0.63);
    const cy = clear.y + clear.h * chance.between(0.49, 0.53);
    disc(scene, cx, cy, r, palette.paper);
    const shown = photoDisc(scene, cx, cy, r * 0.94, palette.ink, palette.paper);
    const tip: Point = [cx - side * r * chance.between(0.34, 0.5), cy - r * 0.16];
    polygon(
      scene,
      clipped(
        [
          [x(-0.05), stage.y + stage.h * chance.between(-0.06, 0.08)],
          tip,
          [x(-0.05), stage.y + stage.h * chance.between(0.66, 0.8)],
        ],
        whole,
      ),
      palette.accent,
    );
    const hero = scene.icons[0];
    if (!shown && hero) sign(scene, hero, cx + side * r * 0.16, cy + r * 0.1, r * 1.22, palette.ink);
    else if (!shown) disc(scene, cx + side * r * 0.3, cy + r * 0.2, r * 0.4, palette.ink);
    splinters(scene, x(0.2), stage.y + stage.h * 0.84, side * -28, [palette.second, palette.accent, palette.ink]);
    companions(
      scene,
      [
        [x(0.15), stage.y + stage.h * 0.36, u * 19],
        [x(0.88), stage.y + stage.h * 0.12, u * 13],
      ],
      palette.paper,
    );
    slantedGround(scene, zones, palette.paper, slant);
    setCall(scene, zones, {
      font: "russo",
      align: side > 0 ? "left" : "right",
      ground: palette.paper,
      foot: palette.accent,
      angle: side * -5 * Math.min(1, scene.depart),
    });
  },
};
