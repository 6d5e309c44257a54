import type { PhotoSize, StoredDocument, StoredPhoto } from "./files.ts";
import { markupJson } from "./markup.ts";
import { pollJson } from "./polls.ts";
import {
  type Chat,
  type Content,
  isAdmin,
  type Json,
  type Membership,
  type Message,
  type PollOption,
  type User,
  type World,
} from "./world.ts";

/** How things look on the wire: the objects of the Bot API. */

export const userJson = (user: User): Json => ({
  id: user.id,
  is_bot: user.isBot,
  first_name: user.firstName,
  ...(user.lastName === undefined ? {} : { last_name: user.lastName }),
  ...(user.username === undefined ? {} : { username: user.username }),
  ...(user.languageCode === undefined ? {} : { language_code: user.languageCode }),
});

export const chatJson = (chat: Chat): Json => ({
  id: chat.id,
  type: chat.kind,
  ...(chat.user
    ? {
        first_name: chat.user.firstName,
        ...(chat.user.lastName === undefined ? {} : { last_name: chat.user.lastName }),
        ...(chat.user.username === undefined ? {} : { username: chat.user.username }),
      }
    : { title: chat.title }),
  ...(chat.username === undefined ? {} : { username: chat.username }),
  ...(chat.forum ? { is_forum: true } : {}),
});

const photoSizeJson = ({ file, widthPx, heightPx }: PhotoSize): Json => ({
  file_id: file.fileId,
  file_unique_id: file.uniqueId,
  width: widthPx,
  height: heightPx,
  ...(file.sizeBytes === undefined ? {} : { file_size: file.sizeBytes }),
});
const photoJson = (photo: StoredPhoto): readonly Json[] => photo.sizes.map(photoSizeJson);
const documentJson = ({ file, fileName, mimeType, sizeBytes }: StoredDocument): Json => ({
  file_id: file.fileId,
  file_unique_id: file.uniqueId,
  file_size: sizeBytes,
  ...(fileName === undefined ? {} : { file_name: fileName }),
  ...(mimeType === undefined ? {} : { mime_type: mimeType }),
});

const optionPhotoJson = ({ photo }: PollOption): Json => (photo ? { media: { photo: photoJson(photo) } } : {});
/** On its own, as `stopPoll` answers. */
export const ownPollJson = (content: Content, nowMs: number): Json =>
  content.kind === "poll" ? pollJson(content.text, content.poll, optionPhotoJson, nowMs) : {};

function contentJson(content: Content, nowMs: number): Json {
  if (content.kind === "service") return content.fields;
  const { text, entities } = content;
  const marked = entities.length > 0;
  if (content.kind === "poll") return { poll: pollJson(text, content.poll, optionPhotoJson, nowMs) };
  if (content.kind === "text") return { text, ...(marked ? { entities } : {}) };
  const caption = text === "" ? {} : { caption: text, ...(marked ? { caption_entities: entities } : {}) };
  if (content.kind === "document") return { document: documentJson(content.document), ...caption };
  return { photo: photoJson(content.photo), ...(content.spoiler ? { has_media_spoiler: true } : {}), ...caption };
}

/** The service message that opened a topic: what is written in a topic without a reply "replies" to it. */
const topicOpening = (message: Message): Message | undefined =>
  message.topicId === undefined ? undefined : message.chat.messages.get(message.topicId);

function threadJson(message: Message): Json {
  if (message.topicId !== undefined) return { message_thread_id: message.topicId, is_topic_message: true };
  // A thread of replies carries a number too, and is no topic.
  return message.threadRootId === undefined ? {} : { message_thread_id: message.threadRootId };
}

/** Channel posts have no author, anonymous administrators a common one. */
const authorJson = ({ chat, from, senderChat }: Message, world: World): Json => {
  if (chat.kind === "channel" || !from) return {};
  return { from: userJson(senderChat ? world.anonymousAdmin : from) };
};

export function messageJson(message: Message, world: World, withReply = true): Json {
  const repliedTo = message.replyTo ?? topicOpening(message);
  const reply = withReply && repliedTo && repliedTo !== message && !repliedTo.deleted;
  return {
    message_id: message.id,
    ...threadJson(message),
    ...authorJson(message, world),
    ...(message.senderChat ? { sender_chat: chatJson(message.senderChat) } : {}),
    chat: chatJson(message.chat),
    date: Math.floor(message.dateMs / 1000),
    ...(message.editedAtMs === undefined ? {} : { edit_date: Math.floor(message.editedAtMs / 1000) }),
    ...(reply ? { reply_to_message: messageJson(repliedTo, world, false) } : {}),
    ...(message.albumId === undefined ? {} : { media_group_id: message.albumId }),
    ...(message.viaBot ? { via_bot: userJson(world.bot) } : {}),
    ...contentJson(message.content, world.nowMs()),
    ...markupJson(message.markup),
  };
}

const ADMIN_RIGHTS = {
  can_be_edited: false,
  can_manage_chat: true,
  can_manage_video_chats: true,
  can_restrict_members: true,
  can_promote_members: false,
  can_change_info: true,
  can_invite_users: true,
  can_post_stories: true,
  can_edit_stories: true,
  can_delete_stories: true,
};

export function chatMemberJson(user: User, membership: Membership, chat: Chat): Json {
  const { status, anonymous, canDelete } = membership;
  const about = { status, user: userJson(user) };
  if (status === "creator") return { ...about, is_anonymous: anonymous };
  if (status === "kicked") return { ...about, until_date: 0 };
  if (!isAdmin(membership)) return about;
  const posting = chat.kind === "channel" ? { can_post_messages: true, can_edit_messages: true } : {};
  const pinning = chat.kind === "channel" ? {} : { can_pin_messages: true };
  const topics = chat.forum ? { can_manage_topics: true } : {};
  return {
    ...about,
    ...ADMIN_RIGHTS,
    is_anonymous: anonymous,
    can_delete_messages: canDelete,
    ...posting,
    ...pinning,
    ...topics,
  };
}

export const chatFullInfoJson = (chat: Chat): Json => ({
  ...chatJson(chat),
  accent_color_id: 3,
  max_reaction_count: 11,
  accepted_gift_types: {
    unlimited_gifts: false,
    limited_gifts: false,
    unique_gifts: false,
    premium_subscription: false,
    gifts_from_channels: false,
  },
});
