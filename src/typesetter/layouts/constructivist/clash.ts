import { companions } from "../../composition/companions.ts";
import { clipped, disc, photo, polygon } from "../../composition/shapes.ts";
import { sign } from "../../composition/sign.ts";
import type { Point } from "../../composition/tree.ts";
import { type Layout, mirrored, standOut } from "../layout.ts";
import { AGITPROP_INKS, callZones, clearOf, setCall, slantedGround, splinters } from "./kit.ts";

/** The sheet torn in two along a diagonal, one colossal sign over both halves. */
export const clash: Layout = {
  name: "clash",
  ownGround: true,
  inks: AGITPROP_INKS,
  draw(scene) {
    const { w, h, u, inks: palette, chance } = scene;
    const zones = callZones(scene, { titleAt: ["bottom", "top"], share: 0.29, side: 0.9 });
    const { side, x } = mirrored(scene);
    const slant = side * 7;
    const { stage } = zones;
    const clear = clearOf(scene, zones, slant);
    const low = zones.titleAt === "bottom" ? h : stage.y + stage.h;
    const field = { x: -u, y: stage.y - u, w: w + 2 * u, h: low - stage.y + 2 * u };
    const [a, b] = [chance.between(0.62, 0.72), chance.between(0.2, 0.3)];
    const half = (from: number): readonly Point[] => [
      [x(a), stage.y - u],
      [x(from), stage.y - u],
      [x(from), low + u],
      [x(b), low + u],
    ];
    polygon(scene, clipped(half(-0.05), field), palette.ink);
    polygon(scene, clipped(half(1.05), field), palette.accent);
    const size = Math.min(clear.h * 0.94, w * 0.86) * chance.between(0.95, 1.02);
    const cx = w / 2;
    const cy = clear.y + clear.h * 0.5;
    const frame: readonly Point[] = [
      [cx, cy - size * 0.5],
      [cx + size * 0.5, cy],
      [cx, cy + size * 0.5],
      [cx - size * 0.5, cy],
    ];
    const shown = photo(
      scene,
      { x: cx - size / 2, y: cy - size / 2, w: size, h: size },
      palette.ink,
      palette.paper,
      frame,
    );
    splinters(scene, x(0.84), clear.y + clear.h * 0.14, -side * 38, [palette.second, palette.paper]);
    const hero = scene.icons[0];
    if (!shown && hero) sign(scene, hero, cx, cy, size, palette.paper);
    else if (!shown) disc(scene, cx, cy, size * 0.34, standOut(scene, palette.ink));
    companions(
      scene,
      [
        [x(0.12), stage.y + stage.h * 0.14, u * 15],
        [x(0.88), stage.y + stage.h * 0.88, u * 15],
      ],
      palette.paper,
    );
    slantedGround(scene, zones, palette.paper, slant);
    setCall(scene, zones, {
      font: "russo",
      align: side > 0 ? "left" : "right",
      ground: palette.paper,
      foot: palette.ink,
    });
  },
};
