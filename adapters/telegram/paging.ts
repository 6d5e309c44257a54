import { BoundedMap } from "../../src/lib/bounded-map.ts";
import type { ShownView } from "../../src/ports/view.ts";
import type { Calls } from "./calls.ts";
import { Refused } from "./errors.ts";
import { type Destination, entitiesOf, markupOf, NO_PREVIEW } from "./framing.ts";
import type { Note, Notes } from "./notes.ts";
import { coverOf, type Pictures } from "./pictures.ts";
import { renderedAsOne } from "./render.ts";
import type { Sending } from "./sending.ts";

/** Lists of several pages: a page asked for from the page before turns that one, it does not push it out of sight. */
export interface Paging {
  /** Shows a view, in a new message or on the page its member has just pressed. Resolves with the message. @throws ChatError */
  show(to: Destination, memberId: string, view: ShownView, note: Note): Promise<number>;
  /** The member pressed a button of this message: a list that answers it may take its place. */
  pressed(chatId: string, messageId: number, memberId: string): void;
}

const PAGES_WITHIN_MS = 30_000;
const PRESSES_MAX = 1000;

export function createPaging(deps: {
  readonly calls: Calls;
  readonly notes: Notes;
  readonly sending: Sending;
  readonly pictures: () => Pictures;
  readonly nowMs: () => number;
}): Paging {
  const { calls, notes, sending } = deps;
  const lastPressed = new BoundedMap<{ readonly messageId: number; readonly atMs: number }>(PRESSES_MAX);
  const keyOf = (chatId: string, memberId: string) => `${chatId} ${memberId}`;

  /** false: the page before is no longer there, or cannot become this one. */
  async function replacePage(
    to: Destination,
    messageId: number,
    sheetId: number | undefined,
    view: ShownView,
  ): Promise<boolean> {
    const what = renderedAsOne(view);
    const images = (view.tiles ?? []).flatMap(({ image }) => (image ? [image] : []));
    if (what.media !== undefined || images.length > 0 !== (sheetId !== undefined)) return false;
    try {
      if (sheetId !== undefined)
        await calls.edit(to.chatId, "answer", async (api, chat) =>
          api.editMessageMedia(chat, sheetId, {
            type: "photo",
            media: (await deps.pictures().sheet(images)) ?? (await deps.pictures().blank()),
            ...coverOf(images),
          }),
        );
      await calls.edit(to.chatId, "answer", (api, chat) =>
        api.editMessageText(chat, messageId, what.texts[0].text, {
          entities: entitiesOf(what.texts[0]),
          ...NO_PREVIEW,
          ...markupOf(what.keyboard),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof Refused || (error as { code?: unknown }).code === "gone") return false;
      throw error;
    }
  }

  return {
    async show(to, memberId, view, note) {
      const key = keyOf(to.chatId, memberId);
      const from = lastPressed.get(key);
      lastPressed.delete(key);
      const before = from && (await notes.of(to.chatId, from.messageId));
      if (
        from &&
        before?.page?.memberId === memberId &&
        view.tiles?.length &&
        from.atMs > deps.nowMs() - PAGES_WITHIN_MS
      )
        if (await replacePage(to, from.messageId, before.page.sheetId, view)) return from.messageId;
      const { messageId, sheetId } = await sending.view(to, view, note);
      if (view.tiles?.length)
        await notes.change(to.chatId, messageId, {
          page: { memberId, ...(sheetId === undefined ? {} : { sheetId }) },
        });
      return messageId;
    },
    pressed(chatId, messageId, memberId) {
      lastPressed.set(keyOf(chatId, memberId), { messageId, atMs: deps.nowMs() });
    },
  };
}
