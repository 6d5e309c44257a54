import type { InputFile } from "grammy";
import type { InlineKeyboardMarkup } from "grammy/types";
import type { MessageRef, Place } from "../../src/domain/place.ts";
import { BoundedMap } from "../../src/lib/bounded-map.ts";
import { asError } from "../../src/lib/error.ts";
import { createKeyedSerial } from "../../src/lib/serial.ts";
import { ChatError } from "../../src/ports/chat.ts";
import type { Log } from "../../src/ports/log.ts";
import type { ShownView } from "../../src/ports/view.ts";
import type { Albums } from "./albums.ts";
import type { Calls, EditAs } from "./calls.ts";
import { Forbidden, NeverSent, Refused } from "./errors.ts";
import type { FileIds } from "./file-ids.ts";
import { captionOf, destinationIn, entitiesOf, markupOf, NO_PREVIEW } from "./framing.ts";
import { LIMITS } from "./limits.ts";
import type { Note, Notes } from "./notes.ts";
import type { Pictures } from "./pictures.ts";
import type { Polls } from "./polls.ts";
import { type Rendered, renderedAsOne } from "./render.ts";
import type { Sending } from "./sending.ts";
import type { createTakeOff } from "./take-off.ts";
import { cutStyled } from "./text.ts";
import { textFallback, withoutMedia } from "./text-fallback.ts";

export interface Editing {
  /** Makes one of our messages show this view. Repeating it is harmless. @throws ChatError */
  edit(message: MessageRef, view: ShownView): Promise<void>;
}

interface Subject {
  readonly place: Place;
  readonly chatId: string;
  /** As the core knows it. */
  readonly knownAs: number;
  /** As it is now. */
  readonly messageId: number;
  readonly note: Note;
  readonly as: EditAs;
}

/** Of those that are being worked on. */
const EDITED_MAX = 5000;

/** Edits by what a message shows now: text can become a picture, a picture another one, and never text again. */
export function createEditing(deps: {
  readonly calls: Calls;
  readonly notes: Notes;
  readonly albums: Albums;
  readonly sending: Sending;
  readonly polls: Polls;
  readonly pictures: () => Pictures;
  readonly fileIds: FileIds;
  readonly takeOff: ReturnType<typeof createTakeOff>;
  readonly log: Log;
}): Editing {
  const { calls, notes, albums, log } = deps;
  /** Messages that show nothing but their placeholder: their first edit brings the buttons, so it is not mere progress. */
  const edited = new BoundedMap<true>(EDITED_MAX);
  const keyOf = (chatId: string, knownAs: number) => `${chatId}:${knownAs}`;
  /** Edits of one message, in whatever lanes they wait. */
  const edits = createKeyedSerial();

  async function subjectOf({ place, messageId }: MessageRef, view: ShownView): Promise<Subject> {
    const knownAs = Number(messageId);
    if (!Number.isSafeInteger(knownAs) || knownAs <= 0)
      throw new ChatError("telegram", "gone", "this answer was no message");
    const chatId = calls.currentId(place.chatId);
    const first = await notes.of(chatId, knownAs);
    const now = first.movedTo ?? knownAs;
    return {
      place,
      chatId,
      knownAs,
      messageId: now,
      note: first.movedTo === undefined ? first : await notes.of(chatId, now),
      as: view.tone !== "working" ? "final" : edited.has(keyOf(chatId, knownAs)) ? "progress" : "card",
    };
  }

  async function toText(subject: Subject, { texts: [words], keyboard }: Rendered): Promise<void> {
    const { chatId, messageId, note } = subject;
    if (note.shows !== undefined) return toBlank(subject, words, keyboard);
    try {
      await calls.edit(chatId, subject.as, (api, chat) =>
        api.editMessageText(chat, messageId, words.text, {
          entities: entitiesOf(words),
          ...NO_PREVIEW,
          ...markupOf(keyboard),
        }),
      );
    } catch (error) {
      // It is a picture, though nothing was noted: the process died in between.
      if (!(error instanceof Refused) || !/no text in the message/i.test(error.description)) throw error;
      await toBlank(subject, words, keyboard);
    }
  }

  /** A photo cannot become text again; what it showed is taken away all the same, and the words stand under a grey stripe. */
  async function toBlank(
    subject: Subject,
    words: Rendered["texts"][0],
    keyboard: InlineKeyboardMarkup | undefined,
  ): Promise<void> {
    const { chatId, messageId } = subject;
    if (subject.note.shows === "blank") return toCaption(subject, words, keyboard);
    try {
      await calls.edit(chatId, "final", async (api, chat) =>
        api.editMessageMedia(
          chat,
          messageId,
          { type: "photo", media: await deps.pictures().blank(), ...captionOf(words) },
          markupOf(keyboard),
        ),
      );
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return deps.takeOff(subject, words, keyboard);
    }
    await notes.change(chatId, messageId, { shows: "blank", mediaKey: undefined });
  }

  async function toCaption(
    { chatId, messageId, as }: Subject,
    words: Rendered["texts"][0],
    keyboard: InlineKeyboardMarkup | undefined,
  ): Promise<void> {
    await calls.edit(chatId, as, (api, chat) =>
      api.editMessageCaption(chat, messageId, { ...captionOf(words), ...markupOf(keyboard) }),
    );
  }

  async function toMedia(subject: Subject, view: ShownView, what: Rendered): Promise<void> {
    const { chatId, messageId, note } = subject;
    const { media, texts, keyboard } = what;
    if (media === undefined || media.kind === "sheet") return toText(subject, what);
    const mediaKey = media.kind === "photo" ? media.image.key : media.key;
    if (note.shows === media.kind && note.mediaKey === mediaKey) return toCaption(subject, texts[0], keyboard);
    if (note.replacing === true) return toText(subject, renderedAsOne(withoutMedia(view)));
    try {
      const upload = () =>
        media.kind === "photo" ? deps.pictures().photo(media.image) : deps.pictures().document(media.key, media.name);
      const showing = (file: InputFile | string) =>
        media.kind === "photo"
          ? {
              type: "photo" as const,
              media: file,
              ...captionOf(texts[0]),
              ...(media.image.spoiler === true ? { has_spoiler: true } : {}),
            }
          : {
              type: "document" as const,
              media: file,
              disable_content_type_detection: true,
              ...captionOf(texts[0]),
            };
      // An unfinished picture is never shown again.
      const kept = subject.as === "final" || subject.as === "answer" ? mediaKey : undefined;
      await calls.edit(chatId, subject.as, (api, chat) =>
        deps.fileIds.send(media.kind, kept, upload, (file) =>
          api.editMessageMedia(chat, messageId, showing(file), markupOf(keyboard)),
        ),
      );
      await notes.change(chatId, messageId, { shows: media.kind, mediaKey });
    } catch (error) {
      if (error instanceof Forbidden) return sayInstead(subject, view, error);
      if (!(error instanceof Refused) || note.shows !== undefined) throw error;
      log.info("telegram.picture_sent_anew", { chat: chatId, why: error.description });
      await replace(subject, view);
    }
  }

  /** A picture that was there stays, whatever it shows: nothing may take its place. */
  async function sayInstead(subject: Subject, view: ShownView, { what, message }: Forbidden): Promise<void> {
    log.warn("telegram.not_allowed", { chat: subject.chatId, what, why: message });
    const words = renderedAsOne(textFallback(view, what));
    await (subject.note.shows === undefined
      ? toText(subject, words)
      : toCaption(subject, cutStyled(words.texts[0], LIMITS.captionMaxChars), words.keyboard));
  }

  /**
   * Where a text may not become a picture: the picture comes as a new message and the text goes. A send has no key that
   * would make it safe to repeat, so it is noted before; found half done, the text says what there is, and File gives it.
   */
  async function replace(subject: Subject, view: ShownView): Promise<void> {
    const { chatId, messageId } = subject;
    await moveTo(subject, view);
    await calls
      .other(chatId, "spare", (api, chat) => api.deleteMessage(chat, messageId))
      .catch((error: unknown) => log.warn("telegram.placeholder_left", { chat: chatId, error: asError(error) }));
  }

  /** Sends a new message, which from now on is the one that is edited. */
  async function moveTo(subject: Subject, view: ShownView, more: { readonly replyTo?: number } = {}): Promise<void> {
    const { chatId, messageId, place } = subject;
    const { poll, replacing: _replacing, movedTo: _movedTo, ...rest } = subject.note;
    const pollsAbove = [...(rest.pollsAbove ?? []), ...(poll ? [{ id: poll.id, messageId }] : [])];
    const note: Note = { ...rest, ...(pollsAbove.length > 0 ? { pollsAbove } : {}) };
    await notes.change(chatId, messageId, { replacing: true });
    let newId: number;
    try {
      newId = (
        await deps.sending.view({ ...destinationIn({ ...place, chatId }), lane: "final", ...more }, view, {
          ...note,
          place,
          knownAs: subject.knownAs,
        })
      ).messageId;
    } catch (error) {
      const unsent = error instanceof NeverSent || !(error instanceof ChatError) || error.code !== "offline";
      if (unsent) await notes.change(chatId, messageId, { replacing: undefined });
      throw error;
    }
    await notes.change(chatId, subject.knownAs, { movedTo: newId, replacing: undefined });
  }

  /**
   * Nothing of a poll can be changed. While it is what the view says it stays; then it is stopped, and what came of it is said
   * once, in reply to it.
   */
  async function showBelowPoll(subject: Subject, poll: NonNullable<Note["poll"]>, view: ShownView): Promise<void> {
    const { chatId, messageId, note } = subject;
    const isDeleted = await deps.polls.showsDeleted(poll.id, view);
    if (poll.over !== true) {
      if (!isDeleted && (await deps.polls.isOf(poll.id, view))) return;
      await deps.polls.stop(chatId, messageId);
      await notes.change(chatId, messageId, { poll: { ...poll, over: true } });
    }
    // Found half done: perhaps it was said, and twice would be worse than not.
    if (note.replacing !== true) await moveTo(subject, view, { replyTo: messageId });
    if (isDeleted) await deps.polls.takeAway(chatId, messageId);
  }

  /** What was deleted is not left standing in an older message of the same decision. */
  async function takeOffAbove(
    { chatId, messageId, note: { pollsAbove = [] } }: Subject,
    view: ShownView,
  ): Promise<void> {
    for (const { id, messageId: above } of pollsAbove)
      if (await deps.polls.showsDeleted(id, view)) {
        await deps.polls.takeAway(chatId, above);
        await notes.change(chatId, messageId, { pollsAbove: pollsAbove.filter((poll) => poll.id !== id) });
      }
  }

  async function show(message: MessageRef, whole: ShownView): Promise<void> {
    const subject = await subjectOf(message, whole);
    // A photo cannot become text again, so an unfinished picture would leave a grey stripe under the album.
    const view = whole.becomesAlbum === true ? withoutMedia(whole) : whole;
    try {
      // Once the grid stands in the message, it stays there.
      const { shows, poll, replacing } = subject.note;
      if (poll) return await showBelowPoll(subject, poll, view);
      if (shows === undefined && replacing !== true && deps.polls.wanted(subject.chatId, view))
        return await replace(subject, view);
      await takeOffAbove(subject, view);
      // The candidates of a decision are numbered in its grid.
      if (
        view.album &&
        !view.decision &&
        shows !== "photo" &&
        (await albums.show(message.place, subject.knownAs, view.album))
      )
        return await toText(subject, renderedAsOne(withoutMedia(view)));
      if (!view.album && subject.note.album) await albums.remove(subject.chatId, subject.knownAs);
      const what = renderedAsOne(view);
      await (what.media ? toMedia(subject, view, what) : toText(subject, what));
    } catch (error) {
      if (error instanceof Refused && /message can't be edited/i.test(error.description))
        throw new ChatError("telegram", "gone", error.description);
      throw error;
    }
  }

  function noteEdited({ place, messageId }: MessageRef, { tone }: ShownView): void {
    const key = keyOf(calls.currentId(place.chatId), Number(messageId));
    if (tone === "working") edited.set(key, true);
    else edited.delete(key);
  }

  return {
    edit: (message, view) =>
      edits.run(keyOf(message.place.chatId, Number(message.messageId)), async () => {
        await show(message, view);
        noteEdited(message, view);
      }),
  };
}
