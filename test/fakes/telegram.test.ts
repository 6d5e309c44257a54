import { Bot, InlineKeyboard, InputFile, InputMediaBuilder } from "grammy";
import sharp from "sharp";
import { describe, expect, it, onTestFinished } from "vitest";
import { openTelegramFake, type TelegramFakeOptions } from "./telegram.ts";

const png = (widthPx = 64, heightPx = 48) =>
  sharp({ create: { width: widthPx, height: heightPx, channels: 3, background: "teal" } })
    .png()
    .toBuffer();

async function opened(options: TelegramFakeOptions = {}) {
  const fake = await openTelegramFake(options);
  onTestFinished(() => fake.close());
  return fake;
}

describe("one story through grammY", () => {
  it("command, placeholder, progress, picture with buttons, press", async () => {
    const fake = await opened();
    const ada = fake.person("Ada", { username: "ada_l" });
    const room = fake.group("Rent strike", { members: [ada] });
    const bot = new Bot(fake.token, { client: { apiRoot: fake.url } });
    const picture = await png();
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

    const adas = ada.in(room);
    adas.say("/rca a red fox");
    await expect.poll(() => adas.last()?.kind).toBe("photo");
    const shown = adas.last();
    expect(shown).toMatchObject({ text: "a red fox", fromBot: true, photo: { widthPx: 64, heightPx: 48 } });
    expect(shown?.versions.map(({ text }) => text)).toEqual(["drawing a red fox", "step 2 of 4", "a red fox"]);

    const press = adas.press(shown ?? 0, "File");
    await press.answered;
    expect(press.text).toBe("here it is");
    await expect.poll(() => adas.last()?.kind).toBe("document");
    expect(await adas.last()?.document?.bytes()).toEqual(picture);
    fake.expectNoComplaints();
  });
});
