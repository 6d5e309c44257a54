import { BackendError } from "../../../ports/backend.ts";
import type { Http, HttpAnswer } from "../http.ts";

/**
 * What `@huggingface/inference` is given as its `fetch`: it builds the request and reads the answer, our client carries
 * both. So no answer is without a limit, no wait for headers ends after 300 s, and the library never sees the token, which
 * its errors would carry next to the prompt.
 *
 * @param pathOf what stands below our client's address, for an address the library names
 * @param read looks at a good answer first; what it throws is thrown by the library's call. What it returns is what the
 * library gets
 */
export function fetchOver(
  http: Http,
  pathOf: (url: string) => string,
  read: (answer: HttpAnswer) => HttpAnswer,
  request: {
    readonly signal: AbortSignal;
    readonly timeoutMs?: number;
    readonly maxBytes?: number;
    readonly headers?: Readonly<Record<string, string>>;
  },
): typeof fetch {
  return async (input, init) => {
    const body: unknown = JSON.parse(String(init?.body));
    const answer = await http.send({ method: "POST", path: pathOf(String(input)), json: body, ...request });
    if (answer.status < 200 || answer.status > 299) throw http.errorOf(answer);
    const { bytes, mime } = read(answer);
    return new Response(new Uint8Array(bytes), { headers: { "content-type": mime } });
  };
}

/** Never sent: it makes the library take the way through Hugging Face's router, as it does for their tokens. */
export const TOKEN_STAND_IN = "hf_stands_in";

/** An error of the library as ours; its own holds the request, prompt included, so it is no cause. */
export function asBackendError(backend: string, error: unknown, signal: AbortSignal): unknown {
  signal.throwIfAborted();
  if (error instanceof BackendError) return error;
  return new BackendError(backend, "bad_response", "answered in a form the client library does not know");
}
