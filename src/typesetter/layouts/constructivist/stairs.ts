import { companions } from "../../composition/companions.ts";
import { bar, disc, ring } from "../../composition/shapes.ts";
import { sign } from "../../composition/sign.ts";
import { type Layout, mirrored, standOut } from "../layout.ts";
import { AGITPROP_INKS, callZones, photoDisc, setCall, slantedGround } from "./kit.ts";

/** Bars climb across the page, each broader than the last, to a disc at their head. */
export const stairs: Layout = {
  name: "stairs",
  ownGround: true,
  inks: AGITPROP_INKS,
  draw(scene) {
    const { w, u, inks: palette, chance } = scene;
    const zones = callZones(scene, { titleAt: ["bottom", "top"], share: 0.29, ground: palette.accent });
    const { stage } = zones;
    const { side, x } = mirrored(scene);
    const slope = -side * chance.between(33, 42);
    const reach = Math.hypot(w, stage.h) * 1.5;
    const step = Math.min(w, stage.h) * chance.between(0.155, 0.175);
    const radians = ((slope + 90) * Math.PI) / 180;
    const [mx, my] = [x(0.42), stage.y + stage.h * 0.62];
    for (let i = 0; i < 6; i++) {
      const off = (i - 1.6) * step * Math.sign(Math.sin(radians));
      const fill = [palette.ink, palette.accent, palette.ink, palette.accent, palette.second, palette.ink][i];
      bar(
        scene,
        mx + off * Math.cos(radians),
        my + off * Math.sin(radians),
        reach,
        step * (0.78 - i * 0.11),
        slope,
        fill ?? palette.ink,
      );
    }
    const r = Math.min(stage.h * 0.4, w * 0.34) * chance.between(0.95, 1.03);
    const cx = x(0.6);
    const cy = stage.y + stage.h * 0.46;
    slantedGround(scene, zones, palette.accent, -side * 7);
    disc(scene, cx, cy, r * 1.1, palette.paper);
    disc(scene, cx, cy, r, palette.ink);
    const shown = photoDisc(scene, cx, cy, r, palette.ink, palette.paper);
    const hero = scene.icons[0];
    if (!shown && hero) sign(scene, hero, cx, cy, r * 1.4, standOut(scene, palette.ink));
    else if (!shown) {
      disc(scene, cx, cy, r * 0.55, palette.accent);
      ring(scene, cx, cy, r * 0.78, u, standOut(scene, palette.ink));
    }
    companions(
      scene,
      [
        [x(0.14), stage.y + stage.h * 0.16, u * 18],
        [x(0.9), stage.y + stage.h * 0.9, u * 13],
      ],
      palette.ink,
    );
    setCall(scene, zones, {
      font: "archivo",
      align: side > 0 ? "left" : "right",
      ground: palette.accent,
      foot: palette.ink,
    });
  },
};
