import { z } from "zod";
import type { App } from "../../src/app/app.ts";
import { moduleValues } from "../../src/app/modules.ts";
import type { AppDeps } from "../../src/app/services.ts";
import type { FakeOptions } from "../../src/backends/fake/options.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import { styleSchema } from "../../src/domain/style.ts";
import { verbatim } from "../../src/domain/text.ts";
import { drawArgs, drawOutcome } from "../../src/features/draw/options.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { defineCommand } from "../../src/ports/command.ts";
import type { Log } from "../../src/ports/log.ts";
import type { ModuleServices } from "../../src/ports/module.ts";
import type { StoreOverSql } from "../../src/rules/store.ts";
import { appOver } from "../fakes/app.ts";
import { CAPACITY_GPU_MS, costOf, type FromBot, isDeferred, isRefused } from "./wire.ts";

/** To the parent. */
export const say = (message: FromBot): void => void process.send?.(message);

/** Tells the parent whatever is a complaint. */
export const botLog: Log = {
  debug() {},
  info() {},
  warn: (fact, fields) => say({ op: "logged", level: "warn", text: `${fact} ${fields?.["error"] ?? ""}` }),
  error: (fact, fields) =>
    say({ op: "logged", level: "error", text: `${fact} ${String((fields?.["error"] as Error | undefined)?.stack)}` }),
};

const style = styleSchema.parse({ id: "rca", title: "RCA", defaults: { width: 256, height: 256, steps: 4 } });
const rca = defineCommand({
  group: "make",
  name: "rca",
  summary: verbatim("draw"),
  example: verbatim("/rca fox"),
  args: z.strictObject(drawArgs({ backends: [] }, style)),
  async run(context, args) {
    const outcome = await drawOutcome(context, style, args);
    return outcome.do === "draw" && isDeferred(outcome.order.request.seed)
      ? { do: "defer", order: outcome.order }
      : outcome;
  },
});

/** One in ten is refused, each costs what parent and bot agree on, and the parent hears of every start. */
export const countedBackend = (more: FakeOptions) =>
  fakeBackend({
    steps: 3,
    mood: (_call, { seed }) => {
      say({ op: "started", seed });
      return isRefused(seed) ? "rejected" : "ok";
    },
    usedMs: ({ seed }) => costOf(seed),
    ...more,
  });

/** Placard's real core on this store, with one command. */
export const botApp = (
  folder: string,
  store: StoreOverSql,
  parts: Pick<AppDeps, "adapters" | "backends"> & Partial<Omit<AppDeps, "installation" | "store">>,
): Promise<App> =>
  appOver(folder, {
    commands: [() => [rca]],
    buttons: [],
    styles: [style],
    installation: {
      maxOpenJobs: 1000,
      allowance: { capacityGpuMs: CAPACITY_GPU_MS, refillGpuMsPerHour: 0, resetMs: 0 },
    },
    countTokens: (text) => ({ tokens: text.length, exact: false }),
    newSeed: () => 1,
    log: botLog,
    ...parts,
    store,
  });

/** What an adapter is handed. */
export const botWorld = (folder: string, store: StoreOverSql, clock = systemClock): ModuleServices => ({
  log: botLog,
  values: moduleValues("bot", () => store.keyValues),
  clock,
  notices: { say: () => undefined },
  folder: () => folder,
});
