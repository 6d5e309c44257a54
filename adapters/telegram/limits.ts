import type { Capabilities } from "../../src/ports/chat.ts";

/** What the Bot API takes, from its documentation (10.1, June 2026). The published rates are advice: `retry_after` decides. */
export const LIMITS = {
  /** Text and caption count after entities are parsed; we count UTF-16 units, which are never fewer. */
  textMaxChars: 4096,
  captionMaxChars: 1024,
  callbackDataMaxBytes: 64,
  callbackAnswerMaxChars: 200,
  /** Documented as "10 MB"; the smaller reading. */
  photoMaxBytes: 10_000_000,
  photoSidesMaxPx: 10_000,
  documentMaxBytes: 50_000_000,
  /** What `getFile` hands out. */
  downloadMaxBytes: 20_000_000,
  albumMinItems: 2,
  albumMaxItems: 10,
  pollQuestionMaxChars: 300,
  pollOptionMaxChars: 100,
  pollMaxOptions: 12,
  /** Documented as 5 s to 30 days and some hours; the message takes its time. */
  pollOpenMinMs: 10_000,
  pollOpenMaxMs: 2_628_000_000,
  /** Not documented; clients show no more. */
  buttonsPerRow: 8,
  buttonsMax: 100,
  copyTextMaxChars: 256,
  inputPlaceholderMaxChars: 64,
  commandsMax: 100,
  commandDescriptionMaxChars: 256,
  /** In an empty chat with the bot. */
  descriptionMaxChars: 512,
  /** On the bot's profile page, and beside links to it. */
  shortDescriptionMaxChars: 120,
  inlineResultsMax: 50,
  startPayload: /^[A-Za-z0-9_-]{1,64}$/,
} as const;

export const capabilities: Capabilities = {
  textMaxChars: LIMITS.textMaxChars,
  captionMaxChars: LIMITS.captionMaxChars,
  imageMaxBytes: LIMITS.photoMaxBytes,
  fileMaxBytes: LIMITS.documentMaxBytes,
  buttonsPerRow: LIMITS.buttonsPerRow,
  buttonRows: 12,
  buttonTokenMaxBytes: LIMITS.callbackDataMaxBytes,
  // A press shows a spinner until it is answered; late answers fail from about 5 s on.
  ackWithinMs: 1000,
  editMinIntervalMs: 3000,
  // No idempotency key exists: a placeholder is posted and edited into the result.
  postsOnce: false,
  ownPlatform: false,
  picturePolls: true,
};

/** How fast we go by ourselves. Edits have no published rate; they are kept below that of messages. */
export interface Rates {
  /** New messages per chat in a rolling minute; an album counts each picture. */
  readonly groupSendsPerMinute: number;
  readonly privateSendsPerMinute: number;
  /** So many new messages of a chat may follow each other at once; then there is one in `chatSendEveryMs`. */
  readonly chatSendsAtOnce: number;
  readonly chatSendEveryMs: number;
  readonly editsPerMinute: number;
  /** Of the edits, those that only show progress: the result must find room. */
  readonly progressEditsPerMinute: number;
  readonly progressEveryMs: number;
  /** Between two messages, and between two edits, of a chat for a minute after it was told to wait. */
  readonly carefulEveryMs: number;
  /** Over all chats, at least 10. An album counts each picture. */
  readonly callsPerSecond: number;
}

export const RATES: Rates = {
  groupSendsPerMinute: 20,
  privateSendsPerMinute: 60,
  chatSendsAtOnce: 8,
  chatSendEveryMs: 1000,
  editsPerMinute: 30,
  progressEditsPerMinute: 12,
  progressEveryMs: 3000,
  carefulEveryMs: 3000,
  callsPerSecond: 30,
};
