import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { Bot, InlineKeyboard, InputFile, InputMediaBuilder } from "grammy";
import { describe, expect, it, onTestFinished } from "vitest";
import { NEEDS_SPEC } from "../referees/telegram.ts";
import { callerOf, eventually, openedFake, pngOf, upload } from "./telegram/caller.ts";
import type { Entity } from "./telegram/entities.ts";

describe("one story through grammY", () => {
  it("command, placeholder, progress, picture with buttons, press", async () => {
    const fake = await openedFake();
    const ada = fake.person("Ada", { username: "ada_l" });
    const group = fake.group("Rent strike", { members: [ada] });
    const bot = new Bot(fake.token, { client: { apiRoot: fake.url } });
    const picture = await pngOf();
    bot.command("rca", async (context) => {
      const { message_id } = await context.reply(`drawing ${context.match}`);
      await context.api.editMessageText(context.chat.id, message_id, "step 2 of 4");
      const media = InputMediaBuilder.photo(new InputFile(picture, "fox.png"), { caption: "a red fox" });
      await context.api.editMessageMedia(context.chat.id, message_id, media, {
        reply_markup: new InlineKeyboard().text("Reroll", "1.reroll").text("File", "1.file"),
      });
    });
    bot.callbackQuery("1.file", async (context) => {
      await context.answerCallbackQuery("here it is");
      await context.replyWithDocument(new InputFile(picture, "fox.png"));
    });
    const running = bot.start();
    onTestFinished(() => bot.stop().then(() => running));

    const adas = ada.in(group);
    adas.say("/rca a red fox");
    await eventually(() => adas.last()?.kind).toBe("photo");
    const shown = adas.last();
    expect(shown).toMatchObject({ text: "a red fox", fromBot: true, photo: { widthPx: 64, heightPx: 48 } });
    expect(shown?.versions.map(({ text }) => text)).toEqual(["drawing a red fox", "step 2 of 4", "a red fox"]);

    const press = adas.press(shown ?? 0, "File");
    await press.answered;
    expect(press.text).toBe("here it is");
    await eventually(() => adas.last()?.kind).toBe("document");
    expect(await adas.last()?.document?.bytes()).toEqual(picture);
    fake.expectNoComplaints();
  });
});

describe("a bot in a process of its own", () => {
  it("answers, and after a kill the next one answers what was left", async () => {
    const fake = await openedFake();
    const ada = fake.person("Ada");
    const start = () => {
      const script = path.join(import.meta.dirname, "telegram", "echo-bot.ts");
      const child = spawn(process.execPath, [script, fake.url, fake.token], { stdio: "inherit" });
      onTestFinished(() => void child.kill("SIGKILL"));
      return child;
    };
    const first = start();
    ada.private.say("hello");
    await eventually(() => ada.private.last()?.text).toBe(`${first.pid} heard: hello`);
    first.kill("SIGKILL");
    await once(first, "exit");
    ada.private.say("anybody?");
    const second = start();
    await eventually(() => ada.private.last()?.text).toBe(`${second.pid} heard: anybody?`);
    fake.expectNoComplaints();
  });
});

describe("the wire", () => {
  const refusalOf = async (response: Response) => [response.status, await response.json()];

  it("knows its own token only", async () => {
    const { url, token } = await openedFake();
    const unauthorized = { ok: false, error_code: 401, description: "Unauthorized" };
    const notFound = { ok: false, error_code: 404, description: "Not Found" };
    expect(await refusalOf(await fetch(`${url}/bot${token}x/getMe`))).toEqual([401, unauthorized]);
    expect(await refusalOf(await fetch(`${url}/file/bot1:a/photos/file_1.jpg`))).toEqual([401, unauthorized]);
    expect(await refusalOf(await fetch(`${url}/botnone/getMe`))).toEqual([404, notFound]);
    expect(await refusalOf(await fetch(`${url}/bot${token}/`))).toEqual([404, notFound]);
    expect(await refusalOf(await fetch(`${url}/`))).toEqual([404, notFound]);
    expect(await refusalOf(await fetch(`${url}/file/bot${token}/photos/file_1.jpg`))).toEqual([404, notFound]);
  });
  it("takes method names in any case, and no others", async () => {
    const fake = await openedFake();
    const call = callerOf(fake);
    expect(await call("GETME")).toMatchObject({ ok: true, result: { username: "placard_bot", is_bot: true } });
    fake.expectNoComplaints();
    expect(await call("getYou")).toEqual({ ok: false, error_code: 404, description: "Not Found: method not found" });
    expect(fake.takeComplaints().join()).toContain("getYou: the fake has no such method");
  });
  it("reads JSON, forms, addresses and multipart alike", async () => {
    const fake = await openedFake();
    const ada = fake.person("Ada", { started: true });
    const address = `${fake.url}/bot${fake.token}/sendMessage`;
    const keyboard = JSON.stringify({ inline_keyboard: [[{ text: "A", callback_data: "1" }]] });
    const fields = { chat_id: String(ada.id), text: "123", reply_markup: keyboard };
    await callerOf(fake)("sendMessage", { ...fields, chat_id: ada.id });
    await fetch(address, { method: "POST", body: new URLSearchParams(fields) });
    await fetch(`${address}?${new URLSearchParams(fields)}`);
    await upload(fake, "sendMessage", fields, {});
    const texts = ada.private.fromBot().map(({ text, keyboard: rows }) => [text, rows[0]?.[0]?.text]);
    expect(texts).toEqual(Array.from({ length: 4 }, () => ["123", "A"]));
    fake.expectNoComplaints();
  });
  it("refuses bodies that cannot be read", async () => {
    const fake = await openedFake();
    const post = (type: string, body: string) =>
      fetch(`${fake.url}/bot${fake.token}/getMe`, { method: "POST", headers: { "content-type": type }, body });
    const json = await post("application/json", "{");
    expect(await refusalOf(json)).toEqual([
      400,
      expect.objectContaining({ description: expect.stringMatching(/JSON/) }),
    ]);
    expect((await post("multipart/form-data", "x")).status).toBe(400);
    expect((await post("multipart/form-data; boundary=a", "--a\r\nx\r\n--a--")).status).toBe(400);
  });
  it("takes files under their own names, unquoted ones too", async () => {
    const fake = await openedFake();
    const ada = fake.person("Ada", { started: true });
    const bytes = Buffer.from("one two");
    const quoted = { bytes, name: "a fox \u00e4.txt" };
    await upload(fake, "sendDocument", { chat_id: String(ada.id) }, { document: quoted });
    const bot = new Bot(fake.token, { client: { apiRoot: fake.url } });
    await bot.api.sendDocument(ada.id, new InputFile(bytes, "red fox.txt"));
    const sent = ada.private.fromBot().map(({ document }) => document?.fileName);
    expect(sent).toEqual(["a fox \u00e4.txt", "red fox.txt"]);
    expect(await ada.private.last()?.document?.bytes()).toEqual(bytes);
    fake.expectNoComplaints();
  });
  it("ends when the bot logs out; closing is refused for ten minutes", async () => {
    const fake = await openedFake();
    const call = callerOf(fake);
    expect(await call("close")).toMatchObject({ error_code: 429, parameters: { retry_after: 600 } });
    fake.clock.advanceMs(600_000);
    expect(await call("close")).toEqual({ ok: true, result: true });
    expect(await call("logOut")).toEqual({ ok: true, result: true });
    expect(await call("getMe")).toEqual({ ok: false, error_code: 400, description: "Bad Request: Logged out" });
  });
});

describe("the referee in the fake", () => {
  it("hears every call", async (context) => {
    const fake = await openedFake();
    if (!fake.hasReferee) context.skip(NEEDS_SPEC);
    await callerOf(fake)("sendMessage", { chat_id: fake.person("Ada", { started: true }).id, text: "a", txt: 1 });
    expect(() => fake.expectNoComplaints()).toThrow(/sendMessage.txt: no such field/);
    expect(fake.takeComplaints()).toHaveLength(1);
    fake.expectNoComplaints();
  });
  it("hears what the fake itself says, in updates and in answers", async (context) => {
    const fake = await openedFake();
    if (!fake.hasReferee) context.skip(NEEDS_SPEC);
    const ada = fake.person("Ada");
    // The cast makes what Telegram never sends: an entity of no kind.
    const entities = [{ offset: 0, length: 1 } as Entity];
    const { messageId } = ada.private.say("x", { entities });
    expect(fake.takeComplaints()).toEqual(["update: Update.message.entities[0].type: required by MessageEntity"]);
    const reply = { chat_id: ada.id, text: "a", reply_parameters: { message_id: messageId } };
    await callerOf(fake)("sendMessage", reply);
    expect(fake.takeComplaints().join()).toContain(
      "sendMessage answered.reply_to_message.entities[0].type: required by MessageEntity",
    );
  });
  it("notes every call", async () => {
    const fake = await openedFake();
    const ada = fake.person("Ada", { started: true });
    await callerOf(fake)("sendMessage", { chat_id: ada.id, text: "a" });
    await callerOf(fake)("sendMessage", { chat_id: ada.id, text: "" });
    await upload(
      fake,
      "sendDocument",
      { chat_id: String(ada.id) },
      { document: { bytes: await pngOf(), name: "a.png" } },
    );
    expect(fake.calls).toMatchObject([
      { method: "sendMessage", params: { chat_id: ada.id, text: "a" }, ok: true, result: { text: "a" } },
      { method: "sendMessage", ok: false, errorCode: 400, description: "Bad Request: message text is empty" },
      { method: "sendDocument", params: { chat_id: ada.id, document: { __file: true } }, ok: true },
    ]);
    expect(fake.calls[0]?.atMs).toBeLessThanOrEqual(fake.clock.nowMs());
  });
});
