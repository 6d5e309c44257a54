import { companions } from "../composition/companions.ts";
import { gouges, middleOf, photo, polygon, rays, rect, tornRect } from "../composition/shapes.ts";
import { sign } from "../composition/sign.ts";
import { zonesOf } from "../composition/zones.ts";
import { setStack } from "../lettering/typeset.ts";
import { inks, type Layout, mirrored, setStrips } from "./layout.ts";

/** A black block, light cut out of it from the middle outwards, and fat slab type. */
export const woodcut: Layout = {
  name: "woodcut",
  inks: [
    inks("#eee4cf", "#16120f", "#b3271d", "#7b6a52"),
    inks("#e9dfca", "#1a1d1a", "#a8431c", "#6b705c"),
    inks("#efe7d6", "#101820", "#c0392b", "#5b6c78"),
  ],
  draw(scene) {
    const { w, h, u, m, inks: palette, chance } = scene;
    const zones = zonesOf(scene, { titleAt: ["bottom", "top"], share: 0.32 });
    const { stage } = zones;
    const { x } = mirrored(scene);
    const cut = scene.deal("cut", 3);
    // The block stands in the sheet, or runs off it.
    const block =
      scene.wing || cut === 2
        ? {
            x: -u * 2,
            y: stage.y - (stage.y > 0 ? -u : u * 2),
            w: w + u * 4,
            h: scene.wing ? h + u * 4 : stage.h + u * (stage.y > 0 ? -1 : 1),
          }
        : {
            x: m * 0.8,
            y: Math.max(m * 0.8, stage.y + u),
            w: w - 1.6 * m,
            h: stage.y + stage.h - u * 2 - Math.max(m * 0.8, stage.y + u),
          };
    const { cx: middle, cy, side } = middleOf(block);
    const cx = cut === 1 && !scene.wing ? x(0.4) : middle;
    polygon(scene, tornRect(block, u * 0.5, chance), palette.ink);
    const r = side * (cut === 1 && !scene.wing ? chance.between(0.31, 0.35) : chance.between(0.36, 0.42));
    const inner = { x: block.x + u, y: block.y + u, w: block.w - 2 * u, h: block.h - 2 * u };
    const shown = photo(scene, inner, palette.ink, palette.paper);
    if (!shown) {
      rays(scene, cx, cy, w + h, chance.whole(22, 30), chance.between(0, 12), palette.accent, inner);
      gouges(
        scene,
        inner,
        900,
        u * 0.34,
        palette.ink,
        (x, y) => (Math.atan2(y - cy, x - cx) * 180) / Math.PI,
        (x, y) => Math.hypot(x - cx, y - cy) > r * 1.1,
      );
      gouges(
        scene,
        inner,
        700,
        u * 0.3,
        palette.paper,
        (x, y) => (Math.atan2(y - cy, x - cx) * 180) / Math.PI,
        (x, y) => Math.hypot(x - cx, y - cy) > r * 1.25,
      );
      polygon(scene, burr(cx, cy, r * 1.2, 46, chance.fork("burr").next), palette.ink);
    }
    const hero = scene.icons[0];
    if (hero && !shown) sign(scene, hero, cx, cy, r * 1.85, palette.paper);
    else if (!shown) polygon(scene, burr(cx, cy, r * 0.8, 20, chance.fork("sun").next), palette.paper);
    companions(
      scene,
      [
        [x(0.86), block.y + block.h - u * 13, u * 17],
        [x(0.86), block.y + u * 13, u * 15],
      ],
      palette.paper,
    );
    // Beside the block's torn edge, not on it.
    const { y: mainY, h: mainH, ...main } = zones.main.rect;
    const below = mainY > stage.y;
    setStack(scene, { ...main, y: below ? mainY + u * 2 : mainY, h: mainH - u * 2 }, zones.main.phrases, {
      font: "slab",
      subFont: "slab",
      align: "centre",
      valign: "middle",
      inks: [palette.ink, palette.paper],
      leading: 1.24,
      justify: true,
      maxCap: 0.42,
    });
    if (zones.foot) rect(scene, { x: m, y: zones.foot.rect.y - u * 1.8, w: w - 2 * m, h: u * 0.7 }, palette.accent);
    setStrips(scene, zones, "slab", { align: "centre" });
    scene.texture = { grain: 0.5, wear: 0.8 };
  },
};

/** A disc with a knife's edge. */
const burr = (cx: number, cy: number, r: number, teeth: number, next: () => number) =>
  Array.from({ length: teeth * 2 }, (_, i): readonly [number, number] => {
    const angle = (i * Math.PI) / teeth;
    const reach = r * (i % 2 === 0 ? 0.93 + 0.05 * next() : 1.02 + 0.1 * next());
    return [cx + reach * Math.cos(angle), cy + reach * Math.sin(angle)];
  });
