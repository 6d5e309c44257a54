import type { Place } from "../../src/domain/place.ts";
import { asError } from "../../src/lib/error.ts";
import { ChatError } from "../../src/ports/chat.ts";
import type { Log } from "../../src/ports/log.ts";
import type { ShownImage } from "../../src/ports/view.ts";
import type { Calls } from "./calls.ts";
import { Forbidden, NeverSent, Refused } from "./errors.ts";
import type { FileIds } from "./file-ids.ts";
import { destinationIn, framing } from "./framing.ts";
import { LIMITS } from "./limits.ts";
import type { Notes } from "./notes.ts";
import type { Pictures } from "./pictures.ts";
import { sentAlbumSchema } from "./shapes.ts";

export interface Albums {
  /**
   * Sends the pictures of a control message, once. false: they are not there, for the chat takes none or has no room for
   * that many now, or nobody knows whether they are; and the control message has to show the pictures itself. @throws ChatError when it certainly was not sent and can be later
   */
  show(place: Place, controlId: number, images: readonly ShownImage[]): Promise<boolean>;
  /** Takes the pictures of a control message away. @throws ChatError */
  remove(chatId: string, controlId: number): Promise<void>;
}

/**
 * Albums carry no buttons and no key that would make a second send harmless. So what is about to be sent is noted before
 * and the ids after: a process that finds the first without the second sends nothing again.
 */
export function createAlbums(deps: {
  readonly calls: Calls;
  readonly notes: Notes;
  readonly pictures: () => Pictures;
  readonly fileIds: Pick<FileIds, "note">;
  readonly log: Log;
}): Albums {
  const { calls, notes, log } = deps;

  async function send(place: Place, chatId: string, images: readonly ShownImage[]): Promise<readonly number[]> {
    const sent = await calls.send(
      chatId,
      async (api, chat) => {
        const media = await Promise.all(
          images.map(async (image, at) => ({
            type: "photo" as const,
            media: await deps.pictures().photo(image),
            // One caption would stand under the whole album; several show only when a picture is opened.
            caption: String(at + 1),
            ...(image.spoiler === true ? { has_spoiler: true } : {}),
          })),
        );
        return api.sendMediaGroup(chat, media, framing(destinationIn(place)));
      },
      { lane: "final", cost: images.length },
    );
    // Whoever picks one of them gets it as a message of its own.
    for (const [at, { key }] of images.entries()) await deps.fileIds.note("photo", key, sent[at]);
    return sentAlbumSchema.parse(sent).map(({ message_id }) => message_id);
  }

  return {
    async show(place, controlId, images) {
      if (images.length < LIMITS.albumMinItems || images.length > LIMITS.albumMaxItems) return false;
      const chatId = calls.currentId(place.chatId);
      const { album } = await notes.of(chatId, controlId);
      if (album) return album.ids !== undefined && album.removed !== true;
      await notes.change(chatId, controlId, { album: {} });
      let ids: readonly number[];
      try {
        ids = await send(place, chatId, images);
      } catch (error) {
        if (isCertainlyUnsent(error)) await notes.change(chatId, controlId, { album: undefined });
        const fault = asError(error);
        if (error instanceof Forbidden || isTooSoon(fault)) return false;
        log.warn("telegram.album_failed", { chat: chatId, error: fault });
        if (fault instanceof ChatError && fault.code !== "offline" && fault.code !== "too_large") throw fault;
        if (fault instanceof NeverSent) throw fault;
        return false;
      }
      await notes.change(chatId, controlId, { album: { ids: [...ids] } });
      for (const [albumIndex, id] of ids.entries()) await notes.change(chatId, id, { knownAs: controlId, albumIndex });
      return true;
    },

    async remove(chatId, controlId) {
      const { album } = await notes.of(chatId, controlId);
      if (!album?.ids || album.removed === true) return;
      const ids = album.ids;
      try {
        await calls.other(chatId, "final", (api, chat) => api.deleteMessages(chat, ids));
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        // Older than two days: what cannot be deleted is emptied.
        for (const id of ids)
          await calls.edit(chatId, "final", async (api, chat) =>
            api.editMessageMedia(chat, id, { type: "photo", media: await deps.pictures().blank() }),
          );
      }
      await notes.change(chatId, controlId, { album: { ids, removed: true } });
    },
  };
}

/** The grid is one edit, and there at once; an album might wait a minute, or for ever where much is going on. */
const isTooSoon = (fault: Error): boolean => fault instanceof ChatError && fault.code === "rate_limited";

function isCertainlyUnsent(error: unknown): boolean {
  if (error instanceof NeverSent || error instanceof Refused) return true;
  return error instanceof ChatError && error.code !== "offline";
}
