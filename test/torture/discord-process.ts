import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { DiscordFake } from "../fakes/discord.ts";

export interface FromDiscordBot {
  readonly op: string;
  readonly seed?: number;
  readonly text?: string;
}

/** The bot with the real adapter as a process of its own, pointed at a fake in this one. Resolves when it is ready. */
export async function startDiscordBot(
  folder: string,
  fake: Pick<DiscordFake, "apiUrl" | "token">,
  hear: (message: FromDiscordBot) => void,
): Promise<ChildProcess> {
  const bot = fork(join(import.meta.dirname, "discord-bot.ts"), [folder, fake.apiUrl, fake.token], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    execArgv: [],
  });
  const ready = Promise.withResolvers<void>();
  bot.on("message", (message: FromDiscordBot) => {
    hear(message);
    if (message.op === "ready") ready.resolve();
  });
  bot.once("exit", (code, signal) => ready.reject(new Error(`the bot ended by itself: ${code ?? signal}`)));
  await ready.promise;
  return bot;
}

export async function killBot(bot: ChildProcess): Promise<void> {
  if (bot.exitCode !== null) throw new Error(`the bot ended by itself: ${bot.exitCode}`);
  const gone = Promise.all([once(bot, "exit"), bot.connected ? once(bot, "disconnect") : undefined]);
  bot.kill("SIGKILL");
  await gone;
}
