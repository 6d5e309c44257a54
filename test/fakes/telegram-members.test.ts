import sharp from "sharp";
import { beforeEach, describe, expect, it } from "vitest";
import { callerOf, openedFake, pngOf, pollerOf, type RawCall, upload } from "./telegram/caller.ts";
import type { Person } from "./telegram/people.ts";
import type { TelegramFake } from "./telegram.ts";

let fake: TelegramFake;
let call: RawCall;
let next: ReturnType<typeof pollerOf>;
let ada: Person;
let ben: Person;

beforeEach(async () => {
  fake = await openedFake();
  call = callerOf(fake);
  next = pollerOf(fake);
  ada = fake.person("Ada", { username: "ada_l" });
  ben = fake.person("Ben", { languageCode: "de" });
});

const refusal = (description: string, error_code = 400, more: object = {}) => ({
  ok: false,
  error_code,
  description,
  ...more,
});
type Fields = Readonly<Record<string, unknown>>;
// Casts to the Bot API's shapes: the referee has judged them when they were sent.
const inlineIdOf = (update: Fields | undefined) =>
  (update?.["chosen_inline_result"] as { inline_message_id: string } | undefined)?.inline_message_id;
const fileOf = (message: Fields | undefined) => (message?.["document"] ?? {}) as { file_id?: string };
const send = (chatId: number | string, text = "hello", more: object = {}) =>
  call("sendMessage", { chat_id: chatId, text, ...more });

describe("buttons", () => {
  const keyboard = { reply_markup: { inline_keyboard: [[{ text: "Reroll", callback_data: "r.1" }]] } };
  const tooOld = refusal("Bad Request: query is too old and response timeout expired or query ID is invalid");

  it("a press is answered once, in time, and seen by the presser", async () => {
    fake.clock.freeze();
    const group = fake.group("Rent strike", { members: [ada, ben] });
    await send(group.id, "a picture", keyboard);
    const seat = ada.in(group);
    const press = seat.press(seat.last()?.messageId ?? 0, "Reroll");
    const [update] = await next();
    expect(update).toMatchObject({
      callback_query: { id: press.id, from: { id: ada.id }, data: "r.1", message: { text: "a picture" } },
    });
    const answer = { callback_query_id: press.id, text: "Rerolling", show_alert: true };
    expect(await call("answerCallbackQuery", answer)).toEqual({ ok: true, result: true });
    await press.answered;
    expect([press.text, press.alert]).toEqual(["Rerolling", true]);
    expect(await call("answerCallbackQuery", answer)).toEqual(tooOld);
    const late = seat.press(seat.last()?.messageId ?? 0, "Reroll");
    fake.clock.advanceMs(15_001);
    expect(await call("answerCallbackQuery", { callback_query_id: late.id })).toEqual(tooOld);
    expect(await call("answerCallbackQuery", { callback_query_id: "1" })).toEqual(tooOld);
    fake.expectNoComplaints();
  });
  it("a link in the answer opens this bot, or is refused", async () => {
    const group = fake.group("Rent strike", { members: [ada] });
    await send(group.id, "a picture", keyboard);
    const seat = ada.in(group);
    const press = seat.press(seat.last()?.messageId ?? 0, "Reroll");
    const answer = (url: string) => call("answerCallbackQuery", { callback_query_id: press.id, url });
    expect(await answer("https://example.com")).toEqual(refusal("Bad Request: URL_INVALID"));
    const own = `https://t.me/${fake.bot.username}?start=show_7`;
    expect(await answer(own)).toMatchObject({ ok: true });
    expect(press.url).toBe(own);
  });
  it("200 characters of answer fit, one more does not", async () => {
    const group = fake.group("Rent strike", { members: [ada] });
    await send(group.id, "a picture", keyboard);
    const press = () => ada.in(group).press(ada.in(group).last()?.messageId ?? 0, "Reroll").id;
    const answer = (length: number) =>
      call("answerCallbackQuery", { callback_query_id: press(), text: "x".repeat(length) });
    expect(await answer(201)).toEqual(refusal("Bad Request: MESSAGE_TOO_LONG"));
    expect(await answer(200)).toMatchObject({ ok: true });
  });
  it("data may be forged, and the message gone or too old", async () => {
    const group = fake.group("Rent strike", { members: [ada] });
    const { message_id } = (await send(group.id, "a picture", keyboard)).result as { message_id: number };
    const seat = ada.in(group);
    seat.press(message_id, { data: "forged" });
    seat.press(message_id, "Reroll", { inaccessible: true });
    await call("deleteMessage", { chat_id: group.id, message_id });
    seat.press(message_id, "Reroll");
    const gone = { message: { message_id, date: 0 } };
    expect(await next()).toMatchObject([
      { callback_query: { data: "forged", message: { text: "a picture" } } },
      { callback_query: gone },
      { callback_query: gone },
    ]);
    expect(() => seat.press(message_id, "Vary")).toThrow(/no button "Vary" on message \d+; there are: "Reroll"/);
    expect(() => ben.in(group).press(message_id, "Reroll")).toThrow(/Ben cannot see/);
    fake.expectNoComplaints();
  });
});

describe("inline mode", () => {
  it("offers, sends, and edits what was sent", async () => {
    const group = fake.group("Elsewhere", { members: [ada], bot: "absent" });
    const query = ada.ask("red fox");
    expect(await next()).toMatchObject([{ inline_query: { id: query.id, query: "red fox", chat_type: "supergroup" } }]);
    const keyboard = { inline_keyboard: [[{ text: "Draw", callback_data: "d" }]] };
    const content = { message_text: "a red fox" };
    const article = { type: "article", id: "1", title: "Fox", input_message_content: content, reply_markup: keyboard };
    const answer = { inline_query_id: query.id, results: [article] };
    expect(await call("answerInlineQuery", answer)).toMatchObject({ ok: true });
    expect(await call("answerInlineQuery", answer)).toMatchObject({ ok: false, error_code: 400 });
    const sent = ada.choose(group, query, "1", "red fox");
    expect(sent).toMatchObject({ text: "a red fox", viaBot: true, fromBot: false });
    ada.in(group).press(sent, "Draw");
    const [chosen, pressed] = await next();
    const inlineId = inlineIdOf(chosen);
    expect(chosen).toMatchObject({ chosen_inline_result: { result_id: "1", query: "red fox" } });
    expect(pressed).toMatchObject({ callback_query: { inline_message_id: inlineId } });
    expect(pressed?.["callback_query"]).not.toHaveProperty("message");
    const edited = await call("editMessageText", { inline_message_id: inlineId, text: "a blue fox" });
    expect(edited).toEqual({ ok: true, result: true });
    expect(ada.in(group).message(sent.messageId)?.text).toBe("a blue fox");
    fake.expectNoComplaints();
  });
  it("has results with ids of their own, at most 50", async () => {
    const results = (count: number, id?: string) =>
      Array.from({ length: count }, (_, i) => ({
        type: "article",
        id: id ?? String(i),
        title: "T",
        input_message_content: { message_text: "x" },
      }));
    const answer = (all: readonly object[]) =>
      call("answerInlineQuery", { inline_query_id: ada.ask("a").id, results: all });
    expect(await answer(results(50))).toMatchObject({ ok: true });
    expect(await answer(results(51))).toEqual(refusal("Bad Request: RESULTS_TOO_MUCH"));
    expect(await answer(results(2, "same"))).toEqual(refusal("Bad Request: RESULT_ID_DUPLICATE"));
    expect(await answer(results(1, "x".repeat(65)))).toEqual(refusal("Bad Request: RESULT_ID_INVALID"));
  });
});

describe("commands", () => {
  const set = (command: string, more: object = {}) =>
    call("setMyCommands", { commands: [{ command, description: "d" }], ...more });

  it("members are shown the narrowest list, in their language if there is one", async () => {
    const group = fake.supergroup("Rent strike", { members: [ada], admins: [ben] });
    await set("default");
    await set("deutsch", { language_code: "de" });
    expect(ada.private.commands()).toMatchObject([{ command: "default" }]);
    expect(ben.private.commands()).toMatchObject([{ command: "deutsch" }]);
    await set("groups", { scope: { type: "all_group_chats" } });
    await set("admins", { scope: { type: "all_chat_administrators" } });
    expect(ada.in(group).commands()).toMatchObject([{ command: "groups" }]);
    expect(ben.in(group).commands()).toMatchObject([{ command: "admins" }]);
    const scope = { type: "chat_member", chat_id: group.id, user_id: ada.id };
    await set("ada", { scope });
    expect(ada.in(group).commands()).toMatchObject([{ command: "ada" }]);
    expect((await call("getMyCommands", { scope })).result).toEqual([{ command: "ada", description: "d" }]);
    await call("deleteMyCommands", { scope });
    expect(ada.in(group).commands()).toMatchObject([{ command: "groups" }]);
    fake.expectNoComplaints();
  });
  it.each([
    ["x".repeat(32), "d", undefined],
    ["x".repeat(33), "d", "BOT_COMMAND_INVALID"],
    ["Rca", "d", "BOT_COMMAND_INVALID"],
    ["rca-x", "d", "BOT_COMMAND_INVALID"],
    ["rca", "d".repeat(256), undefined],
    ["rca", "d".repeat(257), "BOT_COMMAND_DESCRIPTION_INVALID"],
    ["rca", " ", "BOT_COMMAND_DESCRIPTION_INVALID"],
  ])("/%s: %s", async (command, description, why) => {
    const answer = await call("setMyCommands", { commands: [{ command, description }] });
    expect(answer).toEqual(why === undefined ? { ok: true, result: true } : refusal(`Bad Request: ${why}`));
  });
  it("a scope needs a chat that is there", async () => {
    const scope = { type: "chat", chat_id: -4711 };
    expect(await set("rca", { scope })).toEqual(refusal("Bad Request: chat not found"));
    expect(await set("rca", { scope: { type: "chat" } })).toEqual(
      refusal("Bad Request: can't parse BotCommandScope: Empty chat_id specified"),
    );
    expect(await set("rca", { scope: { type: "moon" } })).toEqual(
      refusal("Bad Request: can't parse BotCommandScope: Unsupported type specified"),
    );
  });
  it("100 fit, 101 do not", async () => {
    const many = (count: number) =>
      call("setMyCommands", {
        commands: Array.from({ length: count }, (_, i) => ({ command: `c${i}`, description: "d" })),
      });
    expect(await many(100)).toMatchObject({ ok: true });
    expect(await many(101)).toEqual(refusal("Bad Request: BOT_COMMANDS_TOO_MUCH"));
  });
});

describe("reactions of the bot", () => {
  it("are one emoji", async () => {
    const group = fake.group("Rent strike", { members: [ada] });
    const { messageId } = ada.in(group).say("/rca a fox");
    const react = (...emoji: readonly string[]) =>
      call("setMessageReaction", {
        chat_id: group.id,
        message_id: messageId,
        reaction: emoji.map((each) => ({ type: "emoji", emoji: each })),
      });
    expect(await react("👀")).toMatchObject({ ok: true });
    expect(ada.in(group).message(messageId)?.reactions.get(fake.bot.id)).toEqual(["👀"]);
    expect(await react("👀", "👍")).toEqual(refusal("Bad Request: REACTIONS_TOO_MANY"));
  });
});

describe("what members send", () => {
  it("photos come in sizes, documents as they are, and both can be fetched", async () => {
    const group = fake.group("Rent strike", { members: [ada] });
    fake.behaviour.privacyMode = false;
    const original = await pngOf(1500, 1000);
    await ada.in(group).photo(original, { caption: "look #rent https://example.com" });
    ada.in(group).document(original, { fileName: "fox.png", mimeType: "image/png" });
    await ada.in(group).album([original, original], { caption: "two" });
    const [photo, document, first, second] = (await next()).map(({ message }) => message as Record<string, unknown>);
    expect(photo).toMatchObject({
      caption_entities: [{ type: "hashtag" }, { type: "url" }],
      photo: [
        { width: 90, height: 60 },
        { width: 320 },
        { width: 800 },
        { width: 1280 },
        { width: 1500, height: 1000 },
      ],
    });
    const media = { file_name: "fox.png", mime_type: "image/png", file_size: original.length };
    expect(document).toMatchObject({ document: media });
    expect(first?.["media_group_id"]).toBe(second?.["media_group_id"]);
    const { file_id } = fileOf(document);
    const { file_path } = (await call("getFile", { file_id })).result as { file_path: string };
    const download = () => fetch(`${fake.url}/file/bot${fake.token}/${file_path}`);
    expect(Buffer.from(await (await download()).arrayBuffer())).toEqual(original);
    fake.clock.advanceMs(3_600_001);
    expect((await download()).status).toBe(404);
    fake.expectNoComplaints();
  });
  it("20 MB can be fetched, a byte more cannot", async () => {
    const group = fake.group("Rent strike", { members: [ada] });
    const fetchable = async (bytes: number) => {
      ada.in(group).document(Buffer.alloc(bytes, 1), { caption: "/rca" });
      const document = (await next())[0]?.["message"] as { document: { file_id: string } };
      return call("getFile", { file_id: document.document.file_id });
    };
    expect(await fetchable(20 * 1024 * 1024)).toMatchObject({ ok: true });
    expect(await fetchable(20 * 1024 * 1024 + 1)).toEqual(refusal("Bad Request: file is too big"));
  });
  it("edits are told, deletions are not", async () => {
    const group = fake.group("Rent strike", { members: [ada] });
    const said = ada.in(group).say("/rca a fox");
    ada.in(group).edit(said, "/rca two foxes");
    ada.in(group).delete(said);
    const updates = await next();
    expect(updates).toMatchObject([
      { message: {} },
      { edited_message: { text: "/rca two foxes", edit_date: expect.anything() } },
    ]);
    expect(ada.in(group).messages()).toEqual([]);
    expect(group.history()).toMatchObject([{ deleted: true }]);
    expect(() => ben.in(group).delete(said)).toThrow();
    fake.expectNoComplaints();
  });
});

describe("what the bot sends", () => {
  it("photos lose their metadata, documents keep every byte", async () => {
    const group = fake.group("Rent strike", { members: [ada] });
    const bytes = await sharp(await pngOf())
      .withExif({ IFD0: { Copyright: "us" } })
      .png()
      .toBuffer();
    const file = { bytes, name: "fox.png" };
    await upload(fake, "sendPhoto", { chat_id: String(group.id) }, { photo: file });
    await upload(fake, "sendDocument", { chat_id: String(group.id) }, { document: file });
    const [photo, document] = ada.in(group).fromBot();
    const shown = await photo?.photo?.bytes();
    const { format, exif } = await sharp(shown).metadata();
    expect([format, exif]).toEqual(["jpeg", undefined]);
    expect(document?.document).toMatchObject({ fileName: "fox.png", mimeType: "image/png" });
    expect(await document?.document?.bytes()).toEqual(bytes);
    fake.expectNoComplaints();
  });
});
