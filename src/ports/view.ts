import type { OptionSpec } from "./option.ts";

/**
 * What to show, in no platform's words. Plain JSON: it can be stored, compared and sent. All text is plain; adapters
 * escape it.
 */
export interface View {
  readonly text: string;
  /** What is going on with the picture: the page colours by it, other platforms ignore it. */
  readonly tone?: "working" | "good" | "bad" | "quiet";
  readonly image?: ViewImage;
  /** The pictures of a batch one by one, where `image` is their grid: for platforms that show albums. */
  readonly album?: readonly ViewImage[];
  /** Several pictures are being made: where they will be an album, their message has to stay a text. */
  readonly becomesAlbum?: true;
  /** 0 to 1. Shown as a bar. */
  readonly progress?: number;
  /** A table of facts (Info, quota). */
  readonly fields?: readonly { readonly name: string; readonly value: string }[];
  /** A gallery: styles, history. At most `GALLERY_TILES`; a list without pictures takes `LIST_TILES`. */
  readonly tiles?: readonly ViewTile[];
  /** A file to download. */
  readonly file?: ViewFile;
  /** Lists to choose one thing from, each in a row of its own above the buttons. */
  readonly selects?: readonly Select[];
  /** Rows of buttons. */
  readonly buttons?: readonly (readonly Button[])[];
}

/** So many tiles fit into one message on every platform: with pictures, and without any. */
export const GALLERY_TILES = 9;
export const LIST_TILES = 25;

/** A press of it comes back as `Pressed` with `values: { choice: <value> }`. */
export interface Select {
  /** What stands there while nothing is chosen, at most 60 characters. */
  readonly label: string;
  /** As a button's. */
  readonly token: string;
  /** 1 to 25, each value once: at most 20 bytes of ASCII, so that token and value fit together into 64. */
  readonly choices: readonly { readonly value: string; readonly label: string }[];
  /** The value that is chosen now. */
  readonly chosen?: string;
}

export interface ViewImage {
  /** Names the bytes (`ChatEvents.media`). The same key is the same picture, so an edit need not upload it again. */
  readonly key: string;
  /** For members who cannot see it: the prompt. */
  readonly alt: string;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Covered until a member uncovers it: the chat's rules say so. */
  readonly spoiler?: true;
}

interface ViewFile {
  readonly key: string;
  readonly name: string;
  /** Of a picture, for members who cannot see it: platforms show pictures that are sent as files. */
  readonly alt?: string;
  readonly spoiler?: true;
}

export interface ViewTile {
  readonly title: string;
  readonly text: string;
  readonly image?: ViewImage;
  readonly buttons?: readonly Button[];
  /** A command to put into the input, e.g. `/rca `. */
  readonly fill?: string;
  /** Sending `fill` makes a picture, which spends something: a tap must not do that by itself. */
  readonly fillDraws?: true;
}

export interface Button {
  /** At most 24 characters. */
  readonly label: string;
  /** Signed, at most 64 bytes of ASCII: see button.ts. */
  readonly token: string;
  readonly tone?: "primary" | "danger";
}

/**
 * Fields to fill in; `token` comes back with the values. A platform with room for fewer fields shows the first ones and
 * sends those: what is left out stays as it was.
 */
export interface FormSpec {
  readonly title: string;
  readonly token: string;
  readonly submitLabel: string;
  readonly fields: readonly (OptionSpec & { readonly value?: string })[];
}
