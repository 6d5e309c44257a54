import { PERMISSION } from "./limits.ts";

/** All the bot needs, by the names that Discord's pages have, and why: it is shown when it joins a server. */
const NEEDED: readonly (readonly [name: string, bit: bigint])[] = [
  // See the channel, answer there and in threads.
  ["View Channel", PERMISSION.viewChannel],
  ["Send Messages", PERMISSION.sendMessages],
  ["Send Messages in Threads", PERMISSION.sendMessagesInThreads],
  // Cards and galleries, and pictures.
  ["Embed Links", PERMISSION.embedLinks],
  ["Attach Files", PERMISSION.attachFiles],
  // To find its own answer again after a crash.
  ["Read Message History", PERMISSION.readMessageHistory],
];
export const NEEDED_NAMES = NEEDED.map(([name]) => name).join(", ");
const NEEDED_PERMISSIONS = NEEDED.reduce((all, [, bit]) => all | bit, 0n);

/** What of it the bot does not have where it has these rights; a thread has a right to write of its own. */
export function missingPermissions(ours: bigint, inThread: boolean): readonly string[] {
  if ((ours & PERMISSION.administrator) !== 0n) return [];
  const elsewhere = inThread ? PERMISSION.sendMessages : PERMISSION.sendMessagesInThreads;
  return NEEDED.filter(([, bit]) => bit !== elsewhere && (ours & bit) === 0n).map(([name]) => name);
}

/** Where a server's admin adds the bot with exactly what it needs. */
export const inviteLink = (applicationId: string): string =>
  `https://discord.com/oauth2/authorize?client_id=${applicationId}&scope=bot+applications.commands&permissions=${NEEDED_PERMISSIONS}`;
