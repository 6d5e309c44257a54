import type { ShownView } from "../../src/ports/view.ts";
import type { Forbidden } from "./errors.ts";

export function withoutMedia(view: ShownView): ShownView {
  const { image: _image, file: _file, album: _album, ...rest } = view;
  return rest;
}

const HINT: Readonly<Record<Forbidden["what"], string>> = {
  photos:
    "This chat lets me send no photos. An admin can allow them in the group's permissions, or make me an admin; then /show brings the picture.",
  files:
    "This chat lets me send no files. An admin can allow them in the group's permissions, or make me an admin; then Original gives it.",
};

/** What a view says, for a chat that takes no pictures or no files of ours, and what helps. */
export function textFallback(view: ShownView, what: Forbidden["what"]): ShownView {
  const { tiles, ...words } = withoutMedia(view);
  return {
    ...words,
    text: view.tone === "working" ? view.text : `${view.text}\n${HINT[what]}`,
    ...(tiles ? { tiles: tiles.map(({ image: _image, ...tile }) => tile) } : {}),
  };
}
