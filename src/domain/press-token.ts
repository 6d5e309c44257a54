import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";

/** What a button means. All else is in the store, so it works after restarts and for years. */
export interface Press {
  /** The file in `commands/buttons/` that answers it: 2 to 8 letters. */
  readonly verb: string;
  /** 16 characters of base64url; `NO_JOB` where the press is about no job. */
  readonly jobId: string;
  /** 0 to 46655 (three digits of base 36): a picture of a batch, a page. */
  readonly index: number;
}

/** Stands for "no job" in tokens of paging buttons. */
export const NO_JOB = "----------------";

/** At most 2 + 9 + 17 + 4 + 11 = 43 bytes; Telegram takes 64 bytes, Discord 100 characters. */
export const BUTTON_TOKEN_MAX_BYTES = 43;

const FORM = /^1\.([a-z]{2,8})\.([A-Za-z0-9_-]{16})\.([0-9a-z]{1,3})\.([A-Za-z0-9_-]{11})$/;
/** @param bytes at least 32 random ones, kept over restarts and upgrades */
export const buttonKeyOf = (bytes: Uint8Array): KeyObject => createSecretKey(bytes);

const macOf = (key: KeyObject, text: string) => createHmac("sha256", key).update(text).digest("base64url").slice(0, 11);

/** @throws Error for a press that cannot be encoded: a bug of ours */
export function encodePress(key: KeyObject, press: Press): string {
  const text = `1.${press.verb}.${press.jobId}.${press.index.toString(36)}`;
  const token = `${text}.${macOf(key, text)}`;
  if (!FORM.test(token)) throw new Error(`not a valid button: ${JSON.stringify(press)}`);
  return token;
}

/**
 * `undefined` for anything that is not exactly one of ours, whatever its type. The signature only proves that we made
 * the button (66 bits); who may press it is decided from stored state.
 */
export function decodePress(key: KeyObject, token: unknown): Press | undefined {
  if (typeof token !== "string" || token.length > BUTTON_TOKEN_MAX_BYTES) return undefined;
  const [, verb, jobId, index, mac] = FORM.exec(token) ?? [];
  if (!verb || !jobId || !index || !mac) return undefined;
  const expected = macOf(key, token.slice(0, -12));
  if (!timingSafeEqual(Buffer.from(expected), Buffer.from(mac))) return undefined;
  return { verb, jobId, index: Number.parseInt(index, 36) };
}
