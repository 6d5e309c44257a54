import { z } from "zod";
import { pauseMs } from "../../../lib/abort.ts";
import type { Clock } from "../../../lib/clock.ts";
import { parseForeignJson } from "../../../lib/foreign-json.ts";
import { growingWaitMs } from "../../../lib/named-wait.ts";
import { BackendError, type BackendEvent } from "../../../ports/backend.ts";
import { type BackendSentence, forOperator, sentence } from "../../../ports/backend-sentence.ts";
import type { HttpAnswer } from "../http.ts";
import { isOutOfMemory } from "../memory-words.ts";
import { isContentRefusal, refusalWords } from "../refusal-words.ts";

export interface LoadingPatience {
  /** How often the far end is asked again. */
  readonly waitsMax: number;
  /** Between two questions, whatever the far end says. */
  readonly pauseMaxMs: number;
  /** Where it names no time. */
  readonly pauseMs: number;
  /** Said where it names no time. */
  readonly why: BackendSentence;
}

const FIRST_PAUSE_MS = 1000;

/**
 * Asks again while the answer is a BackendError "loading", and tells members how long it takes. The client library would
 * ask 2000 times in 100 ms and never stop (BACKENDS reference, 3, trap "503 storm").
 *
 * @throws the last error, or the signal's reason
 */
export async function whileLoading<T>(
  asked: {
    readonly clock: Clock;
    readonly ask: () => Promise<T>;
    readonly patience: LoadingPatience;
    readonly tell: (event: Extract<BackendEvent, { type: "waiting" }>) => void;
  },
  signal: AbortSignal,
): Promise<T> {
  const { clock, ask, patience, tell } = asked;
  for (let waits = 0; ; waits += 1) {
    try {
      return await ask();
    } catch (error) {
      const loading = error instanceof BackendError && error.code === "loading";
      if (!loading || waits >= patience.waitsMax) throw error;
      const { retryAfterMs } = error;
      tell(
        retryAfterMs === undefined
          ? { type: "waiting", why: patience.why }
          : { type: "waiting", why: sentence("backend.error.loading"), etaMs: retryAfterMs },
      );
      const growth = { firstMs: FIRST_PAUSE_MS, longestMs: patience.pauseMaxMs };
      const askedMs = growingWaitMs(retryAfterMs ?? patience.pauseMs, waits + 1, growth);
      await pauseMs(clock, Math.min(askedMs, patience.pauseMaxMs), signal);
    }
  }
}

const estimateSchema = z.object({ estimated_time: z.number().min(0).max(3600) });

/** What Hugging Face means by a status, where its body says more. Texts stay out: they may hold the prompt. */
export function explainHf(backend: string): (answer: HttpAnswer) => BackendError | undefined {
  return ({ status, bytes }) => {
    if (status < 400) return undefined;
    const text = new TextDecoder().decode(bytes.subarray(0, 20_000));
    if (/monthly included credits/iu.test(text))
      return new BackendError(backend, "credits", `answered with status ${status}: the credits are used up`);
    if (status >= 500 && isOutOfMemory(text))
      return new BackendError(backend, "out_of_memory", `answered with status ${status}: out of memory`);
    // A paused endpoint says so with 400 or 503, and nobody's asking starts it.
    if (status !== 422 && /\bpaused\b/iu.test(refusalWords(bytes)))
      return new BackendError(backend, "offline", `answered with status ${status}: it is paused`, {
        memberText: forOperator(sentence("backend.space.paused")),
      });
    if (isContentRefusal(refusalWords(bytes)))
      return new BackendError(backend, "moderated", `answered with status ${status}`);
    if (status === 503) return loadingError(backend, text);
    if (status === 403)
      return new BackendError(
        backend,
        "auth",
        "the token may not do this: it needs “Make calls to Inference Providers”",
      );
    return undefined;
  };
}

function loadingError(backend: string, text: string): BackendError {
  const estimate = estimateSchema.safeParse(parsed(text)).data;
  return new BackendError(
    backend,
    "loading",
    "answered with status 503",
    estimate ? { retryAfterMs: Math.ceil(estimate.estimated_time * 1000) } : {},
  );
}

function parsed(text: string): unknown {
  try {
    return parseForeignJson(text);
  } catch {
    return undefined;
  }
}
