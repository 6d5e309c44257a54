import { randomBytes } from "node:crypto";
import { type Text, text } from "../../src/domain/text.ts";
import { ChatError, type Media } from "../../src/ports/chat.ts";
import { GALLERY_TILES, LIST_TILES, type ShownImage, type ShownView } from "../../src/ports/view.ts";
import { blurred } from "./blur.ts";
import { renderComponents } from "./components.ts";
import { galleryOf } from "./gallery.ts";
import type { Sent } from "./http.ts";
import { discordCapabilities, UPLOAD } from "./limits.ts";
import { type Parts, type Placed, type Rendered, render } from "./render.ts";
import { fitPicture, megabytes } from "./shrink-image.ts";

/** A message ready to be sent. */
export interface Composed {
  readonly body: Rendered;
  readonly files: NonNullable<Sent["files"]>;
  /** The pictures it shows, in order. */
  readonly pictures: readonly { readonly key: string; readonly name: string }[];
  /** Some of them were there already. */
  readonly keeps: boolean;
}

/** A picture that a message of ours shows. */
export interface ShownPicture {
  readonly key: string;
  readonly name: string;
  readonly attachmentId: string;
}

export interface ComposeDeps {
  readonly media: (key: string) => Promise<Media | undefined>;
  /** The largest file this place takes. */
  readonly maxBytes: number;
  /** Pictures that the message shows already: the same key needs no upload. */
  readonly shown?: readonly ShownPicture[];
  /** As a message of Components V2. */
  readonly asComponents?: boolean;
  readonly commandId?: Parts["commandId"];
}

/** Loads what a view shows, makes it fit, and renders it. @throws ChatError "too_large" for a view over Discord's limits */
export async function compose(view: ShownView, deps: ComposeDeps): Promise<Composed> {
  refuseTooLarge(view);
  const files: NonNullable<Sent["files"]>[number][] = [];
  const notes: Text[] = [];
  const made = randomBytes(3).toString("hex");
  const wanted = (deps.asComponents ? galleryOf(view) : undefined) ?? (view.image ? [view.image] : []);
  const kept = (deps.shown ?? []).filter(({ key }) => wanted.some((image) => image.key === key));
  const taken = new Set(kept.map(({ name }) => name));
  let left = UPLOAD.requestMaxBytes;

  const upload = (
    media: Media,
    called: string,
    { alt, spoiler }: Pick<ShownImage, "spoiler"> & { readonly alt?: string | undefined },
  ): Placed => {
    // Clients cover what is named so; the flag says the same to newer ones. A component covers by itself.
    const name = unlike(taken, `${spoiler && !deps.asComponents ? "SPOILER_" : ""}${safeName(called)}`);
    taken.add(name);
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
  async function file(given: NonNullable<ShownView["file"]>): Promise<Placed | undefined> {
    const media = await deps.media(given.key);
    if (media && media.bytes.length <= Math.min(deps.maxBytes, left)) return upload(media, given.name, given);
    notes.push(
      media
        ? text("discord.file-too-large", { size: megabytes(media.bytes.length), fits: megabytes(deps.maxBytes) })
        : text("discord.file-gone"),
    );
    return undefined;
  }

  const shown: { readonly key: string; readonly placed: Placed }[] = [];
  for (const [at, image] of wanted.entries()) {
    const there = kept.find(({ key }) => key === image.key);
    // Each gets its part of what one request holds.
    const within = Math.min(deps.maxBytes, Math.floor(left / (wanted.length - at)));
    const placed = there
      ? { ...image, name: there.name, attachedId: there.attachmentId }
      : await picture(image, within);
    if (placed) shown.push({ key: image.key, placed });
  }
  const tiles: (Placed | undefined)[] = [];
  for (const [index, tile] of (view.tiles ?? []).entries())
    tiles.push(tile.image && (await tilePicture(tile.image, index)));
  const given = view.file && view.file.href === undefined ? await file(view.file) : undefined;

  async function tilePicture(tileImage: ShownImage, index: number): Promise<Placed | undefined> {
    const found = await deps.media(tileImage.key);
    const media = found && tileImage.spoiler ? await blurred(found) : found;
    const fitted = media && (await fitPicture(media, Math.min(deps.maxBytes, left)));
    // Names tell them apart, from each other and from those of the gallery that this one takes the place of: an embed shows
    // a file by its name, and a name that two have keeps both.
    return fitted && upload(fitted.media, `${index + 1}-${made}-${fitted.media.fileName}`, { alt: tileImage.alt });
  }

  const parts: Parts = {
    images: shown.map(({ placed }) => placed),
    ...(given ? { file: given } : {}),
    tiles,
    notes: once(notes),
    ...(deps.commandId ? { commandId: deps.commandId } : {}),
  };
  return {
    body: deps.asComponents ? renderComponents(view, parts) : render(view, parts),
    files,
    pictures: shown.map(({ key, placed: { name } }) => ({ key, name })),
    keeps: shown.some(({ placed }) => placed.attachedId !== undefined),
  };
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
  const linkRows = view.links?.length ? 1 : 0;
  const needed = rows.length + (view.selects?.length ?? 0) + Math.ceil(tileButtons / buttonsPerRow) + linkRows;
  if (needed > buttonRows) tooLarge(`${needed} rows of buttons and lists, ${buttonRows} fit`);
  for (const row of rows)
    if (row.length > buttonsPerRow) tooLarge(`${row.length} buttons in a row, ${buttonsPerRow} fit`);
}

/** What is said of one picture of several is said once. */
const once = (notes: readonly Text[]): readonly Text[] => [
  ...new Map(notes.map((note) => [JSON.stringify(note), note])).values(),
];

/** A component names a file by its name alone. */
function unlike(taken: ReadonlySet<string>, name: string): string {
  let free = name;
  for (let count = 2; taken.has(free); count += 1) free = `${count}-${name}`;
  return free;
}

/** `attachment://` addresses take no other characters. */
const safeName = (name: string): string => name.replace(/[^A-Za-z0-9._-]+/g, "-").slice(-100) || "file";
