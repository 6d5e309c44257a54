import { INDEX_PATTERN } from "../domain/batch.ts";
import { logoKeyOf, parseLogoKey } from "../domain/ids.ts";
import { type Branding, brandingSchema } from "../domain/lettering.ts";

/**
 * Keys of everything a view can show, resolved by `ChatEvents.media`. `picture/<image id>/posted` is the lossless copy
 * without recipe, `thumb` a WebP at most 320 px wide, `original` the PNG with its recipe, `plain` a PNG without the words that stand over it, `grid/<job id>` the sheet of a
 * batch, `style/<style id>` the gallery picture of a style, `template/<template id>` that of a template, `brand/…` a sample of a chat's own colours, font and logo, `preview/<job id>/<version>` the unfinished picture of a running
 * job: only the newest version is kept, `picks/<decision id>` the candidates of a decision on one sheet, `picks/<decision id>/won`
 * with a frame around those that won, `document/<document id>` a file that was made of pictures, `held/<token>` one that waits for a moderator: signed for those who may look.
 */
export type MediaKey =
  | { readonly of: "picture"; readonly imageId: string; readonly variant: PictureVariant }
  | { readonly of: "grid"; readonly jobId: string }
  | { readonly of: "picks"; readonly decisionId: string; readonly marked?: true }
  | { readonly of: "style"; readonly styleId: string }
  | { readonly of: "template"; readonly templateId: string }
  | { readonly of: "brand"; readonly brand: Branding }
  | { readonly of: "held"; readonly token: string }
  | { readonly of: "document"; readonly documentId: string }
  | { readonly of: "preview"; readonly jobId: string; readonly version: number };

type PictureVariant = "posted" | "thumb" | "original" | "plain";

const PICTURE = new RegExp(`^picture/([A-Za-z0-9_-]{16}\\.${INDEX_PATTERN})/(posted|thumb|original|plain)$`);
const GRID = /^grid\/([A-Za-z0-9_-]{16})$/;
const PICKS = /^picks\/([a-z0-9]{16})(\/won)?$/;
const PREVIEW = /^preview\/([A-Za-z0-9_-]{16})\/(\d{1,6})$/;
const STYLE = /^style\/([a-z][a-z0-9_]{0,31})$/;
const BRAND =
  /^brand\/(?:([\da-f]{6})-([\da-f]{6})|-)\/([a-z]{1,20}|-)\/(?:([A-Za-z0-9_-]{16})-(\d{1,4})-(\d{1,4})|-)$/;
const HELD = /^held\/(2\.seen\.[\w.-]{1,60})$/;
const DOCUMENT = /^document\/([a-z0-9]{16})$/;
const TEMPLATE = /^template\/([a-z][a-z0-9-]{0,31})$/;

export function encodeMediaKey(key: MediaKey): string {
  switch (key.of) {
    case "picture":
      return `picture/${key.imageId}/${key.variant}`;
    case "grid":
      return `grid/${key.jobId}`;
    case "picks":
      return `picks/${key.decisionId}${key.marked ? "/won" : ""}`;
    case "style":
      return `style/${key.styleId}`;
    case "template":
      return `template/${key.templateId}`;
    case "brand": {
      const { colours, font = "-", logo } = key.brand;
      const pair = colours ? `${colours.ink.slice(1)}-${colours.ground.slice(1)}` : "-";
      const mark = logo ? `${parseLogoKey(logo.key) ?? ""}-${logo.widthPx}-${logo.heightPx}` : "-";
      return `brand/${pair}/${font}/${mark}`;
    }
    case "held":
      return `held/${key.token}`;
    case "document":
      return `document/${key.documentId}`;
    case "preview":
      return `preview/${key.jobId}/${key.version}`;
  }
}

/** The inverse of `encodeMediaKey`; `undefined` for anything else. */
export function decodeMediaKey(text: string): MediaKey | undefined {
  const [, imageId, variant] = PICTURE.exec(text) ?? [];
  if (imageId && variant) return { of: "picture", imageId, variant: variant as PictureVariant };
  const jobId = GRID.exec(text)?.[1];
  if (jobId) return { of: "grid", jobId };
  const [, decisionId, marked] = PICKS.exec(text) ?? [];
  if (decisionId) return { of: "picks", decisionId, ...(marked === undefined ? {} : { marked: true as const }) };
  const [, previewOf, version] = PREVIEW.exec(text) ?? [];
  if (previewOf && version) return { of: "preview", jobId: previewOf, version: Number(version) };
  const brand = brandIn(text);
  if (brand) return { of: "brand", brand };
  const heldToken = HELD.exec(text)?.[1];
  if (heldToken) return { of: "held", token: heldToken };
  const documentId = DOCUMENT.exec(text)?.[1];
  if (documentId) return { of: "document", documentId };
  const templateId = TEMPLATE.exec(text)?.[1];
  if (templateId) return { of: "template", templateId };
  const styleId = STYLE.exec(text)?.[1];
  return styleId ? { of: "style", styleId } : undefined;
}

/** What a brand looks like: its own picture says all of it, so that another one has another key. */
function brandIn(text: string): Branding | undefined {
  const [whole, ink, ground, font = "-", logoId, widthPx, heightPx] = BRAND.exec(text) ?? [];
  if (whole === undefined) return undefined;
  return brandingSchema.safeParse({
    ...(ink ? { colours: { ink: `#${ink}`, ground: `#${ground}` } } : {}),
    ...(font === "-" ? {} : { font }),
    ...(logoId ? { logo: { key: logoKeyOf(logoId), widthPx: Number(widthPx), heightPx: Number(heightPx) } } : {}),
  }).data;
}

/** Of the picture that shows a brand. */
export const SAMPLE_SIZE = { widthPx: 960, heightPx: 480 } as const;

/** Half size, so that a grid is as large as one picture of the batch. */
export const gridCell = (request: { readonly widthPx: number; readonly heightPx: number }) => ({
  widthPx: Math.round(request.widthPx / 2),
  heightPx: Math.round(request.heightPx / 2),
});
