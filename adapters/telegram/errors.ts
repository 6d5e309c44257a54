import { GrammyError, HttpError } from "grammy";
import { ChatError } from "../../src/ports/chat.ts";

const PLATFORM = "telegram";

/** The request was never sent, so sending it again cannot double anything. */
export class NeverSent extends ChatError {
  constructor(why: string) {
    super(PLATFORM, "offline", `cannot reach Telegram (${why})`);
  }
}

/** Telegram said no for a reason that is none of `ChatError`'s: the caller may know another way, else it is our bug. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly description: string;

  constructor(method: string, description: string) {
    super(`telegram: ${method}: ${description}`);
    this.description = description;
  }
}

/** The chat lets us say something, and send nothing of this kind. For who does not ask, its place is gone. */
export class Forbidden extends ChatError {
  readonly what: "photos" | "files";

  constructor(what: Forbidden["what"], description: string) {
    super(PLATFORM, "gone", description);
    this.what = what;
  }
}

/** The chat lets us send no poll. */
export class NoPolls extends ChatError {
  constructor(description: string) {
    super(PLATFORM, "gone", description);
  }
}

/** The topic was deleted or closed; the rest of the chat is there. */
export class TopicGone extends ChatError {
  constructor(description: string) {
    super(PLATFORM, "gone", description);
  }
}

/** The group goes on as a supergroup under another id; nothing was done. */
export class Migrated extends Error {
  override readonly name = "Migrated";
  readonly toChatId: string;

  constructor(toChatId: string) {
    super("telegram: the group became a supergroup");
    this.toChatId = toChatId;
  }
}

/** An edit that changes nothing: what was wanted is already there. */
export class NotModified extends Error {
  override readonly name = "NotModified";
}

// Telegram's own sentences; they are stable, while its error codes say only 400 and 403.
const GONE =
  /chat not found|user not found|message to edit not found|message to be edited not found|message_id_invalid|peer_id_invalid|chat_write_forbidden|chat_send_\w+_forbidden|chat_restricted|group chat was deactivated|have no rights to send|not enough rights to send|user_is_blocked|bot is not a member|need administrator rights in the channel/i;
const NO_TOPIC = /message thread not found|topic_closed|topic_deleted|topic_id_invalid/i;
const NO_PHOTOS = /not enough rights to send photos|chat_send_(?:photos|media)_forbidden/i;
const NO_FILES = /not enough rights to send documents|chat_send_docs_forbidden/i;
const NO_POLLS = /not enough rights to send polls|chat_send_polls_forbidden/i;
const TOO_LARGE =
  /message is too long|caption is too long|media_caption_too_long|request entity too large|file is too big|photo_invalid_dimensions|wrong file size/i;
/** Errors of a connection that was never made; anything else may have reached Telegram. */
const NEVER_CONNECTED = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "CERT_HAS_EXPIRED",
]);

/**
 * What a call threw, as something that may be logged: the inner error of grammY's `HttpError` carries the address with
 * the bot's token in it, so nothing of it but its code goes on.
 */
export function faultOf(error: unknown): Error {
  if (error instanceof GrammyError) return refusalOf(error);
  if (error instanceof HttpError) {
    const code = codeOf(error.error);
    return NEVER_CONNECTED.has(code)
      ? new NeverSent(code)
      : new ChatError(PLATFORM, "offline", `no answer from Telegram (${code})`);
  }
  return error instanceof Error ? error : new Error("telegram: something was thrown that is no error");
}

function refusalOf({ error_code: code, description, method, parameters }: GrammyError): Error {
  if (parameters.migrate_to_chat_id !== undefined) return new Migrated(String(parameters.migrate_to_chat_id));
  if (code === 429) {
    const retryAfterMs = Math.max(1, parameters.retry_after ?? 1) * 1000;
    return new ChatError(PLATFORM, "rate_limited", `told to wait ${retryAfterMs / 1000} s`, { retryAfterMs });
  }
  if (code === 401 || (code === 404 && description === "Not Found"))
    return new ChatError(PLATFORM, "auth", "the token in TELEGRAM_TOKEN was refused: copy it again from @BotFather");
  if (code >= 500) return new ChatError(PLATFORM, "offline", `Telegram has trouble (${code})`);
  if (/message is not modified/i.test(description)) return new NotModified(description);
  if (NO_PHOTOS.test(description)) return new Forbidden("photos", description);
  if (NO_FILES.test(description)) return new Forbidden("files", description);
  if (NO_POLLS.test(description)) return new NoPolls(description);
  if (NO_TOPIC.test(description)) return new TopicGone(description);
  // 403: kicked, blocked, deactivated, never started: nobody would see it.
  if (code === 403 || GONE.test(description)) return new ChatError(PLATFORM, "gone", description);
  if (code === 413 || TOO_LARGE.test(description)) return new ChatError(PLATFORM, "too_large", description);
  return new Refused(method, description);
}

function codeOf(inner: unknown): string {
  if (typeof inner === "object" && inner !== null) {
    if ("code" in inner && typeof inner.code === "string" && /^[A-Z_]+$/.test(inner.code)) return inner.code;
    if ("name" in inner && inner.name === "AbortError") return "aborted";
    if ("message" in inner && typeof inner.message === "string") {
      if (/timed out/.test(inner.message)) return "timed out";
      if (/invalid json/i.test(inner.message)) return "an answer that is no JSON";
    }
  }
  return "connection lost";
}

/** What leaves the adapter: a `ChatError`, or a plain error for a bug of ours. */
export function leaving(error: unknown): Error {
  if (error instanceof Migrated || error instanceof Refused) return new Error(error.message);
  return error instanceof Error ? error : new Error("telegram: unknown fault");
}
