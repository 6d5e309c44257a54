import { growingWaitMs } from "../../lib/named-wait.ts";
import type { BackendError } from "../../ports/backend.ts";
import type { BackendSentence } from "../../ports/backend-sentence.ts";

/** How one backend has been doing. "closed" works; "open" rests until `untilMs`; then one probe decides. */
export interface Circuit {
  readonly failures: number;
  /** Absent while closed. `byHealth`: no job failed; a look at its health found it down, and another may find it up. */
  readonly rest?: { readonly untilMs: number; readonly reason: BackendSentence; readonly byHealth?: true };
}

export const CLOSED: Circuit = { failures: 0 };
const FAILURES_TO_OPEN = 3;
const FIRST_REST_MS = 15_000;
const LONGEST_REST_MS = 600_000;

/** What one failure says about the backend itself. */
type Meaning =
  /** Nothing: the request or a person was the reason. */
  | { readonly rests: "never" }
  /** It will go on like this: rest at once. */
  | { readonly rests: "at_once"; readonly ms: number }
  | { readonly rests: "after_three" };

const MEANING: Readonly<Record<BackendError["code"], Meaning>> = {
  rejected: { rests: "never" },
  moderated: { rests: "never" },
  stopped: { rests: "never" },
  // The size was at fault; a smaller picture may fit.
  out_of_memory: { rests: "never" },
  // These do not mend themselves within seconds; without a time from the far end, these are how often we look again.
  auth: { rests: "at_once", ms: 600_000 },
  credits: { rests: "at_once", ms: 6 * 3_600_000 },
  quota: { rests: "at_once", ms: 900_000 },
  offline: { rests: "after_three" },
  busy: { rests: "after_three" },
  loading: { rests: "after_three" },
  bad_response: { rests: "after_three" },
  timeout: { rests: "after_three" },
};

/** After a failure. Some backends name their own time; all rest after three failures in a row, longer each time. */
export function failed(
  circuit: Circuit,
  error: Pick<BackendError, "code" | "retryAfterMs" | "memberText">,
  nowMs: number,
): Circuit {
  const meaning = MEANING[error.code];
  if (meaning.rests === "never") return circuit;
  const failures = circuit.failures + 1;
  const rest = (ms: number): Circuit => ({ failures, rest: { untilMs: nowMs + ms, reason: error.memberText } });
  if (meaning.rests === "at_once" && error.retryAfterMs === undefined) return rest(meaning.ms);
  const many = failures >= FAILURES_TO_OPEN;
  if (!many && error.retryAfterMs === undefined) return { failures };
  // Who names a short time again and again is looked at less and less, as who names none.
  const growth = { firstMs: many ? FIRST_REST_MS : 0, longestMs: LONGEST_REST_MS };
  return rest(growingWaitMs(error.retryAfterMs, failures - FAILURES_TO_OPEN + 1, growth));
}

/** "probe": the rest is over, one job may try; until it reports, others stay away. */
export function stateOf(circuit: Circuit, nowMs: number): "closed" | "open" | "probe" {
  if (!circuit.rest) return "closed";
  return nowMs < circuit.rest.untilMs ? "open" : "probe";
}

/** The probe is under way: nobody else tries for `forMs`, the time it may take. */
export const probing = (circuit: Circuit, nowMs: number, forMs: number): Circuit =>
  circuit.rest ? { ...circuit, rest: { ...circuit.rest, untilMs: nowMs + forMs } } : circuit;

/** The probe ended without an answer (its job was cancelled): the next one may try at once. */
export const unprobed = (circuit: Circuit, nowMs: number): Circuit =>
  circuit.rest ? { ...circuit, rest: { ...circuit.rest, untilMs: nowMs } } : circuit;

/** A look at the backend's health found it down. Longer than the pause between looks, so that it stays known. */
export const foundDown = (reason: BackendSentence, untilMs: number): Circuit => ({
  failures: FAILURES_TO_OPEN,
  rest: { untilMs, reason, byHealth: true },
});
