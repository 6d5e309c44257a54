import { type Colour, contrastOf } from "../../lib/colour.ts";
import type { FontName } from "../lettering/families.ts";
import type { LetteredPhrase } from "../reading/texts.ts";
import type { Inks } from "../reading/words.ts";
import type { Icon } from "../signs/icons.ts";
import type { Chance } from "./chance.ts";
import type { Deal } from "./deal.ts";
import type { Companion } from "./sign-place.ts";
import { coloursUnder, corners, type Lettering, type Mark, type Photo, type Point, type Rect, rotate } from "./tree.ts";

/** A phrase with its number, so that it can be found again in the layout tree. */
export interface Numbered extends LetteredPhrase {
  readonly index: number;
}

/** What a layout draws with. */
export interface Scene {
  readonly w: number;
  readonly h: number;
  /** A hundredth of the shorter side. */
  readonly u: number;
  /** Margin in px. */
  readonly m: number;
  readonly inks: Inks;
  readonly chance: Chance;
  /** For choices between ways of composing; `chance` is for measures. */
  readonly deal: Deal;
  /** At most three; the first is the largest. */
  readonly icons: readonly Icon[];
  /** Names of the icons that are on the paper; drawing one adds it. */
  readonly drawn: Set<string>;
  readonly phrases: readonly Numbered[];
  /** 0 plain, 1 the style in full, 1.5 more than that. */
  readonly depart: number;
  readonly photo: { readonly fade: number } | undefined;
  readonly marks: Mark[];
  readonly blocks: Block[];
  /** Placed when the layout has drawn. */
  readonly companions: Companion[];
  /** Of titles, whatever the layout's own is. */
  readonly voice?: FontName;
  /** The prompt asks for a centred title. */
  centred: boolean;
  placedPhoto: Photo | undefined;
  /** What the finished pixels are treated with; layouts change it. */
  texture: Texture;
  /** Only on the picture's own page beside the lettering of a wide sheet: what the layout says about that lettering. */
  readonly wing?: Wing;
}

/** How the lettering beside a picture is to look. */
export interface Wing {
  ground: Colour | undefined;
  /** Margin at the sides, in margins. */
  side: number;
  style: StackStyle | undefined;
  /** For what stands at an edge, away from the title. */
  strips: StackStyle | undefined;
}

export interface Texture {
  /** 0 to 1. */
  grain: number;
  /** Specks of paper showing through, 0 to 1. */
  wear: number;
}

/** Lettering that is set and coloured together. */
export interface Block {
  readonly lines: readonly Omit<Lettering, "fill">[];
  /** Tried in this order; the first that is readable on everything under the line wins. */
  readonly inks: readonly Colour[];
  /** Put under the block when no ink is readable there. */
  readonly plate: Colour;
  readonly rect: Rect;
  readonly angle: number;
  readonly pivot: Point;
}

/** WCAG AA for text, with room for what grain takes away. */
const CONTRAST_MIN = 4.5;
const CONTRAST_WANTED = 4.9;

/** Colours the lettering and puts plates under blocks that no ink can be read on. */
export function finishLettering(scene: Scene): readonly Lettering[] {
  const plated = new Set<Block>();
  for (let round = 0; round <= scene.blocks.length; round++) {
    const unread = scene.blocks.find(
      (block) => !plated.has(block) && block.lines.some((line) => inkFor(scene, block, line) === undefined),
    );
    if (!unread) break;
    plated.add(unread);
    scene.marks.push(plateOf(scene, unread));
  }
  return scene.blocks.flatMap((block) =>
    block.lines.map((line) => ({ ...line, fill: inkFor(scene, block, line) ?? block.inks[0] ?? scene.inks.ink })),
  );
}

function inkFor(scene: Scene, block: Block, line: Omit<Lettering, "fill">): Colour | undefined {
  const { paper, ink, accent } = scene.inks;
  const under = coloursUnder(
    { paper, marks: scene.marks, ...(scene.placedPhoto ? { photo: scene.placedPhoto } : {}) },
    line.box,
  );
  const candidates = [...block.inks, ink, paper, accent, "#000000", "#ffffff"];
  const readable = (least: number) =>
    candidates.find((colour) => under.every((below) => contrastOf(colour, below) >= least));
  return readable(CONTRAST_WANTED) ?? readable(CONTRAST_MIN);
}

function plateOf(scene: Scene, block: Block): Mark {
  const pad = scene.u * 2.2;
  const { x, y, w, h } = block.rect;
  const outline = corners({ x: x - pad, y: y - pad, w: w + 2 * pad, h: h + 2 * pad }).map((point) =>
    rotate(point, block.angle, block.pivot),
  );
  return { d: polygonPath(outline), fill: scene.inks.paper, outline, solid: true };
}

export const polygonPath = (points: readonly Point[]): string =>
  `M${points.map(([x, y]) => `${num(x)} ${num(y)}`).join("L")}Z`;

export const num = (value: number): string => {
  const rounded = Math.round(value * 100) / 100;
  return Object.is(rounded, -0) ? "0" : String(rounded);
};

export interface StackStyle {
  readonly font: FontName;
  /** For everything but the first phrase; default the same. */
  readonly subFont?: FontName;
  readonly align: "left" | "centre" | "right";
  readonly valign: "top" | "middle" | "bottom";
  readonly inks: readonly Colour[];
  readonly subInks?: readonly Colour[];
  readonly plate?: Colour;
  /** Degrees clockwise, around the middle of the rect. */
  readonly angle?: number;
  /** Largest height of a capital, as a share of the rect's height; default 0.6. */
  readonly maxCap?: number;
  readonly leading?: number;
  readonly tracking?: number;
  readonly justify?: boolean;
  /** The first phrase against the others; default 3.2. */
  readonly lead?: number;
  /** Space between phrases, in heights of the smaller phrase's capitals; default 0.75. */
  readonly gap?: number;
  /** Largest capital of what follows the first phrase, as a share of the first's; default 0.36. */
  readonly follow?: number;
  /** Nothing leads: what follows the first phrase may be as large as it. */
  readonly even?: boolean;
}
