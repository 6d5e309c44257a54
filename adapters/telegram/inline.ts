import type { InlineQueryResultArticle } from "grammy/types";
import { asError } from "../../src/lib/error.ts";
import { cutText } from "../../src/lib/text.ts";
import type { ChatEvents } from "../../src/ports/chat.ts";
import type { Log } from "../../src/ports/log.ts";
import type { OptionChoice } from "../../src/ports/option.ts";
import type { Calls } from "./calls.ts";
import { LIMITS } from "./limits.ts";
import { memberIdOf } from "./reply.ts";
import type { Seen } from "./updates.ts";

const CACHED_SECONDS = 5;
const TITLE_MAX_CHARS = 64;
/** A command to send: anything else would only be words in somebody's chat. */
const LINE = /^\/[a-z][a-z0-9_]*(\s|$)/;

/** "@bot red fox" in any chat: lines to choose from, sent as if typed. Works where the bot has never been. */
export async function answerInline(
  seen: Extract<Seen, { kind: "inline" }>,
  deps: { readonly calls: Calls; readonly events: Pick<ChatEvents, "suggest">; readonly log: Log },
): Promise<void> {
  const { who } = seen;
  const lines = await deps.events.suggest({
    commandName: "",
    optionName: "",
    typed: seen.typed,
    // Where it is typed Telegram does not tell; what a member made in their private chat with us is theirs to see.
    member: {
      id: memberIdOf(who.id),
      name: who.name,
      ...(who.languages ? { languages: who.languages } : {}),
      admin: false,
    },
    place: { platform: "telegram", chatId: String(who.id), group: false },
  });
  try {
    await deps.calls.other(undefined, "press", (api) =>
      api.answerInlineQuery(seen.queryId, inlineResults(lines), { cache_time: CACHED_SECONDS, is_personal: true }),
    );
  } catch (error) {
    // Somebody types on: the next query is under way.
    deps.log.debug("telegram.inline_unanswered", { error: asError(error) });
  }
}

export const inlineResults = (lines: readonly OptionChoice[]): InlineQueryResultArticle[] =>
  lines
    .filter(({ value }) => LINE.test(value) && value.length <= LIMITS.textMaxChars)
    .slice(0, LIMITS.inlineResultsMax)
    .map(({ value, label }, at) => ({
      type: "article",
      id: String(at),
      title: cutText(label, TITLE_MAX_CHARS),
      description: cutText(value, LIMITS.commandDescriptionMaxChars),
      input_message_content: { message_text: value, link_preview_options: { is_disabled: true } },
    }));
