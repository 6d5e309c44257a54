import { companions } from "../composition/companions.ts";
import { circlePoints, disc, photo, rays, rect, ring } from "../composition/shapes.ts";
import { sign } from "../composition/sign.ts";
import { zonesOf } from "../composition/zones.ts";
import { setStack } from "../lettering/typeset.ts";
import { inks, type Layout, mirrored, setStrips, standOut } from "./layout.ts";

/** Rays from behind a silhouette, and a solid band that carries the call. */
export const sunburst: Layout = {
  name: "sunburst",
  inks: [
    inks("#f6d873", "#231815", "#d9321f", "#f2b632"),
    inks("#f7e7c4", "#1d2440", "#e2502a", "#f1b24a"),
    inks("#dff0ea", "#10303a", "#e4572e", "#8ecfc0"),
  ],
  draw(scene) {
    const { w, h, u, m, inks: palette, chance } = scene;
    const zones = zonesOf(scene, { titleAt: ["bottom", "top", "bottom"], share: 0.32, ground: palette.ink });
    const { stage } = zones;
    const { x } = mirrored(scene);
    const cx = x(chance.between(0.4, 0.52));
    const bandTop = zones.titleAt === "top" ? 0 : zones.main.rect.y - m * 0.5;
    const bandBottom =
      zones.titleAt === "bottom"
        ? h
        : zones.titleAt === "top"
          ? zones.main.rect.y + zones.main.rect.h + m * 0.5
          : zones.main.rect.y + zones.main.rect.h + m * 0.5;
    const art =
      zones.titleAt === "top"
        ? { x: 0, y: bandBottom, w, h: (zones.foot ? zones.foot.rect.y - m * 0.4 : h) - bandBottom }
        : { x: 0, y: 0, w, h: zones.titleAt === "middle" ? h : bandTop };
    const r = Math.min(w, stage.h) * chance.between(0.33, 0.38);
    const cy = zones.titleAt === "middle" ? zones.main.rect.y - r * 0.72 : art.y + art.h * chance.between(0.5, 0.58);
    rays(scene, cx, cy, w + h, chance.whole(12, 18), chance.between(0, 14), palette.accent, art);
    disc(scene, cx, cy, r * 1.18, palette.paper);
    ring(scene, cx, cy, r * 1.18, u * 0.8, palette.ink);
    const shown = photo(
      scene,
      { x: cx - r * 1.1, y: cy - r * 1.1, w: r * 2.2, h: r * 2.2 },
      palette.ink,
      palette.paper,
      circlePoints(cx, cy, r * 1.1),
    );
    const hero = scene.icons[0];
    if (hero && !shown) sign(scene, hero, cx, cy, r * 1.7, palette.ink);
    else if (!shown) disc(scene, cx, cy, r * 0.82, palette.accent);
    companions(
      scene,
      [
        [x(0.88), art.y + u * 12, u * 16],
        [x(0.88), art.y + art.h - u * 14, u * 15],
      ],
      palette.ink,
    );
    const solid = palette.ink;
    rect(scene, { x: 0, y: bandTop, w, h: bandBottom - bandTop }, solid);
    const stripe = zones.titleAt === "top" ? bandBottom : bandTop;
    rect(scene, { x: 0, y: stripe - (zones.titleAt === "top" ? 0 : u * 1.3), w, h: u * 1.3 }, palette.second);
    const light = standOut(scene, solid);
    setStack(scene, zones.main.rect, zones.main.phrases, {
      font: "anton",
      subFont: "narrow",
      align: "centre",
      valign: "middle",
      inks: [light, palette.second],
      subInks: [palette.second, light],
      leading: 1.18,
    });
    if (zones.foot && zones.titleAt !== "bottom")
      rect(scene, { x: 0, y: zones.foot.rect.y - m * 0.4, w, h: h - zones.foot.rect.y + m * 0.4 }, palette.paper);
    setStrips(scene, zones, "narrow", {
      align: "centre",
      valign: "middle",
      inks: zones.titleAt === "bottom" ? [light, palette.paper] : [palette.ink, palette.paper],
    });
    scene.texture = { grain: 0.4, wear: 0.25 };
  },
};
