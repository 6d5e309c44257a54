import { z } from "zod";

/** From large to small: what it is; what more; when, where, how much; who answers for it. */
const LETTERING_LEVELS = ["title", "subtitle", "details", "small"] as const;
export type LetteringLevel = (typeof LETTERING_LEVELS)[number];

/** auto: where the picture is quiet. */
export const LETTERING_PLACES = ["auto", "top", "middle", "bottom"] as const;
export type LetteringPlace = (typeof LETTERING_PLACES)[number];

/** Voices of a title. What a face lacks is lettered by one that has it. */
export const LETTERING_FONTS = [
  "condensed",
  "grotesk",
  "anton",
  "archivo",
  "slab",
  "serif",
  "russo",
  "mono",
  "marker",
  "typewriter",
] as const;
export type LetteringFont = (typeof LETTERING_FONTS)[number];

const WORDS_MAX = 12;
const WORD_MAX_CHARS = 1500;
const LINK_MAX_CHARS = 300;
const SIDE_MAX_PX = 8192;
/** Each of the distinct characters of what is lettered. */
const OUTLINES_MAX = 1200;
const OUTLINE_MAX_CHARS = 40_000;
const PARTS_MAX = 400;
const GLYPHS_MAX = 2000;

const colourSchema = z.string().regex(/^#[\da-f]{6}$/u);
const placedPx = z
  .number()
  .min(-SIDE_MAX_PX)
  .max(2 * SIDE_MAX_PX);
const boxSchema = z.strictObject({ x: placedPx, y: placedPx, w: placedPx.min(0), h: placedPx.min(0) });

const wordsSchema = z.strictObject({
  /** Its line breaks stay. */
  text: z.string().min(1).max(WORD_MAX_CHARS),
  level: z.enum(LETTERING_LEVELS),
  /** One item a line, each with its own mark. */
  list: z.literal(true).exactOptional(),
});
/** Words of one level. */
export type LetteredWords = z.output<typeof wordsSchema>;

/** Words over a picture, as people ask for them: what can be changed without touching the picture. */
export const letteringLayerSchema = z.strictObject({
  lettering: z.literal(1),
  /** In the order in which they are read; none where only a code or a logo is wanted. */
  words: z.array(wordsSchema).max(WORDS_MAX),
  place: z.enum(LETTERING_PLACES),
  /** A brand's: of the letters, and of what lies under them where the picture does not do. */
  colours: z.strictObject({ ink: colourSchema, ground: colourSchema }).exactOptional(),
  font: z.enum(LETTERING_FONTS).exactOptional(),
  /** Drawn as a QR code in a corner. */
  link: z.string().min(1).max(LINK_MAX_CHARS).exactOptional(),
  /** A picture in a corner: `key` names stored bytes; the sides say its shape. */
  logo: z
    .strictObject({
      key: z.string().min(1).max(80),
      widthPx: z.int().min(1).max(SIDE_MAX_PX),
      heightPx: z.int().min(1).max(SIDE_MAX_PX),
    })
    .exactOptional(),
});
export type LetteringLayer = z.output<typeof letteringLayerSchema>;

/** What of a layer is a brand's. */
export const brandingSchema = letteringLayerSchema.pick({ colours: true, font: true, logo: true });
export type Branding = z.output<typeof brandingSchema>;

/** `undefined`: nothing of it is. */
export function brandingOf({ colours, font, logo }: Branding): Branding | undefined {
  if (!colours && !font && !logo) return undefined;
  return { ...(colours && { colours }), ...(font && { font }), ...(logo && { logo }) };
}

/** Only what draws: a stored set is written into an SVG as it is. */
const pathSchema = z
  .string()
  .max(OUTLINE_MAX_CHARS)
  .regex(/^[MLQCZmlhvqcz\d .-]*$/u);

const plateSchema = z.strictObject({
  kind: z.literal("plate"),
  box: boxSchema,
  fill: colourSchema,
});
const lineSchema = z.strictObject({
  kind: z.literal("line"),
  /** As it is read, for those who do not see it. */
  text: z.string().max(WORD_MAX_CHARS),
  level: z.enum(LETTERING_LEVELS),
  /** Around the ink. */
  box: boxSchema,
  /** Height of a capital: the unit of the outlines is a thousandth of it. */
  capPx: z.number().positive().max(SIDE_MAX_PX),
  fill: colourSchema,
  /** Which outline stands where: its index, then the start of its baseline in px. */
  glyphs: z.array(z.tuple([z.int().min(0).max(OUTLINES_MAX), placedPx, placedPx])).max(GLYPHS_MAX),
});
const codeSchema = z.strictObject({
  kind: z.literal("code"),
  /** With its quiet zone, which is white. */
  box: boxSchema,
  href: z.string().max(LINK_MAX_CHARS + 20),
  /** Rows of modules, "1" is dark; the quiet zone included. */
  modules: z
    .array(z.string().regex(/^[01]*$/u))
    .min(1)
    .max(200),
});
const logoSchema = z.strictObject({ kind: z.literal("logo"), box: boxSchema, key: z.string().max(80) });

const partSchema = z.discriminatedUnion("kind", [plateSchema, lineSchema, codeSchema, logoSchema]);
export type LetteringPart = z.output<typeof partSchema>;

/**
 * A layer as it was set over one picture: outlines and plates, in px of that picture. Stored beside the layer, so that the
 * same words are set the same again, and so that paper gets vectors.
 */
export const setLetteringSchema = z.strictObject({
  set: z.literal(1),
  widthPx: z.int().min(1).max(SIDE_MAX_PX),
  heightPx: z.int().min(1).max(SIDE_MAX_PX),
  place: z.enum(["top", "middle", "bottom"]),
  /** SVG path data, y downwards, from the start of the baseline; the unit is a thousandth of a capital's height. */
  outlines: z.array(pathSchema).max(OUTLINES_MAX),
  /** What lies lowest first. */
  parts: z.array(partSchema).max(PARTS_MAX),
});
export type SetLettering = z.output<typeof setLetteringSchema>;

/** The same words over the same picture in another size: what it says in px is said in px of that one. */
export function scaledSet(
  set: SetLettering,
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
) {
  const by = widthPx / set.widthPx;
  const px = (value: number): number => Math.round(value * by * 100) / 100;
  const boxAt = ({ x, y, w, h }: LetteringPart["box"]) => ({ x: px(x), y: px(y), w: px(w), h: px(h) });
  const parts = set.parts.map((part): LetteringPart => {
    const box = boxAt(part.box);
    if (part.kind !== "line") return { ...part, box };
    const glyphs = part.glyphs.map(([outline, x, y]): [number, number, number] => [outline, px(x), px(y)]);
    return { ...part, box, capPx: px(part.capPx), glyphs };
  });
  return { ...set, widthPx, heightPx, parts };
}
