import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Call } from "./calls.ts";
import type { Fault } from "./faults.ts";

export function send(
  response: ServerResponse,
  call: Call,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.destroyed) return;
  call.status = status;
  const text = body === undefined ? undefined : JSON.stringify(body);
  response
    .writeHead(status, { ...headers, ...(text === undefined ? {} : { "content-type": "application/json" }) })
    .end(text);
}

/** Does to a request what the fault says. Returns whether it is over with that. */
export async function spoil(fault: Fault, response: ServerResponse, call: Call): Promise<boolean> {
  switch (fault.kind) {
    case "delay":
      await sleep(fault.delayMs, undefined, { ref: false });
      return false;
    case "status":
      send(response, call, fault.status, { message: `${fault.status}: told to fail`, code: fault.code ?? 0 });
      return true;
    case "html":
      call.status = fault.status;
      response
        .writeHead(fault.status, { "content-type": "text/html" })
        .end("<!doctype html><title>cloudflare</title><h1>Bad gateway</h1>");
      return true;
    case "hang":
      return true;
    case "rate_limited":
      refuseForNow(response, call, fault);
      return true;
    case "reset":
      response.socket?.resetAndDestroy();
      return true;
    case "close":
      response.socket?.end();
      return true;
  }
}

/** 429, as Discord says it: seconds in both places, the scope in a header. */
export function refuseForNow(
  response: ServerResponse,
  call: Call,
  { retryAfterMs, scope }: { readonly retryAfterMs: number; readonly scope: "user" | "global" | "shared" },
): void {
  const seconds = retryAfterMs / 1000;
  const global = scope === "global";
  call.shared = scope === "shared";
  const bucket = {
    "x-ratelimit-bucket": call.operation,
    "x-ratelimit-limit": "5",
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset-after": String(seconds),
  };
  send(
    response,
    call,
    429,
    { message: "You are being rate limited.", retry_after: seconds, global },
    {
      "retry-after": String(seconds),
      "x-ratelimit-scope": scope,
      ...(global ? { "x-ratelimit-global": "true" } : bucket),
    },
  );
}
