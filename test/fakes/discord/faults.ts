import type { Call } from "./calls.ts";

/** What goes wrong with a request. */
export type Fault =
  | { readonly kind: "status"; readonly status: number; readonly code?: number }
  /** The right answer, later: real milliseconds. */
  | { readonly kind: "delay"; readonly delayMs: number }
  /** RST: "ECONNRESET". */
  | { readonly kind: "reset" }
  /** FIN without an answer: "other side closed". */
  | { readonly kind: "close" }
  /** Never an answer, until the client or the fake ends. */
  | { readonly kind: "hang" }
  /** `shared` and `global` are scopes of Discord's; `user` is this bot's own bucket. */
  | { readonly kind: "rate_limited"; readonly retryAfterMs: number; readonly scope: "user" | "global" | "shared" }
  /** What a proxy in front of Discord answers. */
  | { readonly kind: "html"; readonly status: number };

export interface FaultRule {
  /** Operation ids as in Discord's description ("create_message"), or "*" for every one. */
  readonly on: string | readonly string[];
  readonly fault: Fault;
  /** "not_applied": Discord did nothing. "applied": it did, and the answer got lost. 429 is never applied. */
  readonly when?: "not_applied" | "applied";
  /** Which of these requests; default every one. */
  readonly only?: (call: Call) => boolean;
  /** So many requests; default all. */
  readonly times?: number;
  /** The share of requests hit, 0-1, by the fake's seeded chance; default 1. */
  readonly probability?: number;
}

export interface RunningFault {
  readonly hits: number;
  /** From now on nothing is hit. */
  stop(): void;
}

interface Running {
  readonly rule: FaultRule;
  left: number;
  hits: number;
}

export interface Faults {
  add(rule: FaultRule): RunningFault;
  clear(): void;
  next(call: Call): FaultRule | undefined;
}

export function createFaults(chance: () => number): Faults {
  const running: Running[] = [];
  const matches = ({ on, only }: FaultRule, call: Call) =>
    (on === "*" || [on].flat().includes(call.operation)) && (only === undefined || only(call));
  return {
    add(rule) {
      if (rule.fault.kind === "rate_limited" && rule.when === "applied") throw new Error("a 429 is never applied");
      const entry: Running = { rule, left: rule.times ?? Number.POSITIVE_INFINITY, hits: 0 };
      running.push(entry);
      return {
        get hits() {
          return entry.hits;
        },
        stop() {
          entry.left = 0;
        },
      };
    },
    clear() {
      for (const entry of running.splice(0)) entry.left = 0;
    },
    next(call) {
      const hit = running.find(
        ({ rule, left }) => left > 0 && matches(rule, call) && chance() < (rule.probability ?? 1),
      );
      if (!hit) return undefined;
      hit.left -= 1;
      hit.hits += 1;
      return hit.rule;
    },
  };
}
