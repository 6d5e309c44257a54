import type { Order } from "../../domain/recipe.ts";
import { OPEN_ROUTE, type RouteRules } from "../../domain/route-rules.ts";
import type { Style } from "../../domain/style.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Backend, BackendError, Health } from "../../ports/backend.ts";
import type { Log } from "../../ports/log.ts";
import { CLOSED, failed, foundDown, probing, stateOf, unprobed } from "./circuit-breaker.ts";
import { createCircuits } from "./circuits.ts";
import { type Plan, planFor } from "./plan.ts";

export interface Router {
  /** In order of preference. */
  readonly backends: readonly Backend[];
  /**
   * Who can do all of this order, healthy ones only. Reads memory only.
   * @param waitsMs expected wait in front of each backend, by name; one with far less to do may go first
   */
  plan(order: Order, style: Style, rules?: RouteRules, waitsMs?: ReadonlyMap<string, number>): Plan;
  /** A job is about to try this backend: takes the probe where one is due. */
  trying(backend: Backend): void;
  succeeded(backend: Backend): void;
  failed(backend: Backend, error: BackendError): void;
  /** The job ended by itself, so its try says nothing about the backend. */
  untried(backend: Backend): void;
  health(): Promise<readonly { readonly facts: Backend; readonly health: Health }[]>;
  /** Looks at every backend, so that one that is down is known before a job meets it. Never rejects. */
  look(): Promise<void>;
}

const HEALTH_WITHIN_MS = 2000;
/** How often the app looks, and a little more than that: how long a look that found a backend down holds. */
export const LOOK_EVERY_MS = 60_000;
const LOOK_HOLDS_MS = LOOK_EVERY_MS + 15_000;
const PROBE_MAX_MS = 120_000;

/** Chooses where a picture is made. Knows backends and orders; no member, chat or allowance. */
export function createRouter(deps: {
  readonly backends: readonly Backend[];
  readonly clock: Pick<Clock, "nowMs" | "deadline">;
  readonly log: Log;
}): Router {
  const { backends, clock, log } = deps;
  const { nowMs } = clock;
  const circuits = createCircuits(nowMs, log);

  const ask = async (backend: Backend) => ({
    facts: backend,
    health: await backend.health(clock.deadline(HEALTH_WITHIN_MS)),
  });

  async function lookAt(backend: Backend): Promise<void> {
    const { health } = await ask(backend);
    const circuit = circuits.of(backend);
    // What a job met weighs more than a cheap question: a backend out of quota answers that it is up.
    if (circuit.rest && circuit.rest.byHealth !== true) return;
    if (!health.up) circuits.change(backend, foundDown(health.reason, health.retryAtMs ?? nowMs() + LOOK_HOLDS_MS));
    else if (circuit.rest) circuits.change(backend, CLOSED);
  }

  return {
    backends,
    plan: (order, style, rules = OPEN_ROUTE, waitsMs = new Map()) =>
      planFor(order, style, { backends, restOf: circuits.restOf, rules, waitsMs }),
    trying(backend) {
      const circuit = circuits.of(backend);
      if (stateOf(circuit, nowMs()) === "probe")
        circuits.change(backend, probing(circuit, nowMs(), Math.min(backend.timeoutMs, PROBE_MAX_MS)));
    },
    succeeded(backend) {
      if (circuits.of(backend) !== CLOSED) circuits.change(backend, CLOSED);
    },
    failed(backend, error) {
      circuits.change(backend, failed(circuits.of(backend), error, nowMs()));
    },
    untried(backend) {
      circuits.change(backend, unprobed(circuits.of(backend), nowMs()));
    },
    health: () =>
      Promise.all(
        backends.map(async (backend) => {
          const rest = circuits.restOf(backend);
          return rest
            ? { facts: backend, health: { up: false, reason: rest.reason, retryAtMs: rest.untilMs } }
            : ask(backend);
        }),
      ),
    async look() {
      await Promise.all(backends.map(lookAt));
    },
  };
}
