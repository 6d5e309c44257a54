import type { Order } from "../../domain/recipe.ts";
import { OPEN_ROUTE, type RouteRules } from "../../domain/route-rules.ts";
import type { Style } from "../../domain/style.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Backend, BackendError, Health } from "../../ports/backend.ts";
import type { BackendSentence } from "../../ports/backend-sentence.ts";
import type { Log } from "../../ports/log.ts";
import { planEnlarging } from "../enlarging/plan.ts";
import { CLOSED, failed, foundDown, unprobed } from "./circuit-breaker.ts";
import { type Circuits, createCircuits } from "./circuits.ts";
import { type Plan, planFor } from "./plan.ts";

export interface Router {
  /** In order of preference. */
  readonly backends: readonly Backend[];
  /**
   * Who can do all of this order, healthy ones only. Reads memory only.
   * @param waitsMs expected wait in front of each backend, by name; one with far less to do may go first
   */
  plan(order: Order, style: Style, rules?: RouteRules, waitsMs?: ReadonlyMap<string, number>): Plan;
  /** The same for an order that this process has to make: what others could do counts for nothing. */
  planHere(order: Order, style: Style, rules?: RouteRules): Plan;
  /**
   * A job is about to try this backend: takes the probe where one is due. Resolves with why it must not, where another process
   * has that.
   */
  trying(backend: Backend): Promise<BackendSentence | undefined>;
  succeeded(backend: Backend): void;
  failed(backend: Backend, error: BackendError): void;
  /** What this process makes its pictures with does not work. */
  rests(backend: Backend): boolean;
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

const planned: typeof planFor = (order, style, among) =>
  order.enlarge ? planEnlarging(order.enlarge, among) : planFor(order, style, among);

/** Chooses where a picture is made. Knows backends and orders; no member, chat or allowance. */
export function createRouter(deps: {
  readonly backends: readonly Backend[];
  readonly clock: Pick<Clock, "nowMs" | "deadline">;
  readonly log: Log;
  /** Default: this process's own. */
  readonly circuits?: Circuits;
  /** false: pictures are made elsewhere, and whoever makes them says how they do. Default: here. */
  readonly makes?: boolean;
  /** `backends` are in an order that the operator gave: default. Otherwise those of one rank change places with what fits. */
  readonly isOperators?: boolean;
}): Router {
  const { backends, clock, log, makes = true, isOperators = true } = deps;
  const nowMs = () => clock.nowMs();
  const circuits = deps.circuits ?? createCircuits(nowMs, log);
  const probes = new Set<Backend>();

  const ask = async (backend: Backend) => ({
    facts: backend,
    health: await backend.health(clock.deadline(HEALTH_WITHIN_MS)),
  });

  async function lookAt(backend: Backend): Promise<void> {
    const { health } = await ask(backend);
    if (health.up && !circuits.of(backend).rest) return;
    circuits.change(backend, (circuit) => {
      // What a job met weighs more than a cheap question: a backend out of quota answers that it is up.
      if (circuit.rest && circuit.rest.byHealth !== true) return circuit;
      if (!health.up) return foundDown(health.reason, health.retryAtMs ?? nowMs() + LOOK_HOLDS_MS);
      return circuit.rest ? CLOSED : circuit;
    });
  }

  return {
    backends,
    plan: (order, style, rules = OPEN_ROUTE, waitsMs = new Map()) =>
      planned(order, style, { backends, restOf: circuits.restEverywhere, rules, waitsMs, isOperators }),
    planHere: (order, style, rules = OPEN_ROUTE) =>
      planned(order, style, { backends, restOf: circuits.restOf, rules, waitsMs: new Map(), isOperators }),
    async trying(backend) {
      const probe = await circuits.probe(backend, Math.min(backend.timeoutMs, PROBE_MAX_MS));
      if (probe === "ours") probes.add(backend);
      return probe === "theirs" ? circuits.of(backend).rest?.reason : undefined;
    },
    succeeded(backend) {
      probes.delete(backend);
      if (circuits.of(backend) !== CLOSED) circuits.change(backend, () => CLOSED);
    },
    failed(backend, error) {
      probes.delete(backend);
      const atMs = nowMs();
      circuits.change(backend, (circuit) => failed(circuit, error, atMs));
    },
    rests: (backend) => circuits.restOf(backend) !== undefined,
    untried(backend) {
      const atMs = nowMs();
      // The rest that another job's failure began goes on.
      if (probes.delete(backend)) circuits.change(backend, (circuit) => unprobed(circuit, atMs));
    },
    health: () =>
      Promise.all(
        backends.map(async (backend) => {
          const rest = circuits.restEverywhere(backend);
          if (rest) return { facts: backend, health: { up: false, reason: rest.reason, retryAtMs: rest.untilMs } };
          return makes ? ask(backend) : { facts: backend, health: { up: true } };
        }),
      ),
    async look() {
      if (makes) await Promise.all(backends.map(lookAt));
    },
  };
}
