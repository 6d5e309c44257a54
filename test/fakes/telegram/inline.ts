import { announceMessage } from "./announce.ts";
import { found, type Rich } from "./entities.ts";
import { markupOf } from "./markup.ts";
import { newInlineMessageId } from "./methods/send.ts";
import { asObject } from "./params.ts";
import { resultsIn } from "./seat.ts";
import { type SeenMessage, seen } from "./seen.ts";
import type { Telegram } from "./telegram.ts";
import { userJson } from "./wire.ts";
import type { Chat, Content, Json, User } from "./world.ts";

const richOf = (text: unknown): Rich => {
  const words = typeof text === "string" ? text : "";
  return { text: words, entities: found(words) };
};

function contentOf(telegram: Telegram, result: Json): Content {
  const message = asObject(result["input_message_content"]);
  if (message) return { kind: "text", ...richOf(message["message_text"]) };
  const caption = richOf(result["caption"]);
  const { photo_file_id: photoId, document_file_id: documentId } = result;
  if (typeof photoId === "string")
    return { kind: "photo", ...caption, photo: telegram.files.again(photoId, "photo"), spoiler: false };
  if (typeof documentId === "string")
    return { kind: "document", ...caption, document: telegram.files.again(documentId, "document") };
  throw new Error(`the fake sends no result of type ${String(result["type"])}`);
}

/** A member picks one of the results the bot offered: it is said by them, "via" the bot. */
export function fromInlineResult(
  telegram: Telegram,
  user: User,
  chat: Chat,
  query: { readonly answer: Json | undefined },
  resultId: string,
  asked: string,
): SeenMessage {
  const result = resultsIn(query.answer ?? {}).find(({ id }) => id === resultId);
  if (!result) throw new Error(`the bot offered no result "${resultId}"`);
  const markup = markupOf({ values: result, files: new Map() });
  const inlineMessageId = markup?.kind === "inline" ? newInlineMessageId(telegram) : undefined;
  const content = contentOf(telegram, result);
  const message = telegram.world.addMessage({ chat, from: user, viaBot: true, inlineMessageId, content, markup });
  announceMessage(telegram, message);
  telegram.updates.add("chosen_inline_result", `user/${user.id}`, {
    result_id: resultId,
    from: userJson(user),
    query: asked,
    ...(inlineMessageId === undefined ? {} : { inline_message_id: inlineMessageId }),
  });
  return seen(message, telegram.world);
}
