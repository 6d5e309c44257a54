import { join } from "node:path";
import { z } from "zod";
import { RATES } from "../../adapters/telegram/limits.ts";
import { telegramSettings } from "../../adapters/telegram/settings.ts";
import { createTelegram } from "../../adapters/telegram.ts";
import { createApp } from "../../src/app.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import { defineCommand } from "../../src/command.ts";
import { drawArgs, drawOutcome } from "../../src/draw-options.ts";
import type { Log } from "../../src/log.ts";
import { createPictureFiles } from "../../src/picture-files.ts";
import type { KeyValues } from "../../src/store.ts";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { styleSchema } from "../../src/style.ts";
import { CAPACITY_GPU_MS, costOf, isRefused } from "./wire.ts";

// Placard's real core and the real Telegram adapter: `node telegram-bot.ts FOLDER API_URL TOKEN`.
const [, , folder = "", apiUrl = "", token = ""] = process.argv;
const say = (message: Readonly<Record<string, unknown>>) => void process.send?.(message);

const log: Log = {
  debug() {},
  info() {},
  warn: (fact, fields) => say({ op: "logged", text: `${fact} ${fields?.["error"] ?? ""}` }),
  error: (fact, fields) =>
    say({ op: "logged", text: `${fact} ${String((fields?.["error"] as Error | undefined)?.stack)}` }),
};

const style = styleSchema.parse({ id: "rca", title: "RCA", defaults: { width: 256, height: 256, steps: 4 } });
const rca = defineCommand({
  name: "rca",
  summary: "draw",
  example: "/rca fox",
  args: z.strictObject(drawArgs(style)),
  run: (context, args) => drawOutcome(context, style, args),
});

const store = await openSqliteStore({ file: join(folder, "placard.sqlite"), exclusive: true });
const keyValues = store.keyValues;
const PREFIX = "module:telegram:";
const kept: KeyValues = {
  get: (key) => keyValues.get(PREFIX + key),
  set: (key, value) => keyValues.set(PREFIX + key, value),
  delete: (key) => keyValues.delete(PREFIX + key),
  entries: async (start) =>
    (await keyValues.entries(PREFIX + start)).map(([key, value]) => [key.slice(PREFIX.length), value] as const),
};
const many = 1_000_000;
const app = createApp({
  commands: [() => [rca]],
  buttons: [],
  adapters: [
    createTelegram(
      telegramSettings.parse({ TELEGRAM_TOKEN: token, TELEGRAM_API_URL: apiUrl }),
      token,
      { log, kept, nowMs: Date.now, folder: () => folder },
      // Its own pace would make an hour of this.
      {
        ...RATES,
        groupSendsPerMinute: many,
        privateSendsPerMinute: many,
        editsPerMinute: many,
        progressEditsPerMinute: many,
        progressEveryMs: 1000,
        callsPerSecond: many,
      },
    ),
  ],
  backends: [
    fakeBackend({
      delayMs: 18,
      steps: 3,
      mood: (_call, { seed }) => {
        say({ op: "started", seed });
        return isRefused(seed) ? "rejected" : "ok";
      },
      usedMs: ({ seed }) => costOf(seed),
      facts: { concurrency: 4 },
    }),
  ],
  store,
  files: createPictureFiles(join(folder, "pictures")),
  styles: [style],
  previewFolder: folder,
  drawStyle: async () => undefined,
  installation: {
    admins: [],
    votes: 3,
    maxOpenJobs: 1000,
    directMessages: "on",
    chatCapGpuMs: 0,
    approval: { foreign: false, platforms: [] },
    allowance: { capacityGpuMs: CAPACITY_GPU_MS, refillGpuMsPerHour: 0, resetMs: 0 },
  },
  buttonKey: Buffer.alloc(32, 7),
  countTokens: (text) => ({ tokens: text.length, exact: false }),
  nowMs: Date.now,
  newSeed: () => 1,
  log,
});
await app.start();
say({ op: "ready" });
