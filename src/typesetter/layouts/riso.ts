import { contrastOf, mixColours } from "../../lib/colour.ts";
import { companions } from "../composition/companions.ts";
import { disc, dots, overprint, photo, rect, ring } from "../composition/shapes.ts";
import { icon } from "../composition/signs.ts";
import { multiplied } from "../composition/tree.ts";
import { zonesOf } from "../composition/zones.ts";
import { setStack } from "../lettering/typeset.ts";
import { inks, type Layout, mirrored, setStrips } from "./layout.ts";

/** Two drums of ink that never quite meet, and a halftone between them. */
export const riso: Layout = {
  name: "riso",
  ownGround: true,
  inks: [
    inks("#f5efe0", "#1c2f6b", "#ff5a4f", "#ffc62e"),
    inks("#f6f0e3", "#0b4f4a", "#ff7a59", "#cdeadf"),
    inks("#f7f0e4", "#3a2470", "#ff4f8b", "#ffd23f"),
  ],
  draw(scene) {
    const { w, u, inks: palette, chance, depart } = scene;
    const zones = zonesOf(scene, { titleAt: ["bottom", "top"], share: 0.34 });
    const { stage } = zones;
    const slip = u * chance.between(0.9, 1.6) * depart;
    const { side, x } = mirrored(scene);
    const cx = x(chance.between(0.42, 0.56));
    const cy = stage.y + stage.h * 0.53;
    const r = Math.min(stage.h, w) * 0.42;
    const bleed = scene.deal("bleed", 2) === 0;
    const shape = scene.deal("shape", 3);
    const low =
      zones.titleAt === "top"
        ? zones.foot
          ? zones.foot.rect.y - scene.m * 0.5
          : scene.h
        : stage.y + stage.h - scene.m * 0.4;
    const area = scene.wing
      ? { x: -u, y: -u, w: w + 2 * u, h: scene.h + 2 * u }
      : bleed
        ? {
            x: -u,
            y: stage.y === 0 ? -u : stage.y + scene.m * 0.4,
            w: w + 2 * u,
            h: low - (stage.y === 0 ? -u : stage.y + scene.m * 0.4),
          }
        : { x: scene.m, y: stage.y + scene.m * 0.8, w: w - 2 * scene.m, h: stage.h - scene.m * 1.2 };
    const shown = photo(scene, area, palette.ink, palette.paper);
    const ground = overprint(scene);
    if (!shown) rect(scene, area, palette.second, ground);
    const over = (below: string, ink: string): string => (ground.multiply ? multiplied(below, ink) : ink);
    // Ink over a dark drum would be lost.
    const legible = [0, 0.3, 0.5, 0.7]
      .map((share) => mixColours(palette.accent, palette.paper, share))
      .find((colour) => {
        const printed = over(over(palette.paper, palette.second), colour);
        return contrastOf(printed, over(printed, palette.ink)) >= 3.3;
      });
    const drum = legible ?? palette.accent;
    if (!shown && shape === 0) disc(scene, cx + slip, cy - slip, r, drum, ground);
    else if (!shown && shape === 1)
      rect(scene, { x: cx + slip - r * 0.9, y: cy - slip - r * 0.9, w: r * 1.8, h: r * 1.8 }, drum, ground);
    else if (!shown) {
      disc(scene, cx + slip, cy - slip, r * 0.98, drum, ground);
      ring(scene, cx + slip, cy - slip, r * 1.12, r * 0.08, drum, ground);
    }
    dots(scene, { x: area.x, y: area.y + area.h * 0.45, w: area.w, h: area.h * 0.55 }, u * 2.6, 0.02, 0.46, drum, {
      ...ground,
      inside: (x, y) =>
        Math.hypot(x - cx, y - cy) > r * 1.28 && x > area.x + u && x < area.x + area.w - u && y < area.y + area.h - u,
    });
    const hero = scene.icons[0];
    if (hero && !shown) {
      if (legible === undefined) disc(scene, cx, cy, r * 0.94, palette.paper);
      icon(scene, hero, cx + slip * side, cy + slip * 0.6, r * 1.5, palette.accent, ground);
      icon(scene, hero, cx - slip * 0.5 * side, cy - slip * 0.4, r * 1.5, palette.ink, ground);
    } else if (!shown) {
      disc(scene, cx - r * 0.35, cy + r * 0.3, r * 0.62, palette.ink, ground);
    }
    companions(
      scene,
      [
        [x(0.85), area.y + u * 15, u * 17],
        [x(0.15), area.y + area.h - u * 15, u * 15],
      ],
      palette.ink,
    );
    setStack(scene, zones.main.rect, zones.main.phrases, {
      font: "anton",
      subFont: "narrow",
      align: "left",
      valign: "middle",
      inks: [palette.ink, palette.paper],
      leading: 1.16,
    });
    setStrips(scene, zones, "narrow");
    scene.texture = { grain: 0.9, wear: 0.5 };
  },
};
