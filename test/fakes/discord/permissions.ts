import { ALL_PERMISSIONS, bitsOf, PERMISSIONS, type Permission, USUAL } from "./limits.ts";
import { type Channel, isThread, type World } from "./world.ts";

/** What a member may in a channel, by Discord's order: @everyone, roles, overwrites. Threads take their parent's. */
export function permissionsIn(world: World, channel: Channel, userId: string): bigint {
  if (channel.kind === "dm") return channel.recipientId === userId || userId === world.bot.id ? bitsOf(USUAL) : 0n;
  const guild = world.guilds.get(channel.guildId ?? "");
  const member = guild?.members.get(userId);
  if (!guild || !member) return 0n;
  if (guild.ownerId === userId) return ALL_PERMISSIONS;
  const roleIds = [guild.id, ...member.roleIds];
  const base = roleIds.reduce((sum, id) => sum | (guild.roles.get(id)?.permissions ?? 0n), 0n);
  if ((base & PERMISSIONS.Administrator) !== 0n) return ALL_PERMISSIONS;
  const { overwrites } = (isThread(channel) && world.channels.get(channel.parentId ?? "")) || channel;
  const applied = (before: bigint, ids: readonly string[]) => {
    const found = ids.flatMap((id) => overwrites.get(id) ?? []);
    const deny = found.reduce((sum, each) => sum | each.deny, 0n);
    return found.reduce((sum, each) => sum | each.allow, before & ~deny);
  };
  const inChannel = applied(applied(applied(base, [guild.id]), [...member.roleIds]), [userId]);
  // Who cannot see a channel can do nothing in it.
  return (inChannel & PERMISSIONS.ViewChannel) === 0n ? 0n : inChannel;
}

export const may = (world: World, channel: Channel, userId: string, permission: Permission): boolean =>
  (permissionsIn(world, channel, userId) & PERMISSIONS[permission]) !== 0n;

/** A private thread shows itself to those who were added and to those who manage threads. */
export const canSee = (world: World, channel: Channel, userId: string): boolean =>
  may(world, channel, userId, "ViewChannel") &&
  (channel.kind !== "private_thread" ||
    channel.threadMemberIds.has(userId) ||
    may(world, channel, userId, "ManageThreads"));
