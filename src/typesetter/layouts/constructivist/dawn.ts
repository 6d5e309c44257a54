import { companions } from "../../composition/companions.ts";
import { disc, polygon, rays } from "../../composition/shapes.ts";
import { sign } from "../../composition/sign.ts";
import type { Zones } from "../../composition/zones.ts";
import { type Layout, mirrored, standOut } from "../layout.ts";
import { AGITPROP_INKS, callZones, clearOf, photoDisc, setCall, slantedGround } from "./kit.ts";

/** Rays from the horizon fill the sheet behind one dark figure. */
export const dawn: Layout = {
  name: "dawn",
  ownGround: true,
  inks: AGITPROP_INKS,
  draw(scene) {
    const { w, h, u, inks: palette, chance } = scene;
    const zones = callZones(scene, { titleAt: ["bottom", "top"], share: 0.29, side: 0.9, ground: palette.ink });
    const { side, x } = mirrored(scene);
    const slant = side * 6;
    const { stage } = zones;
    const clear = clearOf(scene, zones, slant);
    const corner = scene.deal("source", 2) === 1;
    const ox = corner ? x(0.02) : w / 2;
    const oy = stage.y + stage.h * (corner ? 0.98 : chance.between(0.6, 0.7));
    const field = { x: -u, y: stage.y - u, w: w + 2 * u, h: h - stage.y + 2 * u };
    rays(scene, ox, oy, w + h, corner ? 13 : chance.whole(10, 13), chance.between(0, 12), palette.accent, field);
    const size = Math.min(clear.h * (corner ? 0.94 : 0.92), w * 0.8) * chance.between(0.94, 1.02);
    const cx = corner ? x(0.56) : w / 2;
    const cy = clear.y + clear.h * 0.5;
    const r = size * 0.47;
    if (corner) {
      disc(scene, ox, oy, w * 0.26, palette.accent);
      disc(scene, ox, oy, w * 0.2, palette.second);
    } else disc(scene, cx, cy, r * 1.12, palette.accent);
    const shown = photoDisc(scene, cx, cy, r, palette.ink, palette.paper);
    const hero = scene.icons[0];
    if (!shown && hero)
      sign(scene, hero, cx, cy, size * (corner ? 1 : 0.84), corner ? palette.ink : standOut(scene, palette.accent));
    else if (!shown)
      polygon(
        scene,
        [
          [cx - r * 0.7, cy + r * 0.66],
          [cx + r * 0.7, cy + r * 0.66],
          [cx, cy - r * 0.8],
        ],
        corner ? palette.ink : standOut(scene, palette.accent),
      );
    companions(
      scene,
      [
        [x(0.13), stage.y + stage.h * 0.16, u * 17],
        [x(0.87), stage.y + stage.h * 0.16, u * 17],
      ],
      palette.ink,
    );
    slantedGround(scene, zones, palette.ink, slant);
    if (!scene.wing) edgeLine(scene, zones, slant);
    setCall(scene, zones, { font: "anton", align: "centre", ground: palette.ink, foot: palette.ink });
  },
};

/** A lighter line along the edge of the title's ground. */
function edgeLine(scene: Parameters<Layout["draw"]>[0], zones: Zones, degrees: number): void {
  const { u } = scene;
  const moved = (dy: number) => ({
    ...zones,
    main: { ...zones.main, rect: { ...zones.main.rect, y: zones.main.rect.y + dy } },
  });
  const { ink, paper } = scene.inks;
  const towards = zones.titleAt === "top" ? 1 : -1;
  slantedGround(scene, moved(towards * u * 2.4), paper, degrees);
  slantedGround(scene, moved(towards * u * 1.2), ink, degrees);
  slantedGround(scene, zones, ink, degrees);
}
