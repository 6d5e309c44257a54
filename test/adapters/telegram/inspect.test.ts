import { describe, expect, it } from "vitest";
import { inspectTelegram } from "../../../adapters/telegram/inspect.ts";
import { telegramSettings } from "../../../adapters/telegram/settings.ts";
import { openFake } from "./world.ts";

const never = new AbortController().signal;

describe("what the doctor says about Telegram", () => {
  it("off", async () => {
    expect(await inspectTelegram(telegramSettings.parse({}), never)).toMatchObject({
      ok: true,
      facts: ["off: TELEGRAM_TOKEN is not set"],
    });
  });

  it("well: who it is, what it receives, what waits; it changes nothing", async () => {
    const fake = await openFake();
    fake.person("Ann").private.say("/help");
    const settings = telegramSettings.parse({ TELEGRAM_TOKEN: fake.token, TELEGRAM_API_URL: fake.url });
    const { ok, facts } = await inspectTelegram(settings, never);
    expect(ok).toBe(true);
    expect(facts).toContain("@placard_bot answers; https://t.me/placard_bot");
    expect(facts).toContain("1 update waits to be delivered");
    expect(facts.some((fact) => fact.startsWith("privacy mode is on"))).toBe(true);
    expect(fake.calls.map(({ method }) => method)).toEqual(["getMe", "getWebhookInfo"]);
    fake.expectNoComplaints();
  });

  it.each([
    ["a wrong token", "123:wrongwrongwrong", "", /was refused/, /@BotFather for the token again/],
    [
      "nobody there",
      "123:wrongwrongwrong",
      "http://127.0.0.1:9",
      /cannot reach Telegram \(ECONNREFUSED\)/,
      /TELEGRAM_API_URL/,
    ],
  ])("%s, without the token in a word", async (_what, token, url, fact, step) => {
    const fake = await openFake();
    const settings = telegramSettings.parse({ TELEGRAM_TOKEN: token, TELEGRAM_API_URL: url === "" ? fake.url : url });
    const { ok, facts, nextSteps } = await inspectTelegram(settings, never);
    expect(ok).toBe(false);
    expect(facts.join("\n")).toMatch(fact);
    expect(nextSteps.join("\n")).toMatch(step);
    expect(JSON.stringify([facts, nextSteps])).not.toContain("wrongwrong");
  });

  it("a webhook that Telegram cannot deliver to", async () => {
    const fake = await openFake({ proxy: { "https://bot.example": "http://127.0.0.1:9" } });
    await fetch(`${fake.url}/bot${fake.token}/setWebhook`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ url: "https://bot.example/telegram" }),
    });
    fake.person("Ann").private.say("/help");
    const settings = telegramSettings.parse({
      TELEGRAM_TOKEN: fake.token,
      TELEGRAM_API_URL: fake.url,
      TELEGRAM_WEBHOOK_URL: "https://bot.example/telegram",
    });
    await expect.poll(async () => (await inspectTelegram(settings, never)).ok, { timeout: 8000 }).toBe(false);
    const { nextSteps } = await inspectTelegram(settings, never);
    expect(nextSteps.join("\n")).toContain("Telegram could not deliver to https://bot.example/telegram");
  });

  it("gives up when it is told to", async () => {
    const fake = await openFake();
    fake.fault({ methods: "getMe", applied: false, failure: { kind: "hang" } });
    const settings = telegramSettings.parse({ TELEGRAM_TOKEN: fake.token, TELEGRAM_API_URL: fake.url });
    expect(await inspectTelegram(settings, AbortSignal.timeout(50))).toMatchObject({ ok: false });
  });
});
