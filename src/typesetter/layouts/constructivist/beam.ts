import { companions } from "../../composition/companions.ts";
import { bar, disc, rays, ring } from "../../composition/shapes.ts";
import { sign } from "../../composition/sign.ts";
import { type Layout, mirrored, standOut } from "../layout.ts";
import { AGITPROP_INKS, callZones, photoDisc, setCall, slantedGround } from "./kit.ts";

/** Two beams cross the page behind a disc, and the type stands on their slant. */
export const beam: Layout = {
  name: "beam",
  ownGround: true,
  inks: AGITPROP_INKS,
  draw(scene) {
    const { w, h, u, inks: palette, chance, depart } = scene;
    const zones = callZones(scene, { titleAt: ["bottom", "top"], share: 0.34, side: 0.6 });
    const { stage } = zones;
    const { side, x } = mirrored(scene);
    const slope = -side * chance.between(30, 38);
    const cx = x(chance.between(0.54, 0.6));
    const cy = stage.y + stage.h * 0.48;
    const r = Math.min(stage.h * 0.42, w * 0.36) * chance.between(0.94, 1.04);
    if (scene.deal("rays", 2) === 0)
      rays(scene, cx, cy, w + h, 8, chance.between(0, 40), palette.second, { x: 0, y: stage.y, w, h: stage.h });
    bar(scene, cx, cy + r * 0.08, (w + h) * 2, r * 0.66, slope, palette.ink);
    bar(scene, cx, cy + r * 0.68, (w + h) * 2, r * 0.2, slope, palette.accent);
    slantedGround(scene, zones, palette.paper, -side * 8);
    disc(scene, cx, cy, r * 1.1, palette.paper);
    disc(scene, cx, cy, r, palette.accent);
    ring(scene, cx, cy, r * 1.18, u * 0.8, palette.accent);
    const shown = photoDisc(scene, cx, cy, r * 0.9, palette.ink, palette.paper);
    const hero = scene.icons[0];
    if (!shown && hero) sign(scene, hero, cx, cy, r * 1.45, standOut(scene, palette.accent));
    else if (!shown) disc(scene, cx, cy, r * 0.42, standOut(scene, palette.accent));
    companions(
      scene,
      [
        [x(0.15), stage.y + stage.h * 0.24, u * 19],
        [x(0.9), stage.y + stage.h * 0.86, u * 14],
      ],
      palette.ink,
    );
    setCall(scene, zones, {
      font: "russo",
      align: side > 0 ? "left" : "right",
      ground: palette.paper,
      foot: palette.ink,
      angle: -side * chance.between(6, 8) * Math.min(1.2, depart),
    });
  },
};
