import type { BackendError } from "./backend.ts";

/** How one backend has been doing. "closed" works; "open" rests until `untilMs`; then one probe decides. */
export interface Circuit {
  readonly failures: number;
  /** Absent while closed. */
  readonly rest?: { readonly untilMs: number; readonly reason: string };
}

export const CLOSED: Circuit = { failures: 0 };
const FAILURES_TO_OPEN = 3;
const FIRST_REST_MS = 15_000;
const LONGEST_REST_MS = 600_000;

/** After a failure. Busy and used-up backends name their own time; others rest after three failures in a row, longer each time. */
export function failed(
  circuit: Circuit,
  error: Pick<BackendError, "code" | "retryAfterMs" | "memberText">,
  nowMs: number,
): Circuit {
  if (error.code === "rejected") return circuit; // the request was at fault, not the backend
  const failures = circuit.failures + 1;
  const rest = (ms: number): Circuit => ({ failures, rest: { untilMs: nowMs + ms, reason: error.memberText } });
  if (error.retryAfterMs !== undefined) return rest(error.retryAfterMs);
  if (failures < FAILURES_TO_OPEN) return { failures };
  return rest(Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** (failures - FAILURES_TO_OPEN)));
}

/** "probe": the rest is over, one job may try; until it reports, others stay away. */
export function stateOf(circuit: Circuit, nowMs: number): "closed" | "open" | "probe" {
  if (!circuit.rest) return "closed";
  return nowMs < circuit.rest.untilMs ? "open" : "probe";
}

/** The probe is under way: nobody else tries for the time it may take. */
export const probing = (circuit: Circuit, nowMs: number): Circuit =>
  circuit.rest ? { ...circuit, rest: { ...circuit.rest, untilMs: nowMs + FIRST_REST_MS } } : circuit;
