import { randomUUID } from "node:crypto";
import { flushCompileCache } from "node:module";
import { createDiscord } from "../../../adapters/discord/adapter.ts";
import { telegramSettings } from "../../../adapters/telegram/settings.ts";
import { createTelegram } from "../../../adapters/telegram.ts";
import { tinyPng } from "../../../src/backends/fake/png.ts";
import { hearsMembers } from "../../../src/domain/role.ts";
import { changingClock, systemClock } from "../../../src/lib/clock.ts";
import type { Backend } from "../../../src/ports/backend.ts";
import type { StoreOverSql } from "../../../src/rules/store.ts";
import { openPostgresStore } from "../../../src/stores/postgres/open.ts";
import { botApp, botLog, botWorld, countedBackend, say } from "../bot-parts.ts";
import { HURRIED } from "../hurried.ts";
import { machineOf } from "./machine.ts";

// One of several machines over one database, with the real adapters: `node machine-bot.ts JSON`.
const { role, address, directAddress, folder, discord, telegram } = machineOf(process.argv[2]);
process.once("disconnect", () => process.exit());
/** Quicker ones would wait for orders most of the time. */
const PICTURE_MS = 400;
const LATE = { share: 0.1, mostMs: 300 };
/** Slots of one machine. */
const AT_ONCE = 2;

/** Of each picture other bytes each time: whose file lies there in the end can be told. */
const gpu = (): Backend => {
  const backend = countedBackend({
    delayMs: PICTURE_MS,
    facts: { concurrency: AT_ONCE },
    gate: () =>
      new Promise((resolve) => setTimeout(resolve, Math.random() < LATE.share ? Math.random() * LATE.mostMs : 0)),
  });
  return {
    ...backend,
    async *generate(input) {
      const { widthPx, heightPx } = input.request;
      try {
        for await (const event of backend.generate(input))
          yield event.type === "image" ? { ...event, bytes: tinyPng(widthPx, heightPx, randomUUID()) } : event;
      } finally {
        say({ op: "stopped", seed: input.request.seed });
      }
    },
  };
};

/** The parent learns under which name this process asks to lead: who leads it reads from the database. */
function told(store: StoreOverSql): StoreOverSql {
  const asked = new Set<string>();
  return {
    ...store,
    lead: (name, holder, nowMs, untilMs) => {
      if (!asked.has(holder)) say({ op: "asks", holder });
      asked.add(holder);
      return store.lead(name, holder, nowMs, untilMs);
    },
  };
}

const { clock, goBy } = changingClock(systemClock);
const opened = await openPostgresStore({
  address,
  directAddress,
  named: false,
  log: botLog,
  notices: { say: () => undefined },
});
goBy(opened.nowMs);
const store = told(opened.store);
const world = botWorld(folder, store, clock);
const app = await botApp(folder, store, {
  adapters: hearsMembers(role)
    ? [
        createDiscord(
          {
            DISCORD_TOKEN: discord.token,
            DISCORD_API_URL: discord.url,
            DISCORD_GUILD_IDS: [],
            DISCORD_SHARDS: "auto",
          },
          world,
        ),
        createTelegram(
          telegramSettings.parse({ TELEGRAM_TOKEN: telegram.token, TELEGRAM_API_URL: telegram.url }),
          telegram.token,
          world,
          HURRIED,
        ),
      ]
    : [],
  backends: [gpu()],
  role,
  wake: opened.wake,
  timings: { leaseMs: 1500, reignMs: 1500, reignMarginMs: 500 },
  clock,
});
await app.start();
say({ op: "ready" });
// Who is killed writes nothing down for the next one.
flushCompileCache();
