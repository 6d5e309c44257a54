import { asArray, asObject, type Params, textOf } from "./params.ts";
import { badRequest } from "./refusal.ts";
import type { Chat, Json } from "./world.ts";

export interface BotCommand {
  readonly command: string;
  readonly description: string;
}

const NAME = /^[a-z0-9_]{1,32}$/;
const DESCRIPTION_MAX_CHARS = 256;
const COMMANDS_MAX = 100;
const SCOPES = /^(default|all_private_chats|all_group_chats|all_chat_administrators)$/;

export type CommandLists = ReturnType<typeof createCommandLists>;

/** The lists by scope and language, and which of them a member is shown. */
export function createCommandLists(isChat: (id: number) => boolean) {
  const lists = new Map<string, readonly BotCommand[]>();
  const keyOf = (params: Params) => {
    const scope = scopeKey(params.values["scope"]);
    const chatId = scope.split("/")[1];
    if (chatId !== undefined && !isChat(Number(chatId))) throw badRequest("chat not found");
    return `${scope}:${textOf(params, "language_code")}`;
  };

  return {
    set: (params: Params): void => void lists.set(keyOf(params), commandsIn(params.values["commands"])),
    get: (params: Params): readonly BotCommand[] => lists.get(keyOf(params)) ?? [],
    delete: (params: Params): void => void lists.delete(keyOf(params)),
    /** Telegram's order: the narrowest scope first, in each the member's language before none. */
    shownTo(chat: Chat, userId: number, admin: boolean, language: string | undefined): readonly BotCommand[] {
      const one = [`chat_member/${chat.id}/${userId}`, ...(admin ? [`chat_administrators/${chat.id}`] : [])];
      const scopes =
        chat.kind === "private"
          ? [`chat/${chat.id}`, "all_private_chats", "default"]
          : [...one, `chat/${chat.id}`, ...(admin ? ["all_chat_administrators"] : []), "all_group_chats", "default"];
      const keys = scopes.flatMap((scope) => [`${scope}:${language?.slice(0, 2) ?? "-"}`, `${scope}:`]);
      return lists.get(keys.find((key) => lists.has(key)) ?? "") ?? [];
    },
  };
}

function scopeKey(given: unknown): string {
  if (given === undefined || given === null) return "default";
  const scope: Json | undefined = asObject(given);
  if (!scope) throw badRequest("can't parse BotCommandScope: BotCommandScope must be an Object");
  const { type, chat_id: chatId, user_id: userId } = scope;
  if (typeof type === "string" && SCOPES.test(type)) return type;
  if (type !== "chat" && type !== "chat_administrators" && type !== "chat_member")
    throw badRequest("can't parse BotCommandScope: Unsupported type specified");
  if (chatId === undefined || chatId === "") throw badRequest("can't parse BotCommandScope: Empty chat_id specified");
  if (type !== "chat_member") return `${type}/${String(chatId)}`;
  if (userId === undefined) throw badRequest("can't parse BotCommandScope: Invalid user_id specified");
  return `chat_member/${String(chatId)}/${String(userId)}`;
}

function commandsIn(given: unknown): readonly BotCommand[] {
  const commands = asArray(given);
  if (!commands) throw badRequest("expected an Array of BotCommand");
  if (commands.length > COMMANDS_MAX) throw badRequest("BOT_COMMANDS_TOO_MUCH");
  return commands.map((each) => {
    const { command, description } = asObject(each) ?? {};
    if (typeof command !== "string") throw badRequest("can't parse BotCommand: Can't find field \"command\"");
    if (typeof description !== "string") throw badRequest("can't parse BotCommand: Can't find field \"description\"");
    const name = command.replace(/^\//, "");
    if (!NAME.test(name)) throw badRequest("BOT_COMMAND_INVALID");
    if (description.trim() === "" || description.length > DESCRIPTION_MAX_CHARS)
      throw badRequest("BOT_COMMAND_DESCRIPTION_INVALID");
    return { command: name, description };
  });
}
