import { companions } from "../../composition/companions.ts";
import { clipped, disc, polygon, ring } from "../../composition/shapes.ts";
import { sign } from "../../composition/sign.ts";
import type { Point } from "../../composition/tree.ts";
import type { Zones } from "../../composition/zones.ts";
import { type Layout, mirrored, standOut } from "../layout.ts";
import { AGITPROP_INKS, callZones, photoDisc, setCall } from "./kit.ts";

/** A voice, drawn as a striped cone that opens from the disc across the whole sheet. */
export const megaphone: Layout = {
  name: "megaphone",
  ownGround: true,
  inks: AGITPROP_INKS,
  draw(scene) {
    const { w, h, u, inks: palette, chance } = scene;
    const zones = callZones(scene, { titleAt: ["bottom", "top"], share: 0.29, side: 0.9 });
    const { stage } = zones;
    const { side, x } = mirrored(scene);
    const r = Math.min(stage.h * 0.32, w * 0.28) * chance.between(0.96, 1.05);
    const cx = x(0.33);
    const cy = stage.y + stage.h * 0.54;
    const field = { x: -u, y: stage.y - u, w: w + 2 * u, h: stage.h + 2 * u };
    const tops = [-0.34, 0.02, 0.26, 0.52, 0.8, 1.26];
    const fills = [palette.ink, palette.accent, palette.second, palette.ink, palette.accent];
    fills.forEach((fill, index) => {
      const [from, to] = [tops[index] ?? 0, tops[index + 1] ?? 1];
      const near = (share: number) => cy + r * (share - 0.46) * 1.05;
      const points: readonly Point[] = [
        [cx, near(from)],
        [x(1.04), stage.y + stage.h * from],
        [x(1.04), stage.y + stage.h * to],
        [cx, near(to)],
      ];
      polygon(scene, clipped(points, field), fill);
    });
    disc(scene, cx, cy, r * 1.14, palette.paper);
    disc(scene, cx, cy, r, palette.accent);
    ring(scene, cx, cy, r * 1.24, u * 0.9, palette.ink);
    const shown = photoDisc(scene, cx, cy, r, palette.ink, palette.paper);
    const hero = scene.icons[0];
    if (!shown && hero) sign(scene, hero, cx, cy, r * 1.44, standOut(scene, palette.accent));
    else if (!shown) disc(scene, cx, cy, r * 0.5, standOut(scene, palette.accent));
    companions(
      scene,
      [
        [x(0.16), stage.y + stage.h * 0.14, u * 15],
        [x(0.14), stage.y + stage.h * 0.92, u * 12],
      ],
      palette.ink,
    );
    slab(scene, zones, h);
    setCall(scene, zones, {
      font: "archivo",
      align: side > 0 ? "left" : "right",
      ground: palette.paper,
      foot: palette.ink,
    });
  },
};

/** A heavy rule between picture and call. */
function slab(scene: Parameters<Layout["draw"]>[0], zones: Zones, h: number): void {
  if (scene.wing) return;
  const { w, u, inks: palette } = scene;
  const y = zones.titleAt === "top" ? zones.stage.y + 2.6 * u : zones.stage.y + zones.stage.h - 2.6 * u;
  if (y <= 0 || y >= h) return;
  polygon(
    scene,
    [
      [-u, y - u],
      [w + u, y - u],
      [w + u, y + u],
      [-u, y + u],
    ],
    palette.ink,
  );
}
