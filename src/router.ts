import type { Backend, BackendError, Health } from "./backend.ts";
import { type Circuit, CLOSED, failed, probing, stateOf } from "./circuit.ts";
import { cannotHonour } from "./honours.ts";
import type { Log } from "./log.ts";
import type { Order } from "./recipe.ts";
import type { Style } from "./style.ts";

export interface Plan {
  /** In the order to try. */
  readonly candidates: readonly Backend[];
  /** One sentence for each backend that comes before the first candidate by preference but is passed over. */
  readonly passedOver: readonly string[];
  /** When a resting backend that could do it wakes, Unix ms; only where there is no candidate. */
  readonly retryAtMs?: number;
}

export interface Router {
  /** In order of preference. */
  readonly backends: readonly Backend[];
  /** Who can do all of this order, healthy ones only. Reads memory only. */
  plan(order: Order, style: Style): Plan;
  /** A job is about to try this backend: takes the probe where one is due. */
  trying(backend: Backend): void;
  succeeded(backend: Backend): void;
  failed(backend: Backend, error: BackendError): void;
  health(): Promise<readonly { readonly facts: Backend; readonly health: Health }[]>;
}

const HEALTH_WITHIN_MS = 2000;

/** Chooses where a picture is made. Knows backends and orders; no member, chat or allowance. */
export function createRouter(deps: {
  readonly backends: readonly Backend[];
  readonly nowMs: () => number;
  readonly log: Log;
}): Router {
  const circuits = new Map<string, Circuit>();
  const circuitOf = (backend: Backend) => circuits.get(backend.name) ?? CLOSED;
  const change = (backend: Backend, next: Circuit) => {
    const before = stateOf(circuitOf(backend), deps.nowMs());
    circuits.set(backend.name, next);
    const after = stateOf(next, deps.nowMs());
    if (before !== after)
      deps.log.warn("backend.state", { backend: backend.name, before, after, reason: next.rest?.reason });
  };

  return {
    backends: deps.backends,
    plan(order, style) {
      const nowMs = deps.nowMs();
      const candidates: Backend[] = [];
      const passedOver: string[] = [];
      const wakes: number[] = [];
      const note = (sentence: string) => candidates.length === 0 && passedOver.push(sentence);
      for (const backend of deps.backends) {
        const lacks = cannotHonour(backend.name, backend.features, order, style);
        if (lacks !== undefined) {
          note(`${backend.title} ${lacks}`);
          continue;
        }
        const circuit = circuitOf(backend);
        if (circuit.rest && stateOf(circuit, nowMs) === "open") {
          note(`${backend.title} is resting: ${circuit.rest.reason}`);
          wakes.push(circuit.rest.untilMs);
        } else candidates.push(backend);
      }
      const retryAtMs = candidates.length === 0 && wakes.length > 0 ? Math.min(...wakes) : undefined;
      return { candidates, passedOver, ...(retryAtMs === undefined ? {} : { retryAtMs }) };
    },
    trying(backend) {
      const circuit = circuitOf(backend);
      if (stateOf(circuit, deps.nowMs()) === "probe") change(backend, probing(circuit, deps.nowMs()));
    },
    succeeded(backend) {
      if (circuitOf(backend) !== CLOSED) change(backend, CLOSED);
    },
    failed(backend, error) {
      change(backend, failed(circuitOf(backend), error, deps.nowMs()));
    },
    health: () =>
      Promise.all(
        deps.backends.map(async (backend) => {
          const { rest } = circuitOf(backend);
          if (rest && stateOf(circuitOf(backend), deps.nowMs()) === "open")
            return { facts: backend, health: { up: false, reason: rest.reason, retryAtMs: rest.untilMs } };
          return { facts: backend, health: await backend.health(AbortSignal.timeout(HEALTH_WITHIN_MS)) };
        }),
      ),
  };
}
