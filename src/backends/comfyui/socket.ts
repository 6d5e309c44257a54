import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import { Agent, buildConnector, WebSocket } from "undici";
import { parseForeignJson } from "../../lib/foreign-json.ts";
import { countingStream, type StreamBudget } from "../shared/stream-budget.ts";
import { type PreviewFrame, previewIn } from "./frames.ts";
import type { HostAddress } from "./settings.ts";
import { type JobMessage, jobMessageSchema } from "./wire.ts";

export interface Connection {
  /** Messages about a prompt go to the connection of its client id only, and are not repeated. */
  readonly clientId: string;
  readonly isOpen: () => boolean;
  close(): void;
}

export interface Listener {
  job(message: JobMessage): void;
  preview(frame: PreviewFrame): void;
  queueChanged(): void;
  /** Closed by anybody but us. */
  lost(): void;
}

/** Previews have at most 512 px a side; nothing that is read here comes near it. */
const MESSAGE_MAX_BYTES = 16 * 1024 * 1024;
/** Of all jobs of ours at one server: 512 px previews at every step are a tenth of it. Without it a job is followed by asking. */
const BUDGET: StreamBudget = { maxBytes: 64 * 1024 * 1024, maxFrames: 20_000, perMs: 10_000 };
/** The table of all nodes, sent at every step beside the step itself. */
const IGNORED = /^\{"type": ?"progress_state"/;

/**
 * @returns `undefined` when no connection came about in time: a job can be followed without one, only not step by step
 */
export async function connect(
  { url, headers }: Pick<HostAddress, "url" | "headers">,
  listener: Listener,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Connection | undefined> {
  // Never used twice: when an old connection of the same id closes late, the server forgets the new one.
  const clientId = randomUUID();
  let wire: Socket | undefined;
  const connector = buildConnector({ timeout: timeoutMs });
  const agent = new Agent({
    connect: (options, callback) =>
      connector(options, (...[error, socket]) => {
        wire = socket ?? undefined;
        if (error) callback(error, null);
        else callback(null, socket);
      }),
    webSocket: { maxPayloadSize: MESSAGE_MAX_BYTES },
  });
  const socket = new WebSocket(`${url.replace(/^http/i, "ws")}/ws?clientId=${clientId}`, {
    dispatcher: agent,
    headers: { ...headers },
  });
  socket.binaryType = "arraybuffer";
  const opened = Promise.withResolvers<boolean>();
  let ours = false;
  const end = () => {
    ours = true;
    socket.close();
    // A server that hangs never answers the close, and the library would wait for it for ever.
    wire?.destroySoon();
    void agent.destroy();
  };
  const giveUp = () => opened.resolve(false);
  const timer = setTimeout(giveUp, timeoutMs);
  signal.addEventListener("abort", giveUp, { once: true });
  socket.addEventListener("open", () => {
    // Must be the first message, or previews come without the id of their prompt.
    socket.send(JSON.stringify({ type: "feature_flags", data: { supports_preview_metadata: true } }));
    opened.resolve(true);
  });
  socket.addEventListener("error", () => opened.resolve(false));
  socket.addEventListener("close", () => {
    opened.resolve(false);
    if (!ours) listener.lost();
    void agent.destroy();
  });
  const within = countingStream(BUDGET, () => performance.now());
  socket.addEventListener("message", ({ data }) => {
    if (!within(sizeOf(data), 1)) {
      socket.close();
      wire?.destroy();
      return;
    }
    if (typeof data === "string") hear(data, listener);
    else if (data instanceof ArrayBuffer) {
      const frame = previewIn(new Uint8Array(data));
      if (frame) listener.preview(frame);
    }
  });
  const isOpen = await opened.promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", giveUp);
  if (!isOpen) {
    end();
    return undefined;
  }
  return { clientId, isOpen: () => socket.readyState === WebSocket.OPEN, close: end };
}

const sizeOf = (data: unknown): number =>
  typeof data === "string" ? data.length : data instanceof ArrayBuffer ? data.byteLength : 0;

function hear(text: string, listener: Listener): void {
  if (IGNORED.test(text)) return;
  let value: unknown;
  try {
    value = parseForeignJson(text);
  } catch {
    // Custom nodes send what they like; the history tells the rest.
    return;
  }
  const message = jobMessageSchema.safeParse(value);
  if (message.success) listener.job(message.data);
  else if (typeof value === "object" && value !== null && "type" in value && value.type === "status")
    listener.queueChanged();
}
