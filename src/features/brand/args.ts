import { z } from "zod";
import { BRAND_USES } from "../../domain/brand.ts";
import { LETTERING_FONTS, type LetteringFont } from "../../domain/lettering.ts";
import { type Text, text, verbatim } from "../../domain/text.ts";
import { attachmentOption, option } from "../../ports/args.ts";

/** Takes back what was chosen. It is never stored. */
export const NONE = "none";

const COLOUR_MAX_CHARS = 40;
const noneLabel = { [NONE]: text("choice.brand.none") };

/** Names of typefaces and their kinds, which are what one types. */
export const fontName = (font: LetteringFont): Text => verbatim(`${font.slice(0, 1).toUpperCase()}${font.slice(1)}`);

const colour = (of: "ink" | "ground") =>
  option(z.string().trim().max(COLOUR_MAX_CHARS), {
    about: text(`option.brand.${of}`),
    label: text(`label.brand.${of}`),
    phrase: true,
  }).optional();

/** Of the command and of the form. */
const brandFields = {
  ink: colour("ink"),
  ground: colour("ground"),
  font: option(z.enum([...LETTERING_FONTS, NONE]), {
    about: text("option.brand.font"),
    label: text("label.brand.font"),
    labels: { ...Object.fromEntries(LETTERING_FONTS.map((font) => [font, fontName(font)])), ...noneLabel },
  }).optional(),
  use: option(z.enum(BRAND_USES), {
    about: text("option.brand.use"),
    label: text("label.brand.use"),
    labels: {
      templates: text("choice.brand.templates"),
      everything: text("choice.brand.everything"),
    },
  }).optional(),
};

export const brandArgs = z.strictObject({
  brand: option(z.enum([NONE]), {
    about: text("option.brand.none"),
    label: text("label.brand"),
    labels: noneLabel,
    rest: true,
  }).optional(),
  ...brandFields,
  logo: attachmentOption(text("option.brand.logo"), text("label.brand.logo"), NONE).optional(),
});

const formArgs = z.strictObject(brandFields);
export const brandFormOf = { name: "brand", args: formArgs, again: text("form.brand.again") };

/** What was asked for. `logo`: the bytes of a file. */
export interface BrandChange extends z.output<typeof formArgs> {
  readonly logo?: Uint8Array | typeof NONE | undefined;
}
