import { delayedAbort, pauseMs } from "../../lib/abort.ts";
import { growingWaitMs } from "../../lib/named-wait.ts";
import { BackendError, type GenerateInput } from "../../ports/backend.ts";
import { type Http, parseJson } from "../shared/http.ts";
import { poll } from "../shared/poll.ts";
import {
  acceptedSchema,
  bodyOf,
  type Check,
  checkSchema,
  FACTS_MAX_BYTES,
  type Generation,
  idSchema,
  NAME,
  PICTURE_MAX_BYTES,
  statusSchema,
} from "./wire.ts";

const CANCEL_WITHIN_MS = 1500;
const EXCHANGE_MS = 30_000;
/** The full status may be asked for ten times a minute. */
const STATUS_TRIES = 3;
const STATUS_PAUSE_MAX_MS = 60_000;

/** What can be said to the Horde about one picture. Every one: @throws BackendError, or the signal's reason */
export interface Requests {
  /** Not broken off at once by the signal: its answer is the name of what has to be taken back. */
  submit(input: Pick<GenerateInput, "request" | "style" | "initBytes" | "signal">): Promise<{
    readonly id: string;
    readonly nobody: boolean;
  }>;
  /** "gone": it knows the request no longer. */
  check(id: string, signal: AbortSignal): Promise<Check | "gone">;
  /** Asked once, when the picture is done; only its own limit is waited out. */
  generation(id: string, signal: AbortSignal): Promise<Generation>;
  /** The key of a request that is still known there; `undefined`: it is made anew. */
  pickedUp(key: string, signal: AbortSignal): Promise<string | undefined>;
  /** Gives back what no worker has taken; one that works on it is not stopped. */
  takeBack(id: string): Promise<void>;
}

export function requestsOver(http: Http, pollMs: number): Requests {
  const { clock } = http;
  const requests: Requests = {
    async submit({ request, style, initBytes, signal }) {
      const json = await bodyOf(request, style, initBytes);
      signal.throwIfAborted();
      const delayed = delayedAbort(clock, signal, CANCEL_WITHIN_MS);
      try {
        const { id, warnings } = await http.json(acceptedSchema, {
          method: "POST",
          path: "/generate/async",
          json,
          signal: delayed.signal,
          timeoutMs: EXCHANGE_MS,
          maxBytes: FACTS_MAX_BYTES,
        });
        return { id, nobody: warnings?.some(({ code }) => code === "NoAvailableWorker") ?? false };
      } finally {
        delayed.end();
      }
    },
    check: (id, signal) =>
      poll(
        clock,
        async () => {
          const request = { path: `/generate/check/${id}`, signal, timeoutMs: EXCHANGE_MS, maxBytes: FACTS_MAX_BYTES };
          const answer = await http.send(request);
          if (answer.status === 404) return "gone";
          if (answer.status !== 200) throw http.errorOf(answer);
          return parseJson(NAME, checkSchema, answer.bytes);
        },
        pollMs,
        signal,
      ),
    async generation(id, signal) {
      const request = {
        path: `/generate/status/${id}`,
        signal,
        timeoutMs: EXCHANGE_MS,
        maxBytes: PICTURE_MAX_BYTES,
      };
      for (let tries = 1; ; tries += 1) {
        try {
          const { generations } = await poll(clock, () => http.json(statusSchema, request), pollMs, signal);
          const [generation] = generations;
          if (generation) return generation;
          throw new BackendError(NAME, "bad_response", "ended without a picture");
        } catch (error) {
          if (!(error instanceof BackendError) || error.code !== "busy" || tries >= STATUS_TRIES) throw error;
          const growth = { firstMs: pollMs * 4, longestMs: STATUS_PAUSE_MAX_MS };
          const askedMs = growingWaitMs(error.retryAfterMs, tries, growth);
          await pauseMs(clock, Math.min(askedMs, STATUS_PAUSE_MAX_MS), signal);
        }
      }
    },
    async pickedUp(key, signal) {
      if (!idSchema.safeParse(key).success) return undefined;
      const check = await requests.check(key, signal);
      return check === "gone" || check.faulted ? undefined : key;
    },
    async takeBack(id) {
      const signal = clock.deadline(CANCEL_WITHIN_MS);
      await http.send({ method: "DELETE", path: `/generate/status/${id}`, signal, maxBytes: FACTS_MAX_BYTES });
    },
  };
  return requests;
}
