import { displayName } from "../../src/lib/display-name.ts";
import type { PlainMessage, SeenChat, SeenUser } from "./shapes.ts";

export interface Where {
  readonly chatId: string;
  /** Only of a real topic: replies elsewhere carry a number too, and General is named by none. */
  readonly threadId?: string;
  readonly type: SeenChat["type"];
  readonly title?: string;
}

export interface Who {
  /** A user, or the chat in whose name an anonymous admin or a channel writes. */
  readonly id: number;
  readonly name: string;
  readonly username?: string;
  /** Telegram vouches that it is an admin: nobody else can write in the chat's own name. */
  readonly asTheChat: boolean;
  /** Of their app, as `Member.languages`. */
  readonly languages?: readonly string[];
}

export function whereOf({
  chat,
  is_topic_message,
  message_thread_id,
}: Pick<PlainMessage, "chat" | "is_topic_message" | "message_thread_id">): Where {
  return {
    chatId: String(chat.id),
    type: chat.type,
    ...(is_topic_message === true && message_thread_id !== undefined ? { threadId: String(message_thread_id) } : {}),
    ...(chat.title === undefined ? {} : { title: displayName(chat.title, String(chat.id)) }),
  };
}

export const nameOf = (id: number, ...parts: readonly (string | undefined)[]): string =>
  displayName(parts.filter((part) => part !== undefined && part !== "").join(" "), String(id));

export const whoOf = (user: SeenUser): Who => ({
  id: user.id,
  name: nameOf(user.id, user.first_name, user.last_name),
  ...(user.username === undefined ? {} : { username: user.username }),
  asTheChat: false,
  ...(user.language_code === undefined ? {} : { languages: [user.language_code] }),
});

/** The user behind whom Telegram hides the admins of a group who want to remain anonymous. */
const ANONYMOUS_ADMIN_ID = 1_087_968_824;

/** Who pressed something in a chat: a user, or one of its admins without saying which. */
export const presserOf = (from: SeenUser, { id, title }: SeenChat): Who =>
  from.id === ANONYMOUS_ADMIN_ID ? { id, name: nameOf(id, title), asTheChat: true } : whoOf(from);
