import { z } from "zod";

/** As much of the Bot API's types as we read. What Telegram adds is ignored; what is missing makes the update none of ours. */
const chat = z.object({
  id: z.int(),
  type: z.enum(["private", "group", "supergroup", "channel"]),
  title: z.string().optional(),
  first_name: z.string().optional(),
  last_name: z.string().optional(),
});

const user = z.object({
  id: z.int(),
  is_bot: z.boolean(),
  first_name: z.string(),
  last_name: z.string().optional(),
  username: z.string().optional(),
  /** Of the app it was sent with, an IETF tag. */
  language_code: z.string().max(35).optional(),
});

const entity = z.object({ type: z.string(), offset: z.int(), length: z.int() });

const photoSize = z.object({
  file_id: z.string(),
  width: z.int(),
  height: z.int(),
  file_size: z.int().optional(),
});

const file = z.object({
  file_id: z.string(),
  file_name: z.string().optional(),
  mime_type: z.string().optional(),
  file_size: z.int().optional(),
});

const plainMessage = z.object({
  message_id: z.int(),
  message_thread_id: z.int().optional(),
  is_topic_message: z.boolean().optional(),
  date: z.int(),
  edit_date: z.int().optional(),
  chat,
  from: user.optional(),
  sender_chat: chat.optional(),
  author_signature: z.string().optional(),
  is_automatic_forward: z.boolean().optional(),
  text: z.string().optional(),
  entities: z.array(entity).optional(),
  caption: z.string().optional(),
  caption_entities: z.array(entity).optional(),
  photo: z.array(photoSize).optional(),
  document: file.optional(),
  media_group_id: z.string().optional(),
  migrate_to_chat_id: z.int().optional(),
  migrate_from_chat_id: z.int().optional(),
  /** Its mere presence says that a topic begins here. */
  forum_topic_created: z.unknown().optional(),
});
const message = plainMessage.extend({ reply_to_message: plainMessage.optional() });

const callbackQuery = z.object({
  id: z.string(),
  from: user,
  /** Old ones come without content: only chat and id are certain. */
  message: z
    .object({
      message_id: z.int(),
      chat,
      message_thread_id: z.int().optional(),
      is_topic_message: z.boolean().optional(),
    })
    .optional(),
  data: z.string().optional(),
});

const membership = z.object({
  chat,
  from: user,
  old_chat_member: z.object({ status: z.string() }),
  new_chat_member: z.object({ status: z.string() }),
});

const reaction = z.object({
  chat,
  message_id: z.int(),
  user: user.optional(),
  old_reaction: z.array(z.object({ type: z.string(), emoji: z.string().optional() })),
  new_reaction: z.array(z.object({ type: z.string(), emoji: z.string().optional() })),
});

const inlineQuery = z.object({ id: z.string(), from: user, query: z.string() });

const pollAnswer = z.object({
  poll_id: z.string().max(64),
  user: user.optional(),
  voter_chat: chat.optional(),
  /** Empty: the vote was taken back. */
  option_ids: z.array(z.int().min(0)).max(100),
});

export const updateSchema = z.object({
  update_id: z.int(),
  message: message.optional(),
  edited_message: message.optional(),
  channel_post: message.optional(),
  edited_channel_post: message.optional(),
  callback_query: callbackQuery.optional(),
  my_chat_member: membership.optional(),
  message_reaction: reaction.optional(),
  poll_answer: pollAnswer.optional(),
  inline_query: inlineQuery.optional(),
});

export type SeenUpdate = z.output<typeof updateSchema>;
export type SeenMessage = z.output<typeof message>;
export type PlainMessage = z.output<typeof plainMessage>;
export type SeenChat = z.output<typeof chat>;
export type SeenUser = z.output<typeof user>;

/** What a method that sends answers with. */
export const sentSchema = z.object({ message_id: z.int() });
export const sentAlbumSchema = z.array(sentSchema);
const pollOption = z.object({ media: z.object({ photo: z.array(photoSize).optional() }).optional() });
export const sentPollSchema = sentSchema.extend({
  poll: z.object({ id: z.string(), options: z.array(pollOption) }),
});
export const gotFileSchema = z.object({ file_path: z.string(), file_size: z.int().optional() });
export const administratorsSchema = z.array(z.object({ user: z.object({ id: z.int() }), status: z.string() }));
