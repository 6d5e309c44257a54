import type { AboutRef, Member, Place } from "../../src/domain/place.ts";
import { type Attachment, ChatError } from "../../src/ports/chat.ts";
import type { LoopbackEvent, LoopbackFile } from "./shape.ts";

// What an event says about its member, its place and the message it points at.

export const memberIdIn = (platform: string, name: string): string => `${platform}:${name}`;

export function memberOf(platform: string, name: string, event: LoopbackEvent): Member {
  const { admin = false, languages, roles, accountMadeAtMs, joinedAtMs, addressKey } = event;
  return {
    id: memberIdIn(platform, name),
    name,
    admin,
    ...(languages === undefined ? {} : { languages }),
    ...(addressKey === undefined ? {} : { addressKey }),
    ...(roles === undefined ? {} : { roles: roles.map((role) => ({ id: role, name: role })) }),
    ...(accountMadeAtMs === undefined ? {} : { accountMadeAtMs }),
    ...(joinedAtMs === undefined ? {} : { joinedAtMs }),
  };
}

export function placeOf(platform: string, event: LoopbackEvent): Place {
  const { chatId = "c1", threadId, group = true, communityId, title } = event;
  return {
    platform,
    chatId,
    group,
    ...(threadId === undefined ? {} : { threadId }),
    ...(communityId === undefined ? {} : { communityId }),
    ...(title === undefined ? {} : { title }),
  };
}

export function aboutOf(platform: string, event: LoopbackEvent): AboutRef | undefined {
  const { about, albumIndex, aboutChatId } = event;
  if (about === undefined) return undefined;
  const place = placeOf(platform, aboutChatId === undefined ? event : { ...event, chatId: aboutChatId });
  return { place, messageId: about, ...(albumIndex === undefined ? {} : { albumIndex }) };
}

export function attachmentOf(platform: string, { name, mime, bytes }: LoopbackFile): Attachment {
  return {
    name,
    mime,
    sizeBytes: bytes.length,
    async read(maxBytes) {
      if (bytes.length > maxBytes) throw new ChatError(platform, "too_large", `an attachment of ${bytes.length} bytes`);
      return bytes;
    },
  };
}
