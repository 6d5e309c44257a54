import { language, say } from "./words.js";

/** Requests to our own server, and who we are in this tab. A group is called `room` in both, as open tabs know it. */

/**
 * @typedef {{ readonly memberId: string, readonly name: string, readonly secret: string, readonly room: string }} Session
 */

/** Stored, but an admin has to let this name in first. */
export class Waiting extends Error {
  /** @param {string} text @param {string} room @param {string} secret */
  constructor(text, room, secret) {
    super(text);
    this.room = room;
    this.secret = secret;
  }

  /** @returns {Promise<boolean>} whether it is over; rejects when they were turned away */
  async isOver() {
    const { waits } = await get(`/api/waiting?${new URLSearchParams({ room: this.room })}`, this.secret);
    return !waits;
  }
}

const SESSION = "placard.session";
const SECRETS = "placard.secrets";

/** Refused or unreachable: `status` 0 means that nobody answered. */
export class ApiError extends Error {
  /** @param {number} status @param {string} text @param {number} retryAfterMs */
  constructor(status, text, retryAfterMs = 0) {
    super(text);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** @returns {Session | undefined} */
export function savedSession() {
  try {
    return JSON.parse(sessionStorage.getItem(SESSION) ?? "") ?? undefined;
  } catch {
    // Nothing stored yet, or not by us.
    return undefined;
  }
}

/** @param {Session | undefined} session */
export function saveSession(session) {
  if (session) sessionStorage.setItem(SESSION, JSON.stringify(session));
  else sessionStorage.removeItem(SESSION);
}

/** @returns {Record<string, string>} secrets by name, so that this browser can come back as the same member */
function secrets() {
  try {
    return JSON.parse(localStorage.getItem(SECRETS) ?? "{}");
  } catch {
    // Damaged: those names cannot come back, new ones can.
    return {};
  }
}

/** @param {string} name */
const keyOf = (name) => name.trim().replace(/\s+/g, " ").normalize("NFKC").toLowerCase();

/** The name used last in this browser, for the form. */
export const lastName = () => localStorage.getItem("placard.name") ?? "";

/**
 * @param {string} path @param {unknown} body @param {{ secret?: string, signal?: AbortSignal }} [options]
 * @returns {Promise<Response>} an answer that is not a refusal
 */
export async function send(path, body, options = {}) {
  return request(path, {
    method: "POST",
    headers: { "content-type": "application/json", ...authorization(options.secret) },
    body: JSON.stringify(body),
    signal: options.signal ?? null,
  });
}

/** @param {string} path @param {string} [secret] */
export async function get(path, secret) {
  return (await request(path, { headers: authorization(secret) })).json();
}

/** @param {File | Blob} file @param {string} name @param {string} secret */
export async function upload(file, name, secret) {
  const response = await request("/api/uploads", {
    method: "POST",
    headers: {
      "content-type": "application/octet-stream",
      "x-file-name": encodeURIComponent(name),
      ...authorization(secret),
    },
    body: file,
  });
  return (await response.json()).upload;
}

/** @param {string} name @param {string} group @returns {Promise<Session>} */
export async function join(name, group) {
  const secret = secrets()[keyOf(name)];
  const response = await send("/api/join", { name, room: group, ...(secret ? { secret } : {}) });
  const joined = await response.json();
  // The server may show another name than was typed: both lead back.
  remember(name, joined.secret);
  remember(joined.member.name, joined.secret);
  if (joined.waits) throw new Waiting(joined.waits, joined.room.slug, joined.secret);
  const session = {
    memberId: joined.member.id,
    name: joined.member.name,
    secret: joined.secret,
    room: joined.room.slug,
  };
  saveSession(session);
  return session;
}

/** @param {string} name @param {string} secret */
function remember(name, secret) {
  localStorage.setItem(SECRETS, JSON.stringify({ ...secrets(), [keyOf(name)]: secret }));
  localStorage.setItem("placard.name", name);
}

/**
 * With a code from another device this one is the same member.
 *
 * @param {string} code @returns {Promise<{ readonly name: string, readonly groups: readonly { readonly slug: string }[] }>}
 */
export async function linkDevice(code) {
  const { member, secret, rooms } = await (await send("/api/device", { code })).json();
  remember(member.name, secret);
  return { name: member.name, groups: rooms };
}

const NAMES_MAX = 6;

/**
 * Who this browser can come back as, and where, newest name first; a name that nobody here knows any more is left out.
 *
 * @returns {Promise<readonly { readonly name: string, readonly secret: string,
 *   readonly groups: readonly { readonly slug: string, readonly title: string }[] }[]>}
 */
export async function seats() {
  const all = [...new Set(Object.values(secrets()))].slice(-NAMES_MAX).reverse();
  const asked = await Promise.all(
    all.map(async (secret) => ({ secret, found: await get("/api/rooms", secret).catch(() => undefined) })),
  );
  return asked.flatMap(({ secret, found }) =>
    found ? [{ name: found.member.name, groups: found.rooms, secret }] : [],
  );
}

/** Who asks; where nobody knows yet, in which language. @param {string | undefined} secret @returns {Record<string, string>} */
const authorization = (secret) => (secret ? { authorization: `Bearer ${secret}` } : { "accept-language": language });

/** @param {string} path @param {RequestInit} init */
async function request(path, init) {
  let response;
  try {
    response = await fetch(path, init);
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new ApiError(0, say("page.problem.silent"));
  }
  if (response.ok) return response;
  const said = await response.json().catch(() => ({}));
  // The code was changed or its cookie has ended: the server shows the page that asks for it.
  if (said.code === "access") location.reload();
  throw new ApiError(response.status, said.error ?? say("page.problem.broken"), said.retryAfterMs ?? 0);
}

/** @returns {string} 22 characters nobody else will make */
export const newId = () =>
  btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
