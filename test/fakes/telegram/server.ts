import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { asError } from "../../../src/lib/error.ts";
import type { ActiveFault } from "./faults.ts";
import { UPLOAD_MAX_BYTES } from "./files.ts";
import { type Params, readParams, withoutBytes } from "./params.ts";
import { Refusal } from "./refusal.ts";
import type { Json } from "./world.ts";

/** What one HTTP exchange is about, and how it may go wrong on its way. */
export interface Exchange {
  readonly method: string;
  readonly params: Params;
  /** Aborted when the caller hung up. */
  readonly gone: AbortSignal;
  readonly fault: ActiveFault | undefined;
}
export interface Answer {
  readonly status: number;
  readonly body: Json;
}
interface Options {
  readonly token: string;
  /** The fault that befalls this call. */
  readonly strike: (method: string, params: Json) => ActiveFault | undefined;
  /** Notes the call and, unless a fault holds it back, does it. Never throws. */
  readonly run: (exchange: Exchange) => Promise<Answer | undefined>;
  readonly download: (path: string) => Promise<Buffer | undefined>;
  readonly afterMs: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A fault that lets nothing through to Telegram. */
export const holdsBack = (fault: ActiveFault | undefined): boolean =>
  fault !== undefined && !fault.applied && fault.failure.kind !== "delay";

/** A little more than the largest file: the form around it. */
const BODY_MAX_BYTES = UPLOAD_MAX_BYTES + 64 * 1024;

export const refused = ({ errorCode, message, parameters }: Refusal): Answer => ({
  status: errorCode,
  body: { ok: false, error_code: errorCode, description: message, ...(parameters ? { parameters } : {}) },
});
const NOT_FOUND = refused(new Refusal(404, "Not Found"));
const UNAUTHORIZED = refused(new Refusal(401, "Unauthorized"));
const TOO_LARGE = refused(new Refusal(413, "Request Entity Too Large"));

/** The Bot API's HTTP side. Resolves when it listens on a free port of 127.0.0.1. */
export async function serveBotApi(options: Options): Promise<{ readonly url: string; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const closing = new AbortController();
  const server = createServer((request, response) => {
    serve(options, request, response, closing.signal).catch((error: unknown) => {
      response.destroy(asError(error));
    });
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await listening(server);
  // The cast says that a TCP server has a TCP address.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      closing.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      // Answers under way get out first.
      await delay(0);
      server.closeIdleConnections();
      for (const socket of sockets) socket.destroySoon();
      await closed;
    },
  };
}

const listening = (server: Server): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size <= BODY_MAX_BYTES) chunks.push(bytes);
  }
  return size > BODY_MAX_BYTES ? undefined : Buffer.concat(chunks);
}

function hungUp(response: ServerResponse, closing: AbortSignal): AbortSignal {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  return AbortSignal.any([gone.signal, closing]);
}

async function serve(
  options: Options,
  request: IncomingMessage,
  response: ServerResponse,
  closing: AbortSignal,
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const [, file, token = "", rest = ""] = /^\/(file\/)?bot([^/]+)\/(.*)$/.exec(url.pathname) ?? [];
  const gone = hungUp(response, closing);
  const body = await bodyOf(request);
  if (token === "" || rest === "") return send(response, NOT_FOUND);
  // A token of the wrong shape is no address at all; one of the right shape may be the wrong one.
  if (!/^\d+:[\w-]+$/.test(token)) return send(response, NOT_FOUND);
  if (token !== options.token) return send(response, UNAUTHORIZED);
  if (file) return sendFile(response, await options.download(rest));
  if (!body) return send(response, TOO_LARGE);
  await exchange(options, response, rest, gone, () => readParams(url.searchParams, contentTypeOf(request), body));
}

const contentTypeOf = (request: IncomingMessage): string => request.headers["content-type"] ?? "";

async function exchange(
  options: Options,
  response: ServerResponse,
  method: string,
  gone: AbortSignal,
  read: () => Params,
): Promise<void> {
  let params: Params;
  try {
    params = read();
  } catch (error) {
    if (error instanceof Refusal) return send(response, refused(error));
    throw error;
  }
  const fault = options.strike(method, withoutBytes(params));
  if (fault?.failure.kind === "delay" && !fault.applied) await options.afterMs(fault.failure.ms, gone);
  const answer = await options.run({ method, params, gone, fault });
  if (response.destroyed) return;
  if (fault?.failure.kind === "delay" && fault.applied) await options.afterMs(fault.failure.ms, gone);
  if (fault && fault.failure.kind !== "delay") return fail(response, fault, gone);
  if (answer) send(response, answer);
}

function send(response: ServerResponse, { status, body }: Answer): void {
  const retryAfterS = (body["parameters"] as Json | undefined)?.["retry_after"];
  response.writeHead(status, {
    "content-type": "application/json",
    ...(retryAfterS === undefined ? {} : { "retry-after": String(retryAfterS) }),
  });
  response.end(JSON.stringify(body));
}

function sendFile(response: ServerResponse, bytes: Buffer | undefined): void {
  if (!bytes) {
    send(response, NOT_FOUND);
    return;
  }
  response.writeHead(200, { "content-type": "application/octet-stream", "content-length": bytes.length });
  response.end(bytes);
}

const USUAL: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

async function fail(response: ServerResponse, { failure, over }: ActiveFault, gone: AbortSignal): Promise<void> {
  switch (failure.kind) {
    case "status": {
      const { status, retryAfterS = 1 } = failure;
      const late = status === 429 ? { retry_after: retryAfterS } : undefined;
      const usual = late ? `Too Many Requests: retry after ${retryAfterS}` : (USUAL[status] ?? "Error");
      return send(response, refused(new Refusal(status, failure.description ?? usual, late)));
    }
    case "html": {
      const { status = 502 } = failure;
      response.writeHead(status, { "content-type": "text/html" });
      return void response.end(`<html><head><title>${status}</title></head><body>nginx</body></html>`);
    }
    case "reset":
      return void response.socket?.resetAndDestroy();
    case "close":
      return void response.socket?.destroySoon();
    case "hang":
      await Promise.race([over, new Promise((resolve) => gone.addEventListener("abort", resolve, { once: true }))]);
      return void response.destroy();
    case "delay":
      return;
  }
}
