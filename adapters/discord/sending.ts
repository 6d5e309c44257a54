import type { MessageRef } from "../../src/domain/place.ts";
import { BoundedMap } from "../../src/lib/bounded-map.ts";
import { ChatError, type ChatEvents } from "../../src/ports/chat.ts";
import type { ShownView } from "../../src/ports/view.ts";
import { type Composed, compose } from "./compose.ts";
import { isTooLarge } from "./errors.ts";
import type { Guilds } from "./guilds.ts";
import type { Parts } from "./render.ts";
import type { Reply } from "./reply-token.ts";
import { messageSchema, type WireMessage } from "./wire.ts";

export interface SendingDeps {
  readonly events: () => ChatEvents;
  readonly guilds: Guilds;
  readonly commandId: (name: string, guildId: string | undefined) => string | undefined;
}

/** What we know of a message of ours without asking. */
export interface Known {
  readonly image?: { readonly key: string; readonly attachmentId: string };
  /** The interaction whose token may edit it. */
  readonly reply?: { readonly reply: Reply; readonly untilMs: number };
}

/** The newest. A change of an older one sends its picture anew. */
const KNOWN_MAX = 1000;
/** After a file was refused as too large: so much of what was refused. Once more, then it is given up. */
const LESS = 0.6;
const TRIES = 3;

/** What Discord answered, and what was sent for it. */
interface Sent {
  readonly message: WireMessage;
  readonly composed: Composed;
}

/** Where a message stands: a thread is a channel of its own to Discord. */
export const channelOf = ({ place }: Pick<MessageRef, "place">): string => place.threadId ?? place.chatId;

/** Composes views into requests, and remembers what the messages show. */
export function createSending(deps: SendingDeps) {
  const known = new BoundedMap<Known>(KNOWN_MAX);

  /** Composes and sends, with smaller pictures when Discord finds the request too large. */
  async function send(
    where: Pick<MessageRef, "place">,
    view: ShownView,
    request: (composed: Composed) => Promise<unknown>,
    shown?: Known["image"],
  ): Promise<Sent> {
    const { communityId } = where.place;
    const limit = await deps.guilds.uploadMaxBytes(channelOf(where), communityId);
    const commandId: Parts["commandId"] = (name) => deps.commandId(name, communityId);
    let maxBytes = limit;
    for (let tries = 1; ; tries += 1) {
      const media = (key: string) => deps.events().media(key);
      const composed: Composed = await compose(view, { media, maxBytes, commandId, ...(shown ? { shown } : {}) });
      try {
        return { message: messageIn(await request(composed)), composed };
      } catch (thrown) {
        if (!isTooLarge(thrown) || composed.files.length === 0 || tries === TRIES) throw thrown;
        // What was sent can be far below a limit that does not hold here.
        const refusedBytes = Math.max(...composed.files.map(({ data }) => data.length));
        maxBytes = Math.floor(Math.min(maxBytes, refusedBytes) * LESS);
      }
    }
  }

  function note(place: MessageRef["place"], { message, composed }: Sent, reply?: Known["reply"]): MessageRef {
    const attachment = message.attachments[0];
    known.set(message.id, {
      ...(composed.imageKey !== undefined && attachment
        ? { image: { key: composed.imageKey, attachmentId: attachment.id } }
        : {}),
      ...(reply ? { reply } : {}),
    });
    return { place, messageId: message.id };
  }

  return { send, note, known };
}

/** @throws ChatError for an answer that is no message: a proxy's page, another service */
function messageIn(answer: unknown): WireMessage {
  const message = messageSchema.safeParse(answer);
  if (message.success) return message.data;
  throw new ChatError("discord", "offline", "something else than Discord answered");
}
