import { type Agent, fetch } from "undici";
import { BackendError } from "../../backend.ts";
import type { Http } from "../../http.ts";

/** A whole answer of Gradio is one line; pictures come as addresses. */
const LINE_MAX_CHARS = 4 * 1024 * 1024;

/**
 * Reads server-sent events until the far end closes. Gradio writes each as one line "data: …".
 *
 * @throws BackendError; the signal's reason when it was aborted
 */
export async function readEvents(
  http: Pick<Http, "errorOf">,
  request: {
    readonly backend: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    /** Its `bodyTimeout` is how long the far end may be silent. */
    readonly agent: Agent;
    readonly signal: AbortSignal;
  },
  happened: (data: string) => void,
): Promise<void> {
  const { backend, signal } = request;
  try {
    const response = await fetch(request.url, {
      headers: { ...request.headers, accept: "text/event-stream" },
      redirect: "error",
      signal,
      dispatcher: request.agent,
    });
    const mime = (response.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
    if (response.status !== 200) {
      await response.body?.cancel();
      throw http.errorOf({ status: response.status, mime, headers: {}, bytes: new Uint8Array() });
    }
    if (mime !== "text/event-stream") {
      await response.body?.cancel();
      throw new BackendError(backend, "bad_response", "answered with something else than events");
    }
    await eachLine(backend, response.body ?? [], (line) => {
      if (line.startsWith("data:")) happened(line.slice(5).trim());
    });
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof BackendError) throw cause;
    throw new BackendError(backend, "offline", "the stream of events broke");
  }
}

async function eachLine(
  backend: string,
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  found: (line: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let begun: string[] = [];
  let begunChars = 0;
  for await (const part of body) {
    const [first = "", ...others] = decoder.decode(part, { stream: true }).split("\n");
    begun.push(first);
    begunChars += first.length;
    if (begunChars > LINE_MAX_CHARS) throw new BackendError(backend, "bad_response", "sent an endless line");
    if (others.length === 0) continue;
    found(begun.join("").replace(/\r$/u, ""));
    const last = others.pop() ?? "";
    for (const line of others) found(line.replace(/\r$/u, ""));
    begun = [last];
    begunChars = last.length;
  }
}
