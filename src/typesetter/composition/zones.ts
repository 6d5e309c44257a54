import type { Colour } from "../../lib/colour.ts";
import type { Numbered, Scene } from "./scene.ts";
import type { Rect } from "./tree.ts";

type TitleAt = "top" | "middle" | "bottom";

/** The page cut into strips that do not touch, so that lettering in different strips cannot overlap. */
export interface Zones {
  readonly titleAt: TitleAt;
  readonly head: Strip | undefined;
  readonly main: Strip;
  readonly foot: Strip | undefined;
  /** What is left for the picture, edge to edge in width. */
  readonly stage: Rect;
}

interface Strip {
  readonly rect: Rect;
  readonly phrases: readonly Numbered[];
}

export interface ZoneWishes {
  /** Where this layout can put its title, the usual one first. */
  readonly titleAt: readonly [TitleAt, ...TitleAt[]];
  /** Share of the height the title's strip takes; default 0.36. */
  readonly share?: number;
  /** Margin at the sides, in margins; default 1. */
  readonly side?: number;
  /** What the lettering stands on beside the picture of a wide page; default the paper. */
  readonly ground?: Colour;
}

/** Sorts phrases by the positions the prompt gives them and cuts the page accordingly. */
export function zonesOf(scene: Scene, wishes: ZoneWishes): Zones {
  if (scene.wing) {
    scene.wing.ground = wishes.ground;
    scene.wing.side = Math.min(1.25, Math.max(1, wishes.side ?? 1));
    return allStage(scene);
  }
  const { head, main, foot, titlePosition } = sortPhrases(scene.phrases);
  const asked: TitleAt | undefined =
    titlePosition === "centre"
      ? "middle"
      : titlePosition === "top"
        ? "top"
        : titlePosition === "bottom"
          ? "bottom"
          : undefined;
  const drawn = wishes.titleAt[scene.deal("title", wishes.titleAt.length)] ?? wishes.titleAt[0];
  const titleAt = asked ?? drawn;
  const { w, h, m } = scene;
  const side = m * (wishes.side ?? 1);
  const wide = w - 2 * side;
  const strip = (y: number, height: number): Rect => ({ x: side, y, w: wide, h: height });
  const stripHeight = (phrases: readonly Numbered[]): number => {
    const longest = phrases.reduce((sum, phrase) => sum + phrase.text.length + 14, 0);
    const lines = linesOf(phrases);
    const large = phrases.some((phrase) => phrase.size === "large") ? 1.9 : 1;
    // On a banner a strip of the same share would be too low to read.
    const banner = scene.w > scene.h * 1.6 ? 1.9 : 1;
    return (
      Math.min(
        0.24,
        (0.04 + 0.012 * phrases.length + 0.022 * (lines - phrases.length) + longest / 2600) * large * banner,
      ) * h
    );
  };
  const headH = head.length > 0 ? stripHeight(head) : 0;
  const footH = foot.length > 0 ? stripHeight(foot) : 0;
  const top = m + (headH > 0 ? headH + m * 0.7 : 0);
  const bottom = h - m - (footH > 0 ? footH + m * 0.7 : 0);
  const share =
    (wishes.share ?? 0.36) *
    scene.chance.between(0.92, 1.06) *
    (titleAt === "middle" ? 1.12 : 1) *
    (w > h * 1.6 ? 1.2 : 1) *
    (1 + 0.1 * Math.min(4, main.length - 1) + 0.08 * Math.min(7, linesOf(main) - main.length));
  const mainH = Math.min((bottom - top) * 0.72, h * share);
  const mainY = titleAt === "top" ? top : titleAt === "bottom" ? bottom - mainH : top + (bottom - top - mainH) * 0.85;
  const stage: Rect =
    titleAt === "top"
      ? { x: 0, y: mainY + mainH, w, h: bottom - mainY - mainH }
      : titleAt === "bottom"
        ? { x: 0, y: headH > 0 ? top : 0, w, h: mainY - (headH > 0 ? top : 0) }
        : { x: 0, y: headH > 0 ? top : 0, w, h: mainY - (headH > 0 ? top : 0) };
  if (titlePosition === "centre") scene.centred = true;
  return {
    titleAt,
    head: head.length > 0 ? { rect: strip(m, headH), phrases: head } : undefined,
    main: { rect: strip(mainY, mainH), phrases: main },
    foot: foot.length > 0 ? { rect: strip(h - m - footH, footH), phrases: foot } : undefined,
    stage,
  };
}

/** What is left for the picture beside the lettering that was set, where it does not fill its strip. */
export function besides({ stage, titleAt, main }: Zones, used: Rect): Rect {
  if (titleAt === "top") {
    const y = Math.min(stage.y, used.y + used.h);
    return { ...stage, y, h: stage.y + stage.h - y };
  }
  return { ...stage, h: Math.max(stage.h, Math.min(used.y, main.rect.y + main.rect.h) - stage.y) };
}

const linesOf = (phrases: readonly Numbered[]): number =>
  phrases.reduce((sum, { text }) => sum + text.split("\n").length, 0);

/** The picture has the page to itself; the title's strip lies below it, out of sight. */
const allStage = ({ w, h, m }: Scene): Zones => ({
  titleAt: "bottom",
  head: undefined,
  main: { rect: { x: 0, y: h + m * 0.6, w, h: 0 }, phrases: [] },
  foot: undefined,
  stage: { x: 0, y: 0, w, h },
});

export function sortPhrases(phrases: readonly Numbered[]) {
  const title = phrases[titleIndex(phrases)];
  const others = phrases.filter((phrase) => phrase !== title);
  const titlePosition = title?.position;
  // "At the top" for a second phrase means the strip above the title, unless the title itself is asked to be there.
  const head = others.filter((phrase) => phrase.position === "top" && titlePosition !== "top");
  const foot = others.filter(
    (phrase) =>
      (phrase.position === "bottom" && titlePosition !== "bottom") ||
      (phrase.position === undefined && isSmallPrint(phrase)),
  );
  const rest = others.filter((phrase) => !head.includes(phrase) && !foot.includes(phrase));
  return { head, main: title ? [title, ...rest] : rest, foot, titlePosition };
}

/** The first phrase leads, unless a later one alone is called large. */
function titleIndex(phrases: readonly Numbered[]): number {
  const large = phrases.findIndex((phrase) => phrase.size === "large");
  if (large >= 0) return large;
  const notSmall = phrases.findIndex((phrase) => phrase.size !== "small" && phrase.position !== "bottom");
  return Math.max(0, notSmall);
}

/** Dates, addresses and the like belong at the foot when nobody says otherwise; a list stands under its title. */
const isSmallPrint = (phrase: Numbered): boolean =>
  phrase.size === "small" || phrase.level === "small" || (phrase.level === "details" && !phrase.isList);
