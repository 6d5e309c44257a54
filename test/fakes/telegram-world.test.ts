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

describe("private chats", () => {
  it("a bot cannot begin, is heard once somebody wrote, and not when they block it", async () => {
    expect(await send(ada.id)).toEqual(refusal("Forbidden: bot can't initiate conversation with a user", 403));
    ada.start("show_7");
    const [update] = await next();
    expect(update).toMatchObject({
      message: { text: "/start show_7", entities: [{ type: "bot_command", offset: 0, length: 6 }] },
    });
    expect(await send(ada.id)).toMatchObject({ ok: true });
    ada.block();
    expect(await send(ada.id)).toEqual(refusal("Forbidden: bot was blocked by the user", 403));
    expect(await next()).toMatchObject([
      { my_chat_member: { old_chat_member: { status: "member" }, new_chat_member: { status: "kicked" } } },
    ]);
    ada.unblock();
    expect(await send(ada.id)).toMatchObject({ ok: true });
    fake.expectNoComplaints();
  });
  it("strangers and nonsense are no chats", async () => {
    expect(await send(424242)).toEqual(refusal("Bad Request: chat not found"));
    expect(await send("@nobody_here")).toEqual(refusal("Bad Request: chat not found"));
    expect(await send("")).toEqual(refusal("Bad Request: chat_id is empty"));
    expect(await call("sendMessage", { text: "a" })).toEqual(refusal("Bad Request: chat_id is empty"));
  });
});

describe("groups", () => {
  it("privacy mode lets commands for this bot and replies to it through", async () => {
    const room = fake.group("Rent strike", { members: [ada, ben] });
    const seat = ada.in(room);
    const { result } = await send(room.id);
    seat.say("good morning");
    seat.say("/rca a fox");
    seat.say("/rca@other_bot a fox");
    seat.say("/rca@Placard_Bot a fox");
    const asked = seat.say("bolder, please", { replyTo: (result as { message_id: number }).message_id });
    const photo = await seat.photo(await pngOf(), { caption: "/rca like this" });
    ben.in(room).say("and me", { replyTo: asked });
    const updates = await next();
    expect(updates.map(({ message }) => (message as { message_id: number }).message_id)).toEqual([
      asked.messageId - 3,
      asked.messageId - 1,
      asked.messageId,
      photo.messageId,
    ]);
    expect(updates[2]).toMatchObject({ message: { reply_to_message: { text: "hello", from: { is_bot: true } } } });
    fake.behaviour.privacyMode = false;
    seat.say("good night");
    seat.say("/rca@other_bot a fox");
    expect(await next()).toHaveLength(2);
    room.promote("bot");
    fake.behaviour.privacyMode = true;
    seat.say("good night, boss");
    expect(await next()).toMatchObject([{ my_chat_member: {} }, { message: { text: "good night, boss" } }]);
    fake.expectNoComplaints();
  });

  it("adding, promoting and throwing out the bot", async () => {
    const room = fake.group("Rent strike", { members: [ada], bot: "absent" });
    expect(await send(room.id)).toEqual(refusal("Forbidden: bot is not a member of the group chat", 403));
    room.add("bot");
    expect(await next()).toMatchObject([
      { my_chat_member: { old_chat_member: { status: "left" }, new_chat_member: { status: "member" } } },
      { message: { new_chat_members: [{ id: fake.bot.id }] } },
    ]);
    expect(await send(room.id)).toMatchObject({ ok: true });
    room.remove("bot");
    expect(await send(room.id)).toEqual(refusal("Forbidden: bot was kicked from the group chat", 403));
    ada.in(room).say("/rca are you there?");
    expect(await next()).toMatchObject([{ my_chat_member: { new_chat_member: { status: "kicked" } } }]);
    room.add("bot", "administrator");
    expect(await call("leaveChat", { chat_id: room.id })).toMatchObject({ ok: true });
    expect(await send(room.id)).toEqual(refusal("Forbidden: bot is not a member of the group chat", 403));
    fake.expectNoComplaints();
  });

  it("says who is who", async () => {
    const room = fake.supergroup("Rent strike", { members: [ada], admins: [ben] });
    const statusOf = async (userId: number) =>
      ((await call("getChatMember", { chat_id: room.id, user_id: userId })).result as { status: string }).status;
    expect(await statusOf(ada.id)).toBe("member");
    expect(await statusOf(ben.id)).toBe("creator");
    expect(await statusOf(fake.person("Cleo").id)).toBe("left");
    const administrators = await call("getChatAdministrators", { chat_id: room.id });
    expect(administrators.result).toMatchObject([{ user: { id: ben.id }, status: "creator" }]);
    expect(await call("getChatMemberCount", { chat_id: room.id })).toEqual({ ok: true, result: 3 });
    expect((await call("getChat", { chat_id: room.id })).result).toMatchObject({ type: "supergroup" });
    room.promote(ada);
    expect(await statusOf(ada.id)).toBe("administrator");
    room.remove(ada);
    expect(await statusOf(ada.id)).toBe("kicked");
    expect(() => ada.in(room).say("let me in")).toThrow(/Ada is not in/);
    fake.expectNoComplaints();
  });

  it("anonymous administrators speak as the group and press as themselves", async () => {
    const room = fake.supergroup("Rent strike", { admins: [ada] });
    const seat = ada.in(room, { anonymous: true });
    const { message_id } = (
      await send(room.id, "pick", {
        reply_markup: { inline_keyboard: [[{ text: "A", callback_data: "a" }]] },
      })
    ).result as { message_id: number };
    seat.say("/rca a fox");
    seat.press(message_id, "A");
    expect(await next()).toMatchObject([
      { message: { from: { username: "GroupAnonymousBot", is_bot: true }, sender_chat: { id: room.id } } },
      { callback_query: { from: { id: ada.id } } },
    ]);
    fake.expectNoComplaints();
  });

  it("a group that becomes a supergroup has another id", async () => {
    const room = fake.group("Rent strike", { members: [ada] });
    const { message_id } = (await send(room.id)).result as { message_id: number };
    const moved = room.upgrade();
    const parameters = { migrate_to_chat_id: moved.id };
    const upgraded = refusal("Bad Request: group chat was upgraded to a supergroup chat", 400, { parameters });
    expect(await send(room.id)).toEqual(upgraded);
    expect(await call("editMessageText", { chat_id: room.id, message_id, text: "b" })).toEqual(upgraded);
    expect(await next()).toMatchObject([
      { message: { chat: { id: room.id, type: "group" }, migrate_to_chat_id: moved.id } },
      { message: { chat: { id: moved.id, type: "supergroup" }, migrate_from_chat_id: room.id } },
    ]);
    const lost = await call("editMessageText", { chat_id: moved.id, message_id: message_id + 20, text: "b" });
    expect(lost).toEqual(refusal("Bad Request: message to edit not found"));
    expect(await send(moved.id)).toMatchObject({ ok: true });
    expect(() => ada.in(room).say("hello?")).toThrow(/has become a supergroup/);
    expect(ada.in(moved).say("/rca here").chatId).toBe(moved.id);
    fake.expectNoComplaints();
  });

  it("message ids count per supergroup, and over all basic groups", async () => {
    const firsts = await Promise.all([fake.supergroup("A"), fake.supergroup("B")].map(({ id }) => send(id)));
    expect(firsts.map(({ result }) => (result as { message_id: number }).message_id)).toEqual([2, 2]);
    const groups = [(await send(fake.group("C").id)).result, (await send(fake.group("D").id)).result];
    expect(new Set(groups.map((each) => (each as { message_id: number }).message_id)).size).toBe(2);
  });

  it("a dissolved chat is gone", async () => {
    const group = fake.group("A");
    const supergroup = fake.supergroup("B");
    group.dissolve();
    supergroup.dissolve();
    expect(await send(group.id)).toEqual(refusal("Forbidden: the group chat was deleted", 403));
    expect(await send(supergroup.id)).toEqual(refusal("Bad Request: chat not found"));
  });
});

describe("topics", () => {
  it("messages carry their topic, General's and threads of replies do not", async () => {
    const room = fake.supergroup("Rent strike", { members: [ada], forum: true });
    const posters = room.topic("Posters");
    await next();
    ada.in(room, { topic: posters.threadId }).say("/rca in a topic");
    const general = ada.in(room).say("/rca in General");
    ada.in(room).say("/rca a reply in General", { replyTo: general });
    const [inTopic, inGeneral, reply] = (await next()).map(({ message }) => message as Record<string, unknown>);
    expect(inTopic).toMatchObject({
      message_thread_id: posters.threadId,
      is_topic_message: true,
      // Not a reply to anything, and yet.
      reply_to_message: { forum_topic_created: { name: "Posters" } },
    });
    expect(inGeneral).not.toHaveProperty("message_thread_id");
    expect(reply).toMatchObject({ message_thread_id: general.messageId });
    expect(reply).not.toHaveProperty("is_topic_message");
    fake.expectNoComplaints();
  });
  it("what is sent without the topic lands in General; General has no number", async () => {
    const room = fake.supergroup("Rent strike", { members: [ada], forum: true });
    const posters = room.topic("Posters");
    const seat = ada.in(room, { topic: posters.threadId });
    const asked = seat.say("/rca a fox");
    await send(room.id, "lost");
    await send(room.id, "found", { message_thread_id: posters.threadId });
    await send(room.id, "found too", { reply_parameters: { message_id: asked.messageId } });
    expect(seat.fromBot().map(({ text }) => text)).toEqual(["found", "found too"]);
    expect(
      ada
        .in(room)
        .fromBot()
        .map(({ text }) => text),
    ).toEqual(["lost"]);
    const notFound = refusal("Bad Request: message thread not found");
    expect(await send(room.id, "x", { message_thread_id: 1 })).toEqual(notFound);
    expect(await send(room.id, "x", { message_thread_id: 4711 })).toEqual(notFound);
    posters.close();
    expect(await send(room.id, "x", { message_thread_id: posters.threadId })).toEqual(
      refusal("Bad Request: TOPIC_CLOSED"),
    );
    posters.remove();
    expect(await send(room.id, "x", { message_thread_id: posters.threadId })).toEqual(notFound);
    expect(seat.messages()).toEqual([]);
    fake.expectNoComplaints();
  });
  it("a thread of replies taken for a topic is complained about", async () => {
    const room = fake.supergroup("Rent strike");
    expect(await send(room.id, "x", { message_thread_id: 7 })).toMatchObject({ ok: true });
    expect(fake.takeComplaints()).toEqual(["message_thread_id 7 in a chat without topics"]);
  });
  it("the action is seen where it is sent", async () => {
    const room = fake.supergroup("Rent strike", { forum: true });
    const { threadId } = room.topic("Posters");
    const act = (message_thread_id: number, action = "upload_photo") =>
      call("sendChatAction", { chat_id: room.id, message_thread_id, action });
    expect(await act(threadId)).toMatchObject({ ok: true });
    expect(fake.actions).toMatchObject([{ chatId: room.id, threadId, action: "upload_photo" }]);
    expect(await act(4711)).toEqual(refusal("Bad Request: message thread not found"));
    expect(await act(threadId, "dancing")).toEqual(refusal("Bad Request: wrong parameter action in request"));
  });
  it("a reply to what is gone needs leave", async () => {
    const room = fake.supergroup("Rent strike");
    const reply = (more: object) => send(room.id, "x", { reply_parameters: { message_id: 4711, ...more } });
    expect(await reply({})).toEqual(refusal("Bad Request: message to be replied not found"));
    expect(await reply({ allow_sending_without_reply: true })).toMatchObject({ ok: true });
  });
});

describe("channels", () => {
  it("posts have no author, and the bot must be an administrator", async () => {
    const channel = fake.channel("News", { admins: [ada], username: "rent_news" });
    const post = ada.in(channel).say("/rca a fox");
    const [update] = await next();
    expect(update).toMatchObject({ channel_post: { sender_chat: { id: channel.id, type: "channel" } } });
    expect(update?.["channel_post"]).not.toHaveProperty("from");
    expect(await send("@rent_news")).toMatchObject({ ok: true, result: { sender_chat: { id: channel.id } } });
    ada.in(channel).edit(post, "/rca two foxes");
    expect(await next()).toMatchObject([{ edited_channel_post: { text: "/rca two foxes" } }]);
    expect(() => ben.in(channel).say("me too")).toThrow(/Ben is not in News/);
    channel.demote("bot");
    expect(await send(channel.id)).toEqual(refusal("Bad Request: need administrator rights in the channel chat"));
    channel.remove("bot");
    expect(await send(channel.id)).toEqual(refusal("Forbidden: bot was kicked from the channel chat", 403));
    fake.expectNoComplaints();
  });
  it("reactions are counted, minutes late", async () => {
    const channel = fake.channel("News", { admins: [ada], members: [ben] });
    await next({ timeout: 0, allowed_updates: ["message_reaction", "message_reaction_count"] });
    const { messageId } = ada.in(channel).say("a poster");
    ada.in(channel).react(messageId, ["👍"]);
    ben.in(channel).react(messageId, ["👍"]);
    expect(await next({ timeout: 0 })).toEqual([]);
    fake.clock.advance(200_000);
    const counts = await next();
    expect(counts.at(-1)).toMatchObject({
      message_reaction_count: { reactions: [{ type: { type: "emoji", emoji: "👍" }, total_count: 2 }] },
    });
    fake.expectNoComplaints();
  });
});

describe("buttons", () => {
  const keyboard = { reply_markup: { inline_keyboard: [[{ text: "Reroll", callback_data: "r.1" }]] } };
  const tooOld = refusal("Bad Request: query is too old and response timeout expired or query ID is invalid");

  it("a press is answered once, in time, and seen by the presser", async () => {
    const room = fake.group("Rent strike", { members: [ada, ben] });
    await send(room.id, "a picture", keyboard);
    const seat = ada.in(room);
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
    fake.clock.advance(15_001);
    expect(await call("answerCallbackQuery", { callback_query_id: late.id })).toEqual(tooOld);
    expect(await call("answerCallbackQuery", { callback_query_id: "1" })).toEqual(tooOld);
    fake.expectNoComplaints();
  });
  it("200 characters of answer fit, one more does not", async () => {
    const room = fake.group("Rent strike", { members: [ada] });
    await send(room.id, "a picture", keyboard);
    const press = () => ada.in(room).press(ada.in(room).last()?.messageId ?? 0, "Reroll").id;
    const answer = (length: number) =>
      call("answerCallbackQuery", { callback_query_id: press(), text: "x".repeat(length) });
    expect(await answer(201)).toEqual(refusal("Bad Request: MESSAGE_TOO_LONG"));
    expect(await answer(200)).toMatchObject({ ok: true });
  });
  it("data may be forged, and the message gone or too old", async () => {
    const room = fake.group("Rent strike", { members: [ada] });
    const { message_id } = (await send(room.id, "a picture", keyboard)).result as { message_id: number };
    const seat = ada.in(room);
    seat.press(message_id, { data: "forged" });
    seat.press(message_id, "Reroll", { inaccessible: true });
    await call("deleteMessage", { chat_id: room.id, message_id });
    seat.press(message_id, "Reroll");
    const gone = { message: { message_id, date: 0 } };
    expect(await next()).toMatchObject([
      { callback_query: { data: "forged", message: { text: "a picture" } } },
      { callback_query: gone },
      { callback_query: gone },
    ]);
    expect(() => seat.press(message_id, "Vary")).toThrow(/no button "Vary" on message \d+; there are: "Reroll"/);
    expect(() => ben.in(room).press(message_id, "Reroll")).toThrow(/Ben cannot see/);
    fake.expectNoComplaints();
  });
});

describe("inline mode", () => {
  it("offers, sends, and edits what was sent", async () => {
    const room = fake.group("Elsewhere", { members: [ada], bot: "absent" });
    const query = ada.ask("red fox");
    expect(await next()).toMatchObject([{ inline_query: { id: query.id, query: "red fox", chat_type: "supergroup" } }]);
    const keyboard = { inline_keyboard: [[{ text: "Draw", callback_data: "d" }]] };
    const content = { message_text: "a red fox" };
    const article = { type: "article", id: "1", title: "Fox", input_message_content: content, reply_markup: keyboard };
    const answer = { inline_query_id: query.id, results: [article] };
    expect(await call("answerInlineQuery", answer)).toMatchObject({ ok: true });
    expect(await call("answerInlineQuery", answer)).toMatchObject({ ok: false, error_code: 400 });
    const sent = ada.choose(room, query, "1", "red fox");
    expect(sent).toMatchObject({ text: "a red fox", viaBot: true, fromBot: false });
    ada.in(room).press(sent, "Draw");
    const [chosen, pressed] = await next();
    const inlineId = inlineIdOf(chosen);
    expect(chosen).toMatchObject({ chosen_inline_result: { result_id: "1", query: "red fox" } });
    expect(pressed).toMatchObject({ callback_query: { inline_message_id: inlineId } });
    expect(pressed?.["callback_query"]).not.toHaveProperty("message");
    const edited = await call("editMessageText", { inline_message_id: inlineId, text: "a blue fox" });
    expect(edited).toEqual({ ok: true, result: true });
    expect(ada.in(room).message(sent.messageId)?.text).toBe("a blue fox");
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
    const room = fake.supergroup("Rent strike", { members: [ada], admins: [ben] });
    await set("default");
    await set("deutsch", { language_code: "de" });
    expect(ada.private.commands()).toMatchObject([{ command: "default" }]);
    expect(ben.private.commands()).toMatchObject([{ command: "deutsch" }]);
    await set("groups", { scope: { type: "all_group_chats" } });
    await set("admins", { scope: { type: "all_chat_administrators" } });
    expect(ada.in(room).commands()).toMatchObject([{ command: "groups" }]);
    expect(ben.in(room).commands()).toMatchObject([{ command: "admins" }]);
    const scope = { type: "chat_member", chat_id: room.id, user_id: ada.id };
    await set("ada", { scope });
    expect(ada.in(room).commands()).toMatchObject([{ command: "ada" }]);
    expect((await call("getMyCommands", { scope })).result).toEqual([{ command: "ada", description: "d" }]);
    await call("deleteMyCommands", { scope });
    expect(ada.in(room).commands()).toMatchObject([{ command: "groups" }]);
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
    const room = fake.group("Rent strike", { members: [ada] });
    const { messageId } = ada.in(room).say("/rca a fox");
    const react = (...emoji: readonly string[]) =>
      call("setMessageReaction", {
        chat_id: room.id,
        message_id: messageId,
        reaction: emoji.map((each) => ({ type: "emoji", emoji: each })),
      });
    expect(await react("👀")).toMatchObject({ ok: true });
    expect(ada.in(room).message(messageId)?.reactions.get(fake.bot.id)).toEqual(["👀"]);
    expect(await react("👀", "👍")).toEqual(refusal("Bad Request: REACTIONS_TOO_MANY"));
  });
});

describe("what members send", () => {
  it("photos come in sizes, documents as they are, and both can be fetched", async () => {
    const room = fake.group("Rent strike", { members: [ada] });
    fake.behaviour.privacyMode = false;
    const original = await pngOf(1500, 1000);
    await ada.in(room).photo(original, { caption: "look #rent https://example.com" });
    ada.in(room).document(original, { fileName: "fox.png", mimeType: "image/png" });
    await ada.in(room).album([original, original], { caption: "two" });
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
    fake.clock.advance(3_600_001);
    expect((await download()).status).toBe(404);
    fake.expectNoComplaints();
  });
  it("20 MB can be fetched, a byte more cannot", async () => {
    const room = fake.group("Rent strike", { members: [ada] });
    const fetchable = async (bytes: number) => {
      ada.in(room).document(Buffer.alloc(bytes, 1), { caption: "/rca" });
      const document = (await next())[0]?.["message"] as { document: { file_id: string } };
      return call("getFile", { file_id: document.document.file_id });
    };
    expect(await fetchable(20 * 1024 * 1024)).toMatchObject({ ok: true });
    expect(await fetchable(20 * 1024 * 1024 + 1)).toEqual(refusal("Bad Request: file is too big"));
  });
  it("edits are told, deletions are not", async () => {
    const room = fake.group("Rent strike", { members: [ada] });
    const said = ada.in(room).say("/rca a fox");
    ada.in(room).edit(said, "/rca two foxes");
    ada.in(room).delete(said);
    const updates = await next();
    expect(updates).toMatchObject([
      { message: {} },
      { edited_message: { text: "/rca two foxes", edit_date: expect.anything() } },
    ]);
    expect(ada.in(room).messages()).toEqual([]);
    expect(room.history()).toMatchObject([{ deleted: true }]);
    expect(() => ben.in(room).delete(said)).toThrow();
    fake.expectNoComplaints();
  });
});

describe("what the bot sends", () => {
  it("photos lose their metadata, documents keep every byte", async () => {
    const room = fake.group("Rent strike", { members: [ada] });
    const bytes = await sharp(await pngOf())
      .withExif({ IFD0: { Copyright: "us" } })
      .png()
      .toBuffer();
    const file = { bytes, name: "fox.png" };
    await upload(fake, "sendPhoto", { chat_id: String(room.id) }, { photo: file });
    await upload(fake, "sendDocument", { chat_id: String(room.id) }, { document: file });
    const [photo, document] = ada.in(room).fromBot();
    const shown = await photo?.photo?.bytes();
    const { format, exif } = await sharp(shown).metadata();
    expect([format, exif]).toEqual(["jpeg", undefined]);
    expect(document?.document).toMatchObject({ fileName: "fox.png", mimeType: "image/png" });
    expect(await document?.document?.bytes()).toEqual(bytes);
    fake.expectNoComplaints();
  });
});
