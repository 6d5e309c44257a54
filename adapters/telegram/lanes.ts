import type { Rates } from "./limits.ts";
import { ChatPaces, type Kind, type Stamp, stampedAtMs } from "./pacing.ts";

/**
 * What a call is for, the most urgent first: the answer to a press; what a member sees first; ends and changes of what is
 * there; what has to be looked up; the buttons of a picture that is still being made; and what nobody waits for.
 */
const LANES = ["press", "first", "final", "look", "card", "spare"] as const;
export type Lane = (typeof LANES)[number];

export interface Call {
  readonly lane: Lane;
  readonly kind: Kind;
  /** Absent for calls about no chat. */
  readonly chatId?: string | undefined;
  /** How many messages it is: an album is each of its pictures. */
  readonly cost: number;
  /** How long it may wait for its turn. */
  readonly patienceMs: number;
}

export interface Waiting extends Call {
  readonly sinceMs: number;
  readonly untilMs: number;
}

export interface Started extends Call {
  readonly stamps: readonly Stamp[];
}

interface Share {
  readonly lanes: readonly Lane[];
  readonly atLeast: number;
}

const WINDOW_MS = 1000;
/** Kept for presses whether or not somebody presses. */
const PRESSES = 2;
/** As long as some linger in these lanes, so many of them start in each window, whatever else waits: the oldest of them. */
const SHARES: readonly Share[] = [
  { lanes: ["final"], atLeast: 2 },
  { lanes: ["look", "card", "spare"], atLeast: 1 },
];
/**
 * What is neither a press nor a first answer leaves so much of the window free: a burst of commands must find room even when
 * the first of them are done already. Whoever has waited for `LINGER_MS` leaves less, and what nobody waits for never does.
 */
const LEFT_FREE: Readonly<Record<Lane, number>> = { press: 0, first: 0, final: 20, look: 20, card: 28, spare: 20 };
const LEFT_FREE_IN_THE_END = 5 + PRESSES;
const LINGER_MS = 500;

/**
 * Whose turn it is: at most so many calls within any second over all chats, none before its chat may be called again, the
 * more urgent lane first, and within a lane in the order they came. Pure but for the clock handed in.
 *
 * A place in the window is free again a second after the call's *answer*: Telegram counts when a call arrives, which is
 * somewhere between the two.
 *
 * No lane waits for ever: however many first answers come, with `SHARES` the k-th end that waits starts within k / 2 windows
 * and `LINGER_MS` (an album may take a window of its own), and the k-th of all that comes after ends within k. A window is a
 * second and what an answer takes.
 */
export class Lanes {
  readonly #callsPerWindow: number;
  readonly #nowMs: () => number;
  readonly #paces: ChatPaces;
  #window: readonly { readonly lane: Lane; readonly stamp: Stamp }[] = [];
  /** How many of the window each lane has. */
  #used = usedBy([]);
  #takenAtMs = 0;
  readonly #waiting: Readonly<Record<Lane, Waiting[]>> = {
    press: [],
    first: [],
    final: [],
    look: [],
    card: [],
    spare: [],
  };

  constructor(rates: Rates, nowMs: () => number) {
    this.#callsPerWindow = rates.callsPerSecond;
    this.#nowMs = nowMs;
    this.#paces = new ChatPaces(rates);
  }

  /** A place in its lane; or, as a number, how long its chat has to be left alone, where that is more than its patience. */
  join(call: Call): Waiting | number {
    const nowMs = this.#nowMs();
    const waitMs = this.#paces.freeAtMs(call, nowMs) - nowMs;
    if (waitMs > call.patienceMs) return waitMs;
    const waiting = { ...call, sinceMs: nowMs, untilMs: nowMs + call.patienceMs };
    this.#waiting[call.lane].push(waiting);
    return waiting;
  }

  /** Those whose turn it is, and those whose patience is over with how long they would have to wait. Both wait no more. */
  take(): { readonly started: ReadonlyMap<Waiting, Started>; readonly late: ReadonlyMap<Waiting, number> } {
    const nowMs = this.#nowMs();
    this.#takenAtMs = nowMs;
    this.#window = this.#window.filter(({ stamp }) => stampedAtMs(stamp, nowMs) + WINDOW_MS > nowMs);
    this.#used = usedBy(this.#window);
    const started = new Map<Waiting, Started>();
    for (;;) {
      const next = this.#next(nowMs);
      if (!next) break;
      this.#leave(next);
      started.set(next, this.#start(next, nowMs));
    }
    const late = new Map<Waiting, number>();
    for (const each of this.#everyone())
      if (each.untilMs <= nowMs)
        late.set(each, Math.max(this.#paces.freeAtMs(each, nowMs), this.#nextRoomAtMs(nowMs)) - nowMs);
    for (const each of late.keys()) this.#leave(each);
    return { started, late };
  }

  /** How long until `take` has something to give; `undefined`: nobody waits. */
  nextInMs(): number | undefined {
    const nowMs = this.#nowMs();
    const everyone = this.#everyone();
    if (everyone.length === 0) return undefined;
    const moments = [
      this.#nextRoomAtMs(nowMs),
      ...everyone.flatMap((each) => [each.untilMs, each.sinceMs + LINGER_MS, this.#paces.freeAtMs(each, nowMs)]),
    ];
    // What became due since is due now: time goes on between the two.
    return Math.max(1, Math.min(...moments.filter((atMs) => atMs > this.#takenAtMs)) - nowMs);
  }

  /** It was answered, or given up. */
  ended({ stamps }: Started): void {
    for (const stamp of stamps) stamp.endedAtMs ??= this.#nowMs();
  }

  told(chatId: string | undefined, retryAfterMs: number): void {
    this.#paces.told(chatId, retryAfterMs, this.#nowMs());
  }

  readonly #nextRoomAtMs = (nowMs: number): number =>
    Math.min(nowMs + WINDOW_MS, ...this.#window.map(({ stamp }) => stampedAtMs(stamp, nowMs) + WINDOW_MS));

  #next(nowMs: number): Waiting | undefined {
    const heads = LANES.flatMap((lane) => {
      const head = this.#waiting[lane].find((each) => this.#paces.freeAtMs(each, nowMs) <= nowMs);
      return head ? [head] : [];
    });
    return heads.find((head) => this.#hasRoomFor(head, heads, nowMs));
  }

  #hasRoomFor(head: Waiting, heads: readonly Waiting[], nowMs: number): boolean {
    const { lane, cost } = head;
    const lingering = heads.filter((each) => each.sinceMs + LINGER_MS <= nowMs);
    const claims = SHARES.flatMap((share) => this.#claimOf(share, lingering) ?? []);
    const own = claims.findIndex(({ by }) => by === head);
    // Of two claims the first goes first: each waiting for the other's, both would wait.
    const before = own < 0 ? claims : claims.slice(0, own);
    const owed = before.reduce((sum, { places }) => sum + places, 0);
    const presses = lane === "press" ? 0 : Math.max(0, PRESSES - this.#used.press);
    const used = this.#window.length;
    if (used + Math.min(cost, this.#callsPerWindow - PRESSES) + owed + presses > this.#callsPerWindow) return false;
    if (own >= 0) return true;
    const leftFree = lane !== "spare" && lingering.includes(head) ? LEFT_FREE_IN_THE_END : LEFT_FREE[lane];
    return used + cost <= this.#callsPerWindow - Math.min(leftFree, LEFT_FREE[lane]);
  }

  /** Who has the next place that its share still has to get of this window. */
  #claimOf({ lanes, atLeast }: Share, lingering: readonly Waiting[]): { by: Waiting; places: number } | undefined {
    const places = atLeast - lanes.reduce((sum, lane) => sum + this.#used[lane], 0);
    const [by] = lingering.filter(({ lane }) => lanes.includes(lane)).toSorted((a, b) => a.sinceMs - b.sinceMs);
    return by && places > 0 ? { by, places: Math.max(places, by.cost) } : undefined;
  }

  #start(call: Waiting, nowMs: number): Started {
    const stamps = Array.from({ length: call.cost }, (): Stamp => ({ startedAtMs: nowMs }));
    this.#window = [...this.#window, ...stamps.map((stamp) => ({ lane: call.lane, stamp }))];
    this.#used[call.lane] += call.cost;
    this.#paces.started(call, stamps, nowMs);
    return { ...call, stamps };
  }

  #leave(waiting: Waiting): void {
    const lane = this.#waiting[waiting.lane];
    lane.splice(lane.indexOf(waiting), 1);
  }

  readonly #everyone = (): readonly Waiting[] => LANES.flatMap((lane) => this.#waiting[lane]);
}

function usedBy(calls: readonly { readonly lane: Lane }[]): Record<Lane, number> {
  const used = { press: 0, first: 0, final: 0, look: 0, card: 0, spare: 0 };
  for (const { lane } of calls) used[lane] += 1;
  return used;
}
