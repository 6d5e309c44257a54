import type { Backend } from "../../ports/backend.ts";
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

/** The id of the sentence: a log is for those who run it, in no member's language. */
const reasonOf = ({ rest }: Circuit): string | undefined =>
  typeof rest?.reason === "string" ? rest.reason : rest?.reason.about;

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
      if (before !== after) log.warn("backend.state", { backend: backend.name, before, after, reason: reasonOf(next) });
    },
  };
}
