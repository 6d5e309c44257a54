import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { Clock } from "../lib/clock.ts";
import { coalesce } from "../lib/coalesce.ts";
import { asError } from "../lib/error.ts";
import type { Leader, Reign } from "../ports/leader.ts";
import type { Log } from "../ports/log.ts";

/** What is told of a change. Each is called in turn, gained first; neither may throw. */
interface LeadershipChanges {
  gained(): void;
  /** At once: another leads already, or may from this moment on. */
  lost(): void;
}

/** Who leads, for people. */
export type LeadershipFacts =
  | { readonly is: "alone" }
  | { readonly is: "leading" }
  /** `by`: a machine and a process, e.g. "north, process 4711"; absent: nobody at the moment. */
  | { readonly is: "following"; readonly by?: string };

export interface Leadership {
  /** Whether something may be begun now that one process alone does. */
  leads(): boolean;
  /** What is done under; `undefined` where nothing has to be written down, or another leads. */
  reign(): Reign | undefined;
  /** Resolves with the first answer: whether it leads from now on. Rejects as the store does. */
  start(changes: LeadershipChanges): Promise<boolean>;
  /** There may be something to take over. */
  look(): void;
  /** Another's reign was met, whatever the clock says: this one ends. */
  deposed(): void;
  facts(): LeadershipFacts;
  /** So that the next one need not wait for its end. Nothing is told any more, and nothing begun. */
  giveBack(): Promise<void>;
}

/** Where one process has the database, it leads from its start to its end, and nobody has to be asked. */
export function leadingAlone(): Leadership {
  let leads = false;
  return {
    leads: () => leads,
    reign: () => undefined,
    async start({ gained }) {
      leads = true;
      gained();
      return true;
    },
    look: () => undefined,
    deposed: () => undefined,
    facts: () => ({ is: "alone" }),
    async giveBack() {
      leads = false;
    },
  };
}

const NAME = "leader";
/** Clocks of machines differ by less, and a row that is over a moment later would be asked for in vain. */
const LATER_MS = 20;

/** What was answered last, by the clock that only passes. */
function createClaim({ leader, clock }: Pick<LeadershipDeps, "leader" | "clock">) {
  const holder = `${hostname()}, process ${process.pid} (${randomUUID()})`;
  let held: { readonly reign: Reign; readonly untilMs: number } | undefined;
  return {
    async ask(lastsMs: number): Promise<void> {
      const askedAtMs = clock.steadyMs();
      const nowMs = clock.nowMs();
      const reign = await leader.lead(NAME, holder, nowMs, nowMs + lastsMs);
      held = reign && { reign, untilMs: askedAtMs + lastsMs };
    },
    get reign() {
      return held?.reign;
    },
    /** Below 0: it is over. */
    leftMs: () => (held ? held.untilMs - clock.steadyMs() : Number.NEGATIVE_INFINITY),
  };
}

interface LeadershipDeps {
  readonly leader: Leader;
  readonly clock: Clock;
  readonly log: Log;
  readonly reignMs: number;
  /** As long as most sends take. */
  readonly marginMs: number;
}

/**
 * Of several processes over one database one leads. Whoever leads asks again at each quarter of its reign; the others when that is
 * over, or when they hear that it was given back. It counts by the time that only passes, from before it asked: however late an
 * answer comes, the database's row lasts longer than its holder believes. A fence cannot reach a platform, so nothing is begun so
 * shortly before the end that it could still be under way when another takes over.
 */
export function createLeadership(deps: LeadershipDeps): Leadership {
  const { leader, clock, log, reignMs, marginMs } = deps;
  const claim = createClaim(deps);
  /** As it was told. */
  let isLeading = false;
  let other: string | undefined;
  let over = true;
  let changes: LeadershipChanges | undefined;
  let callOffLook = () => {};
  let callOffEnd = () => {};

  async function lookNow(): Promise<void> {
    if (over) return;
    callOffLook();
    await claim.ask(reignMs);
    // What was asked before it was given back.
    if (over) return;
    if (claim.reign) return holdOn();
    lose();
    const found = await leader.leading(NAME);
    other = found?.holder;
    lookIn(Math.max(0, (found?.untilMs ?? 0) - clock.nowMs()) + LATER_MS);
  }

  function holdOn(): void {
    callOffEnd();
    const leftMs = claim.leftMs();
    callOffEnd = clock.after(Math.max(0, leftMs), lose);
    // An answer may come so late that nothing can be begun under it.
    const isUsable = leftMs > marginMs;
    lookIn(isUsable ? reignMs / 4 : 0);
    other = undefined;
    if (isLeading || !isUsable) return;
    isLeading = true;
    log.info("leader.gained", { fence: claim.reign?.fence ?? 0 });
    changes?.gained();
  }

  function lose(): void {
    callOffEnd();
    if (!isLeading) return;
    isLeading = false;
    log.warn("leader.lost", { todo: "another Placard sends and listens now, or the database could not be reached" });
    changes?.lost();
  }

  function lookIn(waitMs: number): void {
    callOffLook();
    callOffLook = over ? () => {} : clock.after(Math.min(waitMs, reignMs), look.ask);
  }

  const look = coalesce(lookNow, (error) => {
    // A database that is away is told of by all who need it.
    log.debug("leader.unknown", { error: asError(error) });
    lookIn(reignMs / 4);
  });

  const inTime = () => isLeading && claim.leftMs() > marginMs;

  return {
    leads: inTime,
    reign: () => (inTime() ? claim.reign : undefined),
    async start(told) {
      changes = told;
      over = false;
      await lookNow();
      return isLeading;
    },
    look: look.ask,
    deposed() {
      lose();
      look.ask();
    },
    facts: () => (isLeading ? { is: "leading" } : followingOf(other)),
    async giveBack() {
      over = true;
      isLeading = false;
      callOffLook();
      callOffEnd();
      while (look.running) await new Promise(setImmediate);
      if (claim.reign) await claim.ask(-reignMs);
    },
  };
}

/** Without what makes a holder one of a kind. */
const followingOf = (holder: string | undefined): LeadershipFacts => ({
  is: "following",
  ...(holder === undefined ? {} : { by: holder.replace(/ \([^)]*\)$/, "") }),
});
