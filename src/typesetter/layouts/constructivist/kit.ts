import type { Colour } from "../../../lib/colour.ts";
import type { Scene, StackStyle } from "../../composition/scene.ts";
import { bar, circlePoints, photo, polygon, rect } from "../../composition/shapes.ts";
import { bounds, type Point, type Rect } from "../../composition/tree.ts";
import { type Zones, type ZoneWishes, zonesOf } from "../../composition/zones.ts";
import type { FontName } from "../../lettering/families.ts";
import { setStack } from "../../lettering/typeset.ts";
import { inks, type Layout, setStrips, standOut } from "../layout.ts";

/** Red, black and the sheet, with one quiet fourth; the sheet itself may be the red or the black. */
export const AGITPROP_INKS: Layout["inks"] = [
  inks("#efe3c8", "#191512", "#cf2318", "#a99a80"),
  inks("#c4201a", "#fbf1dc", "#15110f", "#e6b13a"),
  inks("#f1e8d4", "#1b1512", "#d6341f", "#dda92b"),
  inks("#171310", "#f3e8cf", "#dc3421", "#b7a88b"),
  inks("#e9dcc0", "#14110f", "#c21f1a", "#33507a"),
];

/** The picture runs to the page's edge where nothing stands at the foot. */
export function callZones(scene: Scene, wishes: ZoneWishes): Zones {
  const zones = zonesOf(scene, wishes);
  const { stage } = zones;
  const open = zones.titleAt === "top" && !zones.foot && !scene.wing;
  return open ? { ...zones, stage: { ...stage, h: scene.h - stage.y } } : zones;
}

/** How far an edge across the page falls from left to right, in px. */
const fallOf = (scene: Scene, degrees: number): number => scene.w * Math.tan((degrees * Math.PI) / 180);

/**
 * The title's ground, full width, its edge towards the picture on a slant.
 *
 * @param degrees of the edge, clockwise
 */
export function slantedGround(scene: Scene, zones: Zones, fill: Colour, degrees: number): void {
  if (scene.wing) return;
  const { w, h, u, m } = scene;
  const { rect: strip } = zones.main;
  const fall = fallOf(scene, degrees);
  const edge = (y: number, away: 1 | -1): readonly [Point, Point] => {
    const far = y + away * Math.abs(fall);
    return fall * away > 0
      ? [
          [-u, y],
          [w + u, far],
        ]
      : [
          [-u, far],
          [w + u, y],
        ];
  };
  const above = edge(strip.y - m * 0.45, -1);
  const below = edge(strip.y + strip.h + m * 0.45, 1);
  const top: readonly Point[] =
    zones.titleAt === "top"
      ? [
          [-u, -u],
          [w + u, -u],
        ]
      : above;
  const bottom: readonly Point[] =
    zones.titleAt === "bottom"
      ? [
          [-u, h + u],
          [w + u, h + u],
        ]
      : below;
  polygon(scene, [...top, ...[...bottom].reverse()], fill);
}

/** What a slanted ground of so many degrees leaves of the stage. */
export function clearOf(scene: Scene, { stage, titleAt }: Zones, degrees: number): Rect {
  if (scene.wing) return stage;
  const taken = Math.abs(fallOf(scene, degrees)) + scene.m * 0.45;
  return { ...stage, y: stage.y + (titleAt === "top" ? taken : 0), h: stage.h - taken };
}

/** The title's ground, full width, straight. */
export const titleGround = (scene: Scene, zones: Zones, fill: Colour): void => slantedGround(scene, zones, fill, 0);

/** What stands at the foot stands on a bar of its own, across the page. */
function footBar(scene: Scene, zones: Zones, fill: Colour): void {
  if (!zones.foot) return;
  const { w, h, u } = scene;
  const y = zones.foot.rect.y - scene.m * 0.6;
  rect(scene, { x: -u, y, w: w + 2 * u, h: h - y + u }, fill);
}

/** The call itself, in what shows on its ground, and what stands above it and at the foot, on a bar of that colour. */
export function setCall(
  scene: Scene,
  zones: Zones,
  style: { readonly font: FontName; readonly ground: Colour; readonly foot: Colour } & Pick<
    StackStyle,
    "align" | "angle" | "leading"
  >,
): void {
  const { ground, foot, ...rest } = style;
  footBar(scene, zones, foot);
  const { ink, paper, accent } = scene.inks;
  setLarge(scene, zones, {
    subFont: "narrow",
    valign: "middle",
    inks: [standOut(scene, ground), ink, paper],
    leading: 1.16,
    lead: 2.5,
    follow: 0.5,
    ...rest,
  });
  setStrips(scene, zones, "narrow", {
    align: style.align,
    inks: [standOut(scene, foot), paper, ink, accent],
    valign: "middle",
  });
  // Flat inks, as lithographers printed them: little grain, hardly worn.
  scene.texture = { grain: 0.35, wear: 0.2 };
}

/** Of the page's height: what makes a call a call. */
const CALL_SHARE = 0.13;

/** The title where it is tallest: few words get narrower lines and more of them, long ones a narrower face. */
function setLarge(scene: Scene, { main, foot }: Zones, style: StackStyle): void {
  const { phrases } = main;
  // Air above the bar of what stands at the foot.
  const area = foot && main.rect.y < foot.rect.y ? { ...main.rect, h: main.rect.h - scene.m * 0.35 } : main.rect;
  const narrower = (share: number): Rect => {
    const by = area.w * (1 - share);
    return {
      ...area,
      w: area.w - by,
      x: area.x + (style.align === "left" ? 0 : style.align === "right" ? by : by / 2),
    };
  };
  const tries: readonly (readonly [Rect, FontName])[] = [
    [area, style.font],
    [narrower(0.72), style.font],
    [area, "condensed"],
    [narrower(0.55), style.font],
  ];
  const heights = tries.map(([rect, font]) => {
    const blocks: Scene["blocks"] = [];
    setStack({ ...scene, blocks }, rect, phrases.slice(0, 1), { ...style, font });
    return bounds(blocks.flatMap(({ lines }) => lines.flatMap(({ box }) => box))).h;
  });
  const enough = heights.findIndex((height) => height >= scene.h * CALL_SHARE);
  const [rect, font] = tries[enough >= 0 ? enough : heights.indexOf(Math.max(...heights))] ?? [area, style.font];
  setStack(scene, rect, phrases, { ...style, font });
}

/** A photo cut out in a circle, as photomontage did. */
export const photoDisc = (scene: Scene, cx: number, cy: number, r: number, one: Colour, other: Colour): boolean =>
  photo(scene, { x: cx - r, y: cy - r, w: 2 * r, h: 2 * r }, one, other, circlePoints(cx, cy, r));

/** Bars that fly off: each shorter and thinner than the one before. */
export function splinters(scene: Scene, cx: number, cy: number, degrees: number, colours: readonly Colour[]): void {
  const { w, u, chance } = scene;
  colours.forEach((colour, index) => {
    const off = (index - (colours.length - 1) / 2) * u * 4.6;
    const radians = ((degrees + 90) * Math.PI) / 180;
    bar(
      scene,
      cx + off * Math.cos(radians) + chance.between(-3, 3) * u,
      cy + off * Math.sin(radians),
      w * (0.3 - 0.07 * index) * chance.between(0.85, 1.15),
      u * (1.9 - 0.35 * index),
      degrees,
      colour,
    );
  });
}
