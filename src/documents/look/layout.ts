import type { Rect } from "../../typesetter/composition/tree.ts";

/** 16:9, in points: 13.33 × 7.5 inches, as slides are. */
export const SLIDE = { w: 960, h: 540 } as const;
const MARGIN = 44;
const GUTTER = 36;
/** Nothing stands lower but the foot: which page it is. */
const FOOT = 30;
/** What stands where a picture would. */
export const INSTEAD_W = 300;
/** Wider pictures than that stand below the heading. */
const BESIDE_MAX_RATIO = 1.25;
/** Of the page's width, for a picture beside words. */
const BESIDE_MAX_SHARE = 0.5;

export interface Layout {
  readonly picture?: Rect;
  readonly number: Rect;
  readonly heading: Rect & { readonly capMax: number };
  /** Outcome lines from the top, credits at its foot. */
  readonly words: Rect;
  readonly foot: Rect;
}

/**
 * Where things stand on a page, by the picture's shape: it is always whole. Mirrored where one reads from the right.
 *
 * @param ratio width by height of the picture; absent: a page of words
 */
export function layoutOf(ratio: number | undefined, isRightToLeft: boolean): Layout {
  const layout = ratio === undefined ? wordsAlone() : ratio <= BESIDE_MAX_RATIO ? beside(ratio) : below(ratio);
  return isRightToLeft ? mirrored(layout) : layout;
}

const FOOT_BOX: Rect = { x: MARGIN, y: SLIDE.h - FOOT - 4, w: SLIDE.w - 2 * MARGIN, h: 16 };
const NUMBER = { w: 56, h: 26 } as const;
const BODY_TOP = MARGIN + NUMBER.h + 18;
const BODY_BOTTOM = SLIDE.h - FOOT - 14;

/** The picture as high as the page, words beside it. */
function beside(ratio: number): Layout {
  const h = SLIDE.h - 2 * 36;
  const w = Math.min(h * ratio, SLIDE.w * BESIDE_MAX_SHARE);
  const height = w / ratio;
  const picture = { x: SLIDE.w - 36 - w, y: (SLIDE.h - height) / 2, w, h: height };
  const wordsW = picture.x - GUTTER - MARGIN;
  return {
    picture,
    number: { x: MARGIN, y: MARGIN, ...NUMBER },
    heading: { x: MARGIN, y: BODY_TOP, w: wordsW, h: 170, capMax: 38 },
    words: { x: MARGIN, y: BODY_TOP + 170 + 20, w: wordsW, h: BODY_BOTTOM - BODY_TOP - 170 - 20 },
    foot: { ...FOOT_BOX, w: wordsW },
  };
}

/** The heading over all, a wide picture below it, and words beside that. */
function below(ratio: number): Layout {
  const top = MARGIN + 92;
  const roomH = SLIDE.h - 36 - top;
  const w = Math.min(roomH * ratio, SLIDE.w - 2 * MARGIN - GUTTER - 236);
  const h = w / ratio;
  const picture = { x: SLIDE.w - MARGIN - w, y: top + (roomH - h) / 2, w, h };
  const wordsW = picture.x - GUTTER - MARGIN;
  const headingX = MARGIN + NUMBER.w + 20;
  return {
    picture,
    number: { x: MARGIN, y: MARGIN + 4, ...NUMBER },
    heading: { x: headingX, y: MARGIN, w: SLIDE.w - MARGIN - headingX, h: 70, capMax: 30 },
    words: { x: MARGIN, y: top, w: wordsW, h: BODY_BOTTOM - top },
    foot: { ...FOOT_BOX, w: wordsW },
  };
}

function wordsAlone(): Layout {
  const w = SLIDE.w - INSTEAD_W - GUTTER - MARGIN;
  return {
    number: { x: MARGIN, y: MARGIN, ...NUMBER },
    heading: { x: MARGIN, y: BODY_TOP, w, h: 220, capMax: 54 },
    words: { x: MARGIN, y: BODY_TOP + 220 + 24, w, h: BODY_BOTTOM - BODY_TOP - 220 - 24 },
    foot: FOOT_BOX,
  };
}

const turned = <R extends Rect>(box: R): R => ({ ...box, x: SLIDE.w - box.x - box.w });

function mirrored(layout: Layout): Layout {
  return {
    ...(layout.picture ? { picture: turned(layout.picture) } : {}),
    number: turned(layout.number),
    heading: turned(layout.heading),
    words: turned(layout.words),
    foot: turned(layout.foot),
  };
}

const COVER_MARGIN = 56;
const BAND = 16;
/** A brand's own, above the title. */
const LOGO = { w: 200, h: 72 } as const;

export interface CoverLayout {
  readonly band: Rect;
  readonly logo: Rect;
  /** What is said below it may go down to the page's margin. */
  readonly title: Rect & { readonly capMax: number };
  readonly picture?: Rect;
}

/** @param ratio of the picture that is shown beside the title */
export function coverLayout(
  ratio: number | undefined,
  { isRightToLeft, hasLogo }: { readonly isRightToLeft: boolean; readonly hasLogo: boolean },
): CoverLayout {
  const picture = ratio === undefined ? undefined : coverPicture(ratio);
  const x = COVER_MARGIN + BAND;
  const w = (picture ? picture.x : SLIDE.w) - x - GUTTER;
  const top = COVER_MARGIN + (hasLogo ? LOGO.h + 24 : 40);
  const layout: CoverLayout = {
    band: { x: 0, y: 0, w: BAND, h: SLIDE.h },
    logo: { x, y: COVER_MARGIN, ...LOGO },
    title: { x, y: top, w, h: SLIDE.h - top - 150, capMax: picture ? 50 : 64 },
    ...(picture ? { picture } : {}),
  };
  if (!isRightToLeft) return layout;
  return {
    band: turned(layout.band),
    logo: turned(layout.logo),
    title: turned(layout.title),
    ...(layout.picture ? { picture: turned(layout.picture) } : {}),
  };
}

function coverPicture(ratio: number): Rect {
  const h = SLIDE.h - 2 * 40;
  const w = Math.min(h * ratio, SLIDE.w * 0.46);
  const height = w / ratio;
  return { x: SLIDE.w - 40 - w, y: (SLIDE.h - height) / 2, w, h: height };
}

/** The room for words right below a heading that is so high: a short one leaves no hole. */
export function wordsBelow({ heading, words }: Layout, headingH: number): Rect {
  const isBelow = words.y > heading.y + heading.h;
  const top = isBelow ? Math.min(words.y, heading.y + headingH + 26) : words.y;
  return { ...words, y: top, h: words.h + words.y - top };
}
