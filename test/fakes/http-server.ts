import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { z } from "zod";

/** How an exchange goes wrong. Each is something real servers and proxies have done. */
export type Fault =
  | { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  /** A proxy's error page with status 200. */
  | "html"
  /** JSON of another shape. */
  | "wrong_shape"
  /** The right JSON with a name in it that every object inherits from, written so that the text does not show it. */
  | "reaches_out"
  /** Half of the right answer, with a length that fits it. */
  | "truncated"
  /** Endless bytes of the right type. */
  | "huge"
  /** The right bytes under another content type. */
  | "wrong_type"
  | "empty"
  /** Headers, and then nothing. */
  | "hang_after_headers"
  | "hang"
  /** The connection breaks after half of the answer. */
  | "cut"
  /** The connection breaks before any answer, and nothing was done. */
  | "refuse"
  | Rewriting;

/** The right answer becomes another one: whatever somebody wants who is at the far end. Of a stream each part does. */
export interface Rewriting {
  readonly rewrite: (good: Good) => Rewritten;
}
export interface Good {
  readonly bytes: Buffer;
  readonly mime: string;
}
export interface Rewritten {
  readonly bytes: Buffer;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export const isRewriting = (fault: Fault | undefined): fault is Rewriting =>
  typeof fault === "object" && "rewrite" in fault;

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  /** Parsed by the route's schema; raw bytes where it has none. */
  readonly body: unknown;
  /** The client went away. */
  readonly gone: AbortSignal;
}

export type FakeAnswer =
  | { readonly json: unknown; readonly status?: number }
  | { readonly bytes: Uint8Array; readonly mime: string; readonly status?: number }
  | { readonly text: string; readonly status?: number }
  /** Sent piece by piece: server-sent events. */
  | { readonly stream: AsyncIterable<string>; readonly mime: string };

export interface FakeRoute {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** `/history/:id`. */
  readonly path: string;
  /** Names the exchange for `fail`; several routes may share one. */
  readonly exchange: string;
  /** What the real server takes: anything else is refused by `refuse`. A strict object refuses unknown fields. */
  readonly body?: z.ZodType;
  readonly handle: (request: FakeRequest) => FakeAnswer | Promise<FakeAnswer>;
}

export interface FakeServer {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** Everything that was asked, oldest first. */
  readonly requests: readonly FakeRequest[];
  /** The next `times` exchanges of this kind go wrong. Default: all from now on. */
  fail(exchange: string, fault: Fault, times?: number): void;
  /** Resolves as soon as this exchange has begun to go wrong. */
  struck(exchange: string): Promise<void>;
  heal(): void;
  /** Open connections, web sockets included. */
  connections(): number;
  /** For web sockets: the upgrade requests. */
  onUpgrade(listener: (request: IncomingMessage, socket: Socket, head: Buffer) => void): void;
  close(): Promise<void>;
}

/** A strict small server on loopback with a switch for every fault. */
export async function openFakeServer(
  routes: readonly FakeRoute[],
  options: {
    /** The real server's answer to a body it does not take. Default: 422 with the places, as FastAPI does. */
    readonly refuse?: (error: z.ZodError) => FakeAnswer;
    /** Checked before the route. An answer refuses. */
    readonly guard?: (request: FakeRequest) => FakeAnswer | undefined;
    /** The answer to an address that does not exist. */
    readonly missing?: FakeAnswer;
  } = {},
): Promise<FakeServer> {
  const requests: FakeRequest[] = [];
  const faults = new Map<string, { readonly fault: Fault; left: number; readonly met: PromiseWithResolvers<void> }>();
  const sockets = new Set<Socket>();
  const compiled = routes.map((route) => ({ route, pattern: patternOf(route.path) }));

  const faultAt = (exchange: string): Fault | undefined => {
    const found = faults.get(exchange);
    if (!found || found.left <= 0) return undefined;
    found.left -= 1;
    found.met.resolve();
    return found.fault;
  };

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? "/", "http://fake");
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const raw = await bodyOf(incoming);
    const method = incoming.method ?? "GET";
    const hit = compiled
      .filter(({ route }) => route.method === method)
      .map(({ route, pattern }) => ({ route, match: pattern.exec(url.pathname) }))
      .find(({ match }) => match !== null);
    const request: FakeRequest = {
      method,
      path: url.pathname,
      params: Object.fromEntries(
        Object.entries(hit?.match?.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
      ),
      query: url.searchParams,
      headers: incoming.headers,
      body: raw.length > 0 && incoming.headers["content-type"]?.includes("json") ? parsed(raw) : raw,
      gone: gone.signal,
    };
    requests.push(request);
    const fault = hit && faultAt(hit.route.exchange);
    if (fault === "refuse") return void incoming.socket.destroy();
    if (fault === "hang") return;
    if (typeof fault === "object" && !isRewriting(fault))
      return write(response, { text: fault.body ?? "", status: fault.status }, fault.headers);
    const refused = options.guard?.(request);
    if (refused) return send(response, refused, undefined);
    if (!hit) return send(response, options.missing ?? { json: { detail: "Not Found" }, status: 404 }, undefined);
    const body = hit.route.body?.safeParse(request.body);
    if (body?.success === false)
      return send(
        response,
        options.refuse?.(body.error) ?? { json: { detail: body.error.issues }, status: 422 },
        undefined,
      );
    await send(response, await hit.route.handle(body ? { ...request, body: body.data } : request), fault);
  }

  const server = createServer((incoming, response) => {
    answer(incoming, response).catch((error: unknown) => {
      // A fault of the fake itself must not look like one of the server it plays.
      response.writeHead(599, { "content-type": "text/plain" }).end(String(error));
    });
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    fail: (exchange, fault, times = Number.POSITIVE_INFINITY) =>
      void faults.set(exchange, { fault, left: times, met: Promise.withResolvers() }),
    async struck(exchange) {
      await faults.get(exchange)?.met.promise;
    },
    heal: () => faults.clear(),
    connections: () => sockets.size,
    onUpgrade: (listener) => void server.on("upgrade", listener),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

type Spoiling = Exclude<Fault, { readonly status: number } | "refuse" | "hang">;
/** Those that need no knowledge of the right answer's parts. */
type WholeSpoiling = Exclude<Spoiling, Rewriting>;

async function send(response: ServerResponse, good: FakeAnswer, fault: Spoiling | undefined): Promise<void> {
  if ("stream" in good) {
    if (fault === undefined || isRewriting(fault)) return stream(response, good, fault);
    return spoil(response, { bytes: Buffer.from("data: {}\n\n"), mime: good.mime }, fault);
  }
  if (fault === undefined) return write(response, good);
  return isRewriting(fault) ? rewrite(response, good, fault) : spoil(response, good, fault);
}

function rewrite(
  response: ServerResponse,
  good: Exclude<FakeAnswer, { readonly stream: unknown }>,
  { rewrite: change }: Rewriting,
): void {
  const { bytes, mime } = encoded(good);
  const { bytes: changed, status = good.status ?? 200, headers = {} } = change({ bytes, mime });
  response.writeHead(status, { "content-type": mime, ...headers }).end(changed);
}

async function stream(
  response: ServerResponse,
  { stream: parts, mime }: Extract<FakeAnswer, { readonly stream: unknown }>,
  change: Rewriting | undefined,
): Promise<void> {
  response.writeHead(200, { "content-type": mime, "cache-control": "no-store" }).flushHeaders();
  for await (const part of parts) {
    if (response.destroyed) return;
    response.write(change ? change.rewrite({ bytes: Buffer.from(part), mime }).bytes : part);
  }
  response.end();
}

function encoded(answer: Exclude<FakeAnswer, { readonly stream: unknown }>): {
  readonly bytes: Buffer;
  readonly mime: string;
} {
  if ("json" in answer) return { bytes: Buffer.from(JSON.stringify(answer.json)), mime: "application/json" };
  if ("text" in answer) return { bytes: Buffer.from(answer.text), mime: "text/plain" };
  return { bytes: Buffer.from(answer.bytes), mime: answer.mime };
}

function write(
  response: ServerResponse,
  answer: Exclude<FakeAnswer, { readonly stream: unknown }>,
  headers: Readonly<Record<string, string>> = {},
): void {
  const { bytes, mime } = encoded(answer);
  response
    .writeHead(answer.status ?? 200, { "content-type": mime, "content-length": bytes.length, ...headers })
    .end(bytes);
}

const HTML =
  "<!doctype html><html><title>Bad gateway</title><body>The server at /srv/secret/path is down</body></html>";

function spoil(
  response: ServerResponse,
  good: Exclude<FakeAnswer, { readonly stream: unknown }>,
  fault: WholeSpoiling,
): void {
  const { bytes, mime } = encoded(good);
  const half = bytes.subarray(0, Math.floor(bytes.length / 2));
  switch (fault) {
    case "html":
      response.writeHead(200, { "content-type": "text/html" }).end(HTML);
      break;
    case "wrong_shape":
      response.writeHead(200, { "content-type": "application/json" }).end('{"nothing":["you","expect"]}');
      break;
    case "reaches_out":
      response.writeHead(200, { "content-type": "application/json" }).end(reachingOut(bytes));
      break;
    case "truncated":
      response.writeHead(200, { "content-type": mime }).end(half);
      break;
    case "wrong_type":
      response.writeHead(200, { "content-type": "application/x-surprise" }).end(bytes);
      break;
    case "empty":
      response.writeHead(200, { "content-type": mime, "content-length": 0 }).end();
      break;
    case "hang_after_headers":
      response.writeHead(200, { "content-type": mime }).flushHeaders();
      break;
    case "cut":
      response.writeHead(200, { "content-type": mime, "content-length": bytes.length });
      response.write(half.length > 0 ? half : "{", () => response.destroy());
      break;
    case "huge":
      response.writeHead(200, { "content-type": mime });
      pour(response);
  }
}

function reachingOut(bytes: Buffer): string {
  const text = bytes.toString();
  const name = String.raw`"\u005f_proto__":{"polluted":1}`;
  if (text.startsWith("{")) return `{${name}${text === "{}" ? "" : ","}${text.slice(1)}`;
  return text.startsWith("[") ? `[{${name}}${text === "[]" ? "" : ","}${text.slice(1)}` : `{${name}}`;
}

function pour(response: ServerResponse): void {
  const part = Buffer.alloc(1024 * 1024, 0x20);
  const more = () => {
    while (!response.destroyed && response.write(part)) {
      // Until the other side is full.
    }
    if (!response.destroyed) response.once("drain", more);
  };
  more();
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function parsed(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString());
  } catch {
    return raw;
  }
}

const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll(/:([a-z]+)/g, "(?<$1>[^/]+)")}$`);

/** The fields and files of a multipart body. */
export async function multipart(request: FakeRequest): Promise<FormData> {
  if (!(request.body instanceof Uint8Array)) throw new Error("not a multipart body");
  // Node's own parser reads it, so what our client writes is judged by another program.
  return new Response(Buffer.from(request.body), {
    headers: { "content-type": request.headers["content-type"] ?? "" },
  }).formData();
}
