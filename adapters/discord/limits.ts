import type { Capabilities } from "../../src/ports/chat.ts";

/** Sources: Discord's API documentation and its OpenAPI description, August 2026. Characters are counted as UTF-16 units, the stricter way. */
export const MESSAGE = {
  contentMaxChars: 2000,
  embeds: 10,
  /** All titles, descriptions, names, values and footers of one message together. */
  embedsMaxChars: 6000,
  embedTitleMaxChars: 256,
  embedDescriptionMaxChars: 4096,
  embedFields: 25,
  embedFieldNameMaxChars: 256,
  embedFieldValueMaxChars: 1024,
  attachments: 10,
  altMaxChars: 1024,
  rows: 5,
  buttonsPerRow: 5,
  buttonLabelMaxChars: 80,
  customIdMaxChars: 100,
  nonceMaxChars: 25,
} as const;

/** Components V2: what a message is made of that shows several pictures. */
export const V2 = {
  /** The flag of such a message; Discord never takes it off again. */
  flag: 1 << 15,
  components: 40,
  galleryItems: 10,
  /** All texts of one message together. */
  textMaxChars: 4000,
} as const;

export const COMMAND = {
  /** Chat-input commands of one scope. */
  commands: 100,
  options: 25,
  choices: 25,
  nameMaxChars: 32,
  descriptionMaxChars: 100,
  choiceNameMaxChars: 100,
  /** Discord takes 6,000; answers to autocomplete are refused above 100. */
  choiceValueMaxChars: 100,
  textOptionMaxChars: 6000,
  /** Names, descriptions and values of one command together. */
  totalMaxChars: 8000,
} as const;

export const MODAL = {
  titleMaxChars: 45,
  labelMaxChars: 45,
  labelDescriptionMaxChars: 100,
  inputs: 5,
  inputMaxChars: 4000,
  placeholderMaxChars: 100,
  selectOptions: 25,
  /** Discord takes 25; what is stored has room for so many ids. */
  picked: 20,
} as const;

export const UPLOAD = {
  /** What a server without boosts takes; the real figure comes with each interaction. */
  fileMaxBytes: 10 * 1024 * 1024,
  /** One request with all its files: 25 MiB, less what the envelope needs. */
  requestMaxBytes: 24 * 1024 * 1024,
} as const;

export const TIME = {
  /** Discord gives an interaction up after this. */
  acknowledgeMs: 3000,
  /** A callback that has no answer by then is too late to be repeated. */
  acknowledgeGiveUpMs: 2500,
  replyTokenMs: 15 * 60_000,
  /** Ours: routes that are at rest are forgotten so often. Their limits come with the next answer. */
  routeSweepMs: 5 * 60_000,
  /** Clocks differ, and a request takes its time. */
  replyTokenMarginMs: 30_000,
  /** Longer waits for a rate limit are the outbox's business. */
  rateLimitWaitMs: 4000,
  requestMs: 30_000,
} as const;

/** 401, 403 and 429 answers per address before Discord bans it for a while: 10,000 in 10 minutes. We stop at half. */
export const INVALID_REQUESTS = { windowMs: 600_000, stopAt: 5000 } as const;

export const discordCapabilities: Capabilities = {
  // What escaping and a bar add moves long texts into an embed of 4,096, so that nothing is lost.
  textMaxChars: MESSAGE.contentMaxChars,
  captionMaxChars: MESSAGE.contentMaxChars,
  imageMaxBytes: UPLOAD.fileMaxBytes,
  fileMaxBytes: UPLOAD.fileMaxBytes,
  buttonsPerRow: MESSAGE.buttonsPerRow,
  buttonRows: MESSAGE.rows,
  buttonTokenMaxBytes: 64,
  ackWithinMs: TIME.acknowledgeMs,
  editMinIntervalMs: 2000,
  // The answer to a command is the edit of its one deferred reply; everything else is created with an enforced nonce.
  postsOnce: true,
  ownPlatform: false,
  privateOnly: true,
};

/** Bits of a member's or our own permissions. */
export const PERMISSION = {
  administrator: 1n << 3n,
  manageGuild: 1n << 5n,
  viewChannel: 1n << 10n,
  sendMessages: 1n << 11n,
  manageMessages: 1n << 13n,
  embedLinks: 1n << 14n,
  attachFiles: 1n << 15n,
  readMessageHistory: 1n << 16n,
  sendMessagesInThreads: 1n << 38n,
} as const;
