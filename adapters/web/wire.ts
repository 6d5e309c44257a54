import { z } from "zod";
import { displayName } from "../../src/lib/display-name.ts";
import type { LetterLevel, ShownLock } from "../../src/ports/chat.ts";
import type { StoredMessage, Upload, WebGroup } from "../../src/ports/group-log.ts";
import type { ShownMeeting, ShownSeat } from "../../src/ports/meeting-screens.ts";
import type { ShownTemplate } from "../../src/ports/poster-template.ts";
import type { ShownForm, ShownOfferRow, ShownView } from "../../src/ports/view.ts";
import { COPY_WIDTHS_PX, LINE_MAX_CHARS } from "./limits.ts";
import type { QrShape } from "./qr.ts";

/** What travels between the page and the server. A group is called `room` here and in URLs: open tabs know it by this name. */

/** A message as the page gets it. */
export interface WireMessage {
  readonly id: string;
  readonly seq: number;
  readonly rev: number;
  readonly atMs: number;
  readonly author?: { readonly id: string; readonly name: string };
  readonly onlyYou: boolean;
  readonly forName?: string;
  readonly text?: string;
  readonly upload?: Upload;
  readonly view?: ShownView;
  /** Somebody took it away. */
  readonly removed?: true;
}

export interface Present {
  readonly id: string;
  readonly name: string;
}

/** Events of a tab's stream. Those with a `rev` move the tab's position forward. */
export type StreamEvent =
  | {
      readonly type: "start";
      readonly epoch: string;
      readonly rev: number;
      readonly room: WebGroup;
      /** What the member reads here; absent on a wall. */
      readonly language?: string;
      /** Of whoever looks, their own first; absent on a wall. */
      readonly accountIds?: readonly string[];
      /** true: forget what you have; false: these come on top of it. */
      readonly afresh: boolean;
      readonly older: boolean;
      readonly messages: readonly WireMessage[];
      /** Open decisions, wherever in the chat they began; absent on a wall. */
      readonly votes?: readonly WireMessage[];
    }
  | { readonly type: "message"; readonly rev: number; readonly message: WireMessage }
  | { readonly type: "present"; readonly members: readonly Present[] }
  // "heard": acknowledged; open tabs know it by this name.
  | { readonly type: "heard"; readonly updateId: string }
  | { readonly type: "form"; readonly form: ShownForm }
  /** What is locked for the member's next pictures; absent: nothing. */
  | { readonly type: "lock"; readonly lock?: ShownLock }
  /** The member's own id, and those of the accounts that are one person with it. */
  | { readonly type: "accounts"; readonly accountIds: readonly string[] }
  /** The member chose another language. */
  | { readonly type: "language"; readonly language: string }
  /** Nothing more comes: the member was shut out of the group. */
  | { readonly type: "out"; readonly text: string }
  /** Nothing more comes: this tab was paused, and comes back when somebody asks for it. */
  | { readonly type: "ended"; readonly text: string };

/** Where phones come in. `address`: for people, "placard.example/join"; absent, where no phone reaches this: `how` says what to do. */
export interface WireJoin {
  readonly code: string;
  readonly address?: string;
  readonly qr?: QrShape;
  readonly how?: string;
}

/** Events of a wall's and a phone's stream: always the whole of what it shows. `nowMs`: the time here, for timers. */
export type ScreenEvent =
  | { readonly type: "wall"; readonly nowMs: number; readonly meeting: ShownMeeting; readonly join?: WireJoin }
  | { readonly type: "seat"; readonly nowMs: number; readonly seat: ShownSeat }
  | Extract<StreamEvent, { readonly type: "out" | "ended" }>;

export function wireMessage(message: StoredMessage): WireMessage {
  const { id, seq, rev, atMs, authorId, authorName, forName, body } = message;
  return {
    id,
    seq,
    rev,
    atMs,
    ...(authorId === undefined ? {} : { author: { id: authorId, name: displayName(authorName ?? "", authorId) } }),
    // A command line is held back from others while it is not answered; its author need not read that it is private.
    onlyYou: message.visibleTo !== undefined && (authorId === undefined || message.answered !== undefined),
    ...(forName === undefined ? {} : { forName: displayName(forName, "?") }),
    ...body,
  };
}

/** What "Make a picture" offers. The options of a style are those of its command. */
export interface WireMake {
  /** Of the styles, what the group takes where none is chosen; "": none of them. */
  readonly style: string;
  readonly styles: readonly { readonly id: string; readonly title: string }[];
  readonly shapes: readonly {
    readonly name: string;
    readonly title: string;
    readonly widthPx: number;
    readonly heightPx: number;
  }[];
  readonly templates: readonly ShownTemplate[];
}

/** What comes of a line, in its reader's words. */
export type WireQuote =
  | {
      readonly is: "picture";
      /** "about 20 s", "uses 20 s of your 212 s". */
      readonly time: string;
      readonly price: string;
      readonly widthPx: number;
      readonly heightPx: number;
      readonly letters: readonly LetterLevel[];
      readonly notes: readonly string[];
      readonly short?: string;
      /** What can be had instead, as the answer would say it. */
      readonly offers?: readonly ShownOfferRow[];
    }
  | { readonly is: "refused"; readonly why: string }
  | { readonly is: "other" };

const id = z.string().regex(/^[A-Za-z0-9_-]{16,40}$/);
const groupSlug = z.string().min(1).max(200);
const values = z.record(z.string().max(64), z.union([z.string().max(LINE_MAX_CHARS), z.number(), z.boolean()]));

export const joinBody = z.strictObject({
  name: z.string().max(200),
  room: z.string().max(200),
  secret: z.string().max(100).optional(),
});
export const leaveBody = z.strictObject({ room: groupSlug });
export const streamBody = z.strictObject({
  room: groupSlug,
  epoch: z.string().max(40).optional(),
  /** The newest `rev` the tab has; 0 for none. */
  after: z.int().min(0),
});
export const wallBody = z.strictObject({ group: groupSlug });
export const messageBody = z.strictObject({
  /** Made by the page: sending it again is the same message. */
  id,
  room: groupSlug,
  text: z.string().max(LINE_MAX_CHARS),
  uploadId: id.optional(),
  /** From the command's form: they count instead of the words in `text`. */
  values: values.optional(),
});
export const quoteBody = z.strictObject({
  room: groupSlug,
  /** The line as it would be sent. */
  text: z.string().max(LINE_MAX_CHARS),
  uploadId: id.optional(),
});
export const pressBody = z.strictObject({
  id,
  room: groupSlug,
  /** Passed on as it is: the core decides whether it is one of ours. */
  token: z.string().max(500),
  values: values.optional(),
});
export const removeBody = z.strictObject({ room: groupSlug, id });
export const reachBody = z.strictObject({ share: z.boolean() });
export const deviceBody = z.strictObject({ code: z.string().max(200) });
export const deviceCodeBody = z.strictObject({
  /** Of the page, without a path: it stands in the QR code. */
  address: z.url({ protocol: /^https?$/ }).max(200),
});
export const accessBody = z.strictObject({ code: z.string().max(200) });

// Of meetings' screens. Seats and codes are the core's to judge.
const seat = z.string().min(1).max(1000);
const wallKey = z.string().min(1).max(100);
const typedCode = z.string().max(100);

export const screenWallBody = z.strictObject({ wallKey });
export const screenSeatBody = z.strictObject({ seat });
export const screenKnowsBody = z.strictObject({ code: typedCode });
export const screenJoinBody = z.strictObject({ code: typedCode, name: z.string().max(200) });
export const screenPressBody = z.strictObject({ seat, id, token: z.string().max(500), values: values.optional() });
export const screenDrawBody = z.strictObject({
  seat,
  id,
  words: z.string().max(LINE_MAX_CHARS),
  lettered: z.string().max(LINE_MAX_CHARS),
});
export const screenImageBody = z.strictObject({
  key: z.string().min(1).max(200),
  by: z.union([screenWallBody, screenSeatBody]),
  shownPx: z.literal(COPY_WIDTHS_PX),
});
export const ownSeatBody = z.strictObject({ room: groupSlug, meetingId: z.string().min(1).max(100) });
