import { setTimeout as pauseMs } from "node:timers/promises";
import pg from "pg";
import { z } from "zod";
import { say } from "../bot-parts.ts";
import { CAPACITY_GPU_MS, costOf, isRefused, seedOf } from "../wire.ts";
import { promptOf, updateIn } from "./chat.ts";
import { machineOf } from "./machine.ts";

// The control of the machines: confirms first, works from memory, does the balance in two steps, posts and then notes it, and at
// its start takes all that was not posted for a dead process's. `node naive-bot.ts JSON`
const { address, telegram } = machineOf(process.argv[2]);
process.once("disconnect", () => process.exit());
const PICTURE_MS = 80;
const AT_ONCE = 4;
const pool = new pg.Pool({
  connectionString: address,
  max: 4,
  connectionTimeoutMillis: 2000,
  query_timeout: 2000,
});
pool.on("error", () => undefined);
pool.on("connect", (client) => client.on("error", () => undefined));
// As much of Placard's tables as the sums look at.
await pool.query(`CREATE TABLE IF NOT EXISTS job(
    body TEXT PRIMARY KEY, member_id TEXT, chat_id BIGINT, posted INT NOT NULL DEFAULT 0, ended_at_ms BIGINT);
  CREATE TABLE IF NOT EXISTS bucket(member_id TEXT PRIMARY KEY, balance_gpu_ms BIGINT);
  CREATE TABLE IF NOT EXISTS hold(state TEXT, held_gpu_ms BIGINT);
  CREATE TABLE IF NOT EXISTS outbox(abandoned INT, revision INT, posted_revision INT);
  CREATE TABLE IF NOT EXISTS picture(image_id TEXT, sha256 TEXT)`);

interface Wanted {
  readonly update: number;
  readonly memberId: string;
  readonly chatId: number;
}

async function call(method: string, body: object): Promise<unknown> {
  const response = await fetch(`${telegram.url}/bot${telegram.token}/${method}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return ((await response.json()) as { readonly result?: unknown }).result;
}

async function work({ update, memberId, chatId }: Wanted): Promise<void> {
  const seed = seedOf(update);
  const body = promptOf(update);
  await pool.query("INSERT INTO job(body, member_id, chat_id) VALUES($1, $2, $3) ON CONFLICT DO NOTHING", [
    body,
    memberId,
    chatId,
  ]);
  say({ op: "started", seed });
  const { rows } = await pool.query("SELECT balance_gpu_ms AS b FROM bucket WHERE member_id = $1", [memberId]);
  await pauseMs(PICTURE_MS);
  const balance = Number(rows[0]?.b ?? CAPACITY_GPU_MS) - costOf(seed);
  await pool.query("INSERT INTO bucket VALUES($1, $2) ON CONFLICT(member_id) DO UPDATE SET balance_gpu_ms = $2", [
    memberId,
    balance,
  ]);
  const label = isRefused(seed) ? "Try again" : "Reroll";
  const buttons = { inline_keyboard: [[{ text: label, callback_data: label }]] };
  await call("sendMessage", { chat_id: chatId, text: body, reply_markup: buttons });
  await pool.query("UPDATE job SET posted = 1, ended_at_ms = 0 WHERE body = $1", [body]);
}

const waiting: Wanted[] = [];
async function lane(): Promise<never> {
  for (;;) {
    const wanted = waiting.shift();
    if (wanted) await work(wanted).catch((error) => say({ op: "logged", level: "warn", text: `${error}` }));
    else await pauseMs(5);
  }
}

const updatesSchema = z.array(
  z.object({
    update_id: z.number(),
    message: z.object({ text: z.string(), from: z.object({ id: z.number() }), chat: z.object({ id: z.number() }) }),
  }),
);

async function listen(): Promise<never> {
  let offset = 0;
  for (;;) {
    // Of several that listen Telegram sends one away.
    const given = updatesSchema.safeParse(await call("getUpdates", { offset, timeout: 1 }).catch(() => undefined));
    if (!given.success) await pauseMs(100);
    for (const { update_id, message } of given.data ?? []) {
      offset = update_id + 1;
      const update = updateIn(message.text);
      if (update !== undefined)
        waiting.push({ update, memberId: `telegram:${message.from.id}`, chatId: message.chat.id });
    }
  }
}

const { rows } = await pool.query("SELECT body, member_id, chat_id FROM job WHERE posted = 0");
for (const { body, member_id: memberId, chat_id: chatId } of rows)
  waiting.push({ update: updateIn(body) ?? 0, memberId, chatId: Number(chatId) });
say({ op: "ready" });
await Promise.all([...Array.from({ length: AT_ONCE }, lane), listen()]);
