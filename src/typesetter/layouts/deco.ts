import { companions } from "../composition/companions.ts";
import { polygonPath, type Scene } from "../composition/scene.ts";
import { circlePoints, clipped, disc, onCircle, photo, polygon, rays, ring } from "../composition/shapes.ts";
import { sign } from "../composition/sign.ts";
import { corners, type Point, type Rect } from "../composition/tree.ts";
import { zonesOf } from "../composition/zones.ts";
import { setStack } from "../lettering/typeset.ts";
import { inks, type Layout, setStrips } from "./layout.ts";

/** A fan over a horizon, gold lines, everything on the axis. */
export const deco: Layout = {
  name: "deco",
  ownGround: true,
  inks: [
    inks("#12211f", "#f0dfb0", "#c9973b", "#1f4a44"),
    inks("#141a2e", "#f3e4bd", "#d0a048", "#28406b"),
    inks("#f3e8cf", "#1c1a22", "#a8742a", "#25504b"),
    inks("#2a0f1c", "#f5e0b8", "#cf9a45", "#6a2138"),
  ],
  draw(scene) {
    const { w, h, u, m, inks: palette, chance } = scene;
    const zones = zonesOf(scene, { titleAt: ["bottom"], share: 0.3, side: 1.5 });
    const { stage } = zones;
    const frame = { x: m * 0.5, y: m * 0.5, w: w - m, h: h - m };
    const base =
      zones.titleAt === "bottom"
        ? stage.y + stage.h - (scene.wing ? m * 0.5 + u * 1.6 : 0)
        : zones.titleAt === "top"
          ? h - m * 1.2
          : zones.main.rect.y;
    const topY =
      zones.titleAt === "top" ? stage.y : Math.max(m, zones.head ? zones.head.rect.y + zones.head.rect.h + u : 0);
    const clip = { x: frame.x + u * 1.6, y: topY, w: frame.w - u * 3.2, h: Math.max(u, base - topY) };
    const cx = w / 2;
    const r = Math.min(clip.w * 0.42, clip.h * 0.72) * chance.between(0.92, 1.02);
    const halfs = 3 + scene.deal("arcs", 2);
    const whole = scene.deal("medallion", 2) === 0 && clip.h > clip.w * 0.6;
    // A fan on the horizon, or a medallion in the middle of the field.
    const [my, mr] = whole ? [clip.y + clip.h * 0.5, Math.min(clip.w, clip.h) * 0.42] : [base, r];
    rays(scene, cx, whole ? my : base, w + h, chance.whole(16, 22), 0, palette.second, clip);
    for (let i = 0; i < halfs; i++) {
      const reach = mr * (1 - i * (whole ? 0.1 : 0.14));
      const fill = i % 2 === 0 ? palette.accent : palette.paper;
      if (whole) disc(scene, cx, my, reach, fill);
      else polygon(scene, clipped(fan(cx, my, reach), clip), fill);
    }
    const inner = mr * (1 - (halfs - 1) * (whole ? 0.1 : 0.14));
    const cut = whole ? circlePoints(cx, my, inner) : clipped(fan(cx, my, inner), clip);
    const window = { x: cx - inner, y: my - inner, w: 2 * inner, h: whole ? 2 * inner : inner };
    const shown = photo(scene, window, palette.paper, palette.accent, cut);
    const hero = scene.icons[0];
    const gold = halfs % 2 === 0 ? palette.accent : palette.paper;
    if (hero && !shown) sign(scene, hero, cx, whole ? my : base - r * 0.33, whole ? mr : r * 0.62, gold);
    else if (!shown) disc(scene, cx, whole ? my : base - r * 0.3, mr * 0.16, gold);
    companions(
      scene,
      [
        [frame.x + u * 14, clip.y + u * 12, u * 14],
        [frame.x + frame.w - u * 14, clip.y + u * 12, u * 14],
      ],
      palette.ink,
    );
    goldFrame(scene, frame);
    polygon(scene, corners({ x: m * 1.5, y: base - u * 0.2, w: w - 3 * m, h: u * 0.5 }), palette.accent);
    setStack(scene, inset(zones.main.rect, u * 1.5), zones.main.phrases, {
      font: "deco",
      // Beside the picture it is set smaller, where hairlines get lost.
      subFont: scene.wing ? "text" : "line",
      align: "centre",
      valign: "middle",
      inks: [palette.ink, palette.paper],
      subInks: [palette.ink],
      leading: 1.34,
      tracking: 0.05,
      maxCap: 0.36,
    });
    setStrips(scene, zones, "text", { align: "centre", valign: "middle", tracking: 0.12 });
    scene.texture = { grain: 0.2, wear: 0.1 };
  },
  panel(scene, area) {
    const { m } = scene;
    goldFrame(scene, { x: area.x + m * 0.5, y: m * 0.5, w: area.w - m, h: area.h - m });
  },
};

/** Two lines and, at the corners, rings. A frame never touches lettering, which stands inside the margin. */
function goldFrame(scene: Scene, frame: Rect): void {
  const { u, inks: palette } = scene;
  for (const [inset, width] of [
    [0, 0.7],
    [1.5, 0.28],
  ] as const) {
    const area = {
      x: frame.x + inset * u,
      y: frame.y + inset * u,
      w: frame.w - 2 * inset * u,
      h: frame.h - 2 * inset * u,
    };
    scene.marks.push({
      d: polygonPath(corners(area)),
      stroke: { colour: palette.accent, widthPx: width * u },
      outline: [],
      solid: false,
    });
  }
  for (const x of [frame.x, frame.x + frame.w])
    for (const y of [frame.y, frame.y + frame.h])
      for (let i = 1; i <= 2; i++) ring(scene, x, y, u * (1.5 + i * 1.6), u * 0.4, palette.accent);
}

const fan = (cx: number, cy: number, r: number): readonly Point[] =>
  Array.from({ length: 33 }, (_, i) => onCircle(cx, cy, r, 180 + (i * 180) / 32));
const inset = (area: { x: number; y: number; w: number; h: number }, by: number) => ({
  x: area.x,
  y: area.y + by,
  w: area.w,
  h: area.h - 2 * by,
});
