import type { Order } from "../../domain/recipe.ts";
import { OPEN_POLICY, type RoutePolicy } from "../../domain/route-policy.ts";
import type { Style } from "../../domain/style.ts";
import { durationText } from "../../lib/time-text.ts";
import type { Backend, BackendError, Health } from "../../ports/backend.ts";
import type { Log } from "../../ports/log.ts";
import { type Circuit, CLOSED, failed, foundDown, probing, stateOf, unprobed } from "./circuit-breaker.ts";
import { cannotHonour } from "./compatibility.ts";
import { againstPolicy, byPolicy } from "./policy.ts";
import { asImageToImage } from "./variation.ts";

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
  /**
   * Who can do all of this order, healthy ones only. Reads memory only.
   * @param waitsMs expected wait in front of each backend, by name; one with far less to do may go first
   */
  plan(order: Order, style: Style, policy?: RoutePolicy, waitsMs?: ReadonlyMap<string, number>): Plan;
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
/** A shorter queue elsewhere is worth another backend from this much waiting on. */
const WAIT_WORTH_MOVING_MS = 120_000;

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
  const ask = async (backend: Backend) => ({
    facts: backend,
    health: await backend.health(AbortSignal.timeout(HEALTH_WITHIN_MS)),
  });

  async function lookAt(backend: Backend): Promise<void> {
    const { health } = await ask(backend);
    const circuit = circuitOf(backend);
    // What a job met weighs more than a cheap question: a backend out of quota answers that it is up.
    if (circuit.rest && circuit.rest.byHealth !== true) return;
    if (!health.up) change(backend, foundDown(health.reason, health.retryAtMs ?? deps.nowMs() + LOOK_HOLDS_MS));
    else if (circuit.rest) change(backend, CLOSED);
  }

  return {
    backends: deps.backends,
    plan(order, style, policy = OPEN_POLICY, waitsMs = new Map()) {
      const nowMs = deps.nowMs();
      const candidates: Backend[] = [];
      const passedOver: string[] = [];
      const wakes: number[] = [];
      const note = (sentence: string) => candidates.length === 0 && passedOver.push(sentence);
      const allowed = byPolicy(deps.backends, policy);
      if (allowed.length === 0) note("none of the places that this chat allows is connected; see /settings");
      for (const backend of allowed) {
        const lacks =
          againstPolicy(backend, policy) ??
          cannotHonour(backend.name, backend.features, order, style) ??
          backend.lacks?.(asImageToImage(order.request, backend, order), style);
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
      const quicker = withShorterQueue(candidates, waitsMs);
      return {
        candidates: quicker.candidates,
        passedOver: [...passedOver, ...quicker.passedOver],
        ...(retryAtMs === undefined ? {} : { retryAtMs }),
      };
    },
    trying(backend) {
      const circuit = circuitOf(backend);
      if (stateOf(circuit, deps.nowMs()) === "probe")
        change(backend, probing(circuit, deps.nowMs(), Math.min(backend.timeoutMs, PROBE_MAX_MS)));
    },
    succeeded(backend) {
      if (circuitOf(backend) !== CLOSED) change(backend, CLOSED);
    },
    failed(backend, error) {
      change(backend, failed(circuitOf(backend), error, deps.nowMs()));
    },
    untried(backend) {
      change(backend, unprobed(circuitOf(backend), deps.nowMs()));
    },
    health: () =>
      Promise.all(
        deps.backends.map(async (backend) => {
          const { rest } = circuitOf(backend);
          if (rest && stateOf(circuitOf(backend), deps.nowMs()) === "open")
            return { facts: backend, health: { up: false, reason: rest.reason, retryAtMs: rest.untilMs } };
          return ask(backend);
        }),
      ),
    async look() {
      await Promise.all(deps.backends.map(lookAt));
    },
  };
}

/**
 * A model with a far shorter queue goes first, where it costs no more, members or whoever pays. The sketch never does: it is another kind of picture.
 */
function withShorterQueue(
  candidates: readonly Backend[],
  waitsMs: ReadonlyMap<string, number>,
): Pick<Plan, "candidates" | "passedOver"> {
  const [first, ...others] = candidates;
  const waitOf = (backend: Backend) => waitsMs.get(backend.name) ?? 0;
  const quicker =
    first &&
    others.find(
      (other) =>
        other.where !== "here" &&
        other.costWeight <= first.costWeight &&
        (other.paid !== true || first.paid === true) &&
        waitOf(first) - waitOf(other) >= WAIT_WORTH_MOVING_MS,
    );
  if (!first || !quicker) return { candidates, passedOver: [] };
  return {
    candidates: [quicker, ...candidates.filter((each) => each !== quicker)],
    passedOver: [`${first.title} has a queue of about ${durationText(waitOf(first))}`],
  };
}
