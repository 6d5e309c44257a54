import { type Call, type Lane, Lanes, type Waiting } from "../../../adapters/telegram/lanes.ts";
import { RATES } from "../../../adapters/telegram/limits.ts";
import { seededChance } from "../../fakes/chance.ts";

/** When Telegram saw a call: somewhere between its start and its answer. */
interface Arrival {
  readonly atMs: number;
  readonly call: Call;
}

const BUSY = ["-1", "-2", "3", "4"];
const MINUTE_MS = 60_000;
const SIMULATED_MS = 75_000;
const STEP_MS = 20;
const LONGEST_ANSWER_MS = 1900;
/** As the fake Telegram has it. */
const BUCKET = 10;

/**
 * 75 s of calls of all kinds in a few busy and many quiet chats, now and then told to wait, as Telegram sees them.
 *
 * @param flooded always a hundred first answers and a few ends wait, and nobody is told to
 */
export function simulated({ seed, flooded }: { readonly seed: number; readonly flooded: boolean }) {
  const chance = seededChance(seed);
  const clock = { ms: 0 };
  const lanes = new Lanes(RATES, () => clock.ms);
  const arrivals: Arrival[] = [];
  const ending: { readonly atMs: number; readonly end: () => void }[] = [];
  const open = new Set<Waiting>();
  const told = new Map<string, number>();
  const lastStarted = new Map<string, number>();
  const endsAtMs: number[] = [];
  const faults = { startedWhileTold: 0, outOfOrder: 0, startedTwice: 0 };
  let chats = 100;

  const pick = <T>(all: readonly T[]): T => all[Math.floor(chance() * all.length)] as T;
  const newChatId = () => {
    chats += 1;
    return String(chance() < 0.5 ? chats : -chats);
  };
  const chatId = () => (chance() < 0.3 ? pick(BUSY) : newChatId());

  function come(lane: Lane, kind: Call["kind"], patienceMs: number, where = chatId()): void {
    // An album waits until it fits: how many ends start in a window is counted without.
    const cost = lane === "final" && kind === "send" && !flooded ? 2 + Math.floor(chance() * 9) : 1;
    const joined = lanes.join({ lane, kind, cost, patienceMs, ...(kind === "other" ? {} : { chatId: where }) });
    if (typeof joined !== "number") open.add(joined);
  }

  function arriveSome(): void {
    if (flooded) {
      const waiting = (lane: Lane) =>
        [...open].filter((each) => each.lane === lane && !BUSY.includes(each.chatId ?? ""));
      for (let count = waiting("first").length; count < 100; count += 1) come("first", "send", 60_000, newChatId());
      for (let count = waiting("final").length; count < 4; count += 1) come("final", "edit", 60_000, newChatId());
    }
    if (chance() < 0.5) come("first", "send", 3000);
    if (chance() < 0.3) come("final", pick(["edit", "edit", "send"]), 3000);
    if (chance() < 0.2) come(pick(["press", "look", "card", "spare"]), pick(["other", "edit"]), 3000);
    if (chance() < 0.2) come("spare", "progress", 0);
    if (!flooded && chance() < 0.002) {
      const chat = pick(["-1", "3"]);
      lanes.told(chat, 2000);
      told.set(chat, Math.max(told.get(chat) ?? 0, clock.ms + 2000));
    }
  }

  function startSome(): void {
    const { started, late } = lanes.take();
    for (const [each, one] of started) {
      if (!open.delete(each)) faults.startedTwice += 1;
      if (clock.ms < (told.get(each.chatId ?? "") ?? 0)) faults.startedWhileTold += 1;
      const line = `${each.lane} ${each.kind} ${each.chatId ?? ""} ${each.cost}`;
      if ((lastStarted.get(line) ?? 0) > each.sinceMs) faults.outOfOrder += 1;
      lastStarted.set(line, each.sinceMs);
      if (each.lane === "final") endsAtMs.push(clock.ms);
      const tookMs = chance() * LONGEST_ANSWER_MS;
      arrivals.push({ atMs: clock.ms + chance() * tookMs, call: each });
      ending.push({ atMs: clock.ms + tookMs, end: () => lanes.ended(one) });
    }
    for (const each of late.keys()) if (!open.delete(each)) faults.startedTwice += 1;
  }

  while (clock.ms < SIMULATED_MS) {
    arriveSome();
    startSome();
    clock.ms += STEP_MS;
    for (const each of ending.filter(({ atMs }) => atMs <= clock.ms)) {
      each.end();
      ending.splice(ending.indexOf(each), 1);
    }
  }
  const unanswered = [...open].filter(({ untilMs }) => untilMs < clock.ms - STEP_MS).length;
  arrivals.sort((a, b) => a.atMs - b.atMs);
  const sends = arrivals.filter(({ call }) => call.kind === "send");
  return {
    ...faults,
    unanswered,
    mostInASecond: most(arrivals, 1000),
    mostInAMinuteOfAGroup: Math.max(
      ...["-1", "-2"].map((id) =>
        most(
          sends.filter((each) => each.call.chatId === id),
          MINUTE_MS,
        ),
      ),
    ),
    overdrawn: BUSY.filter((id) => isOverdrawn(sends.filter((each) => each.call.chatId === id))).length,
    /** A window is a second and the longest answer. */
    fewestEndsInAWindow: fewest(endsAtMs, 1000 + LONGEST_ANSWER_MS + STEP_MS),
  };
}

/** The most messages within any such time. */
function most(arrivals: readonly Arrival[], withinMs: number): number {
  let from = 0;
  let inside = 0;
  let found = 0;
  for (const { atMs, call } of arrivals) {
    inside += call.cost;
    while ((arrivals[from]?.atMs ?? atMs) <= atMs - withinMs) {
      inside -= arrivals[from]?.call.cost ?? 0;
      from += 1;
    }
    found = Math.max(found, inside);
  }
  return found;
}

/** Of a bucket that gets one a second. An album larger than it takes all there is. */
function isOverdrawn(sends: readonly Arrival[]): boolean {
  let tokens = BUCKET;
  let lastMs = 0;
  for (const { atMs, call } of sends) {
    tokens = Math.min(BUCKET, tokens + (atMs - lastMs) / 1000);
    lastMs = atMs;
    if (tokens < Math.min(call.cost, BUCKET)) return true;
    tokens -= call.cost;
  }
  return false;
}

function fewest(timesMs: readonly number[], withinMs: number): number {
  let found = Number.POSITIVE_INFINITY;
  for (let fromMs = 2000; fromMs + withinMs < SIMULATED_MS; fromMs += 100)
    found = Math.min(found, timesMs.filter((atMs) => atMs >= fromMs && atMs < fromMs + withinMs).length);
  return found;
}
