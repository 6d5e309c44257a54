/** What Discord documents, with the unit in the name; the fake refuses one step beyond. */
export const ACK_WITHIN_MS = 3_000;
export const TOKEN_LIVES_MS = 15 * 60_000;
/** "Unique in the past few minutes": how long exactly, nobody tells. */
export const NONCE_REMEMBERED_MS = 5 * 60_000;
export const REQUEST_MAX_BYTES = 25 * 1024 * 1024;
export const FILE_MAX_BYTES = 10 * 1024 * 1024;
export const FILES_PER_MESSAGE = 10;
export const COMMAND_CREATIONS_PER_DAY = 200;
export const DAY_MS = 24 * 3_600_000;
export const IDENTIFIES_PER_DAY = 1_000;
/** A socket that lost its client: so long its session can be resumed. Observed, not documented. */
export const SESSION_RESUMABLE_MS = 3 * 60_000;
export const GATEWAY_EVENTS_PER_MINUTE = 120;
export const GATEWAY_PAYLOAD_MAX_BYTES = 4096;
export const URL_LIVES_MS = 24 * 3_600_000;

export const FLAGS = {
  suppressEmbeds: 1 << 2,
  hasThread: 1 << 5,
  ephemeral: 1 << 6,
  loading: 1 << 7,
  suppressNotifications: 1 << 12,
  componentsV2: 1 << 15,
} as const;

export const INTENTS = {
  guilds: 1 << 0,
  guildMembers: 1 << 1,
  guildPresences: 1 << 8,
  guildMessages: 1 << 9,
  directMessages: 1 << 12,
  messageContent: 1 << 15,
} as const;
export const PRIVILEGED_INTENTS = INTENTS.guildMembers | INTENTS.guildPresences | INTENTS.messageContent;

/** Names as discord.js has them. */
export const PERMISSIONS = {
  KickMembers: 1n << 1n,
  Administrator: 1n << 3n,
  ManageChannels: 1n << 4n,
  ManageGuild: 1n << 5n,
  AddReactions: 1n << 6n,
  ViewChannel: 1n << 10n,
  SendMessages: 1n << 11n,
  ManageMessages: 1n << 13n,
  EmbedLinks: 1n << 14n,
  AttachFiles: 1n << 15n,
  ReadMessageHistory: 1n << 16n,
  MentionEveryone: 1n << 17n,
  ManageRoles: 1n << 28n,
  UseApplicationCommands: 1n << 31n,
  ManageThreads: 1n << 34n,
  CreatePublicThreads: 1n << 35n,
  CreatePrivateThreads: 1n << 36n,
  SendMessagesInThreads: 1n << 38n,
} as const;
export type Permission = keyof typeof PERMISSIONS;
export const ALL_PERMISSIONS = Object.values(PERMISSIONS).reduce((sum, bit) => sum | bit, 0n);
export const bitsOf = (names: readonly Permission[]): bigint =>
  names.reduce((sum, name) => sum | PERMISSIONS[name], 0n);

/** What @everyone may in a fresh server. */
export const USUAL: readonly Permission[] = [
  "ViewChannel",
  "SendMessages",
  "SendMessagesInThreads",
  "CreatePublicThreads",
  "EmbedLinks",
  "AttachFiles",
  "ReadMessageHistory",
  "AddReactions",
  "UseApplicationCommands",
];
