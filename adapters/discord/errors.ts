import { ChatError } from "../../src/ports/chat.ts";

/** Discord's JSON error codes that mean something to us. */
const CODE = {
  unknownChannel: 10003,
  unknownGuild: 10004,
  unknownMessage: 10008,
  unknownWebhook: 10015,
  unknownInteraction: 10062,
  tooManyOldEdits: 30046,
  tooLargeUpload: 40005,
  alreadyAcknowledged: 40060,
  missingAccess: 50001,
  cannotMessageMember: 50007,
  missingPermissions: 50013,
  invalidWebhookToken: 50027,
  malformed: 50035,
  archivedThread: 50083,
  lockedThread: 160005,
} as const;

const GONE: ReadonlySet<number> = new Set([
  CODE.unknownChannel,
  CODE.unknownGuild,
  CODE.unknownMessage,
  CODE.unknownWebhook,
  CODE.unknownInteraction,
  CODE.cannotMessageMember,
  CODE.invalidWebhookToken,
]);
const REFUSED: ReadonlySet<number> = new Set([
  CODE.missingAccess,
  CODE.missingPermissions,
  CODE.lockedThread,
  // Waking a thread was tried before this counts: it is locked.
  CODE.archivedThread,
]);
const OLD_EDITS_RETRY_MS = 60_000;

/** As much of the errors of discord.js as we look at; which class it is says less than these. */
interface Failure {
  readonly name?: string;
  readonly code?: unknown;
  readonly status?: unknown;
  readonly retryAfter?: unknown;
  readonly timeToReset?: unknown;
  readonly message?: string;
}

const numberIn = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;
const codeOf = (thrown: unknown): number | undefined => numberIn((thrown as Failure | undefined)?.code);
const statusOf = (thrown: unknown): number | undefined => numberIn((thrown as Failure | undefined)?.status);

/** Of a request by a reply's token: it no longer works, and the answer goes to the channel. */
export const isDeadReply = (thrown: unknown): boolean => {
  const code = codeOf(thrown);
  return (
    statusOf(thrown) === 401 ||
    code === CODE.unknownWebhook ||
    code === CODE.invalidWebhookToken ||
    code === CODE.unknownInteraction
  );
};
export const isGone = (thrown: unknown): boolean => GONE.has(codeOf(thrown) ?? 0);
export const isUnknownMessage = (thrown: unknown): boolean => codeOf(thrown) === CODE.unknownMessage;
/** An earlier try was stored although its answer was lost. */
export const isAcknowledgedAlready = (thrown: unknown): boolean => codeOf(thrown) === CODE.alreadyAcknowledged;
/** We lack rights there. Asking again costs a part of the budget of invalid requests. */
export const isRefused = (thrown: unknown): boolean =>
  REFUSED.has(codeOf(thrown) ?? 0) || (statusOf(thrown) === 403 && !GONE.has(codeOf(thrown) ?? 0));
export const isTooLarge = (thrown: unknown): boolean =>
  statusOf(thrown) === 413 || codeOf(thrown) === CODE.tooLargeUpload;
/** Discord does not take a message of this form. */
export const isMalformed = (thrown: unknown): boolean => codeOf(thrown) === CODE.malformed;
export const isArchivedThread = (thrown: unknown): boolean => codeOf(thrown) === CODE.archivedThread;
const isUnauthorized = (thrown: unknown): boolean =>
  (statusOf(thrown) === 401 && codeOf(thrown) !== CODE.invalidWebhookToken) ||
  // discord.js forgets a token that was refused and then misses it.
  /Expected token to be set/.test((thrown as Failure | undefined)?.message ?? "");

export const BAD_TOKEN =
  "Discord does not accept DISCORD_TOKEN. Open the Developer Portal, your application, page Bot, press Reset Token and put the new token into .env";

/** Only what was said: the errors of discord.js also carry addresses with tokens in them, and prompts. */
function plainCause(thrown: unknown): Error {
  const { name = "Error", code, status, message = String(thrown) } = (thrown ?? {}) as Failure;
  const where = [status, code].filter((part) => part !== undefined).join(" ");
  const plain = new Error(`${where ? `${where} ` : ""}${message.slice(0, 300)}`);
  plain.name = name;
  delete plain.stack;
  return plain;
}

/**
 * What a failed request means to the core. A body that Discord calls malformed is our mistake and comes back as a plain
 * Error; so does anything that is no failure of a request.
 */
export function chatErrorOf(thrown: unknown): Error {
  if (thrown instanceof ChatError) return thrown;
  const cause = plainCause(thrown);
  const code = codeOf(thrown);
  const status = statusOf(thrown);
  const failed = (as: ChatError["code"], what: string, retryAfterMs?: number) =>
    new ChatError("discord", as, what, { cause, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
  const waitMs = rateLimitWaitMs(thrown);
  if (waitMs !== undefined) return failed("rate_limited", "Discord asks to slow down", waitMs);
  if (isUnauthorized(thrown)) return failed("auth", BAD_TOKEN);
  if (isTooLarge(thrown)) return failed("too_large", "Discord says the files are too large");
  if (code === CODE.tooManyOldEdits)
    return failed("rate_limited", "an old message was edited often", OLD_EDITS_RETRY_MS);
  if (code !== undefined && GONE.has(code)) return failed("gone", "the message or its channel is not there");
  if (isRefused(thrown)) return failed("offline", "Discord does not let the bot write there");
  if (status === 404) return failed("gone", "Discord knows no such place");
  if (status !== undefined && status >= 500) return failed("offline", `Discord answered ${status}`);
  if (status !== undefined && status >= 400) return new Error(`discord: a request was malformed: ${cause.message}`);
  if (isNetworkFailure(thrown)) return failed("offline", "Discord did not answer");
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** Of the RateLimitError of discord.js. */
function rateLimitWaitMs(thrown: unknown): number | undefined {
  const { retryAfter, timeToReset, name } = (thrown ?? {}) as Failure;
  if (!name?.startsWith("RateLimitError")) return undefined;
  return Math.max(0, numberIn(retryAfter) ?? 0, numberIn(timeToReset) ?? 0);
}

/** What undici and Node throw when a server is away, hangs or closes: system codes, its own codes, aborts. Not for a wrong call. */
const isNetworkFailure = (thrown: unknown): boolean =>
  thrown instanceof Error &&
  (thrown.name === "AbortError" ||
    thrown.name === "TimeoutError" ||
    thrown.name === "SocketError" ||
    /^(E(?!RR_)[A-Z]{2,}|(UND_)?ERR_(?!INVALID))/.test(String((thrown as Failure).code ?? "")) ||
    thrown.message === "fetch failed");
