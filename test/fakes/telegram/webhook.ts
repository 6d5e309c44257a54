import { asError } from "../../../src/lib/error.ts";
import type { TestClock } from "../clock.ts";
import { badRequest, tooManyRequests } from "./refusal.ts";
import { nowS } from "./seconds.ts";
import type { Queued, Updates } from "./updates.ts";
import type { Json } from "./world.ts";

const SECRET = /^[A-Za-z0-9_-]{1,256}$/;
const PORTS = ["", "443", "80", "88", "8443"];
const RETRY_FIRST_MS = 1000;
const RETRY_MAX_MS = 60_000;
const ANSWER_WITHIN_MS = 60_000;
const SET_AGAIN_AFTER_MS = 1000;

interface Hook {
  readonly url: string;
  readonly secretToken: string;
  readonly maxConnections: number;
}
interface Options {
  readonly clock: TestClock;
  readonly updates: Updates;
  /** The reverse proxy: where a public address leads to. */
  readonly behind: (url: string) => string;
  /** A method call in the answer to a delivery. */
  readonly call: (method: string, params: Json) => void;
}

export type Webhook = ReturnType<typeof createWebhook>;

/** Brings each update to the bot, again and again until it says 200: in order within a lane, lanes side by side. */
export function createWebhook({ clock, updates, behind, call }: Options) {
  let busy = new Set<string>();
  let hook: Hook | undefined;
  let stopped = new AbortController();
  let settableAtMs = 0;
  let lastError: { readonly atS: number; readonly message: string } | undefined;

  async function deliver({ url, secretToken }: Hook, { update }: Queued, signal: AbortSignal): Promise<number> {
    const response = await fetch(behind(url), {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(secretToken === "" ? {} : { "X-Telegram-Bot-Api-Secret-Token": secretToken }),
      },
      body: JSON.stringify(update),
      redirect: "error",
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    });
    const text = await response.text();
    if (!response.ok) {
      lastError = {
        atS: nowS(clock),
        message: `Wrong response from the webhook: ${response.status} ${response.statusText}`,
      };
      return Number(response.headers.get("retry-after") ?? 0) * 1000 || RETRY_FIRST_MS;
    }
    answerIn(text);
    return 0;
  }

  function answerIn(text: string): void {
    let parsed: Json;
    try {
      parsed = JSON.parse(text) as Json;
    } catch {
      return;
    }
    const { method, ...params } = parsed ?? {};
    if (typeof method === "string") call(method, params);
  }

  async function serve(queued: Queued, current: Hook, lanes: Set<string>, signal: AbortSignal): Promise<void> {
    lanes.add(queued.lane);
    for (let failures = 0; !signal.aborted; failures += 1) {
      const waitMs = await deliver(current, queued, signal).catch((error: unknown) => {
        const late = asError(error).name === "TimeoutError";
        if (!signal.aborted)
          lastError = { atS: nowS(clock), message: late ? "Read timeout expired" : "Connection refused" };
        return RETRY_FIRST_MS;
      });
      if (signal.aborted) break;
      if (waitMs === 0) {
        updates.drop((each) => each === queued);
        break;
      }
      await new Promise<void>((resolve) => {
        const callOff = clock.after(Math.min(RETRY_MAX_MS, waitMs * 2 ** Math.min(failures, 6)), resolve);
        signal.addEventListener("abort", () => {
          callOff();
          resolve();
        });
      });
    }
    lanes.delete(queued.lane);
    if (!signal.aborted) pump();
  }

  function pump(): void {
    const current = hook;
    if (!current) return;
    for (const queued of updates.pending()) {
      if (busy.size >= current.maxConnections) return;
      if (!busy.has(queued.lane)) void serve(queued, current, busy, stopped.signal);
    }
  }

  function stop(): void {
    stopped.abort();
    stopped = new AbortController();
    busy = new Set();
    hook = undefined;
    updates.toWebhook(undefined);
  }

  return {
    set(next: Hook): void {
      const url = URL.canParse(next.url) ? new URL(next.url) : undefined;
      if (!url) throw badRequest("invalid webhook URL specified");
      if (url.protocol !== "https:") throw badRequest("bad webhook: An HTTPS URL must be provided for webhook");
      if (!PORTS.includes(url.port))
        throw badRequest("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443");
      if (next.secretToken.length > 256) throw badRequest("secret token is too long");
      if (next.secretToken !== "" && !SECRET.test(next.secretToken))
        throw badRequest("secret token contains unallowed characters");
      if (clock.nowMs() < settableAtMs) throw tooManyRequests(1);
      settableAtMs = clock.nowMs() + SET_AGAIN_AFTER_MS;
      stop();
      lastError = undefined;
      hook = next;
      updates.toWebhook(pump);
      pump();
    },
    delete: stop,
    info: (): Json => ({
      url: hook?.url ?? "",
      has_custom_certificate: false,
      pending_update_count: updates.pending().length,
      ...(hook ? { max_connections: hook.maxConnections } : {}),
      ...(lastError ? { last_error_date: lastError.atS, last_error_message: lastError.message } : {}),
      ...(updates.allowedTypes() ? { allowed_updates: updates.allowedTypes() } : {}),
    }),
  };
}
