import { z } from "zod";
import { moduleValues } from "../../src/app/modules.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import { styleSchema } from "../../src/domain/style.ts";
import { verbatim } from "../../src/domain/text.ts";
import { drawArgs, drawOutcome } from "../../src/features/draw/options.ts";
import { systemClock } from "../../src/lib/clock.ts";
import type { ChatAdapter } from "../../src/ports/chat.ts";
import { defineCommand } from "../../src/ports/command.ts";
import type { Log } from "../../src/ports/log.ts";
import type { ModuleServices } from "../../src/ports/module.ts";
import type { Store } from "../../src/ports/store.ts";
import { appOver, openStore } from "../fakes/app.ts";
import { CAPACITY_GPU_MS, costOf, type FromBot, isDeferred, isRefused } from "./wire.ts";

/** To the parent. */
export const say = (message: FromBot): void => void process.send?.(message);

const log: Log = {
  debug() {},
  info() {},
  warn: (fact, fields) => say({ op: "logged", text: `${fact} ${fields?.["error"] ?? ""}` }),
  error: (fact, fields) =>
    say({ op: "logged", text: `${fact} ${String((fields?.["error"] as Error | undefined)?.stack)}` }),
};

const style = styleSchema.parse({ id: "rca", title: "RCA", defaults: { width: 256, height: 256, steps: 4 } });
const rca = defineCommand({
  group: "make",
  name: "rca",
  summary: verbatim("draw"),
  example: verbatim("/rca fox"),
  args: z.strictObject(drawArgs(style)),
  async run(context, args) {
    const outcome = await drawOutcome(context, style, args);
    return outcome.do === "draw" && isDeferred(outcome.order.request.seed)
      ? { do: "defer", order: outcome.order }
      : outcome;
  },
});

/** Placard's real core on its real store, with one command, until somebody kills it. */
export async function runBot(
  folder: string,
  adapterOf: (world: ModuleServices, store: Store) => ChatAdapter,
): Promise<void> {
  const store = await openStore(folder);
  const app = await appOver(folder, {
    commands: [() => [rca]],
    buttons: [],
    adapters: [
      adapterOf(
        {
          log,
          values: moduleValues("bot", () => store.keyValues),
          clock: systemClock,
          notices: { say: () => undefined },
          folder: () => folder,
        },
        store,
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
    styles: [style],
    installation: {
      maxOpenJobs: 1000,
      allowance: { capacityGpuMs: CAPACITY_GPU_MS, refillGpuMsPerHour: 0, resetMs: 0 },
    },
    countTokens: (text) => ({ tokens: text.length, exact: false }),
    newSeed: () => 1,
    log,
  });
  await app.start();
  say({ op: "ready" });
}
