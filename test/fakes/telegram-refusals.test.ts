import { randomBytes } from "node:crypto";
import sharp from "sharp";
import { beforeEach, describe, expect, it } from "vitest";
import { callerOf, openedFake, pngOf, type RawCall, upload } from "./telegram/caller.ts";
import type { Group, Person } from "./telegram/people.ts";
import type { TelegramFake } from "./telegram.ts";

let fake: TelegramFake;
let call: RawCall;
let ada: Person;
let group: Group;

beforeEach(async () => {
  fake = await openedFake({ flood: "off" });
  call = callerOf(fake);
  ada = fake.person("Ada");
  group = fake.supergroup("Rent strike", { members: [ada] });
});

const send = (text: string, more: object = {}) => call("sendMessage", { chat_id: group.id, text, ...more });
const sentId = async (text = "a text", more: object = {}) =>
  ((await send(text, more)).result as { message_id: number }).message_id;
const photoBy = (bytes: Buffer, more: Record<string, string> = {}) =>
  upload(fake, "sendPhoto", { chat_id: String(group.id), ...more }, { photo: { bytes, name: "a.png" } });
const refusal = (description: string | RegExp, errorCode = 400) => ({
  ok: false,
  error_code: errorCode,
  description: typeof description === "string" ? description : expect.stringMatching(description),
});
const withData = (data: string) => ({ reply_markup: { inline_keyboard: [[{ text: "A", callback_data: data }]] } });

describe("text", () => {
  it("4096 UTF-16 units fit, one more does not", async () => {
    expect(await send("x".repeat(4096))).toMatchObject({ ok: true });
    expect(await send("🦊".repeat(2048))).toMatchObject({ ok: true });
    expect(await send("x".repeat(4097))).toEqual(refusal("Bad Request: message is too long"));
    expect(await send(`${"🦊".repeat(2048)}x`)).toEqual(refusal("Bad Request: message is too long"));
    if (fake.hasReferee) expect(fake.takeComplaints().join()).toContain("4097 characters");
  });
  it("counts after the markup is gone", async () => {
    const bold = `<b>${"x".repeat(4096)}</b>`;
    expect(await send(bold, { parse_mode: "HTML" })).toMatchObject({ ok: true });
    expect(await send(`${bold}y`, { parse_mode: "HTML" })).toEqual(refusal("Bad Request: message is too long"));
    fake.expectNoComplaints();
  });
  it("half an emoji is no text", async () => {
    expect(await send("🦊".slice(0, 1))).toEqual(refusal("Bad Request: strings must be encoded in UTF-8"));
  });
  it("an edit is refused in other words", async () => {
    const edit = { chat_id: group.id, message_id: await sentId(), text: "x".repeat(4097) };
    expect(await call("editMessageText", edit)).toEqual(refusal("Bad Request: MESSAGE_TOO_LONG"));
  });
  it.each([
    ["none", "", "Bad Request: message text is empty"],
    ["only blanks", " \n ", "Bad Request: text must be non-empty"],
  ])("%s", async (_what, text, description) => expect(await send(text)).toEqual(refusal(description)));

  it("drops blanks around it and moves the entities", async () => {
    const { result } = await send("  ab ", { entities: [{ type: "bold", offset: 3, length: 2 }] });
    expect(result).toMatchObject({ text: "ab", entities: [{ type: "bold", offset: 1, length: 1 }] });
  });
  it.each([
    ["after the end", "ab", { offset: 2, length: 1 }, /begins after the end of the text at UTF-16 offset 2/],
    ["over the end", "ab", { offset: 1, length: 2 }, /ends after the end of the text at UTF-16 offset 3/],
    ["from within a character", "🦊", { offset: 1, length: 1 }, /begins in a middle of a UTF-16 symbol/],
    ["into a character", "a🦊", { offset: 0, length: 2 }, /ends in a middle of a UTF-16 symbol/],
    ["of minus one", "ab", { offset: -1, length: 2 }, /incorrect offset -1/],
  ])("refuses entities %s", async (_where, text, { offset, length }, description) => {
    expect(await send(text, { entities: [{ type: "bold", offset, length }] })).toEqual(refusal(description));
  });
  it.each([
    ["HTML", "a < b", /Unclosed start tag/],
    ["HTML", "<blink>a</blink>", /Unsupported start tag "blink"/],
    ["HTML", "<b>a</i>", /Unmatched end tag/],
    ["HTML", "<b>a", /Can't find end tag corresponding to start tag "b"/],
    ["MarkdownV2", "a. b", /Character '\.' is reserved/],
    ["MarkdownV2", "*a", /Can't find end of the entity/],
    ["Markdown", "a_b", /Can't find end of the entity/],
  ])("refuses wrong %s: %s", async (mode, text, description) => {
    expect(await send(text, { parse_mode: mode })).toEqual(refusal(description));
  });
  it("reads right markup", async () => {
    const html = await send('<b>a &lt; b</b> <a href="https://example.com">c</a>', { parse_mode: "HTML" });
    expect(html.result).toMatchObject({
      text: "a < b c",
      entities: [
        { type: "bold", offset: 0, length: 5 },
        { type: "text_link", offset: 6, length: 1, url: "https://example.com" },
      ],
    });
    const markdown = await send("*a\\.* _b_ `c.d`", { parse_mode: "MarkdownV2" });
    expect(markdown.result).toMatchObject({
      text: "a. b c.d",
      entities: [{ type: "bold" }, { type: "italic" }, { type: "code", length: 3 }],
    });
    fake.expectNoComplaints();
  });
});

describe("buttons", () => {
  it("64 bytes of data fit, one more does not, and letters are not bytes", async () => {
    expect(await send("x", withData("x".repeat(64)))).toMatchObject({ ok: true });
    expect(await send("x", withData("й".repeat(32)))).toMatchObject({ ok: true });
    expect(await send("x", withData("x".repeat(65)))).toEqual(refusal("Bad Request: BUTTON_DATA_INVALID"));
    expect(await send("x", withData("й".repeat(33)))).toEqual(refusal("Bad Request: BUTTON_DATA_INVALID"));
    expect(await send("x", withData(""))).toEqual(refusal(/Text buttons are unallowed in the inline keyboard/));
  });
  it("100 buttons fit, 101 do not", async () => {
    const rows = (count: number) => ({
      reply_markup: {
        inline_keyboard: Array.from({ length: count }, (_, i) => [{ text: "A", callback_data: `${i}` }]),
      },
    });
    expect(await send("x", rows(100))).toMatchObject({ ok: true });
    expect(await send("x", rows(101))).toEqual(refusal("Bad Request: reply markup is too long"));
  });
  it("an edit takes inline keyboards only", async () => {
    const edit = { chat_id: group.id, message_id: await sentId(), text: "b", reply_markup: { force_reply: true } };
    expect(await call("editMessageText", edit)).toEqual(refusal("Bad Request: inline keyboard expected"));
  });
});

describe("photos and documents", () => {
  it.each([
    ["what is no picture", Buffer.from("no picture"), "Bad Request: IMAGE_PROCESS_FAILED"],
    ["nothing", Buffer.alloc(0), "Bad Request: file must be non-empty"],
  ])("refuses %s", async (_what, bytes, description) => expect(await photoBy(bytes)).toEqual(refusal(description)));

  it("refuses half a picture", async () => {
    const raw = { width: 200, height: 200, channels: 3 as const };
    const noise = await sharp(randomBytes(200 * 200 * 3), { raw })
      .png()
      .toBuffer();
    expect(await photoBy(noise.subarray(0, noise.length / 2))).toEqual(refusal("Bad Request: IMAGE_PROCESS_FAILED"));
  });
  it("a caption has 1024 characters, for messages and for edits", async () => {
    const picture = await pngOf();
    const fits = await photoBy(picture, { caption: "x".repeat(1024) });
    expect(fits).toMatchObject({ ok: true });
    const long = "x".repeat(1025);
    expect(await photoBy(picture, { caption: long })).toEqual(refusal("Bad Request: message caption is too long"));
    const { message_id } = fits.result as { message_id: number };
    const edit = { chat_id: group.id, message_id, caption: long };
    expect(await call("editMessageCaption", edit)).toEqual(refusal("Bad Request: MEDIA_CAPTION_TOO_LONG"));
  });
  it.each([
    ["sendPhoto", { photo: "attach://nothing" }, "Bad Request: there is no photo in the request"],
    ["sendPhoto", { photo: "AgACwrong" }, "Bad Request: wrong file identifier/HTTP URL specified"],
    ["sendPhoto", { photo: "https://example.com/a.png" }, "Bad Request: failed to get HTTP URL content"],
    ["sendDocument", {}, "Bad Request: there is no document in the request"],
    ["getFile", { file_id: "wrong" }, "Bad Request: invalid file_id"],
  ])("%s of %j", async (method, params, description) => {
    expect(await call(method, { chat_id: group.id, ...params })).toEqual(refusal(description));
  });
  it("a document is no photo", async () => {
    const sent = await upload(
      fake,
      "sendDocument",
      { chat_id: String(group.id) },
      {
        document: { bytes: await pngOf(), name: "a.png" },
      },
    );
    const { document } = sent.result as { document: { file_id: string } };
    const again = await call("sendPhoto", { chat_id: group.id, photo: document.file_id });
    expect(again).toEqual(refusal("Bad Request: can't use file of type Document as Photo"));
  });
});

describe("albums", () => {
  const album = async (count: number, types: readonly string[] = ["photo"]) => {
    const media = Array.from({ length: count }, (_, i) => ({
      type: types[i % types.length],
      media: `attach://f${i}`,
    }));
    const files = Object.fromEntries(media.map((_, i) => [`f${i}`, { bytes: picture, name: "a.png" }]));
    return upload(fake, "sendMediaGroup", { chat_id: String(group.id), media: JSON.stringify(media) }, files);
  };
  let picture: Buffer;
  beforeEach(async () => {
    picture = await pngOf(8, 8);
  });

  it("has 2-10 items and answers with as many messages of one group", async () => {
    for (const count of [2, 10]) {
      const { result } = await album(count);
      const messages = result as readonly { media_group_id: string }[];
      expect(messages).toHaveLength(count);
      expect(new Set(messages.map((message) => message.media_group_id)).size).toBe(1);
    }
    fake.expectNoComplaints();
    expect(await album(1)).toMatchObject({ ok: false, error_code: 400 });
    expect(await album(11)).toEqual(refusal("Bad Request: too many messages to send as an album"));
    expect(group.history()).toHaveLength(12);
  });
  it("does not mix photos and documents", async () => {
    expect(await album(2, ["photo", "document"])).toEqual(refusal(/can't be mixed with other media types/));
  });
  it("takes documents among themselves", async () => expect(await album(2, ["document"])).toMatchObject({ ok: true }));
  it("has no keyboard: what is sent as one is dropped, and the referee says so", async () => {
    const media = [0, 1].map((i) => ({ type: "photo", media: `attach://f${i}` }));
    const fields = { chat_id: String(group.id), media: JSON.stringify(media), reply_markup: '{"inline_keyboard":[]}' };
    const files = { f0: { bytes: picture, name: "a.png" }, f1: { bytes: picture, name: "b.png" } };
    const { result } = await upload(fake, "sendMediaGroup", fields, files);
    expect(JSON.stringify(result)).not.toContain("reply_markup");
    if (fake.hasReferee) expect(fake.takeComplaints().join()).toContain("reply_markup: no such field");
  });
});

describe("edits and deletions", () => {
  const edit = (message_id: number, text: string, more: object = {}) =>
    call("editMessageText", { chat_id: group.id, message_id, text, ...more });
  const NOT_MODIFIED =
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message";

  it("the same again is not modified: text, keyboard, blanks apart", async () => {
    const id = await sentId("a");
    expect(await edit(id, "a")).toEqual(refusal(NOT_MODIFIED));
    expect(await edit(id, " a ")).toEqual(refusal(NOT_MODIFIED));
    expect(await edit(id, "a", withData("1"))).toMatchObject({ ok: true });
    expect(await edit(id, "a", withData("1"))).toEqual(refusal(NOT_MODIFIED));
    // Without a keyboard the old one goes.
    expect(await edit(id, "a")).toMatchObject({ ok: true });
    expect(group.history()[0]?.versions).toHaveLength(3);
  });
  it("the same file again is not modified, a new upload is", async () => {
    const sent = (await photoBy(await pngOf())).result as { message_id: number; photo: readonly { file_id: string }[] };
    const { message_id } = sent;
    const fileId = sent.photo.at(-1)?.file_id;
    const media = (value: unknown) => ({
      chat_id: String(group.id),
      message_id: String(message_id),
      media: JSON.stringify(value),
    });
    const same = await upload(fake, "editMessageMedia", media({ type: "photo", media: fileId }), {});
    expect(same).toEqual(refusal(NOT_MODIFIED));
    const anew = await upload(fake, "editMessageMedia", media({ type: "photo", media: "attach://f" }), {
      f: { bytes: await pngOf(), name: "a.png" },
    });
    expect(anew).toMatchObject({ ok: true });
  });
  it("what is not there cannot be edited", async () => {
    const id = await sentId();
    expect(await edit(id + 1, "b")).toEqual(refusal("Bad Request: message to edit not found"));
    expect(await call("deleteMessage", { chat_id: group.id, message_id: id })).toMatchObject({ ok: true });
    expect(await edit(id, "b")).toEqual(refusal("Bad Request: message to edit not found"));
    const again = await call("deleteMessage", { chat_id: group.id, message_id: id });
    expect(again).toEqual(refusal("Bad Request: message to delete not found"));
    expect(await call("deleteMessages", { chat_id: group.id, message_ids: [id] })).toMatchObject({ ok: true });
  });
  it("only the bot's own, and no question that forces a reply", async () => {
    const { messageId } = ada.in(group).say("hello");
    expect(await edit(messageId, "b")).toEqual(refusal("Bad Request: message can't be edited"));
    const question = await sentId("What?", { reply_markup: { force_reply: true } });
    expect(await edit(question, "b")).toEqual(refusal("Bad Request: message can't be edited"));
  });
  it("a text has no caption, a picture no text", async () => {
    const caption = await call("editMessageCaption", { chat_id: group.id, message_id: await sentId(), caption: "b" });
    expect(caption).toEqual(refusal("Bad Request: there is no caption in the message to edit"));
    const { message_id } = (await photoBy(await pngOf())).result as { message_id: number };
    expect(await edit(message_id, "b")).toEqual(refusal("Bad Request: there is no text in the message to edit"));
  });
  it("text becomes media, unless the server is an older one", async () => {
    const into = async () =>
      upload(
        fake,
        "editMessageMedia",
        {
          chat_id: String(group.id),
          message_id: String(await sentId()),
          media: JSON.stringify({ type: "photo", media: "attach://f", caption: "c" }),
        },
        { f: { bytes: await pngOf(), name: "a.png" } },
      );
    expect((await into()).result).toMatchObject({
      caption: "c",
      photo: expect.anything(),
      edit_date: expect.anything(),
    });
    fake.behaviour.refusesTextToMedia = true;
    expect(await into()).toEqual(refusal("Bad Request: there is no media in the message to edit"));
  });
  it("others' messages only as an administrator, and nothing after 48 hours", async () => {
    const own = await sentId();
    const { messageId } = ada.in(group).say("hello");
    const remove = (message_id: number) => call("deleteMessage", { chat_id: group.id, message_id });
    expect(await remove(messageId)).toEqual(refusal("Bad Request: message can't be deleted"));
    group.promote("bot");
    fake.clock.advanceMs(48 * 3_600_000 + 1);
    expect(await remove(own)).toEqual(refusal("Bad Request: message can't be deleted for everyone"));
    const fresh = ada.in(group).say("hello again");
    expect(await remove(fresh.messageId)).toMatchObject({ ok: true });
    expect(ada.in(group).message(fresh.messageId)).toBeUndefined();
  });
});
