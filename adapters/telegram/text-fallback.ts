import { text } from "../../src/domain/text.ts";
import { SOURCE_LANGUAGE } from "../../src/messages/catalogue.ts";
import { render } from "../../src/messages/render.ts";
import type { ShownView } from "../../src/ports/view.ts";
import type { Forbidden } from "./errors.ts";

export function withoutMedia(view: ShownView): ShownView {
  const { image: _image, file: _file, album: _album, ...rest } = view;
  return rest;
}

const HINT = { photos: text("telegram.no-photos"), files: text("telegram.no-files") } as const;

/** What a view says, for a chat that takes no pictures or no files of ours, and what helps. */
export function textFallback(view: ShownView, what: Forbidden["what"]): ShownView {
  const { tiles, ...words } = withoutMedia(view);
  return {
    ...words,
    text: view.tone === "working" ? view.text : `${view.text}\n${render(HINT[what], view.language ?? SOURCE_LANGUAGE)}`,
    ...(tiles ? { tiles: tiles.map(({ image: _image, ...tile }) => tile) } : {}),
  };
}
