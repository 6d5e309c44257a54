import type { DocumentPage, DocumentPicture } from "../../ports/documents.ts";
import type { Rect } from "../../typesetter/composition/tree.ts";
import { type Colours, coloursOf } from "../look/colours.ts";
import { coverLayout, INSTEAD_W, type Layout, layoutOf, SLIDE, wordsBelow } from "../look/layout.ts";
import type { PagesSpec } from "../part.ts";
import { directionOf, isRightToLeft } from "../words/direction.ts";
import { hanFor } from "../words/han.ts";
import { setHeading, setParagraphs, type Voicing } from "../words/set.ts";
import type { Slide, Slides } from "./library.ts";

type TextOptions = NonNullable<Parameters<Slide["addText"]>[1]>;

const PT_PER_INCH = 72;
/** Who opens slides has other faces: some run wider than ours, and stand further apart. */
const FACE = "Arial";
const SIZE_IN_CAPS = 1.22;
const LINE_IN_SIZES = 1.36;
const CREDITS_SHARE = 0.3;
const OUTCOME = { caps: [14, 12.5, 11, 10, 9, 8], leading: 2, gap: 0.8 } as const;
const CREDITS_PT = 12;
const COVER_MIDDLE = 330;

/** Stands for a picture's bytes until they are written: slides would hold all of them at once, and as text. */
type PictureMark = (picture: DocumentPicture) => string;

/** A brand's own, on its ground. */
export interface SlideLogo {
  readonly data: string;
  readonly widthPx: number;
  readonly heightPx: number;
}

interface SlidePictures {
  readonly markOf: PictureMark;
  readonly logo: SlideLogo | undefined;
}

/** Slides with everything but the bytes of their pictures. */
export function buildSlides(pptx: Slides, spec: PagesSpec, { markOf, logo }: SlidePictures): void {
  pptx.layout = "LAYOUT_WIDE";
  pptx.title = spec.title;
  pptx.subject = spec.subtitle;
  pptx.author = "Placard";
  pptx.company = "";
  pptx.theme = { headFontFace: FACE, bodyFontFace: FACE };
  pptx.rtlMode = isRightToLeft(spec.language);
  pptx.defineSlideMaster({
    title: TITLED,
    objects: [{ placeholder: { options: { name: "title", type: "title" } as never, text: "" } }],
  });
  const words = [spec.title, ...spec.pages.map(({ heading }) => heading)];
  const brush = createBrush(spec, hanFor(spec.language, words), markOf);
  addCover(pptx, spec, brush, logo);
  const { pages } = spec;
  for (const [index, page] of pages.entries()) addItem(pptx, page, { at: index + 1, of: pages.length }, brush);
}

/** Each slide has a title that programs know as such: people jump from one to the next by it. */
const TITLED = "Titled";

const inches = ({ x, y, w, h }: Rect) => ({
  x: x / PT_PER_INCH,
  y: y / PT_PER_INCH,
  w: w / PT_PER_INCH,
  h: h / PT_PER_INCH,
});

interface Brush {
  readonly colours: Colours;
  readonly isTurned: boolean;
  readonly body: Voicing;
  /** @returns how high it may become */
  title(slide: Slide, text: string, box: Rect & { readonly capMax: number }, isAtFoot?: boolean): number;
  texts(
    slide: Slide,
    texts: readonly string[],
    box: Rect,
    style: { readonly sizePt: number; readonly colours: readonly [string, string]; readonly isAtFoot?: boolean },
  ): void;
  picture(slide: Slide, picture: DocumentPicture, box: Rect): void;
}

function createBrush(spec: PagesSpec, han: Voicing["han"], markOf: PictureMark): Brush {
  const isTurned = isRightToLeft(spec.language);
  const colours = coloursOf(spec.brand);
  const base = isTurned ? "rtl" : "ltr";
  const common = (box: Rect): TextOptions => ({
    ...inches(box),
    margin: 0,
    fontFace: FACE,
    align: isTurned ? "right" : "left",
    lang: spec.language,
    valign: "top",
  });
  return {
    colours,
    isTurned,
    body: { font: "body", han },
    title(slide, text, box, isAtFoot = false) {
      const { lines } = setHeading(text, { font: "grotesk", han }, box);
      const fontSize = Math.floor((lines[0]?.cap ?? box.capMax) * SIZE_IN_CAPS);
      const height = Math.min(box.h, lines.length * fontSize * LINE_IN_SIZES);
      slide.addText(text, {
        ...common(isAtFoot ? box : { ...box, h: height }),
        placeholder: "title",
        bold: true,
        fontSize,
        color: hexOf(colours.ink),
        rtlMode: directionOf(text, base) === "rtl",
        fit: "shrink",
        valign: isAtFoot ? "bottom" : "top",
      });
      return height;
    },
    texts(slide, texts, box, { sizePt, colours: [first, others], isAtFoot }) {
      const runs = texts.map((text, index) => ({
        text,
        options: {
          color: hexOf(index === 0 ? first : others),
          breakLine: index < texts.length - 1,
          paraSpaceAfter: Math.round(sizePt * 0.3),
          rtlMode: directionOf(text, base) === "rtl",
          align: isTurned ? ("right" as const) : ("left" as const),
          lang: spec.language,
        },
      }));
      slide.addText(runs, {
        ...common(box),
        fontSize: sizePt,
        fit: "shrink",
        ...(isAtFoot ? { valign: "bottom" } : {}),
      });
    },
    picture(slide, picture, box) {
      slide.addImage({ data: markOf(picture), altText: picture.alt, ...inches(box) });
    },
  };
}

const hexOf = (colour: string): string => colour.slice(1).toUpperCase();

function addCover(pptx: Slides, spec: PagesSpec, brush: Brush, logo: SlideLogo | undefined): void {
  const { colours } = brush;
  const shown = (
    spec.pages.find(({ picture, chosen }) => picture && chosen) ?? spec.pages.find(({ picture }) => picture)
  )?.picture;
  const layout = coverLayout(shown && shown.widthPx / shown.heightPx, {
    isRightToLeft: brush.isTurned,
    hasLogo: logo !== undefined,
  });
  const slide = addSlide(pptx, colours);
  slide.addShape("rect", { ...inches(layout.band), fill: { color: hexOf(colours.accent) } });
  // Whatever it takes grows upwards from here, and what is said below it stays where it is.
  const { title } = layout;
  brush.title(slide, spec.title, { ...title, h: COVER_MIDDLE - title.y }, true);
  const below = { ...title, y: COVER_MIDDLE + 20, h: SLIDE.h - COVER_MIDDLE - 20 - 56 };
  if (spec.subtitle.trim() !== "")
    brush.texts(slide, [spec.subtitle], below, { sizePt: 20, colours: [colours.quiet, colours.quiet] });
  if (logo) {
    const scale = Math.min(layout.logo.w / logo.widthPx, layout.logo.h / logo.heightPx);
    const size = { w: logo.widthPx * scale, h: logo.heightPx * scale };
    const x = brush.isTurned ? layout.logo.x + layout.logo.w - size.w : layout.logo.x;
    slide.addImage({ data: logo.data, altText: " ", ...inches({ x, y: layout.logo.y, ...size }) });
  }
  if (shown && layout.picture) brush.picture(slide, shown, layout.picture);
}

function addSlide(pptx: Slides, { ground }: Colours): Slide {
  const slide = pptx.addSlide({ masterName: TITLED });
  slide.background = { color: hexOf(ground) };
  return slide;
}

function addItem(
  pptx: Slides,
  page: DocumentPage,
  number: { readonly at: number; readonly of: number },
  brush: Brush,
): void {
  const { picture, notes } = page;
  const { colours, isTurned } = brush;
  const layout = layoutOf(picture && picture.widthPx / picture.heightPx, isTurned);
  const slide = addSlide(pptx, colours);
  if (!picture) {
    const x = isTurned ? 0 : SLIDE.w - INSTEAD_W;
    slide.addShape("rect", { ...inches({ x, y: 0, w: INSTEAD_W, h: SLIDE.h }), fill: { color: hexOf(colours.panel) } });
  }
  const headingH = brush.title(slide, page.heading, layout.heading);
  slide.addText(`${number.at}/${number.of}`, {
    ...inches(layout.number),
    shape: "roundRect" as never,
    rectRadius: layout.number.h / 2 / PT_PER_INCH - 0.001,
    fill: { color: hexOf(colours.accent) },
    color: hexOf(colours.onAccent),
    fontFace: FACE,
    fontSize: 12,
    bold: true,
    align: "center",
    valign: "middle",
    margin: 0,
  });
  if (picture && layout.picture) brush.picture(slide, picture, layout.picture);
  addWords(slide, page, brush, { layout, headingH });
  if (notes.length > 0) slide.addNotes(notes.join("\n"));
}

function addWords(
  slide: Slide,
  { outcome, credits, chosen }: DocumentPage,
  brush: Brush,
  { layout, headingH }: { readonly layout: Layout; readonly headingH: number },
): void {
  const { colours, isTurned } = brush;
  const room = wordsBelow(layout, headingH);
  const creditsH = credits.length === 0 ? 0 : room.h * CREDITS_SHARE;
  if (outcome.length > 0) {
    const indent = chosen ? 34 : 0;
    const box = { ...room, x: room.x + (isTurned ? 0 : indent), w: room.w - indent, h: room.h - creditsH - 8 };
    const cap =
      setParagraphs(outcome, () => brush.body, { ...OUTCOME, w: box.w, h: box.h })[0]?.lines[0]?.cap ?? OUTCOME.caps[0];
    brush.texts(slide, outcome, box, { sizePt: Math.round(cap * SIZE_IN_CAPS), colours: [colours.ink, colours.quiet] });
    if (chosen) addTick(slide, colours, { x: isTurned ? room.x + room.w - 22 : room.x, y: room.y, w: 22, h: 22 });
  }
  if (credits.length > 0) {
    const box = { ...room, y: room.y + room.h - creditsH, h: creditsH };
    brush.texts(slide, credits, box, { sizePt: CREDITS_PT, colours: [colours.quiet, colours.quiet], isAtFoot: true });
  }
}

const addTick = (slide: Slide, { good, onGood }: Colours, box: Rect): void =>
  void slide.addText("✓", {
    ...inches(box),
    shape: "ellipse" as never,
    fill: { color: hexOf(good) },
    color: hexOf(onGood),
    fontFace: FACE,
    fontSize: 12,
    bold: true,
    align: "center",
    valign: "middle",
    margin: 0,
  });
