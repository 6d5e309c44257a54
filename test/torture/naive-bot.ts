import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pauseMs } from "node:timers/promises";
import { CAPACITY_GPU_MS, costOf, type FromBot, type FromPlatform, isRefused, memberOf, seedOf } from "./wire.ts";

// The control: what one writes first. Confirms at once, works from memory, reads and writes the allowance in two steps,
// posts and then notes that it posted. A kill test that finds nothing wrong here looks at nothing.
const [, , folder = ""] = process.argv;
const db = new DatabaseSync(join(folder, "naive.sqlite"));
db.exec(`PRAGMA journal_mode = WAL;
  CREATE TABLE IF NOT EXISTS job(update_number INTEGER PRIMARY KEY, posted INTEGER NOT NULL DEFAULT 0);
  CREATE TABLE IF NOT EXISTS bucket(member_id TEXT PRIMARY KEY, balance_gpu_ms INTEGER NOT NULL)`);
const note = db.prepare("INSERT OR IGNORE INTO job(update_number) VALUES(?)");
const unposted = db.prepare("SELECT update_number AS number FROM job WHERE posted = 0");
const mark = db.prepare("UPDATE job SET posted = 1 WHERE update_number = ?");
const balance = db.prepare("SELECT balance_gpu_ms AS gpuMs FROM bucket WHERE member_id = ?");
const setBalance = db.prepare("INSERT OR REPLACE INTO bucket VALUES(?, ?)");

const say = (message: FromBot) => void process.send?.(message);
const answers = new Map<number, () => void>();
const waiting: number[] = [];
let calls = 0;

function post(update: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  calls += 1;
  answers.set(calls, resolve);
  const view = { text: `fox ${update}`, tone: isRefused(seedOf(update)) ? "bad" : "good" } as const;
  say({ op: "post", call: calls, nonce: `j.${update}`, view });
  return promise;
}

async function work(update: number): Promise<void> {
  note.run(update);
  say({ op: "started", seed: seedOf(update) });
  const gpuMs = Number(balance.get(memberOf(update))?.["gpuMs"] ?? CAPACITY_GPU_MS);
  await pauseMs(18);
  setBalance.run(memberOf(update), gpuMs - costOf(seedOf(update)));
  await post(update);
  mark.run(update);
}

async function lane(): Promise<void> {
  for (;;) {
    const update = waiting.shift();
    if (update === undefined) await pauseMs(5);
    else await work(update);
  }
}

process.on("message", (message: FromPlatform) => {
  if (message.op === "answer") answers.get(message.call)?.();
  if (message.op !== "update") return;
  say({ op: "confirm", update: message.update });
  waiting.push(message.update);
});
for (const { number } of unposted.all()) waiting.push(Number(number));
void lane();
void lane();
say({ op: "ready" });
