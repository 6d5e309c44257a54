import {
  type Api,
  Bot,
  InlineKeyboard,
  InlineQueryResultBuilder,
  InputFile,
  InputMediaBuilder,
  type Transformer,
} from "grammy";
import { beforeEach, describe, expect, it } from "vitest";
import { NEEDS_SPEC, openTelegramReferee } from "./telegram.ts";

const referee = openTelegramReferee();
beforeEach((context) => {
  if (!referee) context.skip(NEEDS_SPEC);
});

/** What grammY holds before it serialises: files, builders with `toJSON`, undefined values. */
function plain(value: unknown): unknown {
  if (value instanceof InputFile) return { __file: true };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if ("toJSON" in value && typeof value.toJSON === "function") return plain(value.toJSON());
  const given = Object.entries(value).filter(([, each]) => each !== undefined && each !== null);
  return Object.fromEntries(given.map(([key, each]) => [key, plain(each)]));
}

/** grammY makes the call, the referee judges it, nothing is sent. */
async function complaintsAbout(call: (api: Api) => Promise<unknown>): Promise<readonly string[]> {
  const bot = new Bot("1:a", {
    // A cast at the border to grammY: only the id and name are read here.
    botInfo: { id: 1, is_bot: true, first_name: "x", username: "x" } as Bot["botInfo"],
  });
  const complaints: string[] = [];
  // The cast stands for an answer that nobody reads.
  const swallow = (async () => ({ ok: true, result: true })) as unknown as Transformer;
  bot.api.config.use(swallow);
  bot.api.config.use((previous, method, payload, signal) => {
    complaints.push(...(referee?.check(method, plain(payload)) ?? []));
    return previous(method, payload, signal);
  });
  await call(bot.api);
  return complaints;
}

const file = new InputFile(Buffer.from("x"), "a.png");
const keyboard = new InlineKeyboard().text("A", "cb:a").url("U", "https://example.com");
const photos = (count: number) => Array.from({ length: count }, () => InputMediaBuilder.photo(file));
const withButton = (button: object) => ({ reply_markup: { inline_keyboard: [[button]] } });

/** Calls grammY's types forbid, as a bot in plain JavaScript would make them. */
type Untyped = Record<string, (params: unknown) => Promise<unknown>>;
const raw = (api: Api): Untyped => api.raw as unknown as Untyped;
const untyped = (method: string, params: unknown) => (api: Api) => raw(api)[method]?.(params) ?? Promise.reject(method);

type Case = readonly [name: string, call: (api: Api) => Promise<unknown>];

const accepted: readonly Case[] = [
  [
    "sendMessage with keyboard, reply, link preview",
    (a) =>
      a.sendMessage(1, "x", {
        parse_mode: "HTML",
        reply_markup: keyboard,
        reply_parameters: { message_id: 3 },
        link_preview_options: { is_disabled: true },
      }),
  ],
  [
    "sendMessage into a topic",
    (a) => a.sendMessage(-100, "x", { message_thread_id: 7, entities: [{ type: "bold", offset: 0, length: 1 }] }),
  ],
  ["sendPhoto upload", (a) => a.sendPhoto(1, file, { caption: "c", reply_markup: keyboard })],
  ["sendPhoto file_id", (a) => a.sendPhoto(1, "AgAC")],
  [
    "sendMediaGroup",
    (a) => a.sendMediaGroup(1, [InputMediaBuilder.photo(file, { caption: "x" }), InputMediaBuilder.photo(file)]),
  ],
  ["sendDocument", (a) => a.sendDocument("@chan", file, { caption: "c" })],
  ["editMessageMedia", (a) => a.editMessageMedia(1, 2, InputMediaBuilder.photo(file), { reply_markup: keyboard })],
  ["editMessageText", (a) => a.editMessageText(1, 2, "x")],
  ["editMessageCaption", (a) => a.editMessageCaption(1, 2, { caption: "x" })],
  ["answerCallbackQuery", (a) => a.answerCallbackQuery("1", { text: "x", show_alert: true })],
  [
    "setMyCommands scoped",
    (a) => a.setMyCommands([{ command: "go", description: "d" }], { scope: { type: "all_private_chats" } }),
  ],
  ["answerInlineQuery", (a) => a.answerInlineQuery("1", [InlineQueryResultBuilder.article("id", "T").text("x")])],
  ["getUpdates", (a) => a.getUpdates({ timeout: 30, offset: 5, allowed_updates: ["message", "callback_query"] })],
  [
    "markup that is short after parsing",
    (a) => a.sendMessage(1, `${"<b>".repeat(700)}x${"</b>".repeat(700)}`, { parse_mode: "HTML" }),
  ],
];

const refused: readonly (readonly [...Case, because: RegExp])[] = [
  ["sendMessage without chat_id", untyped("sendMessage", { text: "x" }), /chat_id: required/],
  ["sendMessage text number", untyped("sendMessage", { chat_id: 1, text: 5 }), /text: must be String/],
  ["misspelt field", untyped("sendMessage", { chat_id: 1, text: "x", replymarkup: {} }), /replymarkup: no such field/],
  ["unknown method", untyped("sendMesage", { chat_id: 1 }), /no such method/],
  ["text 4097 characters", (a) => a.sendMessage(1, "x".repeat(4097)), /4097 characters, allowed 1-4096/],
  ["edited text 4097 characters", (a) => a.editMessageText(1, 2, "x".repeat(4097)), /4097 characters/],
  ["empty text", (a) => a.sendMessage(1, ""), /0 characters/],
  ["caption 1025 characters", (a) => a.sendPhoto(1, file, { caption: "x".repeat(1025) }), /1025 characters/],
  [
    "callback_data 65 bytes",
    untyped("sendMessage", { chat_id: 1, text: "x", ...withButton({ text: "a", callback_data: "x".repeat(65) }) }),
    /65 bytes, allowed 1-64/,
  ],
  [
    "callback_data 33 two-byte letters",
    untyped("sendMessage", { chat_id: 1, text: "x", ...withButton({ text: "a", callback_data: "й".repeat(33) }) }),
    /66 bytes/,
  ],
  [
    "keyboard not nested",
    untyped("sendMessage", {
      chat_id: 1,
      text: "x",
      reply_markup: { inline_keyboard: [{ text: "a", callback_data: "x" }] },
    }),
    /inline_keyboard\[0\]: must be an array/,
  ],
  [
    "keyboard on an album",
    untyped("sendMediaGroup", { chat_id: 1, media: photos(2), reply_markup: keyboard }),
    /reply_markup: no such field/,
  ],
  ["1-item album", (a) => a.sendMediaGroup(1, photos(1)), /1 items, allowed 2-10/],
  ["11-item album", (a) => a.sendMediaGroup(1, photos(11)), /11 items/],
  [
    "photo and document in one album",
    untyped("sendMediaGroup", { chat_id: 1, media: [...photos(1), InputMediaBuilder.document(file)] }),
    /own kind/,
  ],
  [
    "media of unknown type",
    untyped("sendMediaGroup", {
      chat_id: 1,
      media: [
        { type: "foo", media: "x" },
        { type: "foo", media: "x" },
      ],
    }),
    /media\[0\]/,
  ],
  ["callback answer 201 characters", (a) => a.answerCallbackQuery("1", { text: "x".repeat(201) }), /201 characters/],
  ["command description missing", untyped("setMyCommands", { commands: [{ command: "x" }] }), /description: required/],
  [
    "101 commands",
    (a) => a.setMyCommands(Array.from({ length: 101 }, (_, i) => ({ command: `c${i}`, description: "d" }))),
    /101 items/,
  ],
  ["command with upper case", (a) => a.setMyCommands([{ command: "Go", description: "d" }]), /lowercase/],
  ["getUpdates limit 101", (a) => a.getUpdates({ limit: 101 }), /allowed 1-100/],
  ["webhook secret with a space", (a) => a.setWebhook("https://example.com", { secret_token: "a b" }), /secret_token/],
  [
    "button with no action",
    untyped("sendMessage", { chat_id: 1, text: "x", ...withButton({ text: "a" }) }),
    /exactly one action/,
  ],
  ["editMessageText with neither chat nor inline id", untyped("editMessageText", { text: "x" }), /inline_message_id/],
  ["bad parse_mode", untyped("sendMessage", { chat_id: 1, text: "x", parse_mode: "Md" }), /parse_mode/],
];

const update = {
  update_id: 1,
  message: {
    message_id: 1,
    date: 1,
    chat: { id: 1, type: "private" },
    from: { id: 1, is_bot: false, first_name: "x" },
    text: "/a",
    entities: [{ type: "bot_command", offset: 0, length: 2 }],
  },
};

describe("Telegram referee", () => {
  it("has a description to judge by", () => {
    expect(referee?.methodCount).toBeGreaterThan(150);
    expect(referee?.typeCount).toBeGreaterThan(300);
  });
  it.each(accepted)("accepts %s", async (_name, call) => expect(await complaintsAbout(call)).toEqual([]));
  it.each(refused)("refuses %s", async (_name, call, because) =>
    expect((await complaintsAbout(call)).join("\n")).toMatch(because),
  );

  it("accepts an Update", () => expect(referee?.checkType("Update", update)).toEqual([]));
  it("refuses an Update with a string message_id and no date", () => {
    const wrong = { update_id: 1, message: { message_id: "1", chat: { id: 1 } } };
    const complaints = referee?.checkType("Update", wrong).join("\n");
    expect(complaints).toMatch(/message_id: must be Integer/);
    expect(complaints).toMatch(/date: required/);
  });

  it("judges answers", () => {
    expect(referee?.checkAnswer("sendMessage", update.message)).toEqual([]);
    expect(referee?.checkAnswer("sendMessage", { message_id: 1 })).not.toEqual([]);
    expect(referee?.checkAnswer("sendMediaGroup", update.message)).not.toEqual([]);
    expect(referee?.checkAnswer("deleteMessage", true)).toEqual([]);
    expect(referee?.checkAnswer("deleteMessage", "yes")).not.toEqual([]);
  });
});
