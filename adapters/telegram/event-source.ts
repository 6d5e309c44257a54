import type { AboutRef, Member, Place, ReplyTarget } from "../../src/domain/place.ts";
import { text } from "../../src/domain/text.ts";
import { BoundedMap } from "../../src/lib/bounded-map.ts";
import type { ChatEvents, Invocation } from "../../src/ports/chat.ts";
import type { ModuleServices } from "../../src/ports/module.ts";
import type { Admins } from "./admins.ts";
import type { Calls } from "./calls.ts";
import { attachmentsOf } from "./files.ts";
import { type Came, encodeCame, memberIdOf } from "./reply.ts";
import type { TelegramSettings } from "./settings.ts";
import type { FileRef } from "./updates.ts";
import { createUsernames, type Usernames } from "./usernames.ts";
import type { Where, Who } from "./who.ts";

/** Where an event counts, who caused it, and how it came in. */
export interface From {
  readonly place: Place;
  readonly who: Who;
  readonly came: Came;
  readonly updateId: string;
  /** Of what was typed. */
  readonly sent?: Invocation["sent"];
}

/** The core's events out of what was typed and pressed. Each resolves when the core has dealt with it. */
export interface EventSource {
  invoke(
    what: {
      readonly commandName: string;
      readonly text: string;
      readonly files: readonly FileRef[];
      readonly about?: AboutRef | undefined;
    },
    from: From,
  ): Promise<void>;
  press(token: string, values: Readonly<Record<string, string>> | undefined, from: From): Promise<void>;
  /** What the member is called, while their event is dealt with; `undefined` when nobody knows any more. */
  nameOf(memberId: string): string | undefined;
  /** What the core is told of somebody. */
  memberOf(from: Pick<From, "place" | "who">): Promise<Member>;
  /** For what is said to this one: see `ChatEvents.language`. */
  language(place: Place, who: Who): Promise<string>;
  readonly memberCalled: Usernames["find"];
  /** A member waits for the answer to this event right now: it may take its time. */
  isWaitedFor(target: ReplyTarget): boolean;
  /** Whether the settings let this chat use the bot. */
  isServed(where: Where): boolean;
}

/** In answer to whoever acts in a group from elsewhere: its messages stay in their private chat when they leave. */
export const NOT_INSIDE = text("telegram.answer.not-inside");
export const NOT_SERVED = text("telegram.answer.not-served");
const NAMES_MAX = 1000;

export function createEventSource(deps: {
  readonly events: ChatEvents;
  readonly settings: TelegramSettings;
  readonly token: string;
  readonly calls: Calls;
  readonly admins: Admins;
  readonly values: ModuleServices["values"];
}): EventSource {
  const { events, settings } = deps;
  const waiting = new Map<string, number>();
  const names = new BoundedMap<string>(NAMES_MAX);
  const usernames = createUsernames(deps.values);

  /** In a private chat nobody is admin: whoever writes there runs it, which gives no right over the installation. */
  const isAdmin = async (place: Place, who: Who): Promise<boolean> =>
    place.group && (who.asTheChat || (await deps.admins.includes(place.chatId, who.id)));

  async function seen(who: Who): Promise<void> {
    names.set(memberIdOf(who.id), who.name);
    await usernames.note(who);
  }

  /** Whether somebody runs a group is asked only where it matters: most commands are answered a call sooner. */
  async function causedBy({
    place,
    who,
  }: Pick<From, "place" | "who">): Promise<Pick<Invocation, "member" | "askAdmin">> {
    await seen(who);
    const asked = place.group && !who.asTheChat;
    return {
      member: {
        ...memberBy(place, who),
        admin: place.group && who.asTheChat,
      },
      ...(asked ? { askAdmin: () => deps.admins.includes(place.chatId, who.id) } : {}),
    };
  }

  const targetOf = ({ place, who, came }: From): ReplyTarget => ({
    place,
    memberId: memberIdOf(who.id),
    replyToken: encodeCame(came),
  });

  async function whileWaiting(target: ReplyTarget, work: Promise<void>): Promise<void> {
    const key = target.replyToken ?? "";
    waiting.set(key, (waiting.get(key) ?? 0) + 1);
    await work.finally(() => {
      const left = (waiting.get(key) ?? 1) - 1;
      if (left > 0) waiting.set(key, left);
      else waiting.delete(key);
    });
  }

  return {
    async invoke({ commandName, text: words, files, about }, from) {
      const target = targetOf(from);
      const invocation: Invocation = {
        updateId: from.updateId,
        commandName,
        raw: { text: words },
        attachments: attachmentsOf(files, {
          calls: deps.calls,
          apiUrl: settings.TELEGRAM_API_URL,
          token: deps.token,
        }),
        ...(about ? { about } : {}),
        ...(from.sent ? { sent: from.sent } : {}),
        ...(await causedBy(from)),
        target,
      };
      await whileWaiting(target, events.invoked(invocation));
    },
    async press(token, values, from) {
      const target = targetOf(from);
      const caused = await causedBy(from);
      await whileWaiting(
        target,
        events.pressed({ updateId: from.updateId, token, ...(values ? { values } : {}), ...caused, target }),
      );
    },
    memberCalled: usernames.find,
    async memberOf({ place, who }) {
      await seen(who);
      return { ...memberBy(place, who), admin: await isAdmin(place, who) };
    },
    language: (place, who) => events.language(place, readerOf(who)),
    nameOf: (memberId) => names.get(memberId),
    isWaitedFor: ({ replyToken }) => waiting.has(replyToken ?? ""),
    // Channels only when they are named: anybody can make one and add any bot to it. A group that became a supergroup is
    // still the one that was named.
    isServed: ({ chatId, type }) =>
      type === "private" ||
      settings.TELEGRAM_CHATS.some((named) => deps.calls.currentId(named) === chatId) ||
      (settings.TELEGRAM_CHATS.length === 0 && type !== "channel"),
  };
}

export const placeOf = ({ chatId, threadId, title, type }: Where): Place => ({
  platform: "telegram",
  chatId,
  ...(threadId === undefined ? {} : { threadId }),
  ...(title === undefined ? {} : { title }),
  group: type !== "private",
});

const readerOf = ({ id, languages }: Who): Pick<Member, "id" | "languages"> => ({
  id: memberIdOf(id),
  ...(languages === undefined ? {} : { languages }),
});

const memberBy = (place: Place, who: Who): Omit<Member, "admin"> => ({
  ...readerOf(who),
  name: who.name,
  ...(who.asTheChat ? { anonymous: true as const } : {}),
  ...(place.group ? { repliesHeard: true as const } : {}),
});

export const asWho = (who: Who) => ({ name: who.name, memberId: memberIdOf(who.id) });
