import { join } from "node:path";
import { z } from "zod";
import { createApp } from "../../src/app.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import { type ChatAdapter, ChatError, type ChatEvents, type MessageRef } from "../../src/chat.ts";
import { defineCommand } from "../../src/command.ts";
import type { Log } from "../../src/log.ts";
import { createPictureFiles } from "../../src/picture-files.ts";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { styleSchema } from "../../src/style.ts";
import type { View } from "../../src/view.ts";
import {
  CAPACITY_GPU_MS,
  costOf,
  type FromBot,
  type FromPlatform,
  isRefused,
  memberOf,
  seedOf,
  updateIdOf,
} from "./wire.ts";

// Placard's real core on its real store, talking to the fake platform of the parent: `node bot.ts FOLDER nonce|edit`.
const [, , folder = "", mode = ""] = process.argv;
const say = (message: FromBot) => void process.send?.(message);

const log: Log = {
  debug() {},
  info() {},
  warn: (fact, fields) => say({ op: "logged", text: `${fact} ${fields?.["error"] ?? ""}` }),
  error: (fact, fields) =>
    say({ op: "logged", text: `${fact} ${String((fields?.["error"] as Error | undefined)?.stack)}` }),
};

const rca = defineCommand({
  name: "rca",
  summary: "draw",
  example: "/rca fox",
  args: z.strictObject({ prompt: z.string(), seed: z.coerce.number() }),
  run: (_context, { prompt, seed }) => ({
    do: "draw",
    order: {
      request: {
        prompt,
        finalPrompt: prompt,
        styleId: "rca",
        loraScale: 1,
        guidance: 3,
        trueCfg: 1,
        steps: 4,
        seed,
        widthPx: 256,
        heightPx: 256,
      },
      count: 1,
      asked: [],
      advice: [],
      seedFrom: "typed",
    },
  }),
});

const backend = fakeBackend({
  delayMs: 18,
  steps: 3,
  mood: (_call, { seed }) => {
    say({ op: "started", seed });
    return isRefused(seed) ? "rejected" : "ok";
  },
  usedMs: ({ seed }) => costOf(seed),
  facts: { concurrency: 4 },
});

function adapterToParent(): ChatAdapter {
  let events: ChatEvents | undefined;
  let calls = 0;
  const open = new Map<number, PromiseWithResolvers<string>>();
  const ask = (request: (call: number) => FromBot): Promise<string> => {
    const answer = Promise.withResolvers<string>();
    calls += 1;
    open.set(calls, answer);
    say(request(calls));
    return answer.promise;
  };
  const shown = ({ text, tone }: View) => ({ text, ...(tone ? { tone } : {}) });

  async function update(number: number): Promise<void> {
    const memberId = memberOf(number);
    await events?.invoked({
      updateId: updateIdOf(number),
      commandName: "rca",
      raw: { values: { prompt: `fox ${number}`, seed: seedOf(number) } },
      attachments: [],
      member: { id: memberId, name: memberId, admin: false },
      target: { place: { platform: "torture", chatId: "c1", group: true }, memberId },
    });
    say({ op: "confirm", update: number });
  }
  process.on("message", (message: FromPlatform) => {
    switch (message.op) {
      case "update":
        return void update(message.update);
      case "answer":
        return open.get(message.call)?.resolve(message.messageId);
      case "refusal":
        return open
          .get(message.call)
          ?.reject(
            new ChatError("torture", message.code, "told so", message.code === "gone" ? {} : { retryAfterMs: 30 }),
          );
    }
  });

  return {
    platform: "torture",
    capabilities: {
      textMaxChars: 2000,
      captionMaxChars: 1024,
      imageMaxBytes: 1e7,
      buttonsPerRow: 5,
      buttonRows: 5,
      buttonTokenMaxBytes: 64,
      ackWithinMs: 3000,
      editMinIntervalMs: 1000,
      postsOnce: mode === "nonce",
    },
    async start(_commands, handlers) {
      events = handlers;
      return "torture: the parent listens";
    },
    async stop() {
      events = undefined;
    },
    async acknowledge() {},
    async post({ place }, view, { nonce }): Promise<MessageRef> {
      return { place, messageId: await ask((call) => ({ op: "post", call, nonce, view: shown(view) })) };
    },
    async edit({ messageId }, view) {
      await ask((call) => ({ op: "edit", call, messageId, view: shown(view) }));
    },
    async openForm() {},
  };
}

const app = createApp({
  commands: [() => [rca]],
  buttons: [],
  adapters: [adapterToParent()],
  backends: [backend],
  store: await openSqliteStore({ file: join(folder, "placard.sqlite"), exclusive: true }),
  files: createPictureFiles(join(folder, "pictures")),
  styles: [styleSchema.parse({ id: "rca", title: "RCA" })],
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
