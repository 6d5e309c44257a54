import { randomBytes } from "node:crypto";
import { type Text, text } from "../../src/domain/text.ts";
import { ChatError, type Media } from "../../src/ports/chat.ts";
import { GALLERY_TILES, LIST_TILES, type ShownImage, type ShownView } from "../../src/ports/view.ts";
import { blurred } from "./blur.ts";
import type { Sent } from "./http.ts";
import { discordCapabilities, UPLOAD } from "./limits.ts";
import { type Parts, type Placed, type Rendered, render } from "./render.ts";
import { fitPicture, megabytes } from "./shrink-image.ts";

/** A message ready to be sent. */
export interface Composed {
  readonly body: Rendered;
  readonly files: NonNullable<Sent["files"]>;
  /** The key of the picture it shows. */
  readonly imageKey?: string;
}

export interface ComposeDeps {
  readonly media: (key: string) => Promise<Media | undefined>;
  /** The largest file this place takes. */
  readonly maxBytes: number;
  /** The picture the message shows already: the same key needs no upload. */
  readonly shown?: { readonly key: string; readonly attachmentId: string };
  readonly commandId?: Parts["commandId"];
}

/** Loads what a view shows, makes it fit, and renders it. @throws ChatError "too_large" for a view over Discord's limits */
export async function compose(view: ShownView, deps: ComposeDeps): Promise<Composed> {
  refuseTooLarge(view);
  const files: NonNullable<Sent["files"]>[number][] = [];
  const notes: Text[] = [];
  const once = randomBytes(3).toString("hex");
  let left = UPLOAD.requestMaxBytes;

  const upload = (
    media: Media,
    wanted: string,
    { alt, spoiler }: Pick<ShownImage, "spoiler"> & { readonly alt?: string | undefined },
  ): Placed => {
    // Clients cover what is named so; the flag says the same to newer ones.
    const name = `${spoiler ? "SPOILER_" : ""}${safeName(wanted)}`;
    files.push({ name, data: media.bytes, contentType: media.mime });
    left -= media.bytes.length;
    return { name, ...(alt === undefined ? {} : { alt }), ...(spoiler ? { spoiler } : {}) };
  };

  async function picture(image: ShownImage, within: number): Promise<Placed | undefined> {
    const media = await deps.media(image.key);
    if (!media) {
      notes.push(text("discord.picture-gone"));
      return undefined;
    }
    const fitted = await fitPicture(media, Math.min(within, left));
    if (!fitted) {
      notes.push(text("discord.picture-too-large", { size: megabytes(media.bytes.length) }));
      return undefined;
    }
    if (fitted.note) notes.push(fitted.note);
    return upload(fitted.media, fitted.media.fileName, image);
  }

  /** A file is for keeping, so it comes as it is or not at all. */
  async function file(wanted: NonNullable<ShownView["file"]>): Promise<Placed | undefined> {
    const media = await deps.media(wanted.key);
    if (media && media.bytes.length <= Math.min(deps.maxBytes, left)) return upload(media, wanted.name, wanted);
    notes.push(
      media
        ? text("discord.file-too-large", { size: megabytes(media.bytes.length), fits: megabytes(deps.maxBytes) })
        : text("discord.file-gone"),
    );
    return undefined;
  }

  const attached =
    view.image && deps.shown?.key === view.image.key ? { attachedId: deps.shown.attachmentId } : undefined;
  const image = attached ?? (view.image && (await picture(view.image, deps.maxBytes)));
  const tiles: (Placed | undefined)[] = [];
  for (const [index, tile] of (view.tiles ?? []).entries())
    tiles.push(tile.image && (await tilePicture(tile.image, index)));
  const given = view.file && (await file(view.file));

  async function tilePicture(tileImage: ShownImage, index: number): Promise<Placed | undefined> {
    const found = await deps.media(tileImage.key);
    const media = found && tileImage.spoiler ? await blurred(found) : found;
    const fitted = media && (await fitPicture(media, Math.min(deps.maxBytes, left)));
    // Names tell them apart, from each other and from those of the gallery that this one takes the place of: an embed shows
    // a file by its name, and a name that two have keeps both.
    return fitted && upload(fitted.media, `${index + 1}-${once}-${fitted.media.fileName}`, { alt: tileImage.alt });
  }

  const parts: Parts = {
    ...(image ? { image } : {}),
    ...(given ? { file: given } : {}),
    tiles,
    notes,
    ...(deps.commandId ? { commandId: deps.commandId } : {}),
  };
  return { body: render(view, parts), files, ...(image && view.image ? { imageKey: view.image.key } : {}) };
}

function refuseTooLarge(view: ShownView): void {
  const { textMaxChars, buttonRows, buttonsPerRow } = discordCapabilities;
  const tooLarge = (what: string): never => {
    throw new ChatError("discord", "too_large", what);
  };
  if (view.text.length > textMaxChars) tooLarge(`text of ${view.text.length} characters, ${textMaxChars} fit`);
  const tiles = view.tiles?.length ?? 0;
  const fit = view.tiles?.some(({ image }) => image) ? GALLERY_TILES : LIST_TILES;
  if (tiles > fit) tooLarge(`${tiles} tiles, ${fit} fit`);
  const rows = view.buttons ?? [];
  const tileButtons = (view.tiles ?? []).reduce((sum, { buttons = [] }) => sum + buttons.length, 0);
  const needed = rows.length + (view.selects?.length ?? 0) + Math.ceil(tileButtons / buttonsPerRow);
  if (needed > buttonRows) tooLarge(`${needed} rows of buttons and lists, ${buttonRows} fit`);
  for (const row of rows)
    if (row.length > buttonsPerRow) tooLarge(`${row.length} buttons in a row, ${buttonsPerRow} fit`);
}

/** `attachment://` addresses take no other characters. */
const safeName = (name: string): string => name.replace(/[^A-Za-z0-9._-]+/g, "-").slice(-100) || "file";
