import { z } from "zod";
import type { Place } from "../../src/domain/place.ts";
import { asError } from "../../src/lib/error.ts";
import type { Log } from "../../src/ports/log.ts";
import type { ModuleServices } from "../../src/ports/module.ts";
import type { ShownView } from "../../src/ports/view.ts";
import type { Calls } from "./calls.ts";
import type { Destination } from "./framing.ts";
import { choiceButtons, choicesKeyOf } from "./keyboard.ts";
import type { Notes } from "./notes.ts";
import type { Sending } from "./sending.ts";
import { styled } from "./text.ts";

const listSchema = z.object({
  label: z.string(),
  choices: z.array(z.object({ value: z.string(), label: z.string() })),
});

/** Lists to choose from: a button under the message opens one, in a short message that goes when something was chosen. */
export interface Choices {
  /** Before a view with lists is shown: a button has room only for the name of its list. */
  keep(view: ShownView): Promise<void>;
  /** false: the list is not known any more. @throws ChatError */
  open(
    to: Destination & { readonly replyTo: number },
    list: { readonly token: string; readonly key: string },
    /** Where its choices count, when that is another chat. */
    place: Place | undefined,
  ): Promise<boolean>;
  close(chatId: string, messageId: number): Promise<void>;
}

export function createChoices(deps: {
  readonly calls: Calls;
  readonly notes: Notes;
  readonly sending: Sending;
  readonly values: ModuleServices["values"];
  readonly log: Log;
}): Choices {
  const lists = deps.values("list", listSchema);
  const known = new Set<string>();
  return {
    async keep(view) {
      for (const select of view.selects ?? []) {
        const key = choicesKeyOf(select);
        if (known.has(key)) continue;
        await lists.set(key, { label: select.label, choices: [...select.choices] });
        known.add(key);
      }
    },
    async open(to, { token, key }, place) {
      const list = await lists.get(key);
      if (!list) return false;
      const keyboard = { inline_keyboard: choiceButtons(token, list.choices) };
      const messageId = await deps.sending.text({ ...to, silent: true }, styled(`${list.label}:`), keyboard);
      await deps.notes.change(to.chatId, messageId, { opensFor: to.replyTo, place });
      return true;
    },
    async close(chatId, messageId) {
      await deps.notes.forget(chatId, messageId);
      await deps.calls
        .other(chatId, "spare", (api, chat) => api.deleteMessage(chat, messageId))
        .catch((error: unknown) => deps.log.debug("telegram.list_left", { error: asError(error) }));
    },
  };
}
