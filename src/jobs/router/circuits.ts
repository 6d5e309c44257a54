import { SOURCE_LANGUAGE } from "../../messages/catalogue.ts";
import { render } from "../../messages/render.ts";
import type { Backend } from "../../ports/backend.ts";
import { named } from "../../ports/backend-sentence.ts";
import type { Log } from "../../ports/log.ts";
import { type Circuit, CLOSED, probing, stateOf } from "./circuit-breaker.ts";

/** "none": none is due, whoever wants may try. "theirs": another process has it. */
type Probe = "none" | "ours" | "theirs";

/** How each backend has been doing. */
export interface Circuits {
  /** Of what this process makes pictures with. */
  of(backend: Backend): Circuit;
  /** Absent while it works, and once a probe is due. */
  restOf(backend: Backend): Circuit["rest"];
  /** Of all devices that make pictures of this backend: absent while one of them works. */
  restEverywhere(backend: Backend): Circuit["rest"];
  /**
   * A change of state is told to the operator.
   * @param next from what it is then: another process may have changed it meanwhile
   */
  change(backend: Backend, next: (before: Circuit) => Circuit): void;
  /** Takes the probe where one is due: nobody else tries for `forMs`. */
  probe(backend: Backend, forMs: number): Promise<Probe>;
}

const reasonOf = ({ title }: Backend, { rest }: Circuit) =>
  rest ? { reason: render(named(rest.reason, title), SOURCE_LANGUAGE) } : {};

export function logChange(
  { log, nowMs }: { readonly log: Log; readonly nowMs: number },
  backend: Backend,
  before: Circuit,
  after: Circuit,
): void {
  const states = { before: stateOf(before, nowMs), after: stateOf(after, nowMs) };
  if (states.before !== states.after)
    log.warn("backend.state", { backend: backend.name, ...states, ...reasonOf(backend, after) });
}

export const openRest = (circuit: Circuit, nowMs: number): Circuit["rest"] =>
  stateOf(circuit, nowMs) === "open" ? circuit.rest : undefined;

/** Where one process makes all pictures: memory only. */
export function createCircuits(nowMs: () => number, log: Log): Circuits {
  const circuits = new Map<string, Circuit>();
  const of = (backend: Backend) => circuits.get(backend.name) ?? CLOSED;
  const restOf = (backend: Backend) => openRest(of(backend), nowMs());
  const change: Circuits["change"] = (backend, next) => {
    const before = of(backend);
    const after = next(before);
    circuits.set(backend.name, after);
    logChange({ log, nowMs: nowMs() }, backend, before, after);
  };
  return {
    of,
    restOf,
    restEverywhere: restOf,
    change,
    async probe(backend, forMs) {
      if (stateOf(of(backend), nowMs()) !== "probe") return "none";
      change(backend, (circuit) => probing(circuit, nowMs(), forMs));
      return "ours";
    },
  };
}
