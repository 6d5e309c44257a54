import { type Text, text } from "../domain/text.ts";
import type { Context } from "../ports/command.ts";
import { GALLERY_TILES, type View } from "../ports/view.ts";

/** One page of what there is, from 0; a page past the end is the last one. `verb`: the button that turns its pages. */
export function galleryPage<T>(
  context: Pick<Context, "token">,
  shown: {
    readonly verb: string;
    readonly items: readonly T[];
    readonly page: number;
    readonly tileOf: (item: T) => NonNullable<View["tiles"]>[number];
  },
): Pick<View, "tiles" | "buttons"> & { readonly where: Text | undefined } {
  const pages = Math.max(1, Math.ceil(shown.items.length / GALLERY_TILES));
  const page = Math.max(0, Math.min(shown.page, pages - 1));
  const button = (label: Text, to: number) => ({
    label,
    token: context.token(shown.verb, "chat", { page: String(to) }),
  });
  const buttons = [
    ...(page > 0 ? [button(text("button.back"), page - 1)] : []),
    ...(page < pages - 1 ? [button(text("button.more"), page + 1)] : []),
  ];
  return {
    where: pages === 1 ? undefined : text("style.page", { page: page + 1, pages }),
    tiles: shown.items.slice(page * GALLERY_TILES, (page + 1) * GALLERY_TILES).map(shown.tileOf),
    ...(buttons.length === 0 ? {} : { buttons: [buttons] }),
  };
}
