import { companions } from "../composition/companions.ts";
import { clipped, disc, photo, polygon, rect } from "../composition/shapes.ts";
import { sign } from "../composition/sign.ts";
import { zonesOf } from "../composition/zones.ts";
import { setStack } from "../lettering/typeset.ts";
import { inks, type Layout, mirrored, setStrips, standOut } from "./layout.ts";

/** One colossal silhouette over a page cut in two. */
export const split: Layout = {
  name: "split",
  inks: [
    inks("#f2e8d5", "#17151a", "#e23d28", "#f0b429"),
    inks("#f4ead6", "#10243e", "#ef6f2e", "#7fb7be"),
    inks("#efe9dc", "#1c1c1c", "#f2c200", "#8a877e"),
    inks("#f3e9da", "#2a1238", "#e8446d", "#f5b82e"),
  ],
  draw(scene) {
    const { w, h, u, m, inks: palette, chance, depart } = scene;
    const zones = zonesOf(scene, { titleAt: ["bottom", "top"], share: 0.34 });
    const { stage } = zones;
    const { side, x } = mirrored(scene);
    const lean = side * h * chance.between(0.07, 0.14) * Math.min(1.2, depart);
    const low = zones.titleAt === "bottom" ? zones.main.rect.y - m * 0.4 - Math.abs(lean) : stage.y + stage.h * 0.62;
    const page = { x: 0, y: 0, w, h };
    const onTop = zones.titleAt === "bottom";
    if (onTop)
      polygon(
        scene,
        clipped(
          [
            [-u, -u],
            [w + u, -u],
            [w + u, low - lean],
            [-u, low + lean],
          ],
          { x: -u, y: -u, w: w + 2 * u, h: h + 2 * u },
        ),
        palette.accent,
      );
    else
      polygon(
        scene,
        clipped(
          [
            [-u, low + lean],
            [w + u, low - lean],
            [w + u, h + u],
            [-u, h + u],
          ],
          { x: -u, y: -u, w: w + 2 * u, h: h + 2 * u },
        ),
        palette.accent,
      );
    const shown = photo(
      scene,
      { x: w * 0.14, y: stage.y + stage.h * 0.08, w: w * 0.72, h: stage.h * 0.86 },
      palette.ink,
      palette.paper,
    );
    const size = Math.min(stage.h * 0.94, w * 0.9) * chance.between(0.9, 1);
    const cx = x(chance.between(0.46, 0.52));
    const cy = stage.y + stage.h * 0.5;
    const hero = scene.icons[0];
    if (!shown)
      disc(
        scene,
        cx + (lean > 0 ? 1 : -1) * w * 0.16,
        cy - stage.h * 0.12,
        size * chance.between(0.32, 0.4),
        palette.second,
      );
    if (hero && !shown) sign(scene, hero, cx, cy, size, palette.ink);
    else if (!shown)
      polygon(
        scene,
        clipped(
          [
            [cx, cy - size * 0.46],
            [cx + size * 0.5, cy + size * 0.42],
            [cx - size * 0.5, cy + size * 0.42],
          ],
          page,
        ),
        palette.ink,
      );
    companions(
      scene,
      [
        [x(0.12), stage.y + stage.h * 0.16, u * 16],
        [x(0.88), stage.y + stage.h * 0.84, u * 14],
      ],
      palette.ink,
    );
    setStack(scene, zones.main.rect, zones.main.phrases, {
      font: "condensed",
      subFont: "narrow",
      align: "left",
      valign: "middle",
      inks: [palette.ink, palette.paper],
      leading: 1.16,
    });
    if (zones.foot)
      rect(scene, { x: 0, y: zones.foot.rect.y - u * 2.2, w, h: h - zones.foot.rect.y + u * 2.2 }, palette.ink);
    setStrips(scene, zones, "narrow", { inks: [standOut(scene, palette.ink), palette.paper], valign: "middle" });
    scene.texture = { grain: 0.5, wear: 0.35 };
  },
};
