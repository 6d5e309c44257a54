import { PERMISSION } from "./limits.ts";

/** All the bot needs, and why: it is shown when it joins a server. */
export const NEEDED_PERMISSIONS =
  // See the channel, answer there and in threads.
  PERMISSION.viewChannel |
  PERMISSION.sendMessages |
  PERMISSION.sendMessagesInThreads |
  // Cards and galleries, and pictures.
  PERMISSION.embedLinks |
  PERMISSION.attachFiles |
  // To find its own answer again after a crash.
  PERMISSION.readMessageHistory;

/** Where a server's admin adds the bot with exactly what it needs. */
export const inviteLink = (applicationId: string): string =>
  `https://discord.com/oauth2/authorize?client_id=${applicationId}&scope=bot+applications.commands&permissions=${NEEDED_PERMISSIONS}`;
