import { ApiError, send } from "../api.js";
import { useEffect, useState } from "../vendor/htm-preact.js";

/** @import { Session } from "../api.js" */
/** @import { WireQuote } from "../../wire.ts" */

/** Somebody who types asks at most so often. */
const AFTER_MS = 300;

/**
 * What the server says that a line would cost; `undefined` until it has said so. While another is asked for, the last one stays: a
 * price that comes and goes at each letter helps nobody.
 *
 * @param {Session} session @param {string} line @param {string | undefined} uploadId @param {number} round asked again when it changes
 * @returns {{ readonly quote: WireQuote | undefined, readonly of: string }} of: the line that it is about
 */
export function useQuote(session, line, uploadId, round) {
  const [state, setState] = useState(
    /** @type {{ readonly quote: WireQuote | undefined, readonly of: string }} */ ({ quote: undefined, of: "" }),
  );
  useEffect(() => {
    if (line === "") return undefined;
    const abort = new AbortController();
    const ask = async () => {
      const body = { room: session.room, text: line, ...(uploadId ? { uploadId } : {}) };
      try {
        const answer = await send("/api/quote", body, { secret: session.secret, signal: abort.signal });
        const quote = await answer.json();
        if (!abort.signal.aborted) setState({ quote, of: line });
      } catch (error) {
        // Too often, or nobody there: the next letter asks again. What was refused is said.
        if (error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429)
          setState({ quote: { is: "refused", why: error.message }, of: line });
      }
    };
    const timer = setTimeout(() => void ask(), AFTER_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [line, uploadId, round]);
  return state;
}
