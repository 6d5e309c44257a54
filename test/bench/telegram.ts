import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pauseMs } from "node:timers/promises";
import { type CallRecord, openTelegramFake, type TelegramFake } from "../fakes/telegram.ts";
import { killBot, startBot } from "../torture/bot-process.ts";
import { quantile } from "./core.ts";

export interface TelegramBurst {
  /** From a member's command to Telegram's receipt of the first message in their chat. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly lastMs: number;
  /** The slowest of the first burst after the start, while both programs are being compiled. Not in the other figures. */
  readonly coldMs: number;
  /** From the first command of a burst to its last picture. */
  readonly allDrawnMs: number;
  /** Calls that Telegram refused for being too many. */
  readonly refused: number;
  readonly callsPerCommand: number;
}

const QUIET_MS = 1200;
const GIVE_UP_AFTER_MS = 120_000;

/**
 * `atOnce` commands in as many new groups, `bursts` times after one to warm up, with the real adapter at its real pace in a process of its own,
 * against a fake in this one that refuses what is said to be too much. Between bursts it is quiet.
 */
export async function telegramBursts(atOnce: number, bursts: number): Promise<TelegramBurst> {
  const folder = await mkdtemp(join(tmpdir(), "placard-bench-telegram-"));
  const fake = await openTelegramFake();
  try {
    const bot = await startBot("telegram-bot.ts", [folder, fake.url, fake.token, "paced"], () => {});
    await quiet(fake);
    const found: Burst[] = [];
    for (let at = 0; at <= bursts; at += 1) {
      found.push(await burst(fake, atOnce));
      await quiet(fake);
    }
    await killBot(bot);
    fake.expectNoComplaints();
    const [cold, ...warm] = found;
    const tookMs = warm.flatMap(({ firstMs }) => firstMs);
    return {
      p50Ms: quantile(tookMs, 0.5),
      p99Ms: quantile(tookMs, 0.99),
      lastMs: Math.max(...tookMs),
      coldMs: Math.max(...(cold?.firstMs ?? [])),
      allDrawnMs: Math.max(...warm.map(({ drawnMs }) => drawnMs)),
      refused: fake.calls.filter(({ errorCode }) => errorCode === 429).length,
      callsPerCommand: warm.reduce((sum, { calls }) => sum + calls, 0) / tookMs.length,
    };
  } finally {
    await fake.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Burst {
  readonly firstMs: readonly number[];
  readonly drawnMs: number;
  readonly calls: number;
}

const isOfBot = ({ method }: CallRecord): boolean => method !== "getUpdates";
const chatOf = ({ params }: CallRecord): number => Number(params["chat_id"]);

/** When each chat got such a call first. */
function firstAtMs(calls: readonly CallRecord[], method: string): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (const call of calls)
    if (call.ok && call.method === method && !found.has(chatOf(call))) found.set(chatOf(call), call.atMs);
  return found;
}

async function burst(fake: TelegramFake, atOnce: number): Promise<Burst> {
  const before = fake.calls.length;
  const saidAtMs = new Map<number, number>();
  for (let at = 0; at < atOnce; at += 1) {
    const person = fake.person(`M${at}`);
    const group = fake.supergroup(`New ${at}`, { members: [person] });
    saidAtMs.set(group.id, fake.clock.nowMs());
    person.in(group).say(`/rca a red fox seed:${at * 10 + 1}`);
  }
  const since = () => fake.calls.slice(before);
  const [beganAtMs = 0] = saidAtMs.values();
  while (firstAtMs(since(), "editMessageMedia").size < atOnce && fake.clock.nowMs() < beganAtMs + GIVE_UP_AFTER_MS)
    await pauseMs(20);
  const answered = firstAtMs(since(), "sendMessage");
  const drawn = firstAtMs(since(), "editMessageMedia");
  if (answered.size !== atOnce || drawn.size !== atOnce)
    throw new Error(`${answered.size} first answers and ${drawn.size} pictures of ${atOnce}`);
  return {
    firstMs: [...saidAtMs].map(([chatId, atMs]) => (answered.get(chatId) ?? Number.NaN) - atMs),
    drawnMs: Math.max(...drawn.values()) - beganAtMs,
    calls: since().filter(isOfBot).length,
  };
}

/** Nothing was asked of Telegram for a while, so that no window is in use. */
async function quiet(fake: TelegramFake): Promise<void> {
  for (;;) {
    const before = fake.calls.filter(isOfBot).length;
    await pauseMs(QUIET_MS);
    if (fake.calls.filter(isOfBot).length === before) return;
  }
}
