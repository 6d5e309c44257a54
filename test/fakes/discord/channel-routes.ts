import { isObject } from "../../referees/json.ts";
import { INTENTS } from "./limits.ts";
import { createMessage, deleteMessage, editMessage } from "./messages.ts";
import { canSee, may } from "./permissions.ts";
import { refusals } from "./refusal.ts";
import { type Request, type Route, sentOf } from "./route.ts";
import { channelJson, isEphemeral, messageJson, threadMemberJson } from "./shapes.ts";
import { addChannel, type Channel, dmChannel, isThread, type Message, type World } from "./world.ts";

/** A channel the bot can look into. @throws Refusal 10003, 50001 */
function channelOf(world: World, { params }: Request): Channel {
  const channel = world.channels.get(params["channel"] ?? "");
  if (!channel) throw refusals.unknownChannel();
  if (world.guilds.get(channel.guildId ?? "")?.left || !canSee(world, channel, world.bot.id))
    throw refusals.missingAccess();
  return channel;
}

/** A message there. Ephemeral ones exist for their interaction's token alone. @throws Refusal 10008 */
function messageIn(world: World, request: Request): Message {
  const channel = channelOf(world, request);
  const message = world.messages.get(request.params["message"] ?? "");
  if (!message || message.deleted || message.channelId !== channel.id || isEphemeral(message))
    throw refusals.unknownMessage();
  return message;
}

/** @throws Refusal 50013, 50008, 50007, 50083 */
function refuseSending(world: World, channel: Channel, request: Request): void {
  if (channel.kind === "dm" && world.users.get(channel.recipientId ?? "")?.dmsOpen === false)
    throw refusals.dmsClosed();
  if (channel.kind === "forum") throw refusals.noTextChannel();
  const has = (permission: Parameters<typeof may>[3]) => may(world, channel, world.bot.id, permission);
  if (!has(isThread(channel) ? "SendMessagesInThreads" : "SendMessages")) throw refusals.missingPermissions();
  if (request.uploads.size > 0 && !has("AttachFiles")) throw refusals.missingPermissions();
  if (isThread(channel) && channel.locked && !has("ManageThreads")) throw refusals.archived();
}

const MESSAGES = "/channels/{channel}/messages";
const ok = (body: unknown) => ({ status: 200, body });
const DONE = { status: 204 };

const MESSAGE_ROUTES: readonly Route[] = [
  {
    method: "GET",
    path: MESSAGES,
    operation: "list_messages",
    answer(world, request) {
      const channel = channelOf(world, request);
      const { query } = request;
      if (!may(world, channel, world.bot.id, "ReadMessageHistory")) return ok([]);
      const after = BigInt(query.get("after") ?? 0);
      const before = query.get("before");
      const found = [...world.messages.values()].filter(
        ({ id, channelId, deleted, flags }) =>
          channelId === channel.id &&
          !deleted &&
          !isEphemeral({ flags }) &&
          BigInt(id) > after &&
          (before === null || BigInt(id) < BigInt(before)),
      );
      return ok(
        found
          .toReversed()
          .slice(0, Number(query.get("limit") ?? 50))
          .map((each) => messageJson(world, each)),
      );
    },
  },
  {
    method: "POST",
    path: MESSAGES,
    operation: "create_message",
    async answer(world, request) {
      const channel = channelOf(world, request);
      refuseSending(world, channel, request);
      // Writing into an archived thread opens it again.
      channel.archived = false;
      return ok(messageJson(world, await createMessage(world, sentOf(request), { channel, author: world.bot })));
    },
  },
  {
    method: "GET",
    path: `${MESSAGES}/{message}`,
    operation: "get_message",
    answer(world, request) {
      const channel = channelOf(world, request);
      if (!may(world, channel, world.bot.id, "ReadMessageHistory")) throw refusals.missingAccess();
      return ok(messageJson(world, messageIn(world, request)));
    },
  },
  {
    method: "PATCH",
    path: `${MESSAGES}/{message}`,
    operation: "update_message",
    async answer(world, request) {
      const message = messageIn(world, request);
      if (message.author.id !== world.bot.id) throw refusals.notTheAuthor();
      if (channelOf(world, request).archived) throw refusals.archived();
      return ok(messageJson(world, await editMessage(world, message, sentOf(request))));
    },
  },
  {
    method: "DELETE",
    path: `${MESSAGES}/{message}`,
    operation: "delete_message",
    answer(world, request) {
      const message = messageIn(world, request);
      const channel = channelOf(world, request);
      if (message.author.id !== world.bot.id && !may(world, channel, world.bot.id, "ManageMessages"))
        throw refusals.missingPermissions();
      deleteMessage(world, message);
      return DONE;
    },
  },
];

/** A new thread: its id is its first message's where it hangs on one. @throws Refusal 50013, 160004 */
function openThread(world: World, parent: Channel, name: unknown, isPrivate: boolean, on?: Message): Channel {
  const permission = isPrivate ? "CreatePrivateThreads" : "CreatePublicThreads";
  if (!may(world, parent, world.bot.id, permission)) throw refusals.missingPermissions();
  if (on && world.channels.has(on.id)) throw refusals.threadExists();
  const thread = addChannel(world, {
    ...(on ? { id: on.id } : {}),
    kind: isPrivate ? "private_thread" : "thread",
    name: String(name),
    parentId: parent.id,
    ownerId: world.bot.id,
    ...(parent.guildId === undefined ? {} : { guildId: parent.guildId }),
  });
  thread.threadMemberIds.add(world.bot.id);
  tellThread(world, "THREAD_CREATE", thread);
  return thread;
}

export function tellThread(world: World, name: "THREAD_CREATE" | "THREAD_UPDATE", thread: Channel): void {
  if (thread.guildId === undefined) return;
  const created = name === "THREAD_CREATE" ? { newly_created: true } : {};
  world.dispatch(
    name,
    { ...channelJson(world, thread), ...created },
    { guildId: thread.guildId, intents: INTENTS.guilds },
  );
  world.changed();
}

const THREAD_ROUTES: readonly Route[] = [
  {
    method: "POST",
    path: `${MESSAGES}/{message}/threads`,
    operation: "create_thread_from_message",
    answer(world, request) {
      const message = messageIn(world, request);
      const name = isObject(request.body) ? request.body["name"] : undefined;
      const thread = openThread(world, channelOf(world, request), name, false, message);
      return { status: 201, body: channelJson(world, thread) };
    },
  },
  {
    method: "POST",
    path: "/channels/{channel}/threads",
    operation: "create_thread",
    async answer(world, request) {
      const parent = channelOf(world, request);
      const body = isObject(request.body) ? request.body : {};
      const thread = openThread(world, parent, body["name"], body["type"] === 12);
      if (parent.kind !== "forum") return { status: 201, body: channelJson(world, thread) };
      const sent = { body: isObject(body["message"]) ? body["message"] : {}, uploads: request.uploads };
      const message = await createMessage(world, sent, { channel: thread, author: world.bot });
      return { status: 201, body: { ...channelJson(world, thread), message: messageJson(world, message) } };
    },
  },
  ...(["PUT", "DELETE"] as const).map(
    (method): Route => ({
      method,
      path: "/channels/{channel}/thread-members/@me",
      operation: method === "PUT" ? "join_thread" : "leave_thread",
      answer(world, request) {
        const thread = channelOf(world, request);
        if (!isThread(thread)) throw refusals.noTextChannel();
        if (method === "PUT") thread.threadMemberIds.add(world.bot.id);
        else thread.threadMemberIds.delete(world.bot.id);
        return DONE;
      },
    }),
  ),
  {
    method: "GET",
    path: "/channels/{channel}/thread-members",
    operation: "list_thread_members",
    answer(world, request) {
      const thread = channelOf(world, request);
      return ok([...thread.threadMemberIds].map((id) => threadMemberJson(world, thread, id)));
    },
  },
];

export const routesOfChannels: readonly Route[] = [
  {
    method: "PATCH",
    path: "/channels/{channel}",
    operation: "update_channel",
    answer(world, request) {
      const channel = channelOf(world, request);
      const body = isObject(request.body) ? request.body : {};
      // Anyone who may write in a thread may wake it; what is locked wakes for its moderators only.
      const opens = isThread(channel) && Object.keys(body).length === 1 && body["archived"] === false;
      if (!opens || (channel.locked && !may(world, channel, world.bot.id, "ManageThreads")))
        throw refusals.missingPermissions();
      if (!may(world, channel, world.bot.id, "SendMessagesInThreads")) throw refusals.missingPermissions();
      channel.archived = false;
      tellThread(world, "THREAD_UPDATE", channel);
      return ok(channelJson(world, channel));
    },
  },
  {
    method: "GET",
    path: "/channels/{channel}",
    operation: "get_channel",
    answer: (world, request) => ok(channelJson(world, channelOf(world, request))),
  },
  {
    method: "POST",
    path: "/channels/{channel}/typing",
    operation: "trigger_typing_indicator",
    answer(world, request) {
      const channel = channelOf(world, request);
      refuseSending(world, channel, request);
      world.typing.push({ channelId: channel.id, atMs: world.clock.nowMs() });
      return DONE;
    },
  },
  {
    method: "POST",
    path: "/users/@me/channels",
    operation: "create_dm",
    answer(world, { body }) {
      const user = world.users.get(isObject(body) ? String(body["recipient_id"]) : "");
      if (!user || user.bot) throw refusals.unknownUser();
      return ok(channelJson(world, dmChannel(world, user)));
    },
  },
  {
    method: "GET",
    path: "/guilds/{guild}/channels",
    operation: "list_guild_channels",
    answer: (world, { params }) =>
      ok(
        [...world.channels.values()]
          .filter((channel) => channel.guildId === params["guild"] && !isThread(channel))
          .map((channel) => channelJson(world, channel)),
      ),
  },
  ...MESSAGE_ROUTES,
  ...THREAD_ROUTES,
];
