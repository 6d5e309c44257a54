import type { Place } from "../../src/domain/place.ts";
import type { ShownView } from "../../src/ports/view.ts";
import { type Calls, PATIENCE_MS } from "./calls.ts";
import { Forbidden } from "./errors.ts";
import type { FileIds } from "./file-ids.ts";
import { captionOf, type Destination, entitiesOf, framing, type Markup, markupOf, NO_PREVIEW } from "./framing.ts";
import type { Note, Notes } from "./notes.ts";
import { coverOf, type Pictures } from "./pictures.ts";
import type { Polls } from "./polls.ts";
import { type Rendered, rendered } from "./render.ts";
import { sentSchema } from "./shapes.ts";
import type { Styled } from "./text.ts";
import { textFallback } from "./text-fallback.ts";

interface Sent {
  readonly messageId: number;
  /** The message with the pictures of a list. */
  readonly sheetId?: number;
}

export interface Sending {
  /** A view as new messages; the last one has the buttons and is the one that counts. @throws ChatError */
  view(to: Destination, view: ShownView, note?: Note): Promise<Sent>;
  text(to: Destination, text: Styled, markup?: Markup): Promise<number>;
}

/** Where no note says more. Groups have negative ids. */
const placeOfNothingElse = ({ chatId, threadId }: Destination): Place => ({
  platform: "telegram",
  chatId,
  ...(threadId === undefined ? {} : { threadId }),
  group: chatId.startsWith("-"),
});

export function createSending(deps: {
  readonly calls: Calls;
  readonly notes: Notes;
  readonly pictures: () => Pictures;
  readonly fileIds: FileIds;
  readonly polls: Polls;
}): Sending {
  const { calls, notes, fileIds, polls } = deps;
  const turn = ({ patienceMs = PATIENCE_MS, lane = "first" }: Destination) => ({ patienceMs, lane });

  async function text(to: Destination, { text: words, ...rest }: Styled, markup?: Markup): Promise<number> {
    const extra = {
      ...(rest.entities.length > 0 ? { entities: entitiesOf({ text: words, ...rest }) } : {}),
      ...NO_PREVIEW,
      ...framing(to),
      ...markupOf(markup),
    };
    const sent = await calls.send(to.chatId, (api, chat) => api.sendMessage(chat, words, extra), turn(to));
    return sentSchema.parse(sent).message_id;
  }

  async function first(to: Destination, { texts: [words], media }: Rendered, markup?: Markup): Promise<number> {
    switch (media?.kind) {
      case "photo": {
        const spoiler = media.image.spoiler === true ? { has_spoiler: true } : {};
        const sent = await calls.send(
          to.chatId,
          (api, chat) =>
            fileIds.send(
              "photo",
              media.image.key,
              () => deps.pictures().photo(media.image),
              (file) =>
                api.sendPhoto(chat, file, { ...captionOf(words), ...spoiler, ...framing(to), ...markupOf(markup) }),
            ),
          turn(to),
        );
        return sentSchema.parse(sent).message_id;
      }
      case "document": {
        const sent = await calls.send(
          to.chatId,
          (api, chat) =>
            fileIds.send(
              "document",
              media.key,
              () => deps.pictures().document(media.key, media.name),
              (file) =>
                api.sendDocument(chat, file, {
                  ...captionOf(words),
                  disable_content_type_detection: true,
                  ...framing(to),
                  ...markupOf(markup),
                }),
            ),
          turn(to),
        );
        return sentSchema.parse(sent).message_id;
      }
      default:
        return text(to, words, markup);
    }
  }

  async function sheet(to: Destination, media: Rendered["media"]): Promise<number | undefined> {
    if (media?.kind !== "sheet") return undefined;
    const file = await deps.pictures().sheet(media.images);
    if (!file) return undefined;
    const silently = { ...to, silent: true };
    // Its bytes are in memory, so grammY can read them as often as the call is tried.
    const sent = await calls.send(
      to.chatId,
      (api, chat) => api.sendPhoto(chat, file, { ...coverOf(media.images), ...framing(silently) }),
      turn(to),
    );
    return sentSchema.parse(sent).message_id;
  }

  async function asItIs(to: Destination, view: ShownView, note: Note): Promise<Sent> {
    const what = rendered(view);
    const sheetId = await sheet(to, what.media);
    const more = what.texts.slice(1);
    let messageId = await first(to, what, more.length === 0 ? what.keyboard : undefined);
    if (what.media?.kind === "photo" || what.media?.kind === "document")
      await notes.change(to.chatId, messageId, {
        shows: what.media.kind,
        mediaKey: what.media.kind === "photo" ? what.media.image.key : what.media.key,
      });
    for (const [at, words] of more.entries())
      messageId = await text({ ...to, replyTo: messageId }, words, at === more.length - 1 ? what.keyboard : undefined);
    if (Object.keys(note).length > 0) await notes.change(to.chatId, messageId, note);
    return { messageId, ...(sheetId === undefined ? {} : { sheetId }) };
  }

  return {
    text,
    async view(to, view, note = {}) {
      if (polls.wanted(to.chatId, view)) {
        const sent = await polls.send(to, note.place ?? placeOfNothingElse(to), view);
        if (sent) {
          await notes.change(to.chatId, sent.messageId, { ...note, poll: { id: sent.pollId } });
          return { messageId: sent.messageId };
        }
      }
      try {
        return await asItIs(to, view, note);
      } catch (error) {
        if (!(error instanceof Forbidden)) throw error;
        return asItIs(to, textFallback(view, error.what), note);
      }
    },
  };
}
