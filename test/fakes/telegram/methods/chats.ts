import { chatOf, messageIn } from "../access.ts";
import { announceMembership } from "../announce.ts";
import { asArray, asObject, integerOf, textOf } from "../params.ts";
import { badRequest } from "../refusal.ts";
import type { Methods } from "../telegram.ts";
import { chatFullInfoJson, chatMemberJson } from "../wire.ts";
import { asMember, isAdmin, isInside } from "../world.ts";

export const chatMethods: Methods = {
  getchat: (telegram, params) => chatFullInfoJson(chatOf(telegram, params, "read")),
  getchatmember(telegram, params) {
    const chat = chatOf(telegram, params, "read");
    const userId = integerOf(params, "user_id");
    if (userId === undefined) throw badRequest("invalid user_id specified");
    const user = telegram.world.users.get(userId);
    if (!user) throw badRequest("PARTICIPANT_ID_INVALID");
    if (chat.kind === "private") return chatMemberJson(user, asMember("member"), chat);
    return chatMemberJson(user, telegram.world.membershipIn(chat, userId), chat);
  },
  getchatadministrators(telegram, params) {
    const chat = chatOf(telegram, params, "read");
    if (chat.kind === "private") throw badRequest("there are no administrators in the private chat");
    return [...chat.members].flatMap(([userId, membership]) => {
      const user = telegram.world.users.get(userId);
      // Other bots are left out.
      const listed = user && isAdmin(membership) && (!user.isBot || user === telegram.world.bot);
      return listed ? [chatMemberJson(user, membership, chat)] : [];
    });
  },
  getchatmembercount(telegram, params) {
    const chat = chatOf(telegram, params, "read");
    return chat.kind === "private" ? 2 : [...chat.members.values()].filter(isInside).length;
  },
  leavechat(telegram, params) {
    const chat = chatOf(telegram, params, "edit");
    if (chat.kind === "private") throw badRequest("chat member status can't be changed in private chats");
    const { world } = telegram;
    const before = world.membershipIn(chat, world.bot.id);
    chat.members.set(world.bot.id, asMember("left"));
    announceMembership(telegram, chat, world.bot, world.bot, before, asMember("left"));
    return true;
  },
  setmessagereaction(telegram, params) {
    const chat = chatOf(telegram, params, "write");
    const message = messageIn(telegram, chat, params, "message to react");
    const reactions = (asArray(params.values["reaction"]) ?? []).map((each) => {
      const { type, emoji } = asObject(each) ?? {};
      if (type !== "emoji" || typeof emoji !== "string" || emoji === "") throw badRequest("REACTION_INVALID");
      return emoji;
    });
    if (reactions.length > 1) throw badRequest("REACTIONS_TOO_MANY");
    message.reactions.set(telegram.world.bot.id, reactions);
    return true;
  },
  getfile: (telegram, params) => telegram.files.link(textOf(params, "file_id")),
};
