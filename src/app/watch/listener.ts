import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { METRICS_TYPE } from "../../lib/metrics.ts";
import type { Health } from "./health.ts";

const HOST = "127.0.0.1";
const CONNECTIONS_MAX = 16;
const REQUEST_WITHIN_MS = 5000;
const PLAIN = "text/plain; charset=utf-8";
/** What a browser was led to by another name, and what a proxy hands on, comes from elsewhere, whatever the connection says. */
const NAMES_HERE = /^(?:127\.0\.0\.1|localhost)(?::\d{1,5})?$/i;
const HANDED_ON = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];

export interface Listener {
  /** Resolves with the port. @throws Error in words for the operator when it is another program's */
  open(): Promise<number>;
  close(): Promise<void>;
}

/** Two pages for programs of this machine. */
export function createListener(
  port: number,
  pages: { readonly health: () => Promise<Health>; readonly metrics: () => Promise<string> },
): Listener {
  const server = createServer((request, response) => {
    answer(request, pages).then(
      (page) => send(request, response, page),
      () => send(request, response, { status: 500, text: "something broke\n" }),
    );
  });
  server.maxConnections = CONNECTIONS_MAX;
  server.requestTimeout = REQUEST_WITHIN_MS;
  server.headersTimeout = REQUEST_WITHIN_MS;
  return {
    open: () =>
      new Promise((resolve, reject) => {
        server.once("error", (error) => reject(new Error(whyNot(error, port), { cause: error })));
        server.listen(port, HOST, () => {
          const address = server.address();
          resolve(typeof address === "object" && address !== null ? address.port : port);
        });
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Page {
  readonly status: number;
  readonly type?: string;
  readonly text: string;
}

async function answer(
  { method, url, headers }: IncomingMessage,
  { health, metrics }: Parameters<typeof createListener>[1],
): Promise<Page> {
  if (!NAMES_HERE.test(headers.host ?? "") || HANDED_ON.some((name) => headers[name] !== undefined))
    return { status: 403, text: "for programs of this machine only\n" };
  if (method !== "GET" && method !== "HEAD") return { status: 405, text: "GET only\n" };
  switch (url?.split("?")[0]) {
    case "/healthz": {
      const { ok, text } = await health();
      return { status: ok ? 200 : 503, text: `${text}\n` };
    }
    case "/metrics":
      return { status: 200, type: METRICS_TYPE, text: await metrics() };
    default:
      return { status: 404, text: "there is /healthz and /metrics\n" };
  }
}

function send({ method }: IncomingMessage, response: ServerResponse, { status, type = PLAIN, text }: Page): void {
  const headers = { "content-type": type, "cache-control": "no-store", "x-content-type-options": "nosniff" };
  response.writeHead(status, { ...headers, ...(status === 405 ? { allow: "GET, HEAD" } : {}) });
  response.end(method === "HEAD" ? undefined : text);
}

function whyNot(error: unknown, port: number): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "EADDRINUSE"
    ? `HEALTH_PORT: another program listens at port ${port} already. Each process needs one of its own`
    : `HEALTH_PORT: nothing can listen at port ${port}`;
}
