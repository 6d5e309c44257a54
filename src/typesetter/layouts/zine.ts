import { companions } from "../composition/companions.ts";
import type { Numbered, Scene } from "../composition/scene.ts";
import { bar, disc, dots, photo, polygon, rect, tornRect } from "../composition/shapes.ts";
import type { SignPlace } from "../composition/sign-place.ts";
import { icon } from "../composition/signs.ts";
import type { Point, Rect } from "../composition/tree.ts";
import { isWide } from "../composition/wide.ts";
import { zonesOf } from "../composition/zones.ts";
import { fitText } from "../lettering/lines.ts";
import { setStack } from "../lettering/typeset.ts";
import { inks, type Layout, mirrored, setStrips, standOut } from "./layout.ts";

/** Scissors, glue and a photocopier: every line on its own strip of paper. */
export const zine: Layout = {
  name: "zine",
  inks: [
    inks("#f0ede4", "#111111", "#ff3d7f", "#f7e600"),
    inks("#efece2", "#121212", "#e8271c", "#b8b5ad"),
    inks("#f4f1e6", "#101010", "#00a66a", "#f7e600"),
  ],
  draw(scene) {
    const { w, h, u, inks: palette, chance, depart } = scene;
    const zones = zonesOf(scene, { titleAt: ["bottom", "top", "middle"], share: 0.4, side: 0.9 });
    const { stage } = zones;
    const { x: across, side: turned } = mirrored(scene);
    const cx = across(chance.between(0.4, 0.5));
    const cy = stage.y + stage.h * 0.5;
    const side = Math.min(stage.h, w) * chance.between(0.74, 0.86);
    dots(scene, { x: 0, y: 0, w, h }, u * 3.4, 0.05, 0.2, palette.second);
    const patch = { x: cx - side * 0.5, y: cy - side * 0.46, w: side, h: side * 0.92 };
    polygon(scene, tornRect(patch, u * 1.1, chance), palette.accent);
    const shown = photo(
      scene,
      { x: patch.x + u * 4, y: patch.y + u * 4, w: patch.w - 8 * u, h: patch.h - 8 * u },
      palette.ink,
      palette.paper,
    );
    const hero = scene.icons[0];
    const tilt = -turned * chance.between(3, 8) * depart;
    if (hero && !shown) {
      const front = standOut(scene, palette.accent);
      const shadow = front === palette.ink ? palette.paper : palette.ink;
      icon(scene, hero, cx + u * 1.6 * depart, cy + u * 1.4, side * 0.86, shadow, { angle: tilt });
      icon(scene, hero, cx, cy, side * 0.86, front, { angle: tilt });
    } else if (!shown) {
      disc(scene, cx, cy, side * 0.3, palette.ink);
      bar(scene, cx, cy, side * 0.9, side * 0.1, -24, palette.paper);
    }
    for (const [x, angle] of [
      [patch.x, -38],
      [patch.x + patch.w, 34],
    ] as const)
      bar(scene, x, patch.y + u, u * 15, u * 4.4, angle * depart, palette.second, { opacity: 0.85 });
    slips(scene, [across(0.87), stage.y + stage.h * 0.24, u * 17], [across(0.87), stage.y + stage.h * 0.76, u * 15]);
    glued(scene, zones.main.rect, zones.main.phrases);
    for (const strip of [zones.head, zones.foot])
      if (strip)
        rect(
          scene,
          { x: 0, y: strip.rect.y - u * 1.8, w, h: strip === zones.foot ? h : strip.rect.h + u * 3.6 },
          palette.ink,
        );
    setStrips(scene, zones, "typewriter", { inks: [standOut(scene, palette.ink)], valign: "middle" });
    scene.texture = { grain: 1, wear: 0.9 };
  },
  panel(scene, area) {
    dots(scene, area, scene.u * 3.4, 0.05, 0.2, scene.inks.second);
  },
  setTitle: glued,
};

/** Further signs, each on a scrap of its own. */
function slips(scene: Scene, ...places: readonly [SignPlace, SignPlace]): void {
  const { inks: palette, chance, u } = scene;
  places.forEach(([x, y, side], index) => {
    if (!scene.icons[index + 1]) return;
    const half = side * 0.58;
    const scrap = tornRect({ x: x - half, y: y - half, w: 2 * half, h: 2 * half }, u * 0.5, chance);
    polygon(scene, scrap, palette.paper);
  });
  companions(scene, places, palette.ink);
}

/** The title on its strips, what follows it on a slip of its own. */
function glued(scene: Scene, area: Rect, phrases: readonly Numbered[]): void {
  const { u, inks: palette, chance } = scene;
  const [title] = phrases;
  if (title) strips(scene, share(area, 0, phrases.length), title);
  if (phrases.length < 2) return;
  const below = share(area, 1, phrases.length);
  polygon(scene, tornRect(below, u * 0.4, chance), palette.paper);
  setStack(scene, { x: below.x + 2 * u, y: below.y + u, w: below.w - 4 * u, h: below.h - 2 * u }, phrases.slice(1), {
    font: "typewriter",
    align: "left",
    valign: "middle",
    inks: [palette.ink],
    lead: 1,
    maxCap: 0.34,
    even: isWide(scene),
    leading: 1.5,
  });
}

const share = (area: Rect, which: 0 | 1, phrases: number): Rect => {
  if (phrases === 1) return area;
  const first = area.h * 0.7;
  return which === 0 ? { ...area, h: first } : { ...area, y: area.y + first + area.h * 0.03, h: area.h * 0.27 };
};

/** Each line of the title on a torn strip, leaning a little; the strips keep clear of each other. */
function strips(scene: Scene, area: Rect, phrase: Numbered): void {
  const { u, inks: palette, chance, depart } = scene;
  const fitted = fitText(phrase.text, {
    font: phrase.narrow ? "condensed" : "anton",
    widthPx: area.w * 0.86,
    heightPx: area.h * 0.66,
    maxCapPx: area.h * 0.3,
    leading: 1.5,
    han: phrase.han,
  });
  if (!fitted) return;
  const count = fitted.lines.length;
  const step = area.h / count;
  const grounds = [palette.ink, palette.paper, palette.accent];
  fitted.lines.forEach(({ line }, index) => {
    const row = { x: area.x, y: area.y + index * step, w: area.w, h: step };
    const inner = { x: row.x + row.w * 0.04, y: row.y + row.h * 0.17, w: row.w * 0.92, h: row.h * 0.66 };
    const ground = grounds[(index + (chance.yes(0.5) ? 0 : 1)) % (count > 4 ? 2 : 3)] ?? palette.ink;
    const angle = row.w * 0.03 < row.h * 0.17 ? chance.between(-1.6, 1.6) * Math.min(1, depart) : 0;
    const used = setStack({ ...scene, blocks: [], marks: [] }, inner, [{ ...phrase, text: line.text }], {
      font: "anton",
      align: "left",
      valign: "middle",
      inks: [palette.ink],
      angle,
      maxCap: 1,
    });
    const pad = Math.min(u * 2, row.h * 0.12);
    const strip = tornRect(
      { x: used.x - pad * 1.6, y: row.y + row.h * 0.06, w: used.w + pad * 3.2, h: row.h * 0.88 },
      Math.min(u * 0.5, row.h * 0.03),
      chance,
    );
    // Glued paper throws a hard shadow on the copier's glass.
    polygon(
      scene,
      strip.map(([x, y]): Point => [x + u * 0.5, y + u * 0.5]),
      palette.ink,
    );
    polygon(scene, strip, ground);
    setStack(scene, inner, [{ ...phrase, text: line.text }], {
      font: phrase.narrow ? "condensed" : "anton",
      align: "left",
      valign: "middle",
      inks: [standOut(scene, ground), palette.ink, palette.paper],
      angle,
      maxCap: 1,
    });
  });
}
