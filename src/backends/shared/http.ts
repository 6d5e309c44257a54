import type { LookupFunction } from "node:net";
import { Agent, type FormData, fetch, type RequestInit, request as requestBytes } from "undici";
import type { z } from "zod";
import { type Clock, systemClock } from "../../lib/clock.ts";
import { parseForeignJson } from "../../lib/foreign-json.ts";
import { BackendError } from "../../ports/backend.ts";
import { sentence } from "../../ports/backend-sentence.ts";
import { lookupOutside, mayFetch } from "./fetch-guard.ts";
import { isContentRefusal, refusalWords } from "./refusal-words.ts";
import { codeOfStatus, retryAfterOf } from "./status.ts";

/** Larger answers that should be JSON are somebody's mistake. */
const JSON_MAX_BYTES = 32 * 1024 * 1024;
const PICTURE_MAX_BYTES = 64 * 1024 * 1024;
const FIRST_BYTES = 16 * 1024;
const REDIRECTS_MAX = 3;

export interface HttpRequest {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  /** Below the client's base address, e.g. "/prompt". */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly form?: FormData;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Of this one exchange, body included. Default: only the signal ends it. */
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
}

/** An answer with any status, read to its end. */
export interface HttpAnswer {
  readonly status: number;
  readonly mime: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
}

/**
 * HTTP to one backend. Every failure becomes a BackendError by the table in `codeOfStatus`; an aborted signal rejects with
 * its own reason. No answer's text reaches a message: it may hold host paths, prompts or markup.
 */
export interface Http {
  /** What its own limits run on, and the waits between its exchanges. */
  readonly clock: Clock;
  /** @throws BackendError, "bad_response" for anything that is not the JSON asked for */
  json<T>(schema: z.ZodType<T>, request: HttpRequest): Promise<T>;
  /** A picture's bytes. @throws BackendError, also for a content type that is none */
  picture(request: Omit<HttpRequest, "method" | "json" | "form">): Promise<Uint8Array>;
  /** A picture from another address, without our headers: picture hosts are third parties. See `mayFetch` for which. */
  download(url: string, request: Omit<HttpRequest, "path" | "query" | "json" | "form" | "method">): Promise<Uint8Array>;
  /** Any status is an answer here. @throws BackendError where none came */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** The error of an answer with a bad status. */
  errorOf(answer: HttpAnswer): BackendError;
  /** Ends open connections. Safe to call twice. */
  close(): Promise<void>;
}

export interface HttpOptions {
  /** Of the backend, for its errors. */
  readonly backend: string;
  /** http or https, may have a path: everything else stands below it. */
  readonly baseUrl: string;
  /** Sent with every request below the base address and nowhere else. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What a protocol knows better than the status: reads the body. `undefined`: the table holds. */
  readonly explain?: (answer: HttpAnswer) => BackendError | undefined;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Finds the addresses of hosts. Default: the system's. */
  readonly lookup?: LookupFunction;
}

interface Opened {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array> | null;
}

const PATIENT = { headersTimeout: 0, bodyTimeout: 0 } as const;

/** `fetch` of Node gives up after 300 s without headers and cannot be told otherwise; undici's own can. */
export function createHttp(options: HttpOptions): Http {
  const { backend, clock = systemClock } = options;
  const { lookup } = options;
  const agentOver = (found: LookupFunction | undefined) =>
    new Agent({ ...PATIENT, connect: { timeout: 10_000, ...(found ? { lookup: found } : {}) } });
  const agent = agentOver(lookup);
  const notOpen = () => new BackendError(backend, "bad_response", "gave a picture address that is not on the open web");
  /** For hosts that the far end names and we do not know. */
  const outside = agentOver(lookupOutside(notOpen, lookup));
  const base = options.baseUrl.replace(/\/+$/, "");
  let closed = false;

  const addressOf = ({ path, query }: HttpRequest) =>
    `${base}${path}${query ? `?${new URLSearchParams(query).toString()}` : ""}`;

  /** One exchange to its end, by either of the library's two ways to start it. */
  async function exchange(
    what: string,
    request: Pick<HttpRequest, "signal" | "timeoutMs">,
    maxBytes: number,
    open: (signal: AbortSignal) => Promise<Opened>,
  ): Promise<HttpAnswer> {
    const limit = request.timeoutMs === undefined ? undefined : clock.deadline(request.timeoutMs);
    const signal = limit ? AbortSignal.any([request.signal, limit]) : request.signal;
    request.signal.throwIfAborted();
    try {
      const { status, headers, body } = await open(signal);
      const bytes = await readUpTo(body, maxBytes, Number(headers["content-length"]));
      if (bytes === undefined) throw tooLarge(backend, maxBytes);
      return { status, mime: mimeOf(headers["content-type"]), headers, bytes };
    } catch (cause) {
      request.signal.throwIfAborted();
      const known = backendErrorIn(cause);
      if (known) throw known;
      if (limit?.aborted) throw new BackendError(backend, "timeout", `no answer within ${request.timeoutMs} ms`);
      throw new BackendError(backend, "offline", `${what} failed: ${whyOf(cause)}`);
    }
  }

  const viaFetch = (url: string, init: RequestInit) => async (signal: AbortSignal) => {
    const response = await fetch(url, { dispatcher: agent, ...init, signal });
    return { status: response.status, headers: Object.fromEntries(response.headers), body: response.body };
  };

  /** Half the work of `fetch` for each byte, and no redirects: for megabytes from the far end itself. */
  const viaRequest = (url: string, headers: Readonly<Record<string, string>>) => async (signal: AbortSignal) => {
    const answer = await requestBytes(url, {
      headers: { "user-agent": "placard", accept: "*/*", ...headers },
      signal,
      dispatcher: agent,
    });
    const flat = Object.entries(answer.headers).map(([name, value]) => [name, String(value ?? "")] as const);
    return { status: answer.statusCode, headers: Object.fromEntries(flat), body: answer.body };
  };

  function send(request: HttpRequest): Promise<HttpAnswer> {
    const init: RequestInit = {
      method: request.method ?? "GET",
      // A redirect would carry our token to another host.
      redirect: "error",
      headers: {
        ...options.headers,
        ...(request.json === undefined ? {} : { "content-type": "application/json" }),
        ...request.headers,
      },
      ...(request.json === undefined ? {} : { body: JSON.stringify(request.json) }),
      ...(request.form === undefined ? {} : { body: request.form }),
    };
    return exchange(
      init.method ?? "GET",
      request,
      request.maxBytes ?? JSON_MAX_BYTES,
      viaFetch(addressOf(request), init),
    );
  }

  const errorOf = (answer: HttpAnswer): BackendError => {
    const known = options.explain?.(answer);
    if (known) return known;
    const retryAfterMs = retryAfterOf(answer.headers["retry-after"]);
    const code = codeOfStatus(answer.status);
    if (answer.status >= 400 && isContentRefusal(refusalWords(answer.bytes)))
      return new BackendError(backend, "moderated", `answered with status ${answer.status}: content refused`);
    return new BackendError(backend, code, `answered with status ${answer.status}`, {
      // What we ask for was checked before: a size limit on the way, a proxy or a fork refuses what others take.
      ...(code === "rejected" ? { elsewhere: true } : {}),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(code === "bad_response" && answer.status >= 500
        ? { memberText: sentence("backend.error.program-broke") }
        : {}),
    });
  };

  const pictureOf = (answer: HttpAnswer): Uint8Array => {
    if (answer.status !== 200) throw errorOf(answer);
    if (!/^(image\/|application\/octet-stream|binary\/octet-stream)/.test(answer.mime))
      throw new BackendError(backend, "bad_response", `${answer.mime.slice(0, 60)} instead of a picture`);
    return answer.bytes;
  };

  return {
    clock,
    send,
    errorOf,
    async json(schema, request) {
      const answer = await send({ headers: { accept: "application/json" }, ...request });
      if (answer.status < 200 || answer.status > 299) throw errorOf(answer);
      return parseJson(backend, schema, answer.bytes);
    },
    async picture(request) {
      const open = viaRequest(addressOf(request), { ...options.headers, ...request.headers });
      return pictureOf(await exchange("GET", request, request.maxBytes ?? PICTURE_MAX_BYTES, open));
    },
    async download(url, request) {
      let address = url;
      for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects += 1) {
        const where = mayFetch(address, base);
        if (where === "no") throw notOpen();
        const open = viaFetch(address, {
          method: "GET",
          dispatcher: where === "outside" ? outside : agent,
          redirect: "manual",
          ...(request.headers ? { headers: { ...request.headers } } : {}),
        });
        const answer = await exchange("GET", request, request.maxBytes ?? PICTURE_MAX_BYTES, open);
        const next = answer.headers["location"];
        if (answer.status < 300 || answer.status > 399 || next === undefined) return pictureOf(answer);
        address = new URL(next, address).href;
      }
      throw new BackendError(backend, "bad_response", "sent its picture's address in circles");
    },
    async close() {
      if (closed) return;
      closed = true;
      await Promise.all([agent.destroy(), outside.destroy()]);
    },
  };
}

/** @throws BackendError "bad_response", without the text */
export function parseJson<T>(backend: string, schema: z.ZodType<T>, bytes: Uint8Array | string): T {
  let value: unknown;
  try {
    value = parseForeignJson(typeof bytes === "string" ? bytes : new TextDecoder().decode(bytes));
  } catch {
    throw new BackendError(
      backend,
      "bad_response",
      "answered with something that is not JSON, or JSON that reaches out",
    );
  }
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const where = checked.error.issues.slice(0, 3).map(({ path, code }) => `${path.join(".").slice(0, 80)}: ${code}`);
  throw new BackendError(backend, "bad_response", `answered in an unknown form (${where.join("; ")})`);
}

const tooLarge = (backend: string, maxBytes: number) =>
  new BackendError(backend, "bad_response", `sent more than ${maxBytes} bytes`);

const mimeOf = (header: string | undefined) => (header ?? "").split(";")[0]?.trim().toLowerCase() ?? "";

/**
 * Copied piece by piece as it comes: joining several MB at the end would hold up everything else in that moment.
 * @param expectedBytes what the server announced; it may lie
 */
async function readUpTo(
  body: AsyncIterable<Uint8Array> | null,
  maxBytes: number,
  expectedBytes: number,
): Promise<Uint8Array | undefined> {
  let bytes = Buffer.allocUnsafe(Math.min(Math.max(expectedBytes || 0, FIRST_BYTES), maxBytes));
  let total = 0;
  for await (const part of body ?? []) {
    if (total + part.length > maxBytes) return undefined;
    if (total + part.length > bytes.length) {
      const larger = Buffer.allocUnsafe(Math.min(Math.max(2 * bytes.length, total + part.length), maxBytes));
      bytes.copy(larger, 0, 0, total);
      bytes = larger;
    }
    bytes.set(part, total);
    total += part.length;
  }
  return bytes.subarray(0, total);
}

/** Libraries wrap what we throw while they connect. */
function backendErrorIn(cause: unknown): BackendError | undefined {
  for (let error = cause; error instanceof Error; error = error.cause) if (error instanceof BackendError) return error;
  return undefined;
}

/** The system's own word for a broken connection ("ECONNREFUSED"); addresses and texts stay out. */
function whyOf(cause: unknown): string {
  for (let error = cause; error instanceof Error; error = error.cause) {
    const code = "code" in error ? error.code : undefined;
    if (typeof code === "string" && /^[A-Z_]{3,40}$/.test(code)) return code;
  }
  return "the connection broke";
}
