import { companions } from "../../composition/companions.ts";
import { bar, photo, polygon } from "../../composition/shapes.ts";
import { sign } from "../../composition/sign.ts";
import type { Point } from "../../composition/tree.ts";
import { type Layout, mirrored, standOut } from "../layout.ts";
import { crowd, headsAbove } from "./crowd.ts";
import { AGITPROP_INKS, callZones, clearOf, setCall, slantedGround } from "./kit.ts";

/** A flag on a slanting pole, carried over a crowd. */
export const flag: Layout = {
  name: "flag",
  ownGround: true,
  inks: AGITPROP_INKS,
  draw(scene) {
    const { w, u, inks: palette, chance } = scene;
    const zones = callZones(scene, { titleAt: ["bottom", "top"], share: 0.29, side: 0.9, ground: palette.ink });
    const { side, x } = mirrored(scene);
    const slant = side * -5;
    const { stage } = zones;
    const clear = clearOf(scene, zones, slant);
    const top = clear.y + stage.h * 0.05;
    const drop = clear.h * chance.between(0.54, 0.6);
    const lift = stage.h * chance.between(0.12, 0.18);
    const near = 0.16;
    const far = chance.between(0.97, 1.06);
    // Four corners with a wave along the long sides.
    const wave = (from: number, y: number, to: number, depth: number): readonly Point[] =>
      Array.from({ length: 17 }, (_, i): Point => {
        const share = i / 16;
        return [x(from + (to - from) * share), y - lift * share + Math.sin(share * Math.PI * 2) * depth];
      });
    const cloth = [
      ...wave(near, top + lift, far, stage.h * 0.035),
      ...[...wave(near - 0.07, top + lift + drop, far - 0.07, stage.h * 0.035)].reverse(),
    ];
    polygon(scene, cloth, palette.accent);
    const cx = x((near + far) / 2 - 0.03);
    const cy = top + lift / 2 + drop * 0.47;
    const shown = photo(
      scene,
      { x: Math.min(x(near), x(far)), y: top - lift, w: w * (far - near), h: drop + 2 * lift },
      palette.ink,
      palette.paper,
      cloth,
    );
    const hero = scene.icons[0];
    const light = standOut(scene, palette.accent);
    const heroPx = Math.min(drop * 0.96, w * 0.66);
    if (!shown && hero) sign(scene, hero, cx, cy, heroPx, light, { angle: side * -7 });
    else if (!shown) star(scene, cx, cy, drop * 0.36, light);
    companions(
      scene,
      [
        [x(0.9), stage.y + stage.h * 0.72, u * 15],
        [x(0.09), stage.y + stage.h * 0.12, u * 13],
      ],
      palette.ink,
    );
    const poleTop: Point = [x(near + 0.012), top + lift - stage.h * 0.05];
    const poleFoot: Point = [x(near - 0.19), stage.y + stage.h * 1.2];
    pole(scene, poleTop, poleFoot, u * 1.7, palette.ink);
    // On a low stage the heads would stand before the sign.
    const below = shown ? 0 : cy + heroPx * 0.56 + headsAbove(scene);
    crowd(scene, Math.max(stage.y + stage.h * 0.8, below), stage.h * 0.3 + w * 0.14, palette.ink, palette.second);
    slantedGround(scene, zones, palette.ink, slant);
    setCall(scene, zones, {
      font: "anton",
      align: side > 0 ? "left" : "right",
      ground: palette.ink,
      foot: palette.ink,
    });
  },
};

function pole(scene: Parameters<Layout["draw"]>[0], from: Point, to: Point, widthPx: number, fill: string): void {
  const dx = to[0] - from[0];
  const dy = to[1] - from[1];
  bar(
    scene,
    (from[0] + to[0]) / 2,
    (from[1] + to[1]) / 2,
    Math.hypot(dx, dy),
    widthPx,
    (Math.atan2(dy, dx) * 180) / Math.PI,
    fill,
  );
}

function star(scene: Parameters<Layout["draw"]>[0], cx: number, cy: number, r: number, fill: string): void {
  const points = Array.from({ length: 10 }, (_, i): Point => {
    const angle = (-90 + i * 36) * (Math.PI / 180);
    const reach = i % 2 === 0 ? r : r * 0.4;
    return [cx + reach * Math.cos(angle), cy + reach * Math.sin(angle)];
  });
  polygon(scene, points, fill);
}
