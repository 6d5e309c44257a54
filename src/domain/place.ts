import type { Person } from "./block.ts";

/** Where people talk. Plain data: it travels with a job through restarts. */
export interface Place {
  readonly platform: string;
  readonly chatId: string;
  readonly threadId?: string;
  /** The larger whole a chat belongs to (a Discord server): settings, spend window and approval are shared by its chats. */
  readonly communityId?: string;
  /** What people call the chat, for rules and texts that name it; a thread gives its chat's. Absent where nobody tells. */
  readonly title?: string;
  /** What the platform says is spoken here, a BCP 47 tag; absent where nobody chose or the platform does not tell. */
  readonly language?: string;
  /** Whether the platform marks it for adults only; absent where it has no such mark. */
  readonly ageRestricted?: boolean;
  /** More than one member reads here. Votes exist only in groups. */
  readonly group: boolean;
}

/** The key of a chat for settings, history and rights: threads share their chat's. */
export const chatKeyOf = (place: Pick<Place, "platform" | "chatId">): string => `${place.platform}:${place.chatId}`;

/** The key under which settings, spend window and approval are kept: the community's where a chat belongs to one, else the chat's. */
export const settingsKeyOf = (place: Pick<Place, "platform" | "chatId" | "communityId">): string =>
  place.communityId === undefined ? chatKeyOf(place) : `${place.platform}:community:${place.communityId}`;

/** Where a reply goes, and by which right. Plain data. */
export interface ReplyTarget {
  readonly place: Place;
  /** The member who caused it: a private reply is for them. */
  readonly memberId: string;
  /**
   * Opaque to the core (Discord's interaction token). Never logged. What is posted with it is the answer to its event: a
   * second message about the same thing goes without.
   */
  readonly replyToken?: string;
  /** When `replyToken` stops working, in Unix ms. Later replies go to the chat. */
  readonly replyTokenExpiresAtMs?: number;
}

/** One message of ours, wherever it is. */
export interface MessageRef {
  readonly place: Place;
  readonly messageId: string;
}

/** A message somebody points at. */
export interface AboutRef extends MessageRef {
  /** Which picture of the message's album they pointed at, from 0; absent: the message as a whole. */
  readonly albumIndex?: number;
  /** Who wrote it, where it is a member's and the platform tells. */
  readonly by?: Person;
}

/** The platform whose member this is: what stands before the colon of the id. */
export const platformOf = (memberId: string): string => memberId.slice(0, memberId.indexOf(":"));

export interface Member {
  /** `platform:id`, unique over all platforms. */
  readonly id: string;
  readonly name: string;
  /** What the member's app speaks, best first, as BCP 47 tags; absent where the platform does not tell. */
  readonly languages?: readonly string[];
  /** The platform says this member runs the chat. The core adds the ids of the setting `ADMINS`. */
  readonly admin: boolean;
  /** The platform lets this member remove what others post here. Admins need not have it: they may anyway. */
  readonly moderator?: true;
  /** The member's roles in this chat; absent where the platform has none or does not tell. */
  readonly roles?: readonly { readonly id: string; readonly name: string }[];
  /** An admin who shows as the group itself: all of its anonymous admins are this one member. */
  readonly anonymous?: true;
  /** What they say in reply to one of our messages here reaches us without being a command, and others read it too. */
  readonly repliesHeard?: true;
  /** When the account was made and when its owner joined this chat, Unix ms; absent where the platform does not tell. */
  readonly accountMadeAtMs?: number;
  readonly joinedAtMs?: number;
  /**
   * Where the member comes from, where names are free and several can come from one address: opaque, no address itself.
   * Absent where the platform vouches for its members, or where nobody knows.
   */
  readonly addressKey?: string;
}
