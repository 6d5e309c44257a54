import { createHash } from "node:crypto";
import { type Style, styleName, triggerText } from "../domain/style.ts";
import { lines, sentences, type Text, text, verbatim } from "../domain/text.ts";
import type { Catalogue, Context } from "../ports/command.ts";
import type { Select, View, ViewImage } from "../ports/view.ts";
import type { SignButton } from "../views/buttons.ts";
import { encodeMediaKey } from "../views/media-key.ts";
import { galleryPage } from "./gallery-page.ts";

/** The gallery picture is drawn or stored in this shape; platforms scale it. */
const TILE_WIDTH_PX = 512;
const TILE_HEIGHT_PX = 640;

/** One page of the gallery, from 0; a page past the end is the last one. */
export function stylePage(context: Pick<Context, "token">, catalogue: Pick<Catalogue, "styles">, wanted: number): View {
  if (catalogue.styles.length === 0) return { text: text("style.none"), tone: "quiet" };
  const { where, ...page } = galleryPage(context, {
    verb: "styles",
    items: catalogue.styles,
    page: wanted,
    tileOf: (style) => ({
      title: styleName(style),
      text: styleText(style),
      image: styleImage(style),
      fill: `/${style.id} `,
    }),
  });
  return { text: sentences(text("style.list"), where), ...page };
}

function styleText(style: Style): Text {
  const { id, summary, licence, defaults } = style;
  const trigger = triggerText(style);
  const { cfg, steps, scale, width, height } = defaults;
  const command = `/${id}`;
  return lines(
    summary === "" ? verbatim(command) : text("style.summary", { command, summary }),
    trigger === "" ? undefined : text("style.word", { word: trigger }),
    text("style.values", { cfg, steps, scale, width, height }),
    licence === "" ? text("style.licence.unknown") : text("style.licence", { licence }),
  );
}

const styleImage = (style: Style): ViewImage => ({
  key: encodeMediaKey({ of: "style", styleId: style.id }),
  alt: text("style.alt", { title: styleName(style) }),
  widthPx: TILE_WIDTH_PX,
  heightPx: TILE_HEIGHT_PX,
});

const VALUE_MAX_BYTES = 20;
const CHOICES_MAX = 25;

/** A style's id where it fits beside a token on every platform, else its beginning and a hash. */
const choiceOf = (styleId: string): string =>
  styleId.length <= VALUE_MAX_BYTES
    ? styleId
    : `${styleId.slice(0, 9)}~${createHash("sha256").update(styleId).digest("base64url").slice(0, 10)}`;

/** The style behind what came back from the list; `undefined` for anything else. */
export const chosenStyle = (styles: readonly Style[], value: unknown): Style | undefined =>
  styles.find(({ id }) => choiceOf(id) === value);

/** “Try in another style” under a picture; none where there is no other. A gallery's first 25 fit, /edit style:… takes all. */
export function styleSelect(
  styles: readonly Style[],
  token: SignButton,
  picture: { readonly jobId: string; readonly index: number; readonly styleId: string },
): readonly Select[] {
  const others = styles.filter(({ id }) => id !== picture.styleId).slice(0, CHOICES_MAX);
  if (others.length === 0) return [];
  return [
    {
      label: text("choice.other-style"),
      token: token("instyle", { jobId: picture.jobId, pictures: picture.index }),
      choices: others.map((style) => ({ value: choiceOf(style.id), label: styleName(style) })),
    },
  ];
}
