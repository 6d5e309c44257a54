import type { View } from "../../src/ports/view.ts";

/** What a member uploaded: `id` names the stored file. */
export interface Upload {
  readonly id: string;
  readonly name: string;
  readonly mime: string;
  readonly sizeBytes: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

export type Body =
  | { readonly text: string; readonly upload?: Upload }
  | { readonly view: View }
  | { readonly removed: true };

/** A command inside a message. `values`: it came from the form. */
export interface Typed {
  readonly name: string;
  readonly text: string;
  readonly values?: Readonly<Record<string, unknown>>;
}

export interface StoredMessage {
  /** Order of posting, over all rooms. */
  readonly seq: number;
  /** Counts every post and every edit, over all rooms: what a tab has seen is one number. */
  readonly rev: number;
  readonly id: string;
  readonly room: string;
  readonly atMs: number;
  /** Absent: ours. */
  readonly authorId?: string;
  readonly authorName?: string;
  /** Only this member sees it. */
  readonly visibleTo?: string;
  /** How a command line was answered; absent: not yet, or without any message. "withdrawn": private, but others saw the line before. */
  readonly answered?: "public" | "private" | "withdrawn";
  /** Who caused a message of ours. */
  readonly forName?: string;
  readonly body: Body;
  readonly command?: Typed;
}

export interface NewMessage extends Omit<StoredMessage, "seq" | "rev" | "atMs" | "answered"> {
  readonly nonce: string;
}

export interface WebMember {
  readonly id: string;
  readonly name: string;
}

export interface WebRoom {
  readonly slug: string;
  readonly title: string;
  readonly admin: boolean;
}
