import { createInFlight } from "../../src/lib/in-flight.ts";
import { createToldWaits, type ToldWaits } from "../../src/lib/named-wait.ts";
import { ChatError } from "../../src/ports/chat.ts";
import type { Log } from "../../src/ports/log.ts";
import { INVALID_REQUESTS, TIME } from "./limits.ts";
import { type FormFile, Multipart } from "./multipart.ts";
import { createTransport, type MakeRequest } from "./transport.ts";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface Sent {
  readonly body?: unknown;
  readonly files?: readonly FormFile[];
  readonly query?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Resolves with the answer, unchecked. @throws what discord.js throws: see `chatErrorOf` */
export type Ask = (method: Method, route: `/${string}`, sent?: Sent) => Promise<unknown>;

export interface Http {
  /** With the bot token. Repeats what was cut off, so everything new carries a nonce. */
  readonly bot: Ask;
  /** With an interaction's token in the route; outside Discord's global rate. May be repeated. */
  readonly reply: Ask;
  /** The same for what must not be repeated by itself. */
  readonly replyOnce: Ask;
  /** What is under way is broken off, and nothing more leaves. */
  close(): void;
}

export interface HttpOptions {
  readonly apiUrl: string;
  readonly token: string;
  readonly nowMs: () => number;
  readonly log: Log;
}

/**
 * Discord over HTTP by discord.js' own client: it queues by rate-limit bucket and waits out short limits. The bot token and
 * interactions' tokens go through clients of their own: an expired interaction answers 401, and discord.js would forget the
 * bot token over it.
 */
export async function openHttp({ apiUrl, token, nowMs, log }: HttpOptions): Promise<Http> {
  // Loaded here: half a second and 35 MB that installations without Discord do not need.
  const { REST } = await import("@discordjs/rest");
  const send = createTransport();
  const budget = createBudget(nowMs, log);
  const waits = createToldWaits({ firstMs: 20, longestMs: TIME.rateLimitWaitMs / 2 });
  const makeRequest: MakeRequest = async (url, init) => {
    budget.check();
    const response = await send(url, init);
    slowDown(waits, `${init.method ?? "GET"} ${url.split("?", 1)[0] ?? ""}`, response);
    budget.note(response.status, response.headers.get("x-ratelimit-scope") ?? undefined);
    return response;
  };
  const options = {
    api: apiUrl,
    makeRequest,
    timeout: TIME.requestMs,
    // Each interaction is a route of its own: kept for an hour and a day, as is usual, a busy bot's fill memory for nothing.
    handlerSweepInterval: TIME.routeSweepMs,
    hashSweepInterval: TIME.routeSweepMs,
    hashLifetime: TIME.replyTokenMs,
    rejectOnRateLimit: (limit: {
      readonly retryAfter: number;
      readonly timeToReset: number;
      readonly sublimitTimeout: number;
    }) => Math.max(limit.retryAfter, limit.timeToReset, limit.sublimitTimeout) > TIME.rateLimitWaitMs,
  };
  // discord.js repeats at once, without a pause: once helps against a single bad answer, more only adds to an outage.
  const bot = new REST({ ...options, retries: 1 }).setToken(token);
  const reply = new REST({ ...options, retries: 1, globalRequestsPerSecond: Number.POSITIVE_INFINITY });
  const replyOnce = new REST({ ...options, retries: 0, globalRequestsPerSecond: Number.POSITIVE_INFINITY });

  const inFlight = createInFlight();

  const asker =
    (rest: typeof bot, auth: boolean): Ask =>
    (method, fullRoute, { body, files, query, signal: given } = {}) =>
      inFlight.run(given, (signal) =>
        rest.request({
          method: method as Parameters<typeof rest.request>[0]["method"],
          fullRoute,
          auth,
          ...bodyOf(body, files),
          ...(query ? { query: new URLSearchParams(query) } : {}),
          signal,
        }),
      );

  return {
    bot: asker(bot, true),
    reply: asker(reply, false),
    replyOnce: asker(replyOnce, false),
    close() {
      inFlight.end(new ChatError("discord", "offline", "stopped"));
      for (const rest of [bot, reply, replyOnce]) {
        rest.clearHashSweeper();
        rest.clearHandlerSweeper();
      }
    },
  };
}

/** Of JSON discord.js makes the body itself. */
function bodyOf(body: unknown, files: Sent["files"]): { readonly body?: unknown; readonly passThroughBody?: true } {
  if (files?.length) return { body: new Multipart(body, files), passThroughBody: true };
  return body === undefined ? {} : { body };
}

/** discord.js waits as long as an answer says, and asks again for ever. */
function slowDown(waits: ToldWaits, key: string, { status, headers }: Awaited<ReturnType<MakeRequest>>): void {
  if (status !== 429) {
    waits.answered(key);
    return;
  }
  const named = headers.get("retry-after");
  const waitMs = waits.told(key, named === null ? undefined : Number(named) * 1000);
  headers.set("retry-after", String(waitMs / 1000));
}

/** Discord bans an address for a while that is refused too often: we stop long before, and say so. */
export function createBudget(nowMs: () => number, log: Log) {
  let windowEndsAtMs = 0;
  let count = 0;
  return {
    /** @throws ChatError "rate_limited" while the budget is used up */
    check(): void {
      const waitMs = windowEndsAtMs - nowMs();
      if (count < INVALID_REQUESTS.stopAt || waitMs <= 0) return;
      throw new ChatError("discord", "rate_limited", "Discord refused too many requests; we wait for it to forget", {
        retryAfterMs: waitMs,
      });
    },
    note(status: number, scope: string | undefined): void {
      if (status !== 401 && status !== 403 && (status !== 429 || scope === "shared")) return;
      if (nowMs() >= windowEndsAtMs) {
        windowEndsAtMs = nowMs() + INVALID_REQUESTS.windowMs;
        count = 0;
      }
      count += 1;
      if (count === INVALID_REQUESTS.stopAt)
        log.error("discord.refused_too_often", { count, waitMs: windowEndsAtMs - nowMs() });
    },
  };
}
