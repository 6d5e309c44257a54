import { companions } from "../../composition/companions.ts";
import { bar, disc, polygon, rect } from "../../composition/shapes.ts";
import { sign } from "../../composition/sign.ts";
import type { Point } from "../../composition/tree.ts";
import { type Layout, mirrored, standOut } from "../layout.ts";
import { AGITPROP_INKS, callZones, photoDisc, setCall, titleGround } from "./kit.ts";

/** Roofs like saw teeth, chimneys, smoke on a slant, and a great disc over them. */
export const works: Layout = {
  name: "works",
  ownGround: true,
  inks: AGITPROP_INKS,
  draw(scene) {
    const { w, u, inks: palette, chance } = scene;
    const zones = callZones(scene, { titleAt: ["bottom", "top"], share: 0.29, side: 0.9, ground: palette.ink });
    const { stage } = zones;
    const { side, x } = mirrored(scene);
    const low = stage.y + stage.h + u;
    for (let i = 0; i < 3; i++)
      bar(
        scene,
        x(0.3 + 0.1 * i),
        stage.y + stage.h * (0.1 + 0.13 * i),
        w * 1.5,
        stage.h * 0.045,
        -side * chance.between(24, 28),
        palette.second,
      );
    const r = Math.min(stage.h * 0.37, w * 0.37) * chance.between(0.96, 1.04);
    const cx = x(0.6);
    const cy = stage.y + stage.h * 0.42;
    disc(scene, cx, cy, r, palette.accent);
    const shown = photoDisc(scene, cx, cy, r * 0.92, palette.ink, palette.paper);
    const roof = stage.y + stage.h * chance.between(0.76, 0.8);
    const chimneys = [0.07, 0.19, 0.31];
    chimneys.forEach((share, index) => {
      const wide = w * (0.062 - 0.008 * index);
      const top = stage.y + stage.h * (0.2 + 0.16 * index) * chance.between(0.92, 1.08);
      const middle = x(share);
      const shaft: readonly Point[] = [
        [middle - wide * 0.36, top],
        [middle + wide * 0.36, top],
        [middle + wide * 0.62, low],
        [middle - wide * 0.62, low],
      ];
      polygon(scene, shaft, palette.ink);
      rect(
        scene,
        { x: middle - wide * 0.41, y: top + stage.h * 0.05, w: wide * 0.82, h: stage.h * 0.035 },
        palette.accent,
      );
    });
    const teeth = 5;
    const pitch = (w * 1.06) / teeth;
    for (let i = 0; i < teeth; i++) {
      const from = -0.03 * w + i * pitch;
      const peak = side > 0 ? from : from + pitch;
      polygon(
        scene,
        [
          [from - 1, roof + pitch * 0.52],
          [peak, roof],
          [from + pitch + 1, roof + pitch * 0.52],
          [from + pitch + 1, low],
          [from - 1, low],
        ],
        palette.ink,
      );
    }
    const hero = scene.icons[0];
    const light = standOut(scene, palette.accent);
    if (!shown && hero) sign(scene, hero, cx, cy - r * 0.04, r * 1.36, light);
    else if (!shown) disc(scene, cx, cy, r * 0.44, light);
    companions(
      scene,
      [
        [x(0.9), stage.y + stage.h * 0.11, u * 16],
        [x(0.07), stage.y + stage.h * 0.09, u * 12],
      ],
      palette.ink,
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
