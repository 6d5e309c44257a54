import { contrastOf, mixColours } from "../../lib/colour.ts";
import { disc, photo, rect } from "../composition/shapes.ts";
import { icon } from "../composition/signs.ts";
import { zonesOf } from "../composition/zones.ts";
import { setStack } from "../lettering/typeset.ts";
import { inks, type Layout, setStrips, standOut } from "./layout.ts";

/** The same sign many times, and one that steps out of line. */
export const chorus: Layout = {
  name: "chorus",
  inks: [
    inks("#f6e9cf", "#1e2a3a", "#e4432f", "#c9b690"),
    inks("#ffd23f", "#1b1b1b", "#e5352b", "#1b1b1b"),
    inks("#f3ded0", "#2b1a3d", "#e2366b", "#b28fa8"),
  ],
  draw(scene) {
    const { w, u, m, inks: palette, chance, depart } = scene;
    const zones = zonesOf(scene, { titleAt: ["bottom", "top"], share: 0.32 });
    const { stage } = zones;
    const top = zones.titleAt === "top" || zones.head ? stage.y + m * 0.6 : m;
    const height = stage.y + stage.h - top - m * 0.6;
    const wide = w - 2 * m;
    const columns = Math.max(
      3,
      Math.round(((3 + scene.deal("columns", 3)) * wide) / Math.max(wide, height * 0.8)) +
        (wide > height * 1.6 ? 2 : 0),
    );
    const step = wide / columns;
    const rows = Math.max(1, Math.floor(height / step));
    const gapY = height / rows;
    const odd = scene.deal("odd", rows * columns);
    const grow = chance.between(0.9, 1.12);
    // Those that stand in line are paler, as far as they can still be told.
    const pale = [palette.second, mixColours(palette.ink, palette.paper, 0.35)];
    const told = pale.find((colour) => contrastOf(colour, palette.paper) >= 3.8) ?? palette.ink;
    const quiet = scene.deal("quiet", 5) < 2 ? told : palette.ink;
    const loud = contrastOf(standOut(scene, palette.accent), palette.accent) >= 3.3 ? palette.accent : palette.ink;
    if (!photo(scene, { x: m, y: top, w: wide, h: height }, palette.ink, palette.paper)) {
      for (let i = 0; i < rows * columns; i++) {
        const cx = m + step * ((i % columns) + 0.5);
        const cy = top + gapY * (Math.floor(i / columns) + 0.5);
        const single = i === odd;
        const hero = scene.icons[(i + Math.floor(i / columns)) % Math.max(1, scene.icons.length)];
        const lean = single ? 9 * depart : 0;
        if (single) disc(scene, cx, cy, step * 0.62 * grow, loud);
        const fill = single ? standOut(scene, loud) : quiet;
        if (hero) icon(scene, hero, cx, cy, step * (single ? 0.92 : 0.82 * grow), fill, { angle: lean });
        else disc(scene, cx, cy, step * 0.32 * grow, fill);
      }
    }
    setStack(scene, zones.main.rect, zones.main.phrases, {
      font: "anton",
      subFont: "narrow",
      align: "left",
      valign: "middle",
      inks: [palette.ink, palette.paper],
      leading: 1.16,
    });
    if (zones.foot) rect(scene, { x: m, y: zones.foot.rect.y - u * 1.6, w: u * 12, h: u }, palette.accent);
    setStrips(scene, zones, "narrow");
    scene.texture = { grain: 0.4, wear: 0.2 };
  },
};
