import { NO_JOB } from "./button.ts";
import type { CommandWorld, Context } from "./command.ts";
import { encodeMediaKey } from "./media.ts";
import type { Style } from "./style.ts";
import { GALLERY_TILES, type View, type ViewImage } from "./view.ts";

export const STYLES_PER_PAGE = GALLERY_TILES;
/** The gallery picture is drawn or stored in this shape; platforms scale it. */
const TILE_WIDTH_PX = 512;
const TILE_HEIGHT_PX = 640;

/** One page of the gallery, from 0; a page past the end is the last one. */
export function stylePage(context: Pick<Context, "token">, world: Pick<CommandWorld, "styles">, wanted: number): View {
  const pages = Math.max(1, Math.ceil(world.styles.length / STYLES_PER_PAGE));
  const page = Math.min(wanted, pages - 1);
  const shown = world.styles.slice(page * STYLES_PER_PAGE, (page + 1) * STYLES_PER_PAGE);
  if (shown.length === 0) return { text: "No styles are set up yet. Ask whoever runs Placard.", tone: "quiet" };
  const button = (label: string, to: number) => ({ label, token: context.token("styles", NO_JOB, to) });
  const turns = [
    ...(page > 0 ? [button("Back", page - 1)] : []),
    ...(page < pages - 1 ? [button("More", page + 1)] : []),
  ];
  const where = pages === 1 ? "" : ` Page ${page + 1} of ${pages}.`;
  return {
    text: `Each style is a command of its own: type its name and what to draw.${where}`,
    tiles: shown.map((style) => ({
      title: style.title,
      text: styleText(style),
      image: styleImage(style),
      fill: `/${style.id} `,
    })),
    ...(turns.length === 0 ? {} : { buttons: [turns] }),
  };
}

function styleText(style: Style): string {
  const { cfg, steps, scale, width, height } = style.defaults;
  return [
    `/${style.id}${style.summary === "" ? "" : `: ${style.summary}`}`,
    ...(style.trigger === "" ? [] : [`trigger: ${style.trigger} (added for you)`]),
    `cfg ${cfg}, ${steps} steps, scale ${scale}, ${width}×${height}`,
    `licence: ${style.licence}`,
  ].join("\n");
}

export const styleImage = (style: Style): ViewImage => ({
  key: encodeMediaKey({ of: "style", styleId: style.id }),
  alt: `an example of the style ${style.title}`,
  widthPx: TILE_WIDTH_PX,
  heightPx: TILE_HEIGHT_PX,
});
