import type { HttpBindings } from "@hono/node-server";
import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context } from "hono";
import { z } from "zod";
import { sentences, type Text, text } from "../../src/domain/text.ts";
import { duration } from "../../src/domain/time-words.ts";
import type { GroupLog, Upload, WebGroup, WebMember } from "../../src/ports/group-log.ts";
import { Refusal } from "./refusal.ts";
import type { RoutesServices } from "./services.ts";
import type { StreamReader } from "./stream.ts";
import type { Throttle } from "./throttle.ts";
import type { Uploads } from "./uploads.ts";

const GROUP = "group";

/** The group that a request is about, where it has said so yet. */
export function groupOf(c: Context): string | undefined {
  const named: unknown = c.get(GROUP);
  return typeof named === "string" ? named : c.req.query("room");
}

export async function bodyOf<S extends z.ZodType>(c: Context, schema: S): Promise<z.output<S>> {
  // A form on a foreign page can send text/plain without asking; JSON it cannot.
  if (!c.req.header("content-type")?.toLowerCase().startsWith("application/json"))
    throw new Refusal(400, text("web.request.json"));
  const json: unknown = await c.req.json().catch((cause: unknown) => {
    if (cause instanceof Refusal) throw cause;
    throw new Refusal(400, text("web.request.unreadable"));
  });
  const parsed = schema.safeParse(json);
  if (parsed.success) {
    const named = z.object({ room: z.string() }).safeParse(parsed.data);
    if (named.success) c.set(GROUP, named.data.room);
    return parsed.data;
  }
  const long = parsed.error.issues.some((issue) => issue.code === "too_big");
  throw new Refusal(400, text(long ? "web.request.too-long" : "web.request.unreadable"));
}

export async function memberOf(c: Context, log: GroupLog): Promise<WebMember> {
  const member = await knownMember(c, log);
  if (!member) throw new Refusal(401, text("web.name.missing"));
  return member;
}

/** Whoever asks, where they say so. */
export async function knownMember(c: Context, log: GroupLog): Promise<WebMember | undefined> {
  const secret = /^Bearer ([A-Za-z0-9_-]{1,100})$/.exec(c.req.header("authorization") ?? "")?.[1];
  return secret === undefined ? undefined : log.memberBySecret(secret);
}

/** The member's own place in a group; who runs this Placard is admin in all of them. @throws Refusal 403 */
export async function seatOf(
  { log, shutOut, operators }: Pick<RoutesServices, "log" | "shutOut" | "operators">,
  slug: string,
  member: WebMember,
): Promise<WebGroup> {
  const why = await shutOut(member.id, slug);
  if (why !== undefined) throw new Refusal(403, why);
  const group = await log.groupOf(slug, member.id);
  if (!group) throw new Refusal(403, text("web.group.not-in"));
  return { ...group, admin: group.admin || operators.includes(member.id) };
}

/** Only a member's own: the original can say more than the preview that others see. */
export async function uploadOf(
  uploads: Uploads,
  member: WebMember,
  id: string | undefined,
): Promise<Upload | undefined> {
  if (id === undefined) return undefined;
  const upload = await uploads.find(id, member.id);
  if (!upload) throw new Refusal(400, text("web.picture.reattach"));
  return upload;
}

/** Takes `count` tokens. @throws Refusal 429 when there is none */
export function slowDown(throttle: Throttle, key: string, what: Text, count = 1): void {
  waitFor(throttle.take(key, count), what);
}

/** @throws Refusal 429 unless the wait is 0 */
export function waitFor(waitMs: number, what: Text): void {
  if (waitMs <= 0) return;
  const wait = text("web.wait", { duration: duration(waitMs) });
  throw new Refusal(429, sentences(what, wait), { retryAfterMs: waitMs });
}

export function fileNameOf(c: Context): string {
  try {
    return decodeURIComponent(c.req.header("x-file-name") ?? "");
  } catch {
    // A broken percent sign: the name is only for show.
    return "";
  }
}

/** Runs once, when the answer has left us or never will; not without a socket. */
export function whenGone(c: Context, run: () => void): void {
  if (!c.env || !("outgoing" in c.env)) return;
  // The border: Hono's server puts Node's own response there.
  const { outgoing } = c.env as HttpBindings;
  if (outgoing.closed || outgoing.destroyed) run();
  else outgoing.once("close", run);
}

/** The address that a request's connection comes from, whoever is behind it; without a socket, as in tests, this machine's. */
export const remoteOf = (c: Context): string =>
  c.env && "incoming" in c.env ? (getConnInfo(c).remote.address ?? "").replace(/^::ffff:/, "") : "127.0.0.1";

/** The far end of a stream's connection; nothing without a socket. */
export function readerOf(c: Context): StreamReader {
  if (!c.env || !("outgoing" in c.env)) return {};
  // The border: Hono's server puts Node's own response there.
  const { outgoing } = c.env as HttpBindings;
  return { cut: () => void outgoing.destroy(), inSocketBytes: () => outgoing.writableLength };
}
