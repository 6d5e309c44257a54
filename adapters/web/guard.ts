import { createHmac, randomBytes, scryptSync, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { getCookie } from "hono/cookie";
import { z } from "zod";
import { text } from "../../src/domain/text.ts";
import { wholeNumberSetting } from "../../src/lib/number-text.ts";
import { browserLanguage } from "./accepted-languages.ts";
import { Refusal, refusalResponse } from "./refusal.ts";

const LOOPBACK_NAMES = new Set(["localhost", "127.0.0.1", "[::1]"]);
const ACCESS_COOKIE = "placard_access";

export function isLoopback(host: string): boolean {
  return LOOPBACK_NAMES.has(host) || host === "::1" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/i;

/**
 * Whether this Host header may be answered. Without an access code only loopback names: a foreign name that resolves to
 * 127.0.0.1 (DNS rebinding) would otherwise let any web page read the chat. With a code any name will do, because the
 * cookie belongs to the name under which the code was typed.
 */
function hostAllowed(host: string | undefined, withCode: boolean): boolean {
  const name = HOST.exec(host ?? "")?.[1]?.toLowerCase();
  return name !== undefined && (withCode || isLoopback(name));
}

/** Whether a request comes from a page of ours. `null`, foreign ports and look-alike names are others. */
function originAllowed(origin: string | undefined, host: string | undefined): boolean {
  const match = /^https?:\/\/([^/@?#]+)$/i.exec(origin ?? "");
  if (!match || !host) return false;
  return match[1]?.toLowerCase() === host.toLowerCase();
}

export interface Guard {
  /** The cookie's value for whoever typed the right code; `undefined` for a wrong one. */
  readonly admit: (code: string) => string | undefined;
  readonly admitted: (cookie: string | undefined) => boolean;
}

/** Both comparisons take the same time for every wrong value. */
export function guardOf(code: string | undefined, salt: string): Guard {
  if (code === undefined) return { admit: () => undefined, admitted: () => true };
  // The cookie is derived slowly, so that a stolen one does not give the code away, and is the same after a restart.
  const expected = scryptSync(code, salt, 32);
  // Tries are compared quickly: a slow derivation for each would let anybody hold everybody up.
  const key = randomBytes(32);
  const mark = (typed: string) => createHmac("sha256", key).update(typed).digest();
  const right = mark(code);
  return {
    admit: (typed) => (timingSafeEqual(mark(typed), right) ? expected.toString("base64url") : undefined),
    admitted: (cookie) => {
      const given = Buffer.from(cookie ?? "", "base64url");
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}

export const accessCookie = { name: ACCESS_COOKIE, maxAgeSeconds: 60 * 60 * 24 * 60 };

/** Reachable without the code: the page that asks for it, the screens of meetings, and what these pages are made of. */
const OPEN_PATHS = new Set([
  "/access",
  "/api/access",
  "/page/words",
  "/page/icon.svg",
  "/page/vendor/intl-messageformat.js",
  "/page/vendor/htm-preact.js",
  ...[
    "access",
    "api",
    "completion",
    "connection",
    "dialogs",
    "icons",
    "initial",
    "menu",
    "offer-rows",
    "own",
    "own-address",
    "attachment",
    "press",
    "presses",
    "status",
    "stream",
    "wake-lock",
    "wall-keys",
    "wall-element",
    "words",
    "decisions/ballots",
    "decisions/bars",
    "decisions/choice",
    "decisions/open",
  ].map((name) => `/page/${name}.js`),
]);

/** A link to a document brings its own right: it is signed, and has an end. Whoever has half of one is told so. */
const SIGNED = /^\/document\//;

/** What a page looks like is no secret either. */
const STYLES = /^\/page\/(?:[a-z]+\/)?[a-z-]+\.css$/;

/** Screens of meetings: the key of a wall, a seat or a meeting's code takes the place of the access code. */
const SCREENS: readonly RegExp[] = [
  /^\/wall\/[^/]+$/,
  /^\/join(?:\/[^/]*)?$/,
  /^\/meeting$/,
  /^\/page\/meeting\/[a-z-]+\.js$/,
  /^\/api\/meeting\/[a-z]+$/,
];

const isOpen = (path: string): boolean =>
  OPEN_PATHS.has(path) || STYLES.test(path) || SCREENS.some((screen) => screen.test(path));

const HEADERS = {
  "content-security-policy":
    "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "x-frame-options": "DENY",
  "permissions-policy": "camera=(), microphone=(), geolocation=()",
};

/** Host, Origin and access code, before any route; security headers on every answer, refusals included. */
export function guarding(guard: Guard, withCode: boolean): MiddlewareHandler {
  return async (c, next) => {
    const host = c.req.header("host");
    // Who asks is not known yet, so the browser's language is all there is.
    const refuse = (...refusal: ConstructorParameters<typeof Refusal>) =>
      refusalResponse(c, new Refusal(...refusal), browserLanguage(c));
    const refused = refusedBefore();
    if (refused) c.res = refused;
    else await next();
    for (const [name, value] of Object.entries(HEADERS)) if (!c.res.headers.has(name)) c.res.headers.set(name, value);

    function refusedBefore(): Response | undefined {
      if (!hostAllowed(host, withCode)) return refuse(421, text("web.other-address"));
      const reads = c.req.method === "GET" || c.req.method === "HEAD";
      if (!reads && !originAllowed(c.req.header("origin"), host)) return refuse(403, text("web.foreign-page"));
      const site = c.req.header("sec-fetch-site");
      if (c.req.path.startsWith("/api/") && site !== undefined && site !== "same-origin" && site !== "none")
        return refuse(403, text("web.foreign-page"));
      const isSigned = reads && SIGNED.test(c.req.path);
      if (isSigned || isOpen(c.req.path) || guard.admitted(getCookie(c, ACCESS_COOKIE))) return undefined;
      const forPeople = c.req.header("accept")?.includes("text/html") && reads && !c.req.path.startsWith("/api/");
      if (forPeople) return c.redirect(`/access?${new URLSearchParams({ to: pathAndQuery(c.req.url) }).toString()}`);
      return refuse(401, text("web.access.needed"), { code: "access" });
    }
  };
}

function pathAndQuery(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

/** Environment variables of the web chat. */
export const webSettings = z.object({
  WEB_HOST: z
    .string()
    .trim()
    .min(1)
    .default("127.0.0.1")
    .describe("address the web chat listens on; anything but loopback needs WEB_TOKEN"),
  WEB_PORT: wholeNumberSetting(0, 65_535).default(8080).describe("port of the web chat; 0 takes any free one"),
  WEB_TOKEN: z
    .string()
    .min(8, "use at least 8 characters")
    .optional()
    .describe("access code of the web chat: everyone types it once per browser; at least 8 characters"),
  WEB_SHARE: z
    .enum(["yes", "no"])
    .default("no")
    .describe(
      "yes: others in your own network can open the web chat with a code that the start prints; `npm start -- --share` does it once",
    ),
  WEB_NEW_NAMES: z
    .enum(["open", "nod"])
    .default("open")
    .describe("nod: a new name waits until an admin of the group lets it in, and sees nothing of the group before"),
  TRUST_PROXY: z.coerce
    .number()
    .int()
    .min(0)
    .max(5)
    .default(0)
    .describe(
      "how many proxies of your own stand in front of the web chat, e.g. 1: only then X-Forwarded-For says where people come from",
    ),
});

/** @throws Error where others are to come in without an access code */
export function checkReach(
  { WEB_HOST: host, WEB_TOKEN: code }: Pick<z.output<typeof webSettings>, "WEB_HOST" | "WEB_TOKEN">,
  publicUrl: string | undefined,
): void {
  if (code !== undefined) return;
  if (!isLoopback(host))
    throw new Error(
      `WEB_HOST is ${host}, which others can reach, but there is no WEB_TOKEN. Set WEB_TOKEN to an access code of at least 8 characters, or WEB_HOST to 127.0.0.1.`,
    );
  if (publicUrl !== undefined)
    throw new Error(
      "WEB_PUBLIC_URL says where others open the web chat, but there is no WEB_TOKEN. Set WEB_TOKEN to an access code of at least 8 characters.",
    );
}
