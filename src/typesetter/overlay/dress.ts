import type { LetteringLayer } from "../../domain/lettering.ts";
import { type Colour, contrastOf, mixColours, readableOn } from "../../lib/colour.ts";
import type { Rect } from "../composition/tree.ts";
import type { Candidate } from "./candidates.ts";
import { eachCell, type Field } from "./field.ts";
import type { Stack, StackLine } from "./stack.ts";
import type { Swatches } from "./swatches.ts";
import { stepsFor, TONES, toneOf } from "./tones.ts";

/** What letters stand in or on, so that they read. */
export interface Dress {
  readonly kind: "open" | "strips" | "panel";
  readonly ink: Colour;
  readonly plates: readonly { readonly box: Rect; readonly fill: Colour }[];
  /** What of the picture is not seen any more. */
  readonly covers: readonly Rect[];
  /** How much less it looks like a poster than letters in the open. */
  readonly cost: number;
  /** 0 quiet, 1 as a crowd: under letters in the open. */
  readonly busy: number;
}

/** WCAG 2.2 asks for 4.5, of large letters for 3; more is aimed at. */
const WANTED = 6;
const LARGE_WANTED = 4.6;
const ON_PLATE = 7;
const ON_ACCENT = 6;
/** Of the picture's shorter side, height of a capital: as large as WCAG's 24 px on a phone. */
const LARGE_CAP = 0.034;
/** Of the pixels under a line, how many may be too light or too dark, and of those under one letter. */
const FAILING_MAX = 0.02;
const FAILING_LOCAL_MAX = 0.3;
const COST = { open: 0, strips: 0.42, panel: 0.5 } as const;
/** More than these lines in strips are a heap of paper. */
const STRIPS_MAX_LINES = 4;

type Brand = LetteringLayer["colours"];

/** Every way to letter here that can be read, most open first. */
export function dressesFor(field: Field, candidate: Candidate, swatches: Swatches, brand: Brand): readonly Dress[] {
  const open = inOpen(field, candidate, swatches, brand);
  const pairs = platePairs(field, candidate, swatches, brand);
  return [...open, ...pairs.flatMap((pair) => [...stripsOf(field, candidate, pair), panelOf(field, candidate, pair)])];
}

interface Pair {
  readonly ink: Colour;
  readonly ground: Colour;
  readonly cost: number;
}

function inOpen(field: Field, candidate: Candidate, swatches: Swatches, brand: Brand): readonly Dress[] {
  const { deep, pale, accent } = swatches;
  // A brand's words are in its colours, on a plate where nothing else does.
  const inks = brand ? [brand.ink, brand.ground] : [pale, deep, ...(accent === undefined ? [] : [accent])];
  const lines = linesOf(candidate);
  const busy = busyUnder(field, lines);
  const covers = lines.map(({ box }) => box);
  const shorterPx = Math.min(field.widthPx, field.heightPx);
  return inks.flatMap((ink, order): Dress[] => {
    const failing = worstOf(lines.map((line) => failingUnder(field, line, ink, shorterPx)));
    const taste = ink === accent ? 0.12 : brand ? order * 0.04 : 0;
    if (failing.share > FAILING_MAX || failing.local > FAILING_LOCAL_MAX) return [];
    return [{ kind: "open", ink, plates: [], covers, cost: COST.open + taste, busy }];
  });
}

interface Under {
  readonly line: StackLine;
  /** Where its ink lies on the picture, and a little around it. */
  readonly box: Rect;
}

function linesOf({ stack, box }: Candidate): readonly Under[] {
  return stack.lines.map((line) => {
    const pad = line.capPx * 0.14;
    const { x, y, w, h } = line.ink;
    return { line, box: { x: box.x + x - pad, y: box.y + y - pad, w: w + 2 * pad, h: h + 2 * pad } };
  });
}

/** Of the pixels under a line, how many are too near to its ink; of all, and where they are most. */
function failingUnder(field: Field, { line, box }: Under, ink: Colour, shorterPx: number): Failing {
  const tone = toneOf(ink);
  const apart = stepsFor(line.capPx >= LARGE_CAP * shorterPx ? LARGE_WANTED : WANTED);
  let failing = 0;
  let all = 0;
  let local = 0;
  const from = Math.max(0, tone - apart + 1);
  const to = Math.min(TONES, tone + apart);
  eachCell(field, box, (cell, share) => {
    const at = cell * (TONES + 1);
    const pixels = field.darker[at + TONES] ?? 0;
    if (pixels === 0) return;
    const near = ((field.darker[at + to] ?? 0) - (field.darker[at + from] ?? 0)) / pixels;
    failing += share * near;
    all += share;
    if (share > 0.4) local = Math.max(local, near);
  });
  return { share: all === 0 ? 1 : failing / all, local };
}

interface Failing {
  readonly share: number;
  readonly local: number;
}

const worstOf = (all: readonly Failing[]): Failing => ({
  share: Math.max(...all.map(({ share }) => share)),
  local: Math.max(...all.map(({ local }) => local)),
});

/** Steps of contrast from pixel to pixel that are as restless as a crowd. */
const RESTLESS = 3;

function busyUnder(field: Field, lines: readonly Under[]): number {
  let sum = 0;
  let all = 0;
  for (const { box } of lines)
    eachCell(field, box, (cell, share) => {
      sum += share * (field.busy[cell] ?? 0);
      all += share;
    });
  return all === 0 ? 0 : Math.min(1, sum / all / RESTLESS);
}

/** Two colours that read on each other, the one that belongs to the picture most first. */
function platePairs(
  field: Field,
  candidate: Candidate,
  { deep, pale, accent }: Swatches,
  brand: Brand,
): readonly Pair[] {
  if (brand) return [{ ink: readableOn(brand.ink, brand.ground, 4.5), ground: brand.ground, cost: 0 }];
  // What lies around decides: a dark plate in the dark is a hole.
  const light = meanLight(field, candidate.box);
  const neutral: readonly Pair[] = [
    { ink: deep, ground: pale, cost: light > 0.5 ? 0.12 : 0.04 },
    { ink: pale, ground: deep, cost: light < 0.12 ? 0.12 : 0.02 },
  ];
  if (accent === undefined) return neutral;
  // A light colour carries dark letters. Every other is darkened for light ones: made lighter, red would be pink.
  const isLight = contrastOf(deep, accent) >= ON_PLATE;
  return [
    isLight ? { ink: deep, ground: accent, cost: 0 } : { ink: pale, ground: darkened(accent, pale), cost: 0 },
    ...neutral,
  ];
}

function darkened(colour: Colour, below: Colour): Colour {
  for (let share = 0; share < 1; share += 0.04) {
    const mixed = mixColours(colour, "#000000", share);
    if (contrastOf(mixed, below) >= ON_ACCENT) return mixed;
  }
  return "#000000";
}

function meanLight(field: Field, box: Rect): number {
  let sum = 0;
  let all = 0;
  eachCell(field, box, (cell, share) => {
    const [r, g, b] = [
      field.colours[cell * 3] ?? 0,
      field.colours[cell * 3 + 1] ?? 0,
      field.colours[cell * 3 + 2] ?? 0,
    ];
    sum += (share * (0.299 * r + 0.587 * g + 0.114 * b)) / 255;
    all += share;
  });
  return all === 0 ? 0 : sum / all;
}

/** A strip under each line, one on the other: it hides the least. */
function stripsOf(field: Field, candidate: Candidate, { ink, ground, cost }: Pair): readonly Dress[] {
  const { stack, box } = candidate;
  if (
    stack.lines.length > STRIPS_MAX_LINES ||
    stack.lines.some(({ level }) => level === "details" || level === "small")
  )
    return [];
  const plates = strips(stack, box).map((strip) => ({
    box: within(field, toEdge(field, strip, candidate.x)),
    fill: ground,
  }));
  return [{ kind: "strips", ink, plates, covers: plates.map((plate) => plate.box), cost: COST.strips + cost, busy: 0 }];
}

/** Padding at the sides, and above and below, in heights of a capital. */
const STRIP_PAD = { x: 0.34, y: 0.3 } as const;

function strips({ lines }: Stack, at: Rect): readonly Rect[] {
  const tops = lines.map(({ ink, y, capPx }) => Math.min(ink.y, y - capPx) - STRIP_PAD.y * capPx);
  const bottoms = lines.map(({ ink, y, capPx }) => Math.max(ink.y + ink.h, y) + STRIP_PAD.y * capPx);
  return lines.map(({ ink, capPx }, index) => {
    const top = tops[index] ?? 0;
    const next = tops[index + 1];
    const own = bottoms[index] ?? 0;
    // No gap of a hair's breadth between two of them.
    const bottom = next === undefined ? own : Math.max(own, next + 1);
    const pad = STRIP_PAD.x * capPx;
    return { x: at.x + ink.x - pad, y: at.y + top, w: ink.w + 2 * pad, h: bottom - top };
  });
}

/** From the side where they stand, strips come into the picture. */
function toEdge({ widthPx }: Field, { x, y, w, h }: Rect, side: Candidate["x"]): Rect {
  if (side === "centre") return { x, y, w, h };
  return side === "left" ? { x: 0, y, w: x + w, h } : { x, y, w: widthPx - x, h };
}

/** A field behind all of it that runs off the picture's edges. */
function panelOf(field: Field, { stack, box, place, x, width }: Candidate, { ink, ground, cost }: Pair): Dress {
  const { widthPx, heightPx } = field;
  const pad = Math.min(widthPx, heightPx) * 0.045;
  const top = place === "top" ? 0 : box.y - pad;
  const bottom = place === "bottom" ? heightPx : box.y + box.h + pad;
  const isAcross = width > 0.9 || x === "centre" || stack.w > widthPx * 0.58;
  const left = isAcross || x === "left" ? 0 : box.x - pad;
  const right = isAcross || x === "right" ? widthPx : box.x + box.w + pad;
  const plate = within(field, { x: left, y: top, w: right - left, h: bottom - top });
  return {
    kind: "panel",
    ink,
    plates: [{ box: plate, fill: ground }],
    covers: [plate],
    cost: COST.panel + cost,
    busy: 0,
  };
}

function within({ widthPx, heightPx }: Field, { x, y, w, h }: Rect): Rect {
  const [left, top] = [Math.max(0, Math.round(x)), Math.max(0, Math.round(y))];
  const [right, bottom] = [Math.min(widthPx, Math.round(x + w)), Math.min(heightPx, Math.round(y + h))];
  return { x: left, y: top, w: Math.max(0, right - left), h: Math.max(0, bottom - top) };
}
