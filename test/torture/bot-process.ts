import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { START_FLAGS } from "../start-command.ts";
import type { FromBot } from "./wire.ts";

/** A bot as a process of its own: a file beside this one, with what stands behind its name. Resolves when it is ready. */
export async function startBot(
  file: string,
  argv: readonly string[],
  hear: (message: FromBot) => void,
  started: (bot: ChildProcess) => void = () => {},
  env: Readonly<Record<string, string>> = {},
): Promise<ChildProcess> {
  const bot = fork(join(import.meta.dirname, file), argv, {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    execArgv: [...START_FLAGS],
    env: { ...process.env, ...env },
  });
  started(bot);
  const ready = Promise.withResolvers<void>();
  bot.on("message", (message: FromBot) => {
    hear(message);
    if (message.op === "ready") ready.resolve();
  });
  bot.once("exit", (code, signal) => ready.reject(new Error(`the bot ended by itself: ${code ?? signal}`)));
  await ready.promise;
  return bot;
}

/** What it had sent before its end still arrives, as it would from a socket. @throws Error when it is gone already */
export async function killBot(bot: ChildProcess): Promise<void> {
  if (bot.exitCode !== null) throw new Error(`the bot ended by itself: ${bot.exitCode}`);
  const gone = Promise.all([once(bot, "exit"), bot.connected ? once(bot, "disconnect") : undefined]);
  bot.kill("SIGKILL");
  await gone;
}

/** What a bot says beside its work: how often each seed was begun, and its complaints. */
export function createHearing() {
  const started = new Map<number, number>();
  const logged: string[] = [];
  return {
    logged: logged as readonly string[],
    backendRepeats: () => [...started.values()].reduce((sum, times) => sum + times - 1, 0),
    hear(message: FromBot): void {
      if (message.op === "started") started.set(message.seed, (started.get(message.seed) ?? 0) + 1);
      if (message.op === "logged") logged.push(message.text);
    },
  };
}
