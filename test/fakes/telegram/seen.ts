import type { Entity } from "./entities.ts";
import { isClosed, pollCounts } from "./polls.ts";
import type { Button, Content, Markup, Message, Poll, World } from "./world.ts";

interface SeenPhoto {
  readonly widthPx: number;
  readonly heightPx: number;
  /** JPEG, as Telegram made it. */
  bytes(): Promise<Buffer>;
}
interface SeenDocument {
  readonly fileName: string | undefined;
  readonly mimeType: string | undefined;
  readonly sizeBytes: number;
  bytes(): Promise<Buffer>;
}
interface SeenPoll {
  readonly options: readonly { readonly text: string; readonly photo: boolean; readonly votes: number }[];
  readonly voted: number;
  readonly closed: boolean;
  readonly multiple: boolean;
  readonly anonymous: boolean;
  readonly hidden: boolean;
  readonly description: string;
}
/** What a message shows, or once showed. */
interface SeenContent {
  readonly kind: "text" | "photo" | "document" | "poll" | "service";
  /** The text, or the caption; empty where there is none. */
  readonly text: string;
  readonly entities: readonly Entity[];
  readonly photo?: SeenPhoto;
  readonly document?: SeenDocument;
  readonly poll?: SeenPoll;
  /** What happened, of a service message: the fields of the Bot API. */
  readonly service?: Readonly<Record<string, unknown>>;
  /** Rows of buttons under it. */
  readonly keyboard: readonly (readonly Button[])[];
  /** The client opens a reply to it by itself. */
  readonly forceReply: boolean;
}
export interface SeenMessage extends SeenContent {
  readonly messageId: number;
  readonly chatId: number;
  /** `undefined` in General and where there are no topics. */
  readonly threadId: number | undefined;
  /** Who it is shown as: a person, a bot, or a chat. */
  readonly author: string;
  readonly fromBot: boolean;
  readonly replyToId: number | undefined;
  readonly albumId: string | undefined;
  readonly viaBot: boolean;
  readonly dateMs: number;
  readonly editedAtMs: number | undefined;
  readonly deleted: boolean;
  /** Everything it has shown, the present last: one more than it was edited. */
  readonly versions: readonly SeenContent[];
  /** Emoji by member id. */
  readonly reactions: ReadonlyMap<number, readonly string[]>;
}

function seenPoll(poll: Poll, nowMs: number): SeenPoll {
  const { anonymous, multiple, hidden, description } = poll;
  const counts = pollCounts(poll, nowMs);
  return {
    ...{ anonymous, multiple, hidden, description, closed: isClosed(poll, nowMs), voted: poll.votes.size },
    options: poll.options.map(({ text, photo }, at) => ({ text, photo: photo !== undefined, votes: counts[at] ?? 0 })),
  };
}

function seenContent(content: Content, markup: Markup | undefined, nowMs: number): SeenContent {
  const under = {
    keyboard: markup?.kind === "inline" ? markup.rows : [],
    forceReply: markup?.kind === "forceReply",
  };
  if (content.kind === "service") return { kind: "service", text: "", entities: [], service: content.fields, ...under };
  const { kind, text, entities } = content;
  if (content.kind === "poll") return { kind, text, entities, poll: seenPoll(content.poll, nowMs), ...under };
  if (content.kind === "text") return { kind, text, entities, ...under };
  if (content.kind === "document") {
    const { fileName, mimeType, sizeBytes, file } = content.document;
    return { kind, text, entities, document: { fileName, mimeType, sizeBytes, bytes: file.bytes }, ...under };
  }
  const largest = content.photo.sizes.at(-1);
  if (!largest) throw new Error("a photo without sizes");
  const { widthPx, heightPx, file } = largest;
  return { kind, text, entities, photo: { widthPx, heightPx, bytes: file.bytes }, ...under };
}

/** As everybody in the chat sees it now. */
export function seen(message: Message, world: World): SeenMessage {
  const { from, senderChat } = message;
  return {
    ...seenContent(message.content, message.markup, world.nowMs()),
    messageId: message.id,
    chatId: message.chat.id,
    threadId: message.topicId,
    author: senderChat?.title ?? from?.firstName ?? "",
    fromBot: from === world.bot,
    replyToId: message.replyTo?.id,
    albumId: message.albumId,
    viaBot: message.viaBot,
    dateMs: message.dateMs,
    editedAtMs: message.editedAtMs,
    deleted: message.deleted,
    versions: message.versions.map((version) => seenContent(version.content, version.markup, world.nowMs())),
    reactions: new Map(message.reactions),
  };
}
