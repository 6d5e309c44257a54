import { displayName } from "../../src/lib/display-name.ts";
import type { WireResolved } from "./wire.ts";

/** Local knowledge about a server: from memory, never from the network. */
export interface GuildNames {
  role(guildId: string, roleId: string): string | undefined;
  channel(guildId: string, channelId: string): string | undefined;
  /** The only one of this name, however it is capitalised. */
  roleCalled(guildId: string, name: string): string | undefined;
  channelCalled(guildId: string, name: string): string | undefined;
}

/** `<@!…>` is what older apps write. */
const MENTION = /<(@!?|@&|#)(\d{5,24})>/gu;
const ONE_MEMBER = /^\s*<@!?\d{5,24}>\s*$/u;

/**
 * Words with the names of the members, roles and channels they mention: in a text field Discord hands over their ids, and tells
 * beside them who they are. What nobody knows stays as it is, and so does a mention of a member with nothing beside it: that is
 * whom a command is about, and an id says that better than a name.
 */
export function withNames(
  words: string,
  resolved: WireResolved | null | undefined,
  guild: { readonly id: string | null | undefined; readonly names: GuildNames },
): string {
  if (ONE_MEMBER.test(words)) return words;
  return words.replace(MENTION, (mention, kind: string, id: string) => {
    const name = nameOf(kind, id);
    return name === undefined ? mention : displayName(name, mention);
  });

  function nameOf(kind: string, id: string): string | undefined {
    switch (kind) {
      case "@&":
        return resolved?.roles[id]?.name ?? (guild.id ? guild.names.role(guild.id, id) : undefined);
      case "#": {
        const channel = resolved?.channels[id]?.name ?? (guild.id ? guild.names.channel(guild.id, id) : undefined);
        return channel === undefined || channel === null ? undefined : `#${channel}`;
      }
      default: {
        const user = resolved?.users[id];
        return resolved?.members[id]?.nick ?? user?.global_name ?? user?.username;
      }
    }
  }
}
