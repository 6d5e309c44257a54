import { existsSync, readdirSync } from "node:fs";
import { setTimeout as pauseMs } from "node:timers/promises";
import { getHeapCodeStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createDiscord } from "../../../adapters/discord/adapter.ts";
import { RATES } from "../../../adapters/telegram/limits.ts";
import { telegramSettings } from "../../../adapters/telegram/settings.ts";
import { createTelegram } from "../../../adapters/telegram.ts";
import { createWebChat } from "../../../adapters/web.ts";
import { moduleValues } from "../../../src/app/modules.ts";
import { createNotices } from "../../../src/app/notices.ts";
import { fakeBackend } from "../../../src/backends/fake.ts";
import { type Clock, systemClock } from "../../../src/lib/clock.ts";
import { hardenPrototypes } from "../../../src/lib/harden-prototypes.ts";
import type { Log } from "../../../src/ports/log.ts";
import { appOver, openStore } from "../../fakes/app.ts";
import { moduleServices } from "../../fakes/module-services.ts";
import { CAPACITY_GPU_MS, type FromProgram, PICTURE_GPU_MS, type Sample, type ToProgram } from "./messages.ts";

// A whole Placard with three platforms, for the soak: `node program.ts FOLDER DISCORD_URL DISCORD_TOKEN TELEGRAM_URL TELEGRAM_TOKEN`.
const [, , folder = "", discordUrl = "", discordToken = "", telegramUrl = "", telegramToken = ""] = process.argv;
const many = 1_000_000;
/** The sweeps of every ten minutes come every thirty seconds: a soak is shorter than a day. */
const LONG_MS = 300_000;
const LONG_IS_SHORTER = 20;

hardenPrototypes();
// The flag works for what is made after it: a context of its own.
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as (how: { readonly type: "major"; readonly flavor: "last-resort" }) => void;
/** Whatever can go, and the pages it lay on go back to the system. */
const collectGarbage = () => collect({ type: "major", flavor: "last-resort" });

const say = (message: FromProgram): void => void process.send?.(message);
const told = (fact: string, fields: Parameters<Log["warn"]>[1] = {}) =>
  say({ op: "logged", text: `${fact} ${String((fields["error"] as Error | undefined)?.stack ?? "")}`.slice(0, 2000) });
const log: Log = { debug() {}, info() {}, warn: told, error: told };

let aheadMs = 0;
const clock: Clock = {
  ...systemClock,
  nowMs: () => systemClock.nowMs() + aheadMs,
  after: (durationMs, run) => systemClock.after(durationMs >= LONG_MS ? durationMs / LONG_IS_SHORTER : durationMs, run),
};
const store = await openStore(folder);
const notices = createNotices();
const world = moduleServices({
  under: folder,
  log,
  clock,
  notices,
  values: moduleValues("bot", () => store.keyValues),
});
let picturesMade = 0;

const app = await appOver(folder, {
  adapters: [
    createWebChat(
      {
        WEB_HOST: "127.0.0.1",
        WEB_PORT: 0,
        WEB_TOKEN: undefined,
        WEB_SHARE: "no",
        WEB_NEW_NAMES: "open",
        TRUST_PROXY: 1,
      },
      world,
    ),
    createDiscord(
      { DISCORD_TOKEN: discordToken, DISCORD_API_URL: discordUrl, DISCORD_GUILD_IDS: [], DISCORD_SHARDS: "auto" },
      world,
    ),
    createTelegram(
      telegramSettings.parse({ TELEGRAM_TOKEN: telegramToken, TELEGRAM_API_URL: telegramUrl }),
      telegramToken,
      world,
      {
        ...RATES,
        groupSendsPerMinute: many,
        privateSendsPerMinute: many,
        chatSendsAtOnce: many,
        chatSendEveryMs: 0,
        editsPerMinute: many,
        progressEditsPerMinute: many,
        callsPerSecond: many,
      },
    ),
  ],
  backends: [
    fakeBackend({
      delayMs: 2,
      steps: 3,
      clock,
      mood: (call) => (call % 11 === 10 ? "rejected" : "ok"),
      usedMs: () => {
        picturesMade += 1;
        return PICTURE_GPU_MS;
      },
      facts: { concurrency: 2 },
    }),
  ],
  store,
  notices,
  clock,
  log,
  installation: {
    votes: 2,
    maxOpenJobs: 1000,
    allowance: { capacityGpuMs: CAPACITY_GPU_MS, refillGpuMsPerHour: 0, resetMs: 0 },
  },
});

async function sample(): Promise<Sample> {
  await app.idle();
  // What ends is let go of in turns: finalisers, closing sockets, streams.
  for (let turn = 0; turn < 4; turn += 1) {
    collectGarbage();
    await pauseMs(100);
  }
  const { heapUsed, rss, external, arrayBuffers } = process.memoryUsage();
  const code = getHeapCodeStatistics();
  return {
    heapBytes: heapUsed,
    codeBytes: code.code_and_metadata_size + code.bytecode_and_metadata_size,
    rssBytes: rss,
    externalBytes: external + arrayBuffers,
    resources: process.getActiveResourcesInfo().length,
    openFiles: existsSync("/proc/self/fd") ? readdirSync("/proc/self/fd").length : 0,
    picturesMade,
  };
}

process.on("message", (message: ToProgram) => {
  switch (message.op) {
    case "ahead":
      aheadMs = message.aheadMs;
      return;
    case "sample":
      return void sample().then((found) => say({ op: "sample", call: message.call, sample: found }));
  }
});
process.on("disconnect", () => process.exit(0));
say({ op: "ready", lines: await app.start() });
