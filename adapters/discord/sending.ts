import type { MessageRef } from "../../src/domain/place.ts";
import { BoundedMap } from "../../src/lib/bounded-map.ts";
import { ChatError, type ChatEvents } from "../../src/ports/chat.ts";
import type { Log } from "../../src/ports/log.ts";
import type { ShownView } from "../../src/ports/view.ts";
import { type Composed, compose, type ShownPicture } from "./compose.ts";
import { chatErrorOf, isMalformed, isTooLarge } from "./errors.ts";
import { galleryOf } from "./gallery.ts";
import type { Guilds } from "./guilds.ts";
import { V2 } from "./limits.ts";
import { withNamesOf } from "./picking.ts";
import type { Parts } from "./render.ts";
import type { Reply } from "./reply-token.ts";
import { galleryMedia, messageSchema, type WireMessage } from "./wire.ts";

export interface SendingDeps {
  readonly events: () => ChatEvents;
  readonly guilds: Guilds;
  readonly commandId: (name: string, guildId: string | undefined) => string | undefined;
  readonly nowMs: () => number;
  readonly log: Log;
}

/** What we know of a message of ours without asking. */
export interface Known {
  readonly pictures?: readonly ShownPicture[];
  /** It is one of Components V2, and stays one. */
  readonly isComponents?: true;
  /** The interaction whose token may edit it. */
  readonly reply?: { readonly reply: Reply; readonly untilMs: number };
}

/** The newest. A change of an older one sends its pictures anew. */
const KNOWN_MAX = 1000;
/** After a file was refused as too large: so much of what was refused. Once more, then it is given up. */
const LESS = 0.6;
const TRIES = 3;
/** Discord did not take a gallery: so long all are shown as grids. */
const NO_GALLERIES_MS = 3_600_000;

/** What Discord answered, and what was sent for it. */
interface Sent {
  readonly message: WireMessage;
  readonly composed: Composed;
}

/** In which form a view is sent. */
interface Form {
  readonly asComponents: boolean;
  readonly shown: readonly ShownPicture[];
}

/** Where a message stands: a thread is a channel of its own to Discord. */
export const channelOf = ({ place }: Pick<MessageRef, "place">): string => place.threadId ?? place.chatId;

/** Composes views into requests, and remembers what the messages show. */
export function createSending(deps: SendingDeps) {
  const known = new BoundedMap<Known>(KNOWN_MAX);
  let noGalleriesUntilMs = 0;

  /**
   * Composes and sends.
   *
   * @param before what is known of the message that is edited; absent: it is a new one
   */
  async function send(
    where: Pick<MessageRef, "place">,
    asked: ShownView,
    request: (composed: Composed) => Promise<unknown>,
    before?: Known,
  ): Promise<Sent> {
    await deps.guilds.load(where.place.communityId);
    const view = withNamesOf(asked, { id: where.place.communityId, names: deps.guilds });
    const isComponents = before?.isComponents === true;
    const gallery = galleryOf(view) !== undefined && deps.nowMs() >= noGalleriesUntilMs;
    const form: Form = { asComponents: isComponents || gallery, shown: before?.pictures ?? [] };
    try {
      return await sendAs(form, where, view, request);
    } catch (thrown) {
      if (!isMalformed(thrown)) throw thrown;
      return sendOtherwise(thrown, form, before, (other) => sendAs(other, where, view, request));
    }
  }

  /** Discord calls the form wrong, and another one may be right. @throws the first refusal when none is */
  async function sendOtherwise(
    refusal: unknown,
    { asComponents, shown }: Form,
    before: Known | undefined,
    sendAs: (form: Form) => Promise<Sent>,
  ): Promise<Sent> {
    const anew: Form = { asComponents, shown: [] };
    // Of an earlier process nobody knows which kind of message it made.
    const other: Form = { asComponents: !asComponents, shown: [] };
    const mayTurn = asComponents ? before?.isComponents !== true : before !== undefined;
    for (const form of [...(shown.length > 0 ? [anew] : []), ...(mayTurn ? [other] : [])])
      try {
        const sent = await sendAs(form);
        if (asComponents && !form.asComponents) noteNoGalleries(refusal);
        return sent;
      } catch (thrown) {
        if (!isMalformed(thrown)) throw thrown;
      }
    throw refusal;
  }

  function noteNoGalleries(refusal: unknown): void {
    noGalleriesUntilMs = deps.nowMs() + NO_GALLERIES_MS;
    deps.log.warn("discord.gallery_refused", { error: chatErrorOf(refusal) });
  }

  /** With smaller pictures when Discord finds the request too large. */
  async function sendAs(
    { asComponents, shown }: Form,
    where: Pick<MessageRef, "place">,
    view: ShownView,
    request: (composed: Composed) => Promise<unknown>,
  ): Promise<Sent> {
    const { communityId } = where.place;
    const limit = await deps.guilds.uploadMaxBytes(channelOf(where), communityId);
    const commandId: Parts["commandId"] = (name) => deps.commandId(name, communityId);
    let maxBytes = limit;
    for (let tries = 1; ; tries += 1) {
      const media = (key: string) => deps.events().media(key);
      const composed: Composed = await compose(view, { media, maxBytes, commandId, shown, asComponents });
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
    const isComponents = ((message.flags ?? 0) & V2.flag) !== 0;
    known.set(message.id, {
      pictures: shownIn(message, composed.pictures),
      ...(isComponents ? { isComponents: true as const } : {}),
      ...(reply ? { reply } : {}),
    });
    return { place, messageId: message.id };
  }

  return { send, note, known };
}

/** Which file of the message each picture became: a component names it, else it is the one of its name. */
function shownIn(message: WireMessage, pictures: Composed["pictures"]): readonly ShownPicture[] {
  const inGalleries = galleryMedia(message.components).flatMap((media) => media.attachment_id ?? []);
  return pictures.flatMap(({ key, name }, at) => {
    const only = pictures.length === 1 ? message.attachments[0]?.id : undefined;
    const attachmentId =
      inGalleries.length === pictures.length
        ? inGalleries[at]
        : (message.attachments.find(({ filename }) => filename === name)?.id ?? only);
    return attachmentId === undefined ? [] : [{ key, name, attachmentId }];
  });
}

/** @throws ChatError for an answer that is no message: a proxy's page, another service */
function messageIn(answer: unknown): WireMessage {
  const message = messageSchema.safeParse(answer);
  if (message.success) return message.data;
  throw new ChatError("discord", "offline", "something else than Discord answered");
}
