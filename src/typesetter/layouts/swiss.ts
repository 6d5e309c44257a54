import { contrastOf } from "../composition/colour.ts";
import { clipped, disc, photo, polygon, rect, ring } from "../composition/shapes.ts";
import { group, hasIcons } from "../composition/signs.ts";
import { zonesOf } from "../composition/zones.ts";
import { setStack } from "../lettering/typeset.ts";
import { inks, type Layout, setStrips, standOut } from "./layout.ts";

/** A grid, much air, one large form cut by the page, and grotesque type flush left. */
export const swiss: Layout = {
  name: "swiss",
  inks: [
    inks("#f4f1ea", "#121212", "#e3231b", "#c9c5bb"),
    inks("#e3231b", "#0d0a09", "#f8f4ea", "#0d0a09"),
    inks("#f5c800", "#111111", "#111111", "#ffffff"),
    inks("#f2efe8", "#10131a", "#1747d1", "#c3c8d2"),
  ],
  draw(scene) {
    const { w, h, u, inks: palette, chance } = scene;
    const zones = zonesOf(scene, { titleAt: ["top", "bottom"], share: 0.38 });
    const { stage } = zones;
    const page = { x: 0, y: 0, w, h };
    const form = chance.whole(0, 3);
    // Beside lettering the form stands whole: cut on a line nobody sees, it would look like a mistake.
    const side = Math.min(stage.h * (scene.wing ? 0.9 : 1.02), w * (scene.wing ? 0.9 : 0.95));
    const off = chance.between(0.38, 0.5);
    const cx = scene.wing ? w / 2 : w - side * off;
    const cy = stage.y + stage.h / 2;
    const shown = photo(
      scene,
      { x: w * 0.32, y: stage.y + scene.m * 0.5, w: w * 0.68, h: stage.h - scene.m },
      palette.ink,
      palette.paper,
    );
    if (hasIcons(scene) && !shown) {
      if (form % 2 === 0 && contrastOf(palette.accent, palette.paper) > 1.6)
        disc(scene, cx, cy, side * 0.48, palette.accent);
      group(
        scene,
        scene.icons,
        { cx: form % 2 === 0 || scene.wing ? cx : w * 0.6, cy, side: side * (form % 2 === 0 ? 0.66 : 1) },
        form % 2 === 0 ? standOut(scene, palette.accent) : palette.accent,
      );
    } else if (!shown && form === 0) {
      disc(scene, cx, cy, side * 0.5, palette.accent);
    } else if (!shown && form === 1) {
      const step = side / 9;
      for (let i = 0; i < 9; i++) {
        const y = stage.y + (stage.h - side) / 2 + i * step;
        rect(
          scene,
          { x: w * (0.3 + 0.04 * i), y, w: w, h: step * (0.12 + i * 0.085) },
          i === 4 ? palette.ink : palette.accent,
        );
      }
    } else if (!shown && form === 2) {
      for (let i = 0; i < 5; i++)
        ring(scene, cx, cy, side * (0.47 - i * 0.095), side * 0.05, i % 2 === 0 ? palette.accent : palette.ink);
    } else if (!shown) {
      polygon(
        scene,
        clipped(
          [
            [w * 0.26, stage.y + stage.h * 0.94],
            [w * 1.1, stage.y + stage.h * 0.94],
            [w * 1.1, stage.y + stage.h * 0.02],
          ],
          page,
        ),
        palette.accent,
      );
      disc(scene, w * 0.34, stage.y + stage.h * 0.3, side * 0.12, palette.ink);
    }
    setStack(scene, zones.main.rect, zones.main.phrases, {
      font: "archivo",
      subFont: "text",
      align: "left",
      valign: zones.titleAt === "bottom" ? "bottom" : "top",
      inks: [palette.ink, palette.paper],
      leading: 1.2,
      maxCap: 0.42,
    });
    if (zones.foot)
      rect(
        scene,
        { x: scene.m, y: zones.foot.rect.y - u * 1.6, w: w - 2 * scene.m, h: Math.max(2, u * 0.5) },
        palette.ink,
      );
    setStrips(scene, zones, "text", { valign: "top" });
    scene.texture = { grain: 0.12, wear: 0 };
  },
};
