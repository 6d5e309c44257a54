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
  /** 0 to 1. Shown as a bar. */
  readonly progress?: number;
  /** A table of facts (Info, quota). */
  readonly fields?: readonly { readonly name: string; readonly value: string }[];
  /** A gallery: styles, history. */
  readonly tiles?: readonly ViewTile[];
  /** A file to download. */
  readonly file?: { readonly key: string; readonly name: string };
  /** Rows of buttons. */
  readonly buttons?: readonly (readonly Button[])[];
}

export interface ViewImage {
  /** Names the bytes (`ChatEvents.media`). The same key is the same picture, so an edit need not upload it again. */
  readonly key: string;
  /** For members who cannot see it: the prompt. */
  readonly alt: string;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Covered until a member uncovers it: the chat's policy says so. */
  readonly spoiler?: true;
}

export interface ViewTile {
  readonly title: string;
  readonly text: string;
  readonly image?: ViewImage;
  readonly buttons?: readonly Button[];
  /** A command to put into the input, e.g. `/rca `. */
  readonly fill?: string;
}

export interface Button {
  /** At most 24 characters. */
  readonly label: string;
  /** Signed, at most 64 bytes of ASCII: see button.ts. */
  readonly token: string;
  readonly tone?: "primary" | "danger";
}

/** Fields to fill in; `token` comes back with the values. */
export interface FormSpec {
  readonly title: string;
  readonly token: string;
  readonly submitLabel: string;
  readonly fields: readonly (OptionSpec & { readonly value?: string })[];
}
