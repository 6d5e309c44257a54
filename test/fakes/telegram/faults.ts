import type { Json } from "./world.ts";

/** What goes wrong between the bot and Telegram. */
export type Failure =
  /** An error in Telegram's JSON, by default with its usual words. `retryAfterS` for 429. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly description?: string;
      readonly retryAfterS?: number;
    }
  /** A gateway's page instead of JSON. */
  | { readonly kind: "html"; readonly status?: number }
  /** The answer comes, late. */
  | { readonly kind: "delay"; readonly ms: number }
  /** The connection breaks (RST). */
  | { readonly kind: "reset" }
  /** The connection is closed without an answer. */
  | { readonly kind: "close" }
  /** No answer, ever: until the fault ends, the caller gives up or the fake closes. */
  | { readonly kind: "hang" };

export interface FaultOptions {
  /** One method, several, or "all" but getUpdates. */
  readonly methods: string | readonly string[];
  readonly failure: Failure;
  /** true: the call does its work and the answer is lost. false: it is not applied. */
  readonly applied: boolean;
  /** So many calls; without `times` and `share` one. */
  readonly times?: number;
  /** 0-1, of all matching calls, drawn with the fake's seed; goes on until `end()` or `times`. */
  readonly share?: number;
  /** Only calls with such parameters. */
  readonly when?: (params: Json) => boolean;
}

export interface Fault {
  readonly hits: number;
  end(): void;
}
export interface ActiveFault {
  readonly failure: Failure;
  readonly applied: boolean;
  /** Resolves when the fault ends. */
  readonly over: Promise<void>;
}

export type Faults = ReturnType<typeof createFaults>;

export function createFaults(chance: () => number) {
  const plans = new Set<{
    readonly options: FaultOptions;
    readonly methods: readonly string[] | "all";
    hits: number;
    readonly over: PromiseWithResolvers<void>;
  }>();

  return {
    add(options: FaultOptions): Fault {
      const { methods } = options;
      const names = typeof methods === "string" ? [methods] : methods;
      const plan = {
        options,
        methods: methods === "all" ? ("all" as const) : names.map((name) => name.toLowerCase()),
        hits: 0,
        over: Promise.withResolvers<void>(),
      };
      plans.add(plan);
      return {
        get hits() {
          return plan.hits;
        },
        end() {
          plans.delete(plan);
          plan.over.resolve();
        },
      };
    },
    /** The fault that befalls this call, if any. */
    strike(method: string, params: Json): ActiveFault | undefined {
      const name = method.toLowerCase();
      for (const plan of plans) {
        const { times, share, when, failure, applied } = plan.options;
        const matches = plan.methods === "all" ? name !== "getupdates" : plan.methods.includes(name);
        if (!matches || (when && !when(params))) continue;
        if (share !== undefined && chance() >= share) continue;
        plan.hits += 1;
        const last = times ?? (share === undefined ? 1 : Number.POSITIVE_INFINITY);
        if (plan.hits >= last) plans.delete(plan);
        return { failure, applied, over: plan.over.promise };
      }
      return undefined;
    },
    endAll(): void {
      for (const plan of plans) plan.over.resolve();
      plans.clear();
    },
  };
}
