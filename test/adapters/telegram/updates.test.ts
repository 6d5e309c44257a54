import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { updateSchema } from "../../../adapters/telegram/shapes.ts";
import { orderKeyOf, seenIn, updateIdOf } from "../../../adapters/telegram/updates.ts";

const ME = { id: 77, username: "placard_bot" };
const GROUP = { id: -100123, type: "supergroup", title: "Rent strike" };
const ANN = { id: 5, is_bot: false, first_name: "Ann", last_name: "Lee" };
const message = (more: Record<string, unknown>) => ({
  update_id: 900,
  message: { message_id: 12, date: 1_700_000_000, chat: GROUP, from: ANN, ...more },
});
const commandText = (text: string) => ({
  text,
  entities: [{ type: "bot_command", offset: 0, length: text.split(/\s/)[0]?.length ?? 0 }],
});
const seen = (update: unknown) => seenIn(updateSchema.parse(update), ME);
const OURS = { message_id: 3, date: 1, chat: GROUP, from: { id: 77, is_bot: true, first_name: "Placard" } };

describe("updates", () => {
  it.each([
    [
      "a command",
      commandText("/rca a red fox seed:7"),
      { commandName: "rca", text: "a red fox seed:7", addressed: false },
    ],
    ["upper case", commandText("/RCA fox"), { commandName: "rca" }],
    ["addressed to us", commandText("/rca@Placard_Bot fox"), { commandName: "rca", text: "fox", addressed: true }],
    ["lines and odd spaces", commandText("/rca\n a red\nfox "), { text: "a red\nfox" }],
    ["without words", commandText("/rca"), { text: "" }],
    ["an emoji before nothing", commandText("/rca 🦊"), { text: "🦊" }],
    [
      "behind a mark that nobody sees",
      { text: "\u2066/rca\u2069 fox", entities: [{ type: "bot_command", offset: 1, length: 4 }] },
      { commandName: "rca", text: "fox" },
    ],
    [
      "a colon after the name",
      { text: "/rca: a fox", entities: [{ type: "bot_command", offset: 0, length: 4 }] },
      { text: "a fox" },
    ],
    ["a slash of full width", { text: "／rca a fox" }, { commandName: "rca", text: "a fox" }],
  ])("%s", (_what, text, expected) => {
    expect(seen(message(text))).toMatchObject({
      kind: "command",
      who: { id: 5, name: "Ann Lee", asTheChat: false },
      where: { chatId: "-100123", type: "supergroup", title: "Rent strike" },
      messageId: 12,
      ...expected,
    });
  });

  it.each([
    ["another bot's command", message(commandText("/rca@other_bot fox"))],
    ["a slash that is no command", message({ text: "/rca fox" })],
    [
      "a command in the middle",
      message({ text: "see /rca", entities: [{ type: "bot_command", offset: 4, length: 4 }] }),
    ],
    ["chatter", message({ text: "hello" })],
    ["a bot's message", message({ ...commandText("/rca x"), from: { ...ANN, is_bot: true } })],
    ["a channel's post in its discussion group", message({ ...commandText("/rca x"), is_automatic_forward: true })],
    ["a reply to a person", message({ text: "yes", reply_to_message: { ...OURS, from: ANN } })],
    ["a service message", message({ new_chat_members: [ANN] })],
    ["something Telegram invents later", { update_id: 1, brain_wave: {} }],
  ])("is not about us: %s", (_what, update) => expect(seen(update)).toBeUndefined());

  it("cuts a long name between its emoji, not within one", () => {
    const from = { ...ANN, first_name: `A${"🦊".repeat(40)}`, last_name: undefined };
    const found = seen(message({ ...commandText("/rca x"), from }));
    expect(found?.kind === "command" && found.who.name).toBe(`A${"🦊".repeat(31)}…`);
  });

  it("takes the topic of a topic message only: other numbers are refused as topics", () => {
    const inTopic = message({ ...commandText("/rca x"), is_topic_message: true, message_thread_id: 9 });
    const inGeneral = message({ ...commandText("/rca x"), message_thread_id: 9 });
    expect(seen(inTopic)).toMatchObject({ where: { threadId: "9" } });
    expect(seen(inGeneral)).not.toHaveProperty("where.threadId");
  });

  it("in a topic the message that opened it is no message replied to", () => {
    const opened = { ...OURS, from: ANN, forum_topic_created: { name: "Posters", icon_color: 1 } };
    const update = message({
      ...commandText("/vary"),
      is_topic_message: true,
      message_thread_id: 3,
      reply_to_message: opened,
    });
    expect(seen(update)).not.toHaveProperty("repliedTo");
  });

  it("a reply names the message, whether it is ours, and its files", () => {
    const photo = [
      { file_id: "small", width: 90, height: 90, file_size: 100 },
      { file_id: "large", width: 900, height: 900, file_size: 9000 },
    ];
    expect(seen(message({ ...commandText("/vary"), reply_to_message: { ...OURS, photo } }))).toMatchObject({
      repliedTo: {
        messageId: 3,
        ours: true,
        showsPicture: true,
        files: [{ fileId: "large", mime: "image/jpeg", sizeBytes: 9000 }],
      },
    });
    expect(seen(message({ text: "a blue fox", reply_to_message: { ...OURS, photo } }))).toMatchObject({
      kind: "words",
      text: "a blue fox",
    });
  });

  it("a reply to a member's message names that member, never a bot or a chat", () => {
    const repliedTo = (over: object) =>
      seen(message({ ...commandText("/block"), reply_to_message: { ...OURS, ...over } }));
    expect(repliedTo({ from: ANN })).toMatchObject({ repliedTo: { ours: false, by: { id: ANN.id } } });
    expect(repliedTo({})).not.toHaveProperty("repliedTo.by");
    expect(repliedTo({ from: ANN, sender_chat: GROUP })).not.toHaveProperty("repliedTo.by");
  });

  it("captions are commands; a caption that is none is about its photo", () => {
    const photo = [{ file_id: "f", width: 9, height: 9 }];
    const entities = [{ type: "bot_command", offset: 0, length: 4 }];
    expect(seen(message({ photo, caption: "/rca fox", caption_entities: entities }))).toMatchObject({
      kind: "command",
      text: "fox",
      files: [{ fileId: "f" }],
    });
    expect(seen(message({ photo, caption: "look", reply_to_message: OURS }))).toBeUndefined();
  });

  it("who writes for the chat is the chat", () => {
    const anonymous = { id: 1_087_968_824, is_bot: true, first_name: "Group" };
    const update = message({
      ...commandText("/settings"),
      from: anonymous,
      sender_chat: GROUP,
      author_signature: "Chair",
    });
    expect(seen(update)).toMatchObject({ who: { id: -100123, name: "Chair", asTheChat: true } });
    const other = { id: -100999, type: "channel", title: "Elsewhere" };
    expect(seen(message({ ...commandText("/rca x"), from: anonymous, sender_chat: other }))).toMatchObject({
      who: { id: -100999, name: "Elsewhere", asTheChat: false },
    });
  });

  it("an edited message tells how late it was", () => {
    const { message: first } = message(commandText("/rca fox"));
    expect(seen({ update_id: 1, edited_message: { ...first, edit_date: 1_700_000_042 } })).toMatchObject({
      kind: "command",
      editedAfterMs: 42_000,
    });
    expect(seen({ update_id: 1, edited_message: { ...first, text: "x", entities: [] } })).toBeUndefined();
  });

  it.each([
    ["migrate_to_chat_id", -5, { fromChatId: "-100123", toChatId: "-5" }],
    ["migrate_from_chat_id", -5, { fromChatId: "-5", toChatId: "-100123" }],
  ])("%s", (field, id, expected) => expect(seen(message({ [field]: id }))).toEqual({ kind: "moved", ...expected }));

  it("a press on a message too old to be seen, and one under no message", () => {
    const query = { id: "42", from: ANN, data: "x" };
    expect(
      seen({ update_id: 1, callback_query: { ...query, message: { message_id: 3, chat: GROUP, date: 0 } } }),
    ).toMatchObject({
      kind: "press",
      callbackId: "42",
      messageId: 3,
      where: { chatId: "-100123" },
    });
    expect(seen({ update_id: 1, callback_query: { ...query, inline_message_id: "x" } })).toBeUndefined();
  });

  it.each([
    ["a new thumb", ["🔥"], ["🔥", "👍"], true],
    ["a thumb that was there", ["👍"], ["👍", "🔥"], false],
    ["a thumb taken back", ["👍"], [], false],
    ["another one", [], ["❤"], false],
  ])("reactions: %s", (_what, before, after, counts) => {
    const list = (emoji: readonly string[]) => emoji.map((each) => ({ type: "emoji", emoji: each }));
    const update = {
      update_id: 1,
      message_reaction: {
        chat: GROUP,
        message_id: 3,
        user: ANN,
        date: 1,
        old_reaction: list(before),
        new_reaction: list(after),
      },
    };
    expect(seen(update)?.kind === "thumb").toBe(counts);
  });

  it("a vote in a poll is a member's, or the chat's in whose name it was cast, and no bot's", () => {
    const vote = (parts: object) =>
      seen({ update_id: 1, poll_answer: { poll_id: "54", option_ids: [2], option_persistent_ids: ["b"], ...parts } });
    const standIn = { id: 136_817_688, is_bot: true, first_name: "Channel" };
    expect(vote({ user: ANN })).toMatchObject({ kind: "vote", pollId: "54", chosen: [2], who: { id: ANN.id } });
    expect(vote({ user: standIn, voter_chat: GROUP })).toMatchObject({ who: { id: GROUP.id, name: GROUP.title } });
    expect(vote({ user: ANN, option_ids: [] })).toMatchObject({ chosen: [] });
    expect(vote({ user: standIn })).toBeUndefined();
    expect(vote({})).toBeUndefined();
  });

  it("a press of an admin who shows as the group is the group's", () => {
    const from = { id: 1_087_968_824, is_bot: true, first_name: "Group", username: "GroupAnonymousBot" };
    const query = { id: "42", from, data: "x", message: { message_id: 3, chat: GROUP, date: 0 } };
    const pressed = seen({ update_id: 1, callback_query: query });
    expect(pressed).toMatchObject({ who: { id: GROUP.id, name: GROUP.title, asTheChat: true } });
  });

  it("ids name what caused them, so that numbers that start anew do not repeat", () => {
    const ids = [
      message(commandText("/rca x")),
      { ...message(commandText("/rca x")), message: { ...message(commandText("/rca x")).message, message_id: 13 } },
      { update_id: 900, callback_query: { id: "9", from: ANN, data: "x", message: { message_id: 12, chat: GROUP } } },
    ].map((update) => updateIdOf(updateSchema.parse(update), 77));
    expect(ids).toEqual(["telegram:77:900:m-100123:12", "telegram:77:900:m-100123:13", "telegram:77:900:c9"]);
  });

  it("order is kept per chat", () => {
    const one = seen(message(commandText("/rca x")));
    expect(one && orderKeyOf(one)).toBe("-100123");
    const moved = seen(message({ migrate_to_chat_id: -5 }));
    expect(moved && orderKeyOf(moved)).toBe("-5");
  });

  it("nothing that comes in breaks it", () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom("message", "callback_query", "edited_message", "my_chat_member", "poll_answer"),
          fc.jsonValue(),
        ),
        (parts) => {
          const parsed = updateSchema.safeParse({ update_id: 1, ...parts });
          if (parsed.success) seenIn(parsed.data, ME);
        },
      ),
      { numRuns: 300 },
    );
  });
});
