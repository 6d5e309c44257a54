import { z } from "zod";
import { type Colour, channelsOf, contrastOf, readableOn } from "../lib/colour.ts";
import { LETTERING_FONTS } from "./lettering.ts";

/** On posters of templates and on slides, or on everything that is lettered. */
export const BRAND_USES = ["templates", "everything"] as const;

const colourSchema = z.string().regex(/^#[\da-f]{6}$/u);

/** What a chat has of its own: on its templates and slides, or on all that is lettered. What is absent is not the chat's to say. */
export const brandSchema = z.strictObject({
  /** Of the letters and of what lies under them: they contrast by at least 4.5 to 1. */
  colours: z.strictObject({ ink: colourSchema, ground: colourSchema }).exactOptional(),
  font: z.enum(LETTERING_FONTS).exactOptional(),
  /** `key` names stored bytes: see `PictureFiles.logo`. */
  logo: z
    .strictObject({
      key: z.string().min(1).max(80),
      widthPx: z.int().min(1).max(8192),
      heightPx: z.int().min(1).max(8192),
    })
    .exactOptional(),
  /** Absent: templates. */
  use: z.enum(BRAND_USES).exactOptional(),
});
export type Brand = z.output<typeof brandSchema>;
export type BrandColours = NonNullable<Brand["colours"]>;

export const NO_BRAND: Brand = {};

/** WCAG 2.2, 1.4.3, for letters of any size. */
export const BRAND_CONTRAST_MIN = 4.5;

/** To one place, and never more than it is: 4.49 is not enough. */
export const ratioOf = ({ ink, ground }: BrandColours): number => Math.floor(contrastOf(ink, ground) * 10) / 10;

export const isReadable = ({ ink, ground }: BrandColours): boolean => contrastOf(ink, ground) >= BRAND_CONTRAST_MIN;

/** The pairs that can be read and differ least, the nearest first: one of the two moves towards black or white. */
export function nearestReadable({ ink, ground }: BrandColours): readonly BrandColours[] {
  const moved = { ink: readableOn(ink, ground, BRAND_CONTRAST_MIN), ground };
  const under = { ink, ground: readableOn(ground, ink, BRAND_CONTRAST_MIN) };
  return [moved, under]
    .filter(isReadable)
    .toSorted(
      (one, other) =>
        distance(one.ink, ink) +
        distance(one.ground, ground) -
        distance(other.ink, ink) -
        distance(other.ground, ground),
    );
}

/** Where only one of the two was said. */
export const besideOf = (colour: Colour): Colour =>
  contrastOf("#ffffff", colour) >= contrastOf("#000000", colour) ? "#ffffff" : "#000000";

const distance = (one: Colour, other: Colour): number => {
  const to = channelsOf(other);
  return Math.hypot(...channelsOf(one).map((channel, at) => channel - (to[at] ?? 0)));
};
