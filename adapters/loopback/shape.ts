import type { MessageRef } from "../../src/domain/place.ts";
import type { Capabilities, ChatAdapter, Media } from "../../src/ports/chat.ts";
import type { CommandSpec, OptionChoice } from "../../src/ports/option.ts";
import type { ShownForm, ShownView } from "../../src/ports/view.ts";

/** One message as the platform keeps it. */
export interface LoopbackMessage {
  readonly ref: MessageRef;
  /** As last edited. */
  readonly view: ShownView;
  /** Every content it ever had, oldest first. */
  readonly versions: readonly ShownView[];
  /** Absent: everyone in the chat. */
  readonly onlyFor?: string;
  readonly nonce: string;
  readonly image?: Media;
  readonly file?: Media;
}

export interface LoopbackFile {
  readonly name: string;
  readonly mime: string;
  readonly bytes: Uint8Array;
}

/** Where and how an event comes in; every part has a default. */
export interface LoopbackEvent {
  /** Of a command: it was sent then, and is read late. */
  readonly lateFromMs?: number;
  /** Default "c1". */
  readonly chatId?: string;
  readonly threadId?: string;
  /** Default true. */
  readonly group?: boolean;
  readonly admin?: boolean;
  /** Give the id of an earlier event to deliver it again. */
  readonly updateId?: string;
  readonly attachments?: readonly LoopbackFile[];
  /** The id of the message replied to. */
  readonly about?: string;
  readonly albumIndex?: number;
  /** The chat of that message, when it is another one. */
  readonly aboutChatId?: string;
  readonly communityId?: string;
  /** Of the chat. */
  readonly title?: string;
  /** As `Member.addressKey`. */
  readonly addressKey?: string;
  /** Names of the member's roles, which are their ids too; absent: the platform does not tell. */
  readonly roles?: readonly string[];
  readonly accountMadeAtMs?: number;
  readonly joinedAtMs?: number;
  /** As `Member.languages`. */
  readonly languages?: readonly string[];
}

/** Failures on demand. Counts run down by one with each call they spoil. */
export interface LoopbackFaults {
  offline: boolean;
  rateLimited: number;
  /** What `rateLimited` answers. */
  retryAfterMs: number;
  /** Posts and edits that are stored, although the answer says "offline". */
  answersLost: number;
  /** Views that the platform calls malformed: a fault of ours, told by a plain error. */
  refuses: ((view: ShownView) => boolean) | undefined;
}

export interface Loopback extends ChatAdapter {
  readonly registered: readonly CommandSpec[];
  /** Deleted ones are gone from here. Oldest first. */
  readonly messages: ReadonlyMap<string, LoopbackMessage>;
  readonly forms: readonly { readonly memberId: string; readonly form: ShownForm }[];
  /** What a real platform would have refused or given up on, in words. Empty is right. */
  readonly violations: readonly string[];
  /** From event to acknowledgement, in ms, in order of the acknowledgements. */
  readonly acknowledgedAfterMs: readonly number[];
  readonly faults: LoopbackFaults;
  /** `/rca a red fox seed:7`, as a member would type it. Resolves as `ChatEvents.invoked` does, with the update's id. */
  type(memberName: string, line: string, event?: LoopbackEvent): Promise<string>;
  /** The same from a platform with form fields. */
  command(
    memberName: string,
    name: string,
    values: Readonly<Record<string, unknown>>,
    event?: LoopbackEvent,
  ): Promise<string>;
  /** Clicks the button with this label. @throws Error when the member sees no such button */
  press(memberName: string, messageId: string, label: string, event?: LoopbackEvent): Promise<string>;
  /** Chooses from the list with this label. @throws Error when the member sees no such list or choice */
  choose(memberName: string, messageId: string, label: string, choice: string): Promise<string>;
  /** What the core suggests while a member types. */
  suggestions(
    memberName: string,
    commandName: string,
    optionName: string,
    typed: string,
  ): Promise<readonly OptionChoice[]>;
  /** What a presence line would show. */
  queueLength(): Promise<number>;
  /** The chat goes on under another id. */
  migrate(fromChatId: string, toChatId: string): Promise<void>;
  /** Sends any token, as a forger would. */
  pressToken(memberName: string, token: unknown, event?: LoopbackEvent): Promise<string>;
  /** Sends the newest form that was opened for this member. @throws Error when there is none */
  submit(memberName: string, values: Readonly<Record<string, unknown>>, event?: LoopbackEvent): Promise<string>;
  deleteMessage(messageId: string): void;
  /** What this member sees in a chat, oldest first. */
  visibleTo(memberName: string, chatId?: string): readonly LoopbackMessage[];
  /** Resolves with the first truthy answer, asked again after every change. @throws Error after `timeoutMs`, default 5 s */
  waitFor<T>(predicate: () => T | undefined | false, timeoutMs?: number): Promise<T>;
}

export interface LoopbackOptions {
  readonly platform?: string;
  readonly capabilities?: Partial<Capabilities>;
  readonly nowMs?: () => number;
  /** false: as Telegram, without reply tokens. Default true, as Discord. */
  readonly replyTokens?: boolean;
  /** false: only asks for `editMinIntervalMs`, as the web chat, and takes quicker edits too. Default true. */
  readonly refusesQuickEdits?: boolean;
  /** How long a reply token works. Default 15 min. */
  readonly replyTokenLifeMs?: number;
}
