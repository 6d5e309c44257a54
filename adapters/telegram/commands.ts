import type { BotCommand, BotCommandScope, LanguageCode } from "grammy/types";
import { z } from "zod";
import { cutText } from "../../src/lib/text.ts";
import { render } from "../../src/messages/render.ts";
import type { CommandSpec } from "../../src/ports/option.ts";
import type { Calls } from "./calls.ts";
import { codeOf, TELEGRAM_LANGUAGES } from "./languages.ts";
import { LIMITS } from "./limits.ts";

/** One list as Telegram keeps it: for whom, and in which language; without one for all others. */
export interface CommandList {
  readonly scope: BotCommandScope;
  readonly language_code?: LanguageCode;
  readonly commands: readonly BotCommand[];
}

/** Groups see what everybody may, their admins the rest too; a private chat has no admins. */
export function commandLists(specs: readonly CommandSpec[]): readonly CommandList[] {
  const everybody = specs.filter(({ adminOnly }) => !adminOnly);
  const scopes = [
    { scope: { type: "default" } as const, list: everybody },
    { scope: { type: "all_private_chats" } as const, list: everybody },
    { scope: { type: "all_chat_administrators" } as const, list: specs },
  ];
  return scopes.flatMap(({ scope, list }) =>
    TELEGRAM_LANGUAGES.map((each) => ({ scope, ...codeOf(each), commands: botCommands(list, each.language) })),
  );
}

const botCommands = (specs: readonly CommandSpec[], language: string): readonly BotCommand[] =>
  specs.slice(0, LIMITS.commandsMax).map(({ name, summary }) => ({
    command: name,
    description: cutText(render(summary, language), LIMITS.commandDescriptionMaxChars),
  }));

const currentSchema = z.array(z.object({ command: z.string(), description: z.string() }));

/** Registers what differs from what Telegram has. Resolves with how many lists were changed. @throws ChatError */
export async function registerCommands(calls: Calls, specs: readonly CommandSpec[]): Promise<number> {
  let changed = 0;
  for (const { commands, ...whose } of commandLists(specs)) {
    const current = currentSchema.parse(await calls.other(undefined, "spare", (api) => api.getMyCommands(whose)));
    if (sameCommands(current, commands)) continue;
    await calls.other(undefined, "spare", (api) => api.setMyCommands([...commands], whose));
    changed += 1;
  }
  return changed;
}

const sameCommands = (one: readonly BotCommand[], other: readonly BotCommand[]): boolean =>
  one.length === other.length &&
  one.every(({ command, description }, at) => {
    const same = other[at];
    return same?.command === command && same.description === description;
  });
