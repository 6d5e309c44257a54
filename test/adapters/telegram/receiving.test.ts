import { type Bot, GrammyError } from "grammy";
import { expect, it, onTestFinished } from "vitest";
import { createReceiving, patiently } from "../../../adapters/telegram/receiving.ts";
import { telegramSettings } from "../../../adapters/telegram/settings.ts";
import { createTestClock } from "../../fakes/clock.ts";
import { recordedLog, valuesInMemory } from "../../fakes/module-services.ts";

const refusal = (code: number, retryAfterSeconds?: number) =>
  new GrammyError(
    "refused",
    {
      ok: false,
      error_code: code,
      description: "no",
      ...(retryAfterSeconds === undefined ? {} : { parameters: { retry_after: retryAfterSeconds } }),
    },
    "getMe",
    {},
  );

function world() {
  const clock = createTestClock();
  clock.freeze();
  const stopping = new AbortController();
  onTestFinished(() => {
    stopping.abort();
    clock.stop();
  });
  const { log, logged } = recordedLog();
  const waits = (fact: string) =>
    logged.map((line) => JSON.parse(line)).flatMap((line) => (line.fact.startsWith(fact) ? [line.waitMs] : []));
  return { clock, stopping, log, waits };
}

/** Lets what is waiting for a promise go on. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

it.each([
  ["404", () => refusal(404)],
  ["409", () => refusal(409)],
  ["a broken server", () => refusal(502)],
  ["a broken line", () => new Error("socket hang up")],
])("asks again after %s, with pauses that grow to a minute", async (_what, error) => {
  const { clock, stopping, log, waits } = world();
  let calls = 0;
  const asked = patiently(
    async () => {
      calls += 1;
      if (calls <= 9) throw error();
      return "there";
    },
    { clock, stopping: stopping.signal, log },
  );
  for (const waitMs of [500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
    await settled();
    const before = calls;
    clock.advanceMs(waitMs - 1);
    await settled();
    expect(calls).toBe(before);
    clock.advanceMs(1);
  }
  expect(await asked).toBe("there");
  expect(waits("telegram.unreachable")).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
});

it("waits as long as it is asked to", async () => {
  const { clock, stopping, log, waits } = world();
  const ends = [refusal(429, 90), undefined];
  const asked = patiently(
    async () => {
      const error = ends.shift();
      if (error) throw error;
    },
    { clock, stopping: stopping.signal, log },
  );
  await settled();
  clock.advanceMs(90_000);
  await asked;
  expect(waits("telegram.unreachable")).toEqual([90_000]);
});

it.each([400, 401, 403])("does not ask again after %d", async (code) => {
  const { clock, stopping, log } = world();
  const asked = patiently(() => Promise.reject(refusal(code)), { clock, stopping: stopping.signal, log });
  await expect(asked).rejects.toMatchObject({ error_code: code });
});

it("begins with short pauses again once receiving went well for a while, and none is longer than a minute", async () => {
  const { clock, stopping, log, waits } = world();
  const wentMs = [...Array<number>(9).fill(0), 121_000, 0];
  const bot = {
    api: { config: { use: () => undefined }, deleteWebhook: async () => true },
    async start() {
      clock.advanceMs(wentMs.shift() ?? 0);
      throw refusal(409);
    },
  };
  const receiving = createReceiving({
    ...{ clock, log, stopping: stopping.signal, values: valuesInMemory(), notices: { say: () => undefined } },
    // What is used of it here.
    bot: bot as unknown as Bot,
    settings: telegramSettings.parse({ TELEGRAM_TOKEN: "123:wrongwrongwrong" }),
    isSafe: async () => true,
  });
  await receiving.start();
  for (let at = 0; at < 11; at += 1) {
    await settled();
    clock.advanceMs(60_000);
  }
  await settled();
  expect(waits("telegram.interrupted").slice(0, 11)).toEqual([
    ...[500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000],
    ...[500, 1000],
  ]);
});
