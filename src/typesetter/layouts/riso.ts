import { disc, dots, photo, rect } from "../composition/shapes.ts";
import { group, hasIcons } from "../composition/signs.ts";
import { zonesOf } from "../composition/zones.ts";
import { setStack } from "../lettering/typeset.ts";
import { inks, type Layout, setStrips } from "./layout.ts";

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
    const slip = u * chance.between(0.9, 1.5) * depart;
    const cx = w * chance.between(0.46, 0.54);
    const cy = stage.y + stage.h * 0.53;
    const r = Math.min(stage.h, w) * 0.42;
    const bleed = chance.yes(0.45);
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
    if (!shown) rect(scene, area, palette.second, { multiply: true });
    if (!shown) disc(scene, cx + slip, cy - slip, r, palette.accent, { multiply: true });
    dots(
      scene,
      { x: area.x, y: area.y + area.h * 0.45, w: area.w, h: area.h * 0.55 },
      u * 2.6,
      0.02,
      0.46,
      palette.accent,
      {
        multiply: true,
        inside: (x, y) =>
          Math.hypot(x - cx, y - cy) > r * 1.02 && x > area.x + u && x < area.x + area.w - u && y < area.y + area.h - u,
      },
    );
    if (hasIcons(scene) && !shown) {
      const side = r * 1.5;
      group(scene, scene.icons, { cx: cx + slip, cy: cy + slip * 0.6, side }, palette.accent, { multiply: true });
      group(scene, scene.icons, { cx: cx - slip * 0.5, cy: cy - slip * 0.4, side }, palette.ink, { multiply: true });
    } else if (!shown) {
      disc(scene, cx - r * 0.35, cy + r * 0.3, r * 0.62, palette.ink, { multiply: true });
    }
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
