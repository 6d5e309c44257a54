import type { Agent } from "undici";
import { unlessAborted, within } from "../../lib/abort.ts";
import { asError } from "../../lib/error.ts";
import { parseForeignJson } from "../../lib/foreign-json.ts";
import { BackendError } from "../../ports/backend.ts";
import { sentence } from "../../ports/backend-sentence.ts";
import { type Http, parseJson } from "../shared/http.ts";
import type { Description } from "./description.ts";
import { createFrames, type Frames } from "./differences.ts";
import { readEvents } from "./events.ts";
import { type GradioClient, type GradioSource, loadGradioClient } from "./gradio-library.ts";
import { type GradioMessage, joinedSchema, joinSchema, messageSchema } from "./wire.ts";

export interface SpaceWires {
  readonly backend: string;
  /** Below the Space's own address, with the token. */
  readonly http: Http;
  readonly agent: Agent;
  /** Without a slash at its end. */
  readonly root: string;
  readonly headers: Readonly<Record<string, string>>;
  /** As the Space sent them, read and checked before: the client asks for them once more. */
  readonly config: unknown;
  readonly info: unknown;
  readonly description: Pick<Description, "differences">;
}

/** What the server's cancel is told, besides the session. */
interface Joined {
  readonly eventId: string;
  readonly fnIndex: number;
}

/** One session with a Space: for one job, since its LoRA choice and the server's cancel both go by the session. */
export interface SpaceClient {
  readonly gradio: GradioClient;
  readonly sessionHash: string;
  /** Rejects when something went wrong on the wire that the client itself would hide, hang on or only print. */
  readonly trouble: Promise<never>;
  /** The newest event that joined the Space's queue, as soon as the Space has answered; `undefined` when none did. */
  joined(): Promise<Joined | undefined>;
  /** Resolves when the Space has ended its stream of events, or after a second. */
  quiet(): Promise<void>;
  /** The job has its end: what the Space still sends is read and dropped. Safe to call twice. */
  hush(): void;
  /** Aborted by `close`. */
  readonly ended: AbortSignal;
  close(): void;
}

/**
 * `@gradio/client` over wires of ours. What it brings of its own cannot be cancelled, has no limit on sizes, prints to the
 * console, sends the token as it likes, leaves the heartbeat open after `close()`, and applies whatever a server sends to
 * its own objects (BACKENDS reference, 5, traps 1, 5, 6 and 8). What it keeps doing: the order of calls, named arguments
 * with defaults and hidden state, differences between frames, and what each message means.
 */
export async function openClient(wires: SpaceWires): Promise<SpaceClient> {
  const Library = await loadGradioClient();
  const life = new AbortController();
  const { promise: trouble, reject: fail } = Promise.withResolvers<never>();
  trouble.catch(() => undefined);
  let joining: Promise<Joined | undefined> = Promise.resolve(undefined);
  let listening: Promise<void> = Promise.resolve();
  let hushed = false;

  /** Joining the queue is all the client posts by itself. */
  async function join(url: URL, init: { readonly body?: unknown } | undefined): Promise<Response> {
    const json: unknown = JSON.parse(String(init?.body ?? "null"));
    const work = wires.http
      .send({
        method: "POST",
        path: pathBelow(wires.root, url),
        json,
        headers: { "x-gradio-user": "api" },
        signal: life.signal,
        timeoutMs: JOIN_WITHIN_MS,
        maxBytes: 1024 * 1024,
      })
      .then((answer): Joined => {
        if (answer.status !== 200) throw joinError(wires, answer);
        const { event_id: eventId } = parseJson(wires.backend, joinedSchema, answer.bytes);
        return { eventId, fnIndex: joinSchema.parse(json).fn_index };
      });
    joining = work.catch(() => undefined);
    try {
      return answered({ event_id: (await work).eventId });
    } catch (error) {
      fail(asError(error));
      // The client waits for an answer; what it makes of this one nobody reads.
      return answered({ detail: "" }, 500);
    }
  }

  function listen(url: URL, source: GradioSource, isHeartbeat: boolean): AbortController {
    const control = new AbortController();
    const signal = AbortSignal.any([control.signal, life.signal]);
    const frames = wires.description.differences ? createFrames() : undefined;
    let ended = false;
    const reading = readEvents(
      wires.http,
      { backend: wires.backend, url: url.href, headers: wires.headers, agent: wires.agent, signal },
      (data) => {
        if (isHeartbeat || hushed) return;
        const message = checked(wires.backend, data, frames);
        if (!message) return;
        if (message.msg === "unexpected_error") throw new BackendError(wires.backend, "offline", "lost our session");
        ended = message.msg === "close_stream";
        Promise.resolve(source.onmessage?.({ data: JSON.stringify(message) })).catch((error: unknown) =>
          fail(asError(error)),
        );
      },
    )
      .then(() => {
        if (!isHeartbeat && !ended) throw new BackendError(wires.backend, "offline", "stopped talking in the middle");
      })
      .catch((error: unknown) => {
        // A lost heartbeat ends nothing by itself: if the Space is gone, the stream of events says so.
        if (!isHeartbeat && !ended && !signal.aborted) fail(asError(error));
      });
    if (isHeartbeat) return control;
    listening = reading;
    // The client aborts this one as soon as the server says that the stream is over. The server then ends it by itself, and
    // the connection serves the next exchange.
    return new AbortController();
  }

  class Wired extends Library {
    override async fetch(input: string | URL, init?: { readonly body?: unknown }): Promise<Response> {
      const url = new URL(String(input));
      // The addresses in it are those the Space sees itself under; ours is the one that is reached.
      if (url.pathname.endsWith("/config"))
        return answered({ ...(wires.config as object), root: wires.root, space_id: null });
      if (url.pathname.endsWith("/info")) return answered(wires.info);
      return join(url, init);
    }

    override stream(url: URL): GradioSource {
      const source: GradioSource = { onmessage: null, onerror: null, close: () => undefined };
      this.abort_controller = listen(url, source, url.pathname.includes("/heartbeat/"));
      return source;
    }
  }

  const gradio = await Wired.connect(wires.root, {
    events: ["data", "status", "log"],
    with_null_state: true,
    session_hash: crypto.randomUUID().replaceAll("-", ""),
  });
  return {
    gradio,
    sessionHash: gradio.session_hash,
    trouble,
    ended: life.signal,
    joined: () => joining,
    hush() {
      hushed = true;
    },
    quiet: () => within(wires.http.clock, QUIET_WITHIN_MS, unlessAborted(listening, life.signal)),
    close() {
      gradio.close();
      life.abort();
    },
  };
}

const JOIN_WITHIN_MS = 15_000;
const QUIET_WITHIN_MS = 1000;

/**
 * As much of a Response as the client reads, without writing JSON only to parse it again: a gallery's description has some
 * hundred kB, for each job. A border to the library.
 */
const answered = (value: unknown, status = 200): Response =>
  ({ status, ok: status === 200, json: async () => value }) as unknown as Response;

/** `undefined`: a message of a kind we do not know. @throws BackendError "bad_response" */
function checked(backend: string, data: string, frames: Frames | undefined) {
  let value: unknown;
  try {
    value = parseForeignJson(data);
  } catch {
    throw new BackendError(backend, "bad_response", "sent an event that is not JSON, or JSON that reaches out");
  }
  const message = messageSchema.safeParse(value);
  if (message.success) return frames ? withoutPaths(backend, message.data, frames) : message.data;
  const known = messageSchema.options.map(({ shape }) => shape.msg.value as string);
  const kind = typeof value === "object" && value !== null && "msg" in value ? value.msg : undefined;
  if (typeof kind === "string" && !known.includes(kind)) return undefined;
  throw new BackendError(backend, "bad_response", "sent an event in an unknown form");
}

/** The library follows the paths of differences wherever they lead, so it gets none. */
function withoutPaths(backend: string, message: GradioMessage, frames: Frames): GradioMessage {
  if (message.msg === "process_completed") frames.ended(message.event_id);
  if (message.msg !== "process_generating" || !message.success || !message.output.data) return message;
  try {
    const data = [...frames.next(message.event_id, message.output.data)];
    return { ...message, output: { ...message.output, data } };
  } catch {
    throw new BackendError(backend, "bad_response", "sent a difference that does not fit its frame");
  }
}

function joinError({ backend, http }: SpaceWires, answer: Parameters<Http["errorOf"]>[0]): BackendError {
  // The queue's own limit; a Space that loads or sleeps answered the description with 503 before.
  if (answer.status === 503)
    return new BackendError(backend, "busy", "its queue is full", { memberText: sentence("backend.error.queue-full") });
  return http.errorOf(answer);
}

const pathBelow = (root: string, url: URL): string =>
  `${url.pathname.slice(new URL(root).pathname.replace(/\/+$/u, "").length)}${url.search}`;
