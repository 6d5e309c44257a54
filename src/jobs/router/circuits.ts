import { SOURCE_LANGUAGE } from "../../messages/catalogue.ts";
import { render } from "../../messages/render.ts";
import type { Backend } from "../../ports/backend.ts";
import { named } from "../../ports/backend-sentence.ts";
import type { Log } from "../../ports/log.ts";
import { type Circuit, CLOSED, stateOf } from "./circuit-breaker.ts";

/** How each backend has been doing. Memory only. */
export interface Circuits {
  of(backend: Backend): Circuit;
  /** Absent while it works, and once a probe is due. */
  restOf(backend: Backend): Circuit["rest"];
  /** A change of state is told to the operator. */
  change(backend: Backend, next: Circuit): void;
}

const reasonOf = ({ title }: Backend, { rest }: Circuit) =>
  rest ? { reason: render(named(rest.reason, title), SOURCE_LANGUAGE) } : {};

export function createCircuits(nowMs: () => number, log: Log): Circuits {
  const circuits = new Map<string, Circuit>();
  const of = (backend: Backend) => circuits.get(backend.name) ?? CLOSED;
  return {
    of,
    restOf(backend) {
      const circuit = of(backend);
      return stateOf(circuit, nowMs()) === "open" ? circuit.rest : undefined;
    },
    change(backend, next) {
      const before = stateOf(of(backend), nowMs());
      circuits.set(backend.name, next);
      const after = stateOf(next, nowMs());
      if (before !== after)
        log.warn("backend.state", { backend: backend.name, before, after, ...reasonOf(backend, next) });
    },
  };
}
