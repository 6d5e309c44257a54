import type { Person } from "../domain/block.ts";
import type { Forgotten } from "../domain/forgetting.ts";
import type { AboutRef, Member, MessageRef, Place, ReplyTarget } from "../domain/place.ts";
import type { Problem, Result } from "../domain/problem.ts";
import type { SeedScope } from "../domain/seed.ts";
import type { Text } from "../domain/text.ts";
import { namedWaitMs } from "../lib/named-wait.ts";
import type { OpenedFile } from "./document-files.ts";
import type { GroupDoors, Knock } from "./doors.ts";
import type { MeetingScreens } from "./meeting-screens.ts";
import type { CommandSpec, OptionChoice } from "./option.ts";
import type { PosterTemplate } from "./poster-template.ts";
import type { OfferRow, ShownForm, ShownView } from "./view.ts";

/** What one platform can show. Data, not code: the core reads it and the contract suite holds each platform to it. */
export interface Capabilities {
  /** Longest text of a message without a picture, in characters. */
  readonly textMaxChars: number;
  /** Longest text beside a picture, in characters. */
  readonly captionMaxChars: number;
  readonly imageMaxBytes: number;
  /** Of a file to download; absent: any size, and it is read piece by piece through `ChatEvents.documentFile`. */
  readonly fileMaxBytes?: number;
  readonly buttonsPerRow: number;
  readonly buttonRows: number;
  readonly buttonTokenMaxBytes: number;
  /** An event must be acknowledged this soon or the platform gives up on it. */
  readonly ackWithinMs: number;
  /** Edits of one message closer together than this are rate limited. */
  readonly editMinIntervalMs: number;
  /**
   * Posting twice with one nonce gives one message. Where false (Telegram), a process that dies between posting and
   * noting it posts again, so the core posts only a placeholder there and edits it into the result.
   */
  readonly postsOnce: boolean;
  /**
   * The installation's own (the web chat, the shell): whoever runs Placard decides by other means who comes in, so neither
   * limits of direct messages nor the approval of foreign chats hold there.
   */
  readonly ownPlatform: boolean;
  /**
   * Each process that members come to has it at once (the web chat). Elsewhere one alone has it, the one that leads: a gateway's
   * session and a bot's updates are for one.
   */
  readonly everywhere?: true;
  /** Has polls of its own that show pictures: see `ShownDecision.asPoll`. */
  readonly picturePolls?: true;
  /** What is private is shown to nobody else, whatever happens. Elsewhere it may be said to all where there is no other way. */
  readonly privateOnly?: true;
  /** Lays out `View.card` and `View.offers` itself. Elsewhere offers come as lines and buttons, and there are no cards. */
  readonly ownLayout?: true;
}

/**
 * A screen beside the chat at which somebody sits: what is for them alone is said on it and never posted, wherever their chat is.
 * What all may read goes to the chat as always, and is said on it, too.
 */
export interface AsideScreen {
  say(view: ShownView): void;
  ask(form: ShownForm): void;
}

/** A file that came with a command. The bytes are read on demand, under the reader's limit. */
export interface Attachment {
  readonly name: string;
  readonly mime: string;
  readonly sizeBytes: number;
  /** @throws ChatError "too_large" above `maxBytes`, "gone" when the platform no longer has it */
  read(maxBytes: number): Promise<Uint8Array>;
}

export interface Invocation {
  /** The triggering update, unique for ever: the job id derives from it. */
  readonly updateId: string;
  readonly commandName: string;
  /** As typed, unchecked. Text platforms give `text` (without the command), form platforms give `values`. */
  readonly raw: { readonly text: string } | { readonly values: Readonly<Record<string, unknown>> };
  /**
   * Files that came with the command; and those of a message from whose menu it was chosen, unless that message is ours:
   * `about` then says more than the posted copy, which carries no recipe.
   */
  readonly attachments: readonly Attachment[];
  /** The message this is about: the one replied to, or from whose menu it was chosen. Perhaps not one of ours. */
  readonly about?: AboutRef;
  /**
   * When it was sent; `late`: it was read after its platform's patience had ended, or after a restart, so that its member may
   * have been told that it failed and may have sent it again. Absent: just now.
   */
  readonly sent?: { readonly atMs: number; readonly late: boolean };
  readonly member: Member;
  /**
   * Whether the member runs the chat, where the platform has to be asked, which takes a call and time; `member.admin` is then
   * false. Absent: `member.admin` says it. Never rejects: false when nobody tells.
   */
  readonly askAdmin?: () => Promise<boolean>;
  readonly target: ReplyTarget;
  /** It came from there, not from the chat of `target`. */
  readonly aside?: AsideScreen;
}

/** Somebody is still typing: what could stand in one option (autocomplete), or after the bot's name (inline mode). */
export interface Question {
  readonly commandName: string;
  readonly optionName: string;
  /** What is typed of the value so far; may be empty. */
  readonly typed: string;
  readonly member: Member;
  readonly place: Place;
}

export interface Pressed {
  readonly updateId: string;
  /** As it came back from the platform: it may be forged. */
  readonly token: string;
  /** What was filled in, when the press submits a form; `{ choice: value }` when it chose from a select. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** The id of the message it was under, where the platform tells: what a press changes can be in another one. */
  readonly under?: string;
  readonly member: Member;
  /** As of an `Invocation`. */
  readonly askAdmin?: () => Promise<boolean>;
  readonly target: ReplyTarget;
  /** As of an `Invocation`. */
  readonly aside?: AsideScreen;
}

/** What the core does for an adapter. */
export interface ChatEvents {
  /**
   * Resolves when everything the command promises is durable and its answer has been handed to `post`. Delivering one
   * update twice does its work once. Never rejects: the core answers failures itself.
   */
  invoked(invocation: Invocation): Promise<void>;
  /** As `invoked`. */
  pressed(pressed: Pressed): Promise<void>;
  /**
   * Values for an option, best first, at most 25: styles, sizes, recent seeds, prompts and pictures of this member and
   * chat. With `commandName` "" (inline mode) complete lines to send: recent recipes of this member and what is typed in
   * each style. Labels have at most 100 characters; values come whole, and an adapter leaves out what its platform cannot
   * carry. Reads memory and the local store only, changes nothing. Never rejects: no idea is an empty list.
   */
  suggest(question: Question): Promise<readonly OptionChoice[]>;
  /**
   * What a command would cost if it were sent now, for somebody who is still choosing. Decided as `invoked` decides; nothing is
   * done, stored or spent. Never rejects: what would be answered with a refusal is one here.
   */
  quote(invocation: Invocation): Promise<Quote>;
  /** The style that is taken here where none is chosen; "": there is none. Rejects when the store fails. */
  usualStyle(place: Place): Promise<string>;
  /** Posters of which only the words are missing, for platforms with a form of their own. What they send is `/poster`. */
  templates(): readonly PosterTemplate[];
  /**
   * A chat goes on under another id (Telegram: a group became a supergroup): everything kept for it follows, and what is
   * owed to it is posted anew there, since ids of messages mean others in the new chat. Twice is harmless. Rejects when
   * the store fails: bring it again.
   */
  moved(from: Pick<Place, "platform" | "chatId">, toChatId: string): Promise<void>;
  /** Why the door is shut for this member there: they are blocked. `undefined`: it is open. Rejects when the store fails. */
  shutOut(member: Pick<Member, "id">, place: Place): Promise<Problem | undefined>;
  /** Asks a group's admins whether somebody may come in; what they decide comes back through `GroupDoors`. @throws ChatError */
  knocked(knock: Knock): Promise<void>;
  /**
   * What to say first: to a group that the bot has just come into, to somebody who writes to it without a command.
   *
   * @param by who brought it there or writes: their app's language is the chat's until somebody chooses
   */
  greeting(place: Place, by?: Pick<Member, "id" | "admin" | "languages">): Promise<ShownView>;
  /** The language for what an adapter says of its own: to a member alone, or with no member to all in a chat. */
  language(place: Place, member?: Pick<Member, "id" | "languages">): Promise<string>;
  /** Whether words in reply to a picture shall be asked about, by a button, instead of being talk: the chat decides. */
  offersEdits(place: Place): Promise<boolean>;
  /** What is locked for a member's next pictures here; `undefined`: nothing. Rejects when the store fails. */
  lock(place: Place, member: Pick<Member, "id" | "admin">): Promise<ShownLock | undefined>;
  /** All accounts of whoever this is, this one first: for them alone, nobody else learns which belong together. Rejects when the store fails. */
  accountsOf(memberId: string): Promise<readonly string[]>;
  /** A code with which this member can say elsewhere who they are: an earlier one of theirs ends. Rejects when the store fails. */
  linkCode(member: Person): Promise<LinkCode>;
  /** Whose code it is, once. @param by who types it, to bound tries; `undefined`: nobody can tell */
  redeemLinkCode(typed: string, by: string | undefined): Promise<Result<Person>>;
  /** For platforms with screens of their own. */
  readonly meetings: MeetingScreens;
  /** Pictures waiting and running, over all chats: for a presence line. Never rejects. */
  queueLength(): Promise<number>;
  /**
   * The bytes behind a `key` of a view; `undefined` when the picture was deleted or never existed.
   *
   * @param as absent: as it is posted
   */
  media(key: string, as?: MediaForm): Promise<Media | undefined>;
  /**
   * The file of a document, of any size. `undefined`: there is none, it is no longer kept, or the signature is not ours.
   *
   * @param signature of a link, for whoever holds it; absent: for members
   */
  documentFile(documentId: string, signature?: string): Promise<DocumentDownload | undefined>;
}

export interface DocumentDownload extends OpenedFile {
  readonly name: string;
  readonly mime: string;
}

/** How large a text is lettered: what it is about; what more; when, where, how much; who answers for it. */
export type LetterLevel = "title" | "subtitle" | "details" | "small";

/** What comes of a command, before it is sent. */
export type Quote =
  | {
      readonly is: "picture";
      /** Until it is made, without those before it. */
      readonly ms: number;
      /** Taken from the member's allowance; 0: free. */
      readonly gpuMs: number;
      readonly leftGpuMs: number;
      readonly widthPx: number;
      readonly heightPx: number;
      /** Of the texts in quotes, in their order. */
      readonly letters: readonly LetterLevel[];
      /** What would be taken otherwise than it was typed, or will lack something. */
      readonly notes: readonly Text[];
      /** Why it would be refused now, with when it would not. */
      readonly short?: Text;
      /** What there is instead, where it would be refused; a press makes it. */
      readonly offers?: readonly OfferRow[];
    }
  | { readonly is: "refused"; readonly why: Text }
  /** It makes no picture, or asks for what is missing. */
  | { readonly is: "other" };

/** A seed lock as its member sees it. */
export interface ShownLock {
  readonly scope: SeedScope;
  readonly seed: number;
  readonly byName: string;
  /** The picture it was taken from; absent: nobody knows any more. `imageKey`: what it can be shown by, absent where it is covered or gone. */
  readonly picture?: { readonly number: number; readonly imageKey?: string };
  /** The button that takes it off; absent: this member may not. */
  readonly unlockToken?: string;
}

/** `code`: eight characters, see domain/short-code.ts. `untilMs`: Unix ms. */
export interface LinkCode {
  readonly code: string;
  readonly untilMs: number;
}

/**
 * "original": the file with its recipe. `shownPx`: a WebP of at most so many pixels across, made when it is first asked for, and
 * without recipe. What has neither, a style's example or an unfinished picture, comes as it is.
 */
export type MediaForm = "original" | { readonly shownPx: number };

export interface Media {
  readonly bytes: Uint8Array;
  readonly mime: string;
  /** For downloads: a file name of `a-z0-9-.` only. */
  readonly fileName: string;
}

export interface PostOptions {
  /** The same nonce names the same post: where the platform can, a second send returns the first message. */
  readonly nonce: string;
  /** "private": only `target.memberId` sees it, where the platform can; elsewhere it is posted for all. */
  readonly visibility: "public" | "private";
}

/**
 * One chat platform. Turns its traffic into `ChatEvents` and `View`s into its messages; decides nothing. An adapter
 * imports no command, no backend and no store.
 */
export interface ChatAdapter {
  readonly platform: string;
  readonly capabilities: Capabilities;
  /** Connects and registers `commands`; unless it is everywhere, also after `stop`. Resolves with one line for the operator. @throws ChatError "auth": the others start without it; any other: they start meanwhile, and it is called again */
  start(commands: readonly CommandSpec[], events: ChatEvents): Promise<string>;
  /**
   * Disconnects within 5 s, so that a later start, here or elsewhere, goes on from there; no event arrives and nothing leaves
   * afterwards. Never throws. Safe to call twice, and while it starts.
   *
   * @param how "now": another process may have taken over already. What is under way is broken off at once, nothing is confirmed
   * to the platform, and nothing is written down that would be about the other's connection
   */
  stop(how?: "now"): Promise<void>;
  /** Tells the platform that we received it, within `ackWithinMs`. Twice is harmless. @throws ChatError */
  acknowledge(target: ReplyTarget, visibility: "public" | "private"): Promise<void>;
  /** Shows a new message. @throws ChatError "gone" | "rate_limited" | "too_large" | "offline" */
  post(target: ReplyTarget, view: ShownView, options: PostOptions): Promise<MessageRef>;
  /** Replaces one of our messages. Repeating it is harmless. @throws ChatError "gone" when it was deleted, else as `post` */
  edit(message: MessageRef, view: ShownView): Promise<void>;
  /**
   * Only where the adapter keeps messages itself: lets go of those that these chats no longer keep. Called every few minutes,
   * also with none, and does nothing before `start`.
   */
  letGo?(chats: readonly { readonly settingsKey: string; readonly madeBeforeMs: number }[]): Promise<void>;
  /**
   * Only where the adapter keeps things itself, beside its small values: whatever is of somebody who is forgotten. Twice is harmless.
   *
   * @param whom.words what they typed
   * @param isOwed which of these messages are shown anew by themselves
   */
  forget?(
    whom: Forgotten & { readonly words: readonly string[] },
    isOwed: (messageIds: readonly string[]) => Promise<ReadonlySet<string>>,
  ): Promise<void>;
  /** Who is meant by a name or an id that was typed; `undefined`: nobody it knows. Absent: it knows nobody by itself. */
  memberCalled?(written: string): Promise<Person | undefined>;
  /** Only where the adapter shows what is locked. @param memberId for whom it changed; absent: for all who have no lock of their own */
  lockChanged?(place: Place, memberId?: string): void;
  /** Only where the adapter shows a member what is theirs. @param memberId an account that was joined with others, or parted from them */
  accountsChanged?(memberId: string): void;
  /** Only where the adapter serves screens of meetings: where phones and walls open them, as far as anybody can. */
  screensAt?(): string | undefined;
  /** Only where groups are the adapter's own. */
  readonly doors?: GroupDoors;
  /** Only where the adapter keeps things itself: how much it keeps, and the most it will. Sentences for those who run it. */
  limits?(): Promise<readonly Text[]>;
  /** Asks the presser to fill in a form; the answer comes back as `pressed` with `values`. @throws ChatError */
  openForm(target: ReplyTarget, form: ShownForm): Promise<void>;
}

/** The chat platform failed or refused: an operator's matter, or a reason to try again later. */
export class ChatError extends Error {
  override readonly name = "ChatError";
  readonly platform: string;
  readonly code: "auth" | "offline" | "rate_limited" | "gone" | "too_large";
  /** As the platform named it, made usable: from 1 ms to 48 h. */
  readonly retryAfterMs: number | undefined;

  constructor(
    platform: string,
    code: ChatError["code"],
    message: string,
    options: { readonly cause?: unknown; readonly retryAfterMs?: number } = {},
  ) {
    super(`${platform}: ${message}`, { cause: options.cause });
    this.platform = platform;
    this.code = code;
    this.retryAfterMs = namedWaitMs(options.retryAfterMs, 1);
  }
}
