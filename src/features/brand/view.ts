import { BRAND_CONTRAST_MIN, type Brand, type BrandColours, NO_BRAND, ratioOf } from "../../domain/brand.ts";
import type { Branding } from "../../domain/lettering.ts";
import { facts, sentences, type Text, text, verbatim } from "../../domain/text.ts";
import type { Context } from "../../ports/command.ts";
import type { Button, View } from "../../ports/view.ts";
import { encodeMediaKey, SAMPLE_SIZE } from "../../views/media-key.ts";
import { fontName } from "./args.ts";

type Shown = Pick<Context, "place" | "token">;

/** What a chat has of its own, with a picture of it. @param more what is said first, and pairs of colours that are offered */
export function brandView(
  context: Shown,
  brand: Brand,
  more: { readonly said?: Text; readonly offers?: readonly BrandColours[] } = {},
): View {
  const { colours, font, logo, use } = brand;
  const isHere = context.place.communityId === undefined;
  const none = text("choice.brand.none");
  return {
    text: more.said ?? sentences(text(isHere ? "brand.here" : "brand.community"), text("brand.how")),
    image: {
      key: encodeMediaKey({
        of: "brand",
        brand: { ...(colours && { colours }), ...(font && { font }), ...(logo && { logo }) },
      }),
      alt: text("brand.sample.alt"),
      ...SAMPLE_SIZE,
    },
    fields: [
      {
        name: text("brand.colours"),
        value: colours ? facts(pairText(colours), text("brand.ratio", { ratio: ratioOf(colours) })) : none,
      },
      { name: text("label.brand.font"), value: font ? fontName(font) : none },
      { name: text("label.brand.logo"), value: logo ? verbatim(`${logo.widthPx}×${logo.heightPx}`) : none },
      { name: text("label.brand.use"), value: text(`choice.brand.${use ?? "templates"}`) },
    ],
    buttons: [
      ...(more.offers ? [more.offers.map((pair) => offerButton(context, pair))] : []),
      [
        { label: text("button.brand.form"), token: context.token("brand", "chat", { do: "form" }) },
        ...(logo
          ? [{ label: text("button.brand.logo-off"), token: context.token("brand", "chat", { do: "logo" }) }]
          : []),
        ...(Object.keys(brand).length > 0
          ? [{ label: text("button.brand.reset"), token: context.token("brand", "chat", { do: "none" }) }]
          : []),
      ],
    ],
  };
}

const offerButton = ({ token }: Shown, { ink, ground }: BrandColours): Button => ({
  label: pairText({ ink, ground }),
  token: token("brand", "chat", { do: "pair", ink: ink.slice(1), ground: ground.slice(1) }),
  tone: "primary",
});

const pairText = ({ ink, ground }: BrandColours): Text => text("brand.pair", { ink, ground });

/** Why two colours are not taken. */
export const unreadableText = (colours: BrandColours): Text =>
  text("brand.unreadable", { ...colours, ratio: ratioOf(colours), least: BRAND_CONTRAST_MIN });

/** In one line; `undefined`: nothing. */
export function brandLine({ colours, font, logo }: Branding): Text | undefined {
  if (!colours && !font && !logo) return undefined;
  return facts(colours && pairText(colours), font && fontName(font), logo && text("brand.with-logo"));
}

/** Under /settings: what holds, and the way to it. */
export const brandField = (brand: Brand = NO_BRAND): { readonly name: Text; readonly value: Text } => ({
  name: text("label.brand"),
  value: brandLine(brand) ?? text("choice.brand.none"),
});

export const brandButton = ({ token }: Pick<Context, "token">): Button => ({
  label: text("label.brand"),
  token: token("brand", "chat", { do: "show" }),
});
