import { expect, onTestFinished } from "vitest";
import type { Rates } from "../../../adapters/telegram/limits.ts";
import { telegramSettings } from "../../../adapters/telegram/settings.ts";
import { createTelegram } from "../../../adapters/telegram.ts";
import type { ChatAdapter } from "../../../src/ports/chat.ts";
import type { ModuleServices, ModuleValues } from "../../../src/ports/module.ts";
import { moduleServices } from "../../fakes/module-services.ts";
import { openTelegramFake, type TelegramFake, type TelegramFakeOptions } from "../../fakes/telegram.ts";

/** As fast as the fake lets it: tests have no minutes. */
export const FAST: Rates = {
  groupSendsPerMinute: 100_000,
  privateSendsPerMinute: 100_000,
  chatSendsAtOnce: 100_000,
  chatSendEveryMs: 0,
  editsPerMinute: 100_000,
  progressEditsPerMinute: 100_000,
  progressEveryMs: 0,
  carefulEveryMs: 0,
  callsPerSecond: 100_000,
};

export interface Rig {
  readonly fake: TelegramFake;
  readonly adapter: ChatAdapter;
  readonly world: ModuleServices;
}

/** A fake Telegram that ends with the test; by default it takes messages as fast as they come. */
export async function openFake(options: TelegramFakeOptions = {}): Promise<TelegramFake> {
  const fake = await openTelegramFake({ flood: "off", ...options });
  onTestFinished(() => fake.close());
  return fake;
}

export function telegramAt(
  fake: TelegramFake,
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly world?: ModuleServices;
    readonly rates?: Rates;
  } = {},
): Rig {
  const settings = telegramSettings.parse({
    TELEGRAM_TOKEN: fake.token,
    TELEGRAM_API_URL: fake.url,
    ...options.env,
  });
  const world = options.world ?? moduleServices();
  const adapter = createTelegram(settings, fake.token, world, options.rates ?? FAST);
  return { fake, adapter, world };
}

/** Small values of which one kind cannot be written while the disk is full. */
export const fullDiskFor =
  (fullKind: string, values: ModuleValues, isFull: () => boolean): ModuleValues =>
  (kind, schema) => {
    const own = values(kind, schema);
    return {
      ...own,
      async set(key, value) {
        if (kind === fullKind && isFull()) throw new Error("the disk is full");
        await own.set(key, value);
      },
    };
  };

/** What becomes true by itself, also on a machine that is busy with other things. */
export const eventually = <T>(look: () => T, options: { readonly timeout?: number } = {}) =>
  expect.poll(look, { timeout: options.timeout ?? 12_000, interval: 20 });
