import { join } from "node:path";
import { z } from "zod";
import { createDiscord } from "../../../adapters/discord/adapter.ts";
import { RATES } from "../../../adapters/telegram/limits.ts";
import { telegramSettings } from "../../../adapters/telegram/settings.ts";
import { createTelegram } from "../../../adapters/telegram.ts";
import { moduleValues } from "../../../src/app/modules.ts";
import { fakeBackend } from "../../../src/backends/fake.ts";
import { systemClock } from "../../../src/lib/clock.ts";
import type { ChatAdapter } from "../../../src/ports/chat.ts";
import type { Log } from "../../../src/ports/log.ts";
import { openPostgresStore } from "../../../src/stores/postgres/open.ts";
import { appOver } from "../../fakes/app.ts";
import { moduleServices } from "../../fakes/module-services.ts";
import { type FromFront, settingsSchema } from "./wire.ts";

// A whole Placard of several over one database, on Discord and Telegram: `node front.ts SETTINGS`, as JSON.

const settings = settingsSchema.parse(JSON.parse(process.argv[2] ?? "{}"));
const say = (message: FromFront): void => void process.send?.(message);
const fact = (name: string, fields: Parameters<Log["info"]>[1]) => {
  const error = fields?.["error"];
  say({ op: "fact", name: error instanceof Error ? `${name}: ${error.message}` : name, atMs: Date.now() });
};
const log: Log = { debug: () => undefined, info: fact, warn: fact, error: fact };

/** Tells of each send in the moment it begins. */
const told = (adapter: ChatAdapter): ChatAdapter => ({
  ...adapter,
  async post(target, view, options) {
    say({
      op: "sent",
      what: `${adapter.platform} ${options.visibility} ${options.nonce}: ${view.text}`,
      atMs: Date.now(),
    });
    return adapter.post(target, view, options);
  },
  async edit(message, view) {
    say({ op: "sent", what: `${adapter.platform} edit ${message.messageId}: ${view.text}`, atMs: Date.now() });
    return adapter.edit(message, view);
  },
});

const { store, nowMs, wake } = await openPostgresStore({
  address: settings.address,
  directAddress: settings.directAddress,
  named: false,
  log,
  notices: { say: () => undefined },
});
const clock = { ...systemClock, nowMs };
const servicesOf = (module: string) =>
  moduleServices({ values: moduleValues(module, () => store.keyValues), clock, log, under: settings.folder });
const many = 1_000_000;
const telegram = createTelegram(
  telegramSettings.parse({ TELEGRAM_TOKEN: settings.telegram.token, TELEGRAM_API_URL: settings.telegram.url }),
  settings.telegram.token,
  servicesOf("telegram"),
  // Its own pace is another test's matter.
  {
    ...RATES,
    ...{ groupSendsPerMinute: many, privateSendsPerMinute: many, chatSendsAtOnce: many, editsPerMinute: many },
    ...{ chatSendEveryMs: 0, carefulEveryMs: 0, callsPerSecond: many },
  },
);
const discord = createDiscord(
  {
    DISCORD_TOKEN: settings.discord.token,
    DISCORD_API_URL: settings.discord.url,
    DISCORD_GUILD_IDS: [],
    DISCORD_SHARDS: "auto",
  },
  servicesOf("discord"),
);
const app = await appOver(join(settings.folder, "data"), {
  role: settings.role,
  adapters: settings.role === "worker" ? [] : [told(discord), told(telegram)],
  backends: [fakeBackend({ delayMs: 250, steps: 4, facts: { concurrency: 4 } })],
  ...{ store, clock, wake, log },
  timings: { reignMs: settings.reignMs, reignMarginMs: settings.marginMs },
});
process.on("message", (message) => {
  if (z.literal("stop").safeParse(message).success) void app.stop().then(() => process.exit(0));
});
for (const line of await app.start()) say({ op: "line", line });
say({ op: "ready" });
