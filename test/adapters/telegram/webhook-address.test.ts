import { expect, it } from "vitest";
import { telegramSettings, withWebhookAddress } from "../../../adapters/telegram/settings.ts";

const PUBLIC = "https://posters.example.org";
const addressOf = (written: string | undefined, publicUrl: string | undefined) =>
  withWebhookAddress(telegramSettings.parse({ TELEGRAM_WEBHOOK_URL: written }), publicUrl).TELEGRAM_WEBHOOK_URL;

it.each([
  [undefined, PUBLIC, undefined],
  ["https://bot.example.org/telegram", undefined, "https://bot.example.org/telegram"],
  ["https://bot.example.org/telegram", PUBLIC, "https://bot.example.org/telegram"],
  ["/telegram", PUBLIC, `${PUBLIC}/telegram`],
])("%s below %s is %s", (written, publicUrl, address) => {
  expect(addressOf(written, publicUrl)).toBe(address);
});

it("says what to set for a path below no address", () => {
  expect(() => addressOf("/telegram", undefined)).toThrow(/Set WEB_PUBLIC_URL/);
});

it.each(["telegram", "ftp://bot.example.org", "/", "/a path"])("refuses %s", (written) => {
  const read = telegramSettings.safeParse({ TELEGRAM_WEBHOOK_URL: written });
  expect(read.error?.issues[0]?.message).toMatch(/^must be an address such as/);
});
