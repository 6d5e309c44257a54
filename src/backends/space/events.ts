import { type Agent, request } from "undici";
import { BackendError } from "../../ports/backend.ts";
import type { Http } from "../shared/http.ts";
import { countingStream, type StreamBudget } from "../shared/stream-budget.ts";

/** A whole answer of Gradio is one line; pictures come as addresses, so a large gallery has some hundred kB. */
const LINE_MAX_CHARS = 1024 * 1024;
/** Of one stream: a picture of many steps sends some hundred lines. */
const BUDGET: StreamBudget = { maxBytes: 32 * 1024 * 1024, maxFrames: 20_000 };

/**
 * Reads server-sent events until the far end closes. Gradio writes each as one line "data: …".
 *
 * @throws BackendError; the signal's reason when it was aborted
 */
export async function readEvents(
  http: Pick<Http, "errorOf">,
  asked: {
    readonly backend: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    /** Its `bodyTimeout` is how long the far end may be silent. */
    readonly agent: Agent;
    readonly signal: AbortSignal;
  },
  happened: (data: string) => void,
): Promise<void> {
  const { backend, signal } = asked;
  try {
    // Not `fetch`: its web streams cost several times as much for each event.
    const { statusCode, headers, body } = await request(asked.url, {
      headers: { ...asked.headers, accept: "text/event-stream" },
      signal,
      dispatcher: asked.agent,
    });
    // Thrown away or broken off, it emits an error that nobody else listens for.
    body.on("error", () => undefined);
    const type = headers["content-type"];
    const mime = (typeof type === "string" ? type : "").split(";")[0]?.trim().toLowerCase() ?? "";
    if (statusCode !== 200 || mime !== "text/event-stream") {
      body.destroy();
      if (statusCode !== 200) throw http.errorOf({ status: statusCode, mime, headers: {}, bytes: new Uint8Array() });
      throw new BackendError(backend, "bad_response", "answered with something else than events");
    }
    await eachLine(backend, body, (line) => {
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
  body: AsyncIterable<Uint8Array>,
  found: (line: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let begun: string[] = [];
  let begunChars = 0;
  const within = countingStream(BUDGET, () => 0);
  for await (const part of body) {
    const [first = "", ...others] = decoder.decode(part, { stream: true }).split("\n");
    begun.push(first);
    begunChars += first.length;
    if (begunChars > LINE_MAX_CHARS) throw new BackendError(backend, "bad_response", "sent an endless line");
    if (!within(part.length, others.length)) throw new BackendError(backend, "bad_response", "sent an endless stream");
    if (others.length === 0) continue;
    found(begun.join("").replace(/\r$/u, ""));
    const last = others.pop() ?? "";
    for (const line of others) found(line.replace(/\r$/u, ""));
    begun = [last];
    begunChars = last.length;
  }
}
