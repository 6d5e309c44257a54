import { readFileSync } from "node:fs";
import { setTimeout as pauseMs } from "node:timers/promises";
import { createDiscord } from "../../adapters/discord/adapter.ts";
import { RATES } from "../../adapters/telegram/limits.ts";
import { telegramSettings } from "../../adapters/telegram/settings.ts";
import { createTelegram } from "../../adapters/telegram.ts";
import { moduleValues } from "../../src/app/modules.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import { newSeed } from "../../src/domain/seed.ts";
import { styleSchema } from "../../src/domain/style.ts";
import type { Backend } from "../../src/ports/backend.ts";
import type { ChatAdapter } from "../../src/ports/chat.ts";
import { appOver, openStore } from "../fakes/app.ts";
import { moduleServices } from "../fakes/module-services.ts";
import { type Stall, watchStalls } from "./stall.ts";
import { type ThreadTimes, threadTimes } from "./threads.ts";

// Placard in a process of its own, whose only backend gives one real picture again and again:
// `node picture-bot.ts PLATFORM FOLDER API_URL TOKEN PICTURE`. Ended by its parent.
const [, , platform, folder = "", apiUrl = "", token = "", picture = ""] = process.argv;
const bytes = readFileSync(picture);
const many = 1_000_000;

const store = await openStore(folder);
const services = moduleServices({ under: folder, values: moduleValues(platform ?? "", () => store.keyValues) });

function adapterOf(): ChatAdapter {
  if (platform === "discord")
    return createDiscord(
      { DISCORD_TOKEN: token, DISCORD_API_URL: apiUrl, DISCORD_GUILD_IDS: [], DISCORD_SHARDS: "auto" },
      services,
    );
  const settings = telegramSettings.parse({ TELEGRAM_TOKEN: token, TELEGRAM_API_URL: apiUrl });
  return createTelegram(settings, token, services, {
    ...RATES,
    groupSendsPerMinute: many,
    privateSendsPerMinute: many,
    editsPerMinute: many,
    callsPerSecond: many,
  });
}

const STEPS = 4;
const STEP_MS = 25;
// The fake backend's facts, but not its pictures: drawing one that nobody looks at takes ten milliseconds of this thread.
const backend: Backend = {
  ...fakeBackend({ facts: { concurrency: 4, drawnBy: "model" } }),
  async *generate({ request: { seed }, signal }) {
    for (let at = 1; at <= STEPS; at += 1) {
      await pauseMs(STEP_MS, undefined, { signal });
      yield { type: "progress", fraction: at / STEPS };
    }
    yield { type: "image", bytes, seed, model: "bench", usedMs: 1, notes: [] };
  },
};

const app = await appOver(folder, {
  store,
  adapters: [adapterOf()],
  backends: [backend],
  styles: [
    styleSchema.parse({ id: "rca", title: "RCA", trigger: "rca style", defaults: { width: 1024, height: 1024 } }),
  ],
  installation: {
    maxOpenJobs: 10_000,
    allowance: { capacityGpuMs: 1_000_000_000, refillGpuMsPerHour: 0, resetMs: 0 },
  },
  newSeed,
});
await app.start();

export type BotOrder = "count" | "counted" | "watch" | "watched";
/** What this process answers. CPU in ms of the time between two orders. */
export type BotAnswer =
  | { readonly op: "ready" }
  | { readonly op: "times"; readonly mainMs: number; readonly besideMs: Readonly<Record<string, number>> }
  | ({ readonly op: "stall" } & Stall);

const say = (answer: BotAnswer): void => void process.send?.(answer);

function sinceThen(then: ThreadTimes): ThreadTimes {
  const now = threadTimes();
  return {
    mainMs: now.mainMs - then.mainMs,
    besideMs: Object.fromEntries(
      Object.entries(now.besideMs).map(([name, ms]) => [name, ms - (then.besideMs[name] ?? 0)]),
    ),
  };
}

let then = threadTimes();
let stalled = (): Stall => ({ ms: 0, cpuMs: 0 });
process.on("message", (order: BotOrder) => {
  switch (order) {
    case "count":
      then = threadTimes();
      break;
    case "counted":
      say({ op: "times", ...sinceThen(then) });
      break;
    // Apart from the counting: whoever watches for stalls keeps the thread busy.
    case "watch":
      stalled = watchStalls();
      break;
    case "watched":
      say({ op: "stall", ...stalled() });
      break;
  }
});
say({ op: "ready" });
