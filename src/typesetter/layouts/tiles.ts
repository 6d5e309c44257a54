import { companions } from "../composition/companions.ts";
import type { Scene } from "../composition/scene.ts";
import { disc, num, photo, rect } from "../composition/shapes.ts";
import { sign } from "../composition/sign.ts";
import type { SignPlace } from "../composition/sign-place.ts";
import { corners } from "../composition/tree.ts";
import { zonesOf } from "../composition/zones.ts";
import { setStack } from "../lettering/typeset.ts";
import { inks, type Layout, setStrips, standOut } from "./layout.ts";

/** Quarter circles, halves and squares on a strict grid. */
export const tiles: Layout = {
  name: "tiles",
  inks: [
    inks("#f1e8d6", "#1b1b1f", "#d93a26", "#2456a6"),
    inks("#f2ead9", "#20242b", "#e2a21b", "#1f6f78"),
    inks("#efe7d8", "#231f20", "#e15a2b", "#e8b23a"),
  ],
  draw(scene) {
    const { w, h, u, m, inks: palette, chance } = scene;
    const zones = zonesOf(scene, { titleAt: ["bottom", "top"], share: 0.3 });
    const { stage } = zones;
    const top = zones.titleAt === "top" || zones.head ? stage.y + m * 0.5 : m;
    const height = stage.y + stage.h - top - m * 0.6;
    const bleed = scene.wing !== undefined;
    const across = w > height * 1.3 ? 6 : height > w * 1.3 ? 3 : 4;
    // With the page to itself the grid runs off its edges.
    const side = bleed ? w / across : Math.min((w - 2 * m) / across, height);
    const columns = across;
    const rows = bleed ? Math.ceil(h / side) : Math.max(1, Math.floor(height / side));
    const x0 = bleed ? 0 : (w - side * columns) / 2;
    const y0 = bleed ? 0 : top + (height - rows * side) / 2;
    // The subject takes a block of tiles, where there is room for one.
    const span = rows >= 2 && columns >= 3 ? 2 : 1;
    const hx = scene.deal("column", columns - span + 1);
    const hy = scene.deal("row", Math.max(0, (bleed ? Math.floor(h / side + 0.05) : rows) - span) + 1);
    const free: SignPlace[] = [];
    const withHero = scene.icons[0] !== undefined || scene.photo !== undefined;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        if (withHero && column >= hx && column < hx + span && row >= hy && row < hy + span) continue;
        const [x, y] = [x0 + column * side, y0 + row * side];
        tile(scene, x, y, side, chance.whole(0, 7));
        if (y + side <= h) free.push([x + side / 2, y + side / 2, side * 0.8]);
      }
    }
    if (withHero) {
      const block = { x: x0 + hx * side, y: y0 + hy * side, w: side * span, h: side * span };
      rect(scene, block, palette.ink);
      const shown = photo(scene, block, palette.ink, palette.paper);
      const hero = scene.icons[0];
      if (hero && !shown)
        sign(scene, hero, block.x + block.w / 2, block.y + block.h / 2, block.w * 0.82, standOut(scene, palette.ink));
    }
    furtherTiles(scene, free, side);
    setStack(scene, zones.main.rect, zones.main.phrases, {
      font: "grotesk",
      subFont: "text",
      align: "left",
      valign: "middle",
      inks: [palette.ink, palette.paper],
      leading: 1.2,
      maxCap: 0.44,
    });
    if (zones.foot) rect(scene, { x: m, y: zones.foot.rect.y - u * 1.6, w: w - 2 * m, h: u * 0.5 }, palette.accent);
    setStrips(scene, zones, "text");
    scene.texture = { grain: 0.25, wear: 0.1 };
  },
};

/** Further signs take a tile each, far from one another. */
function furtherTiles(scene: Scene, free: readonly SignPlace[], side: number): void {
  const { inks: palette } = scene;
  const [first, last] = [free[0], free.at(-1)];
  if (!first || !last || free.length < 2) return;
  for (const [index, [x, y]] of [first, last].entries())
    if (scene.icons[index + 1])
      rect(scene, { x: x - side / 2, y: y - side / 2, w: side, h: side }, index === 0 ? palette.accent : palette.paper);
  companions(scene, [first, last], standOut(scene, palette.accent));
}

function tile(scene: Scene, x: number, y: number, side: number, kind: number): void {
  const { inks: palette, chance } = scene;
  const [ground, form] = chance.pick([
    [palette.accent, palette.paper],
    [palette.second, palette.paper],
    [palette.paper, palette.accent],
    [palette.paper, palette.ink],
    [palette.ink, palette.second],
    [palette.second, palette.ink],
    [palette.paper, palette.second],
  ]);
  const area = { x, y, w: side, h: side };
  rect(scene, area, ground ?? palette.paper);
  const fill = form ?? palette.ink;
  const at = corners(area);
  const corner = chance.whole(0, 3);
  const [cx, cy] = at[corner] ?? [x, y];
  const quarter = (r: number): string => {
    const sx = cx === x ? 1 : -1;
    const sy = cy === y ? 1 : -1;
    return `M${num(cx)} ${num(cy)}h${num(sx * r)}A${num(r)} ${num(r)} 0 0 ${sx * sy > 0 ? 1 : 0} ${num(cx)} ${num(cy + sy * r)}Z`;
  };
  const put = (d: string, colour = fill): void => void scene.marks.push({ d, fill: colour, outline: at, solid: false });
  if (kind <= 2) {
    put(quarter(side));
    if (kind === 2) put(quarter(side * 0.5), ground);
  } else if (kind === 3) disc(scene, x + side / 2, y + side / 2, side * 0.38, fill);
  else if (kind === 4) put(`M${num(x)} ${num(y)}h${num(side)}L${num(x)} ${num(y + side)}Z`);
  else if (kind === 5)
    for (let i = 0; i < 4; i++) rect(scene, { x, y: y + side * (0.0625 + i * 0.25), w: side, h: side * 0.125 }, fill);
  else if (kind === 6)
    put(
      `M${num(x)} ${num(y + side / 2)}A${num(side / 2)} ${num(side / 2)} 0 0 1 ${num(x + side)} ${num(y + side / 2)}Z`,
    );
}
