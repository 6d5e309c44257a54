import { z } from "zod";
import type { Place } from "../../src/domain/place.ts";
import type { ModuleServices } from "../../src/ports/module.ts";

/** Plain data of the core's own, which only rests here. */
export const placeSchema = z.custom<Place>(
  (value) => typeof value === "object" && value !== null && "chatId" in value && "group" in value,
);

const note = z.object({
  /** What it shows; absent: text. "blank": the empty tile of a picture that was taken away. */
  shows: z.enum(["photo", "document", "blank"]).optional(),
  /** The key of the picture or file it shows, so that an edit need not send it again. */
  mediaKey: z.string().optional(),
  /** Where a press on it counts, when that is not simply its own chat: a topic, or the group a private answer is about. */
  place: placeSchema.optional(),
  /** It could not become a picture: this message took its place. */
  movedTo: z.int().optional(),
  /** And this is the id it is known by elsewhere. */
  knownAs: z.int().optional(),
  /** Which picture of its album it is, from 0. */
  albumIndex: z.int().optional(),
  /** A list was opened by it for this message of ours. */
  opensFor: z.int().optional(),
  /** It is Telegram's own poll, by its id; `over`: it was stopped, and what came of it stands below. */
  poll: z.object({ id: z.string(), over: z.literal(true).optional() }).optional(),
  /** Polls of the same decision, further up. */
  pollsAbove: z.array(z.object({ id: z.string(), messageId: z.int() })).optional(),
  /** A picture was about to be sent in its place, and nobody knows whether it was. */
  replacing: z.literal(true).optional(),
  /** Its pictures one by one, above. Without ids they were about to be sent, and nobody knows whether they were. */
  album: z.object({ ids: z.array(z.int()).optional(), removed: z.literal(true).optional() }).optional(),
  /** The token of its Reroll button, and who asked for the picture: a 👍 of somebody else presses it. */
  reroll: z.string().optional(),
  askedBy: z.string().optional(),
  /** Whose 👍 counted already. */
  thumbs: z.array(z.int()).optional(),
  /** A page of a list: whose, and the message with its pictures. Turned in place by that member. */
  page: z.object({ memberId: z.string(), sheetId: z.int().optional() }).optional(),
});
export type Note = z.output<typeof note>;

/** What we know about single messages of ours. Most need no note: plain text that is never edited. */
export interface Notes {
  of(chatId: string, messageId: number): Promise<Note>;
  change(chatId: string, messageId: number, change: { readonly [K in keyof Note]: Note[K] | undefined }): Promise<Note>;
  forget(chatId: string, messageId: number): Promise<void>;
}

export function createNotes(values: ModuleServices["values"]): Notes {
  const notes = values("message", note);
  const keyOf = (chatId: string, messageId: number) => `${chatId}:${messageId}`;
  const of = async (chatId: string, messageId: number) => (await notes.get(keyOf(chatId, messageId))) ?? {};
  return {
    of,
    async change(chatId, messageId, change) {
      const before = await of(chatId, messageId);
      const merged = Object.fromEntries(
        Object.entries({ ...before, ...change }).filter(([, value]) => value !== undefined),
      ) as Note; // An object of `Note`'s own fields.
      if (JSON.stringify(before) !== JSON.stringify(merged)) await notes.set(keyOf(chatId, messageId), merged);
      return merged;
    },
    async forget(chatId, messageId) {
      await notes.delete(keyOf(chatId, messageId));
    },
  };
}
