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
  it("a deleted account takes nothing", async () => {
    ada.start();
    ada.deactivate();
    expect(await send(ada.id)).toEqual(refusal("Forbidden: user is deactivated", 403));
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
    const group = fake.group("Rent strike", { members: [ada, ben] });
    const seat = ada.in(group);
    const { result } = await send(group.id);
    seat.say("good morning");
    seat.say("/rca a fox");
    seat.say("/rca@other_bot a fox");
    seat.say("/rca@Placard_Bot a fox");
    const asked = seat.say("bolder, please", { replyTo: (result as { message_id: number }).message_id });
    const photo = await seat.photo(await pngOf(), { caption: "/rca like this" });
    ben.in(group).say("and me", { replyTo: asked });
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
    group.promote("bot");
    fake.behaviour.privacyMode = true;
    seat.say("good night, boss");
    expect(await next()).toMatchObject([{ my_chat_member: {} }, { message: { text: "good night, boss" } }]);
    fake.expectNoComplaints();
  });

  it("adding, promoting and throwing out the bot", async () => {
    const group = fake.group("Rent strike", { members: [ada], bot: "absent" });
    expect(await send(group.id)).toEqual(refusal("Forbidden: bot is not a member of the group chat", 403));
    group.add("bot");
    expect(await next()).toMatchObject([
      { my_chat_member: { old_chat_member: { status: "left" }, new_chat_member: { status: "member" } } },
      { message: { new_chat_members: [{ id: fake.bot.id }] } },
    ]);
    expect(await send(group.id)).toMatchObject({ ok: true });
    group.remove("bot");
    expect(await send(group.id)).toEqual(refusal("Forbidden: bot was kicked from the group chat", 403));
    ada.in(group).say("/rca are you there?");
    expect(await next()).toMatchObject([{ my_chat_member: { new_chat_member: { status: "kicked" } } }]);
    group.add("bot", "administrator");
    expect(await call("leaveChat", { chat_id: group.id })).toMatchObject({ ok: true });
    expect(await send(group.id)).toEqual(refusal("Forbidden: bot is not a member of the group chat", 403));
    fake.expectNoComplaints();
  });

  it("says who is who", async () => {
    const group = fake.supergroup("Rent strike", { members: [ada], admins: [ben] });
    const statusOf = async (userId: number) =>
      ((await call("getChatMember", { chat_id: group.id, user_id: userId })).result as { status: string }).status;
    expect(await statusOf(ada.id)).toBe("member");
    expect(await statusOf(ben.id)).toBe("creator");
    expect(await statusOf(fake.person("Cleo").id)).toBe("left");
    const administrators = await call("getChatAdministrators", { chat_id: group.id });
    expect(administrators.result).toMatchObject([{ user: { id: ben.id }, status: "creator" }]);
    expect(await call("getChatMemberCount", { chat_id: group.id })).toEqual({ ok: true, result: 3 });
    expect((await call("getChat", { chat_id: group.id })).result).toMatchObject({ type: "supergroup" });
    group.promote(ada);
    expect(await statusOf(ada.id)).toBe("administrator");
    group.remove(ada);
    expect(await statusOf(ada.id)).toBe("kicked");
    expect(() => ada.in(group).say("let me in")).toThrow(/Ada is not in/);
    fake.expectNoComplaints();
  });

  it("anonymous administrators speak as the group and press as themselves", async () => {
    const group = fake.supergroup("Rent strike", { admins: [ada] });
    const seat = ada.in(group, { anonymous: true });
    const { message_id } = (
      await send(group.id, "pick", {
        reply_markup: { inline_keyboard: [[{ text: "A", callback_data: "a" }]] },
      })
    ).result as { message_id: number };
    seat.say("/rca a fox");
    seat.press(message_id, "A");
    expect(await next()).toMatchObject([
      { message: { from: { username: "GroupAnonymousBot", is_bot: true }, sender_chat: { id: group.id } } },
      { callback_query: { from: { id: ada.id } } },
    ]);
    fake.expectNoComplaints();
  });

  it("a group that becomes a supergroup has another id", async () => {
    const group = fake.group("Rent strike", { members: [ada] });
    const { message_id } = (await send(group.id)).result as { message_id: number };
    const moved = group.upgrade();
    const parameters = { migrate_to_chat_id: moved.id };
    const upgraded = refusal("Bad Request: group chat was upgraded to a supergroup chat", 400, { parameters });
    expect(await send(group.id)).toEqual(upgraded);
    expect(await call("editMessageText", { chat_id: group.id, message_id, text: "b" })).toEqual(upgraded);
    expect(await next()).toMatchObject([
      { message: { chat: { id: group.id, type: "group" }, migrate_to_chat_id: moved.id } },
      { message: { chat: { id: moved.id, type: "supergroup" }, migrate_from_chat_id: group.id } },
    ]);
    const lost = await call("editMessageText", { chat_id: moved.id, message_id: message_id + 20, text: "b" });
    expect(lost).toEqual(refusal("Bad Request: message to edit not found"));
    expect(await send(moved.id)).toMatchObject({ ok: true });
    expect(() => ada.in(group).say("hello?")).toThrow(/has become a supergroup/);
    expect(ada.in(moved).say("/rca here").chatId).toBe(moved.id);
    fake.expectNoComplaints();
  });

  it("message ids count per supergroup, and over all basic groups", async () => {
    const firsts = await Promise.all([fake.supergroup("A"), fake.supergroup("B")].map(({ id }) => send(id)));
    expect(firsts.map(({ result }) => (result as { message_id: number }).message_id)).toEqual([2, 2]);
    const groups = [(await send(fake.group("C").id)).result, (await send(fake.group("D").id)).result];
    expect(new Set(groups.map((each) => (each as { message_id: number }).message_id)).size).toBe(2);
  });

  it("what members may not send, the bot may as an administrator", async () => {
    const group = fake.group("Rent strike", { members: [ada] });
    group.forbid("photo", "text");
    const photo = async () =>
      upload(fake, "sendPhoto", { chat_id: String(group.id) }, { photo: { bytes: await pngOf(), name: "a.png" } });
    expect(await photo()).toEqual(refusal("Bad Request: not enough rights to send photos to the chat"));
    expect(await send(group.id)).toEqual(refusal("Bad Request: not enough rights to send text messages to the chat"));
    group.promote("bot");
    expect([await photo(), await send(group.id)]).toMatchObject([{ ok: true }, { ok: true }]);
    group.demote("bot");
    group.forbid();
    expect(await photo()).toMatchObject({ ok: true });
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
    const group = fake.supergroup("Rent strike", { members: [ada], forum: true });
    const posters = group.topic("Posters");
    await next();
    ada.in(group, { topic: posters.threadId }).say("/rca in a topic");
    const general = ada.in(group).say("/rca in General");
    ada.in(group).say("/rca a reply in General", { replyTo: general });
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
    const group = fake.supergroup("Rent strike", { members: [ada], forum: true });
    const posters = group.topic("Posters");
    const seat = ada.in(group, { topic: posters.threadId });
    const asked = seat.say("/rca a fox");
    await send(group.id, "lost");
    await send(group.id, "found", { message_thread_id: posters.threadId });
    await send(group.id, "found too", { reply_parameters: { message_id: asked.messageId } });
    expect(seat.fromBot().map(({ text }) => text)).toEqual(["found", "found too"]);
    expect(
      ada
        .in(group)
        .fromBot()
        .map(({ text }) => text),
    ).toEqual(["lost"]);
    const notFound = refusal("Bad Request: message thread not found");
    expect(await send(group.id, "x", { message_thread_id: 1 })).toEqual(notFound);
    expect(await send(group.id, "x", { message_thread_id: 4711 })).toEqual(notFound);
    posters.close();
    expect(await send(group.id, "x", { message_thread_id: posters.threadId })).toEqual(
      refusal("Bad Request: TOPIC_CLOSED"),
    );
    posters.remove();
    expect(await send(group.id, "x", { message_thread_id: posters.threadId })).toEqual(notFound);
    expect(seat.messages()).toEqual([]);
    fake.expectNoComplaints();
  });
  it("a thread of replies taken for a topic is complained about", async () => {
    const group = fake.supergroup("Rent strike");
    expect(await send(group.id, "x", { message_thread_id: 7 })).toMatchObject({ ok: true });
    expect(fake.takeComplaints()).toEqual(["message_thread_id 7 in a chat without topics"]);
  });
  it("the action is seen where it is sent", async () => {
    const group = fake.supergroup("Rent strike", { forum: true });
    const { threadId } = group.topic("Posters");
    const act = (message_thread_id: number, action = "upload_photo") =>
      call("sendChatAction", { chat_id: group.id, message_thread_id, action });
    expect(await act(threadId)).toMatchObject({ ok: true });
    expect(fake.actions).toMatchObject([{ chatId: group.id, threadId, action: "upload_photo" }]);
    expect(await act(4711)).toEqual(refusal("Bad Request: message thread not found"));
    expect(await act(threadId, "dancing")).toEqual(refusal("Bad Request: wrong parameter action in request"));
  });
  it("a reply to what is gone needs leave", async () => {
    const group = fake.supergroup("Rent strike");
    const reply = (more: object) => send(group.id, "x", { reply_parameters: { message_id: 4711, ...more } });
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
    fake.clock.advanceMs(200_000);
    const counts = await next();
    expect(counts.at(-1)).toMatchObject({
      message_reaction_count: { reactions: [{ type: { type: "emoji", emoji: "👍" }, total_count: 2 }] },
    });
    fake.expectNoComplaints();
  });
});
