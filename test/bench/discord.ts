import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { killBot, startBot } from "../torture/bot-process.ts";
import { quantile } from "./core.ts";
import type { Written } from "./discord-bot.ts";
import type { DiscordAnswer, DiscordOrder } from "./discord-far-end.ts";

interface Took {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly worstMs: number;
  /** The slowest of the first burst after the start, while the programs are being compiled. Not in the other figures. */
  readonly coldMs: number;
}

export interface DiscordAcknowledgement {
  /** From the moment the commands reach Placard's process to its write of each acknowledgement. */
  readonly placard: Took;
  /** From the member's command to Discord's receipt: the fake's work, with its referees, is in it. */
  readonly roundTrip: Took;
}

const PATIENCE_MS = 60_000;

/**
 * `atOnce` commands that arrive in one piece, `bursts` times after one to warm up. The fake and the real adapter with its core
 * are processes of their own, and share the machine's steady clock.
 */
export async function discordAcknowledgement(atOnce: number, bursts: number): Promise<DiscordAcknowledgement> {
  const folder = await mkdtemp(join(tmpdir(), "placard-bench-discord-"));
  const farEnd = fork(join(import.meta.dirname, "discord-far-end.ts"), { execArgv: [] });
  try {
    const { apiUrl, token } = await heard<Extract<DiscordAnswer, { op: "ready" }>>(farEnd, "ready");
    const bot = await startBot("../bench/discord-bot.ts", [folder, apiUrl, token], () => {});
    const placardMs: number[] = [];
    const roundTripMs: number[] = [];
    for (let burst = 0; burst <= bursts; burst += 1) {
      farEnd.send({ commands: atOnce } satisfies DiscordOrder);
      const acknowledged = await heard<Extract<DiscordAnswer, { op: "acknowledged" }>>(farEnd, "acknowledged");
      bot.send("what was written?");
      const { atMs } = await heard<Written>(bot, "written");
      placardMs.push(...acknowledged.interactionIds.map((id) => (atMs[id] ?? Number.NaN) - acknowledged.deliveredAtMs));
      roundTripMs.push(...acknowledged.roundTripMs);
    }
    await killBot(bot);
    return { placard: took(placardMs, atOnce, bursts), roundTrip: took(roundTripMs, atOnce, bursts) };
  } finally {
    farEnd.disconnect();
    await rm(folder, { recursive: true, force: true });
  }
}

function took(eachMs: readonly number[], atOnce: number, bursts: number): Took {
  const wanted = atOnce * (bursts + 1);
  const known = eachMs.filter((ms) => !Number.isNaN(ms));
  if (known.length !== wanted) throw new Error(`${known.length} acknowledgements of ${wanted}`);
  const warm = known.slice(atOnce);
  return {
    p50Ms: quantile(warm, 0.5),
    p99Ms: quantile(warm, 0.99),
    worstMs: Math.max(...warm),
    coldMs: Math.max(...known.slice(0, atOnce)),
  };
}

/** The next of its messages with this name; what else it says is not for us. @throws Error where it ends before */
async function heard<M extends { readonly op: string }>(child: ChildProcess, op: M["op"]): Promise<M> {
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, AbortSignal.timeout(PATIENCE_MS)]);
  const ended = once(child, "exit", { signal }).then(([code]) => {
    throw new Error(`${child.spawnargs.join(" ")} ended by itself: ${String(code)}`);
  });
  ended.catch(() => undefined);
  try {
    for (;;) {
      // The border of a process: what the files beside this one say.
      const [message] = (await Promise.race([once(child, "message", { signal }), ended])) as [M];
      if (message.op === op) return message;
    }
  } finally {
    over.abort();
  }
}
