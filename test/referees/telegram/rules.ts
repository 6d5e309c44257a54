import { z } from "zod";

/** Rules of the Bot API that exist in its prose only. */

const keyboardSchema = z.object({
  reply_markup: z.object({ inline_keyboard: z.array(z.array(z.record(z.string(), z.unknown()))) }),
});
const commandsSchema = z.object({ commands: z.array(z.object({ command: z.string() })) });
const albumSchema = z.object({ media: z.array(z.object({ type: z.string() })) });

type Params = Readonly<Record<string, unknown>>;
type Rule = (method: string, params: Params) => readonly string[];

const parseMode: Rule = (method, { parse_mode: mode }) =>
  mode === undefined || ["MarkdownV2", "HTML", "Markdown"].includes(String(mode))
    ? []
    : [`${method}.parse_mode: unsupported parse_mode`];

const commandNames: Rule = (method, params) => {
  const commands = method === "setMyCommands" ? commandsSchema.safeParse(params).data?.commands : undefined;
  return (commands ?? []).flatMap(({ command }, index) =>
    /^[a-z0-9_]{1,32}$/.test(command)
      ? []
      : [`setMyCommands.commands[${index}].command: only lowercase English letters, digits and underscores`],
  );
};

const webhookSecret: Rule = (method, { secret_token: secret }) =>
  method !== "setWebhook" || secret === undefined || /^[\w-]+$/.test(String(secret))
    ? []
    : ["setWebhook.secret_token: only A-Z, a-z, 0-9, _ and -"];

const messageToEdit: Rule = (method, params) => {
  if (!/^editMessage|^stopMessageLiveLocation/.test(method)) return [];
  const named = params["chat_id"] !== undefined && params["message_id"] !== undefined;
  return named || params["inline_message_id"] !== undefined
    ? []
    : [`${method}: needs inline_message_id, or chat_id and message_id`];
};

const albumKinds: Rule = (method, params) => {
  const media = method === "sendMediaGroup" ? albumSchema.safeParse(params).data?.media : undefined;
  const kinds = new Set(media?.map(({ type }) => type));
  return kinds.size > 1 && (kinds.has("document") || kinds.has("audio"))
    ? ["sendMediaGroup.media: documents and audio can only be grouped with their own kind"]
    : [];
};

const LOOKS = ["text", "icon_custom_emoji_id", "style"];
const oneAction: Rule = (method, params) => {
  const rows = keyboardSchema.safeParse(params).data?.reply_markup.inline_keyboard ?? [];
  return rows.flatMap((row, y) =>
    row.flatMap((button, x) => {
      const actions = Object.keys(button).filter((key) => !LOOKS.includes(key));
      return actions.length === 1
        ? []
        : [`${method}.reply_markup.inline_keyboard[${y}][${x}]: exactly one action expected, got ${actions.length}`];
    }),
  );
};

export function documentedRules(method: string, params: Params): readonly string[] {
  return [parseMode, commandNames, webhookSecret, messageToEdit, albumKinds, oneAction].flatMap((rule) =>
    rule(method, params),
  );
}
