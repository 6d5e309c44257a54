import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";
import { meaningOfFirst } from "./first-press.ts";
import type { Press } from "./press.ts";

/** 2 + 9 + 17 + 2 + 22 + 12: what Telegram takes. Discord takes 100 characters. */
export const BUTTON_TOKEN_MAX_BYTES = 64;

const MAC = "\\.([A-Za-z0-9_-]{11})$";
const VERB = "([a-z]{2,8})";
/** Short, so that a list's token leaves room for its choice. No "=" nor "?" in a token: platforms put their own behind it. */
const ALL = "a";
const FORM = new RegExp(
  `^2\\.${VERB}\\.(?:([A-Za-z0-9_-]{16})\\.(a|\\d)|chat)\\.((?:[a-z]+-[a-z0-9]+(?:,(?=[a-z]))?)*)${MAC}`,
);
/** Of the first versions: old buttons stay in chats for years. */
const FIRST_FORM = new RegExp(`^1\\.${VERB}\\.([A-Za-z0-9_-]{16})\\.([0-9a-z]{1,3})${MAC}`);

/** @param bytes at least 32 random ones, kept over restarts and upgrades */
export const buttonKeyOf = (bytes: Uint8Array): KeyObject => createSecretKey(bytes);

const macOf = (key: KeyObject, text: string) => createHmac("sha256", key).update(text).digest("base64url").slice(0, 11);

/** @throws Error for a press that cannot be encoded: a bug of ours */
export function encodePress(key: KeyObject, { verb, subject, arg }: Press): string {
  const about =
    subject === "chat" ? subject : `${subject.jobId}.${subject.pictures === "all" ? ALL : subject.pictures}`;
  const named = Object.entries(arg).map(([name, value]) => `${name}-${value}`);
  const text = `2.${verb}.${about}.${named.join(",")}`;
  const token = `${text}.${macOf(key, text)}`;
  if (!FORM.test(token) || token.length > BUTTON_TOKEN_MAX_BYTES) throw new Error(`not a valid button: ${text}`);
  return token;
}

/**
 * `undefined` for anything that is not exactly one of ours, whatever its type. The signature only proves that we made
 * the button (66 bits); who may press it is decided from stored state.
 */
export function decodePress(key: KeyObject, token: unknown): Press | undefined {
  if (typeof token !== "string" || token.length > BUTTON_TOKEN_MAX_BYTES) return undefined;
  const press = pressIn(token);
  if (!press) return undefined;
  const expected = macOf(key, token.slice(0, -12));
  return timingSafeEqual(Buffer.from(expected), Buffer.from(token.slice(-11))) ? press : undefined;
}

function pressIn(token: string): Press | undefined {
  const first = FIRST_FORM.exec(token);
  if (first) {
    const [, verb = "", jobId = "", index = ""] = first;
    return meaningOfFirst({ verb, jobId, index: Number.parseInt(index, 36) });
  }
  const [whole, verb = "", jobId, pictures, named = ""] = FORM.exec(token) ?? [];
  if (whole === undefined) return undefined;
  return {
    verb,
    subject: jobId === undefined ? "chat" : { jobId, pictures: pictures === ALL ? "all" : Number(pictures) },
    arg: Object.fromEntries(named === "" ? [] : named.split(",").map((pair) => pair.split("-", 2))),
  };
}
