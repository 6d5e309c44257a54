import { getConnInfo } from "@hono/node-server/conninfo";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { setCookie } from "hono/cookie";
import type { z } from "zod";
import type { Media } from "../../src/chat.ts";
import type { CommandSpec } from "../../src/option.ts";
import { type PageFile, pageFiles } from "./files.ts";
import { accessCookie, type Guard, guarding } from "./guard.ts";
import type { Hub } from "./hub.ts";
import {
  BODY_MAX_BYTES,
  FIRST_MESSAGES,
  RATES,
  RESUME_MAX_MESSAGES,
  UPLOAD_MAX_BYTES,
  WALL_PICTURES,
} from "./limits.ts";
import { memberName, roomName } from "./names.ts";
import type { RoomLog } from "./room-log.ts";
import type { StoredMessage, Typed, Upload, WebMember, WebRoom } from "./shapes.ts";
import { Throttle } from "./throttle.ts";
import type { Uploads } from "./uploads.ts";
import {
  accessBody,
  joinBody,
  leaveBody,
  messageBody,
  pressBody,
  removeBody,
  streamBody,
  wallBody,
  wireMessage,
} from "./wire.ts";

/** What the routes need from the adapter. */
export interface RoutesWorld {
  readonly log: RoomLog;
  readonly hub: Hub;
  readonly uploads: Uploads;
  readonly guard: Guard;
  readonly withCode: boolean;
  readonly nowMs: () => number;
  readonly commands: () => readonly CommandSpec[];
  readonly media: (key: string) => Promise<Media | undefined>;
  /** A stored command that the core has yet to hear. */
  readonly invoked: (message: StoredMessage) => void;
  /** Resolves when the core has dealt with it. */
  readonly pressed: (press: z.output<typeof pressBody>, member: WebMember, room: WebRoom) => Promise<void>;
  /** A tab came (back): forms that nobody has seen yet go to it. */
  readonly arrived: (room: string, memberId: string) => void;
}

/** A refusal on its way out; caught in one place. */
class Refusal extends Error {
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 429;
  readonly retryAfterMs: number;

  constructor(status: Refusal["status"], text: string, retryAfterMs = 0) {
    super(text);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

const COMMAND = /^\/([A-Za-z][A-Za-z0-9_]{0,31})(?:\s+([\s\S]*))?$/;

/** A line that starts with a command; `undefined`: talk among members. */
export function commandIn(line: string, values?: Readonly<Record<string, unknown>>): Typed | undefined {
  const [, name, text] = COMMAND.exec(line) ?? [];
  return name === undefined
    ? undefined
    : { name: name.toLowerCase(), text: text?.trim() ?? "", ...(values ? { values } : {}) };
}

export function webRoutes(world: RoutesWorld): Hono {
  const app = new Hono();
  app.use(guarding(world.guard, world.withCode));
  app.onError((error, c) => {
    if (!(error instanceof Refusal)) throw error;
    if (error.retryAfterMs > 0) c.header("retry-after", String(Math.ceil(error.retryAfterMs / 1000)));
    return c.json({ error: error.message, retryAfterMs: error.retryAfterMs }, error.status);
  });
  app.notFound((c) => c.json({ error: "There is nothing at this address." }, 404));
  const tooLarge = (text: string) => () => {
    throw new Refusal(413, text);
  };
  const small = bodyLimit({
    maxSize: BODY_MAX_BYTES,
    onError: tooLarge("That is too long. Shorten it and send it again."),
  });
  const picture = bodyLimit({
    maxSize: UPLOAD_MAX_BYTES,
    onError: tooLarge("That picture is larger than 10 MB. Make it smaller and try again."),
  });
  app.use("/api/*", (c, next) => (c.req.path === "/api/uploads" ? picture(c, next) : small(c, next)));
  pageRoutes(app);
  doorRoutes(app, world);
  streamRoutes(app, world);
  sayRoutes(app, world);
  mediaRoutes(app, world);
  return app;
}

function pageRoutes(app: Hono): void {
  const files = pageFiles();
  const serve = (c: Context, file: PageFile | undefined) => {
    if (!file) return c.notFound();
    c.header("cache-control", "no-cache");
    c.header("etag", file.etag);
    if (c.req.header("if-none-match") === file.etag) return c.body(null, 304);
    return c.body(file.bytes, 200, { "content-type": file.type });
  };
  app.get("/", (c) => serve(c, files.get("index.html")));
  app.get("/wall", (c) => serve(c, files.get("wall.html")));
  app.get("/access", (c) => serve(c, files.get("access.html")));
  app.get("/favicon.ico", (c) => serve(c, files.get("icon.svg")));
  app.get("/page/:name{.+}", (c) => serve(c, files.get(c.req.param("name"))));
}

/** Coming in: the access code, a name, a group. */
function doorRoutes(app: Hono, world: RoutesWorld): void {
  const { log, hub, guard, nowMs } = world;
  const guesses = new Throttle(RATES.guess, nowMs);
  const allGuesses = new Throttle(RATES.guessAll, nowMs);
  const joins = new Throttle(RATES.join, nowMs);

  app.post("/api/access", async (c) => {
    const { code } = await bodyOf(c, accessBody);
    slowDown(guesses, addressOf(c), "Too many tries.");
    slowDown(allGuesses, "all", "Too many tries.");
    const cookie = guard.admit(code);
    if (cookie === undefined) throw new Refusal(403, "That is not the access code. Ask whoever runs this Placard.");
    setCookie(c, accessCookie.name, cookie, {
      httpOnly: true,
      sameSite: "Strict",
      path: "/",
      maxAge: accessCookie.maxAgeSeconds,
      secure: c.req.header("origin")?.startsWith("https:") ?? false,
    });
    return c.json({ ok: true });
  });

  app.post("/api/join", async (c) => {
    const body = await bodyOf(c, joinBody);
    slowDown(joins, addressOf(c), "Too many people joined from here just now.");
    const name = memberName(body.name);
    if (!name.ok) throw new Refusal(400, name.problem.text);
    const group = roomName(body.room);
    if (!group.ok) throw new Refusal(400, group.problem.text);
    const joined = log.join(name.value.name, name.value.key, body.secret);
    if (!joined)
      throw new Refusal(
        409,
        "That name is taken here; pick another. (If it is yours, use the browser you first used it in.)",
      );
    const room = log.enter(group.value.slug, group.value.title, joined.member.id);
    return c.json({ member: joined.member, secret: joined.secret, room });
  });

  app.get("/api/rooms", (c) => {
    const member = memberOf(c, log);
    return c.json({ rooms: log.rooms(member.id) });
  });

  app.post("/api/leave", async (c) => {
    const member = memberOf(c, log);
    const { room } = await bodyOf(c, leaveBody);
    log.leave(room, member.id);
    hub.dismiss(room, member.id);
    return c.json({ rooms: log.rooms(member.id) });
  });
}

/** Listening: one stream per tab. POST, because browsers then always say which page asks. */
function streamRoutes(app: Hono, world: RoutesWorld): void {
  const { log, hub } = world;

  app.post("/api/stream", async (c) => {
    const member = memberOf(c, log);
    const body = await bodyOf(c, streamBody);
    const room = seatOf(log, body.room, member);
    const response = hub.open(room.slug, member, () => {
      const resumes = body.epoch === log.epoch && body.after > 0 && body.after <= log.rev;
      const changed = resumes ? log.changedSince(room.slug, member.id, body.after, RESUME_MAX_MESSAGES + 1) : [];
      const afresh = !resumes || changed.length > RESUME_MAX_MESSAGES;
      const messages = afresh ? log.newest(room.slug, member.id, FIRST_MESSAGES + 1) : changed;
      const older = afresh && messages.length > FIRST_MESSAGES;
      const shown = (older ? messages.slice(1) : messages).map(wireMessage);
      return { type: "start", epoch: log.epoch, rev: log.rev, room, afresh, older, messages: shown };
    });
    world.arrived(room.slug, member.id);
    return response;
  });

  app.get("/api/older", (c) => {
    const member = memberOf(c, log);
    const room = seatOf(log, c.req.query("room") ?? "", member);
    const before = Number(c.req.query("before"));
    if (!Number.isSafeInteger(before)) throw new Refusal(400, "Reload this page: it asked for something odd.");
    const messages = log.newest(room.slug, member.id, FIRST_MESSAGES + 1, before);
    const older = messages.length > FIRST_MESSAGES;
    return c.json({ older, messages: (older ? messages.slice(1) : messages).map(wireMessage) });
  });

  app.post("/api/wall", async (c) => {
    const { group } = await bodyOf(c, wallBody);
    const title = log.roomTitle(group);
    if (title === undefined) throw new Refusal(404, "There is no group of that name here yet.");
    const room: WebRoom = { slug: group, title, admin: false };
    return hub.open(group, undefined, () => {
      const messages = log.withPictures(group, WALL_PICTURES).toReversed().map(wireMessage);
      return { type: "start", epoch: log.epoch, rev: log.rev, room, afresh: true, older: false, messages };
    });
  });
}

/** Saying, pressing, attaching. */
function sayRoutes(app: Hono, world: RoutesWorld): void {
  const { log, hub, uploads, nowMs } = world;
  const messages = new Throttle(RATES.message, nowMs);
  const presses = new Throttle(RATES.press, nowMs);
  const uploading = new Throttle(RATES.upload, nowMs);

  app.get("/api/commands", (c) => c.json({ commands: world.commands() }));

  app.post("/api/messages", async (c) => {
    const member = memberOf(c, log);
    const body = await bodyOf(c, messageBody);
    const room = seatOf(log, body.room, member);
    const text = body.text.trim();
    const known = log.message(body.id);
    if (known && known.authorId !== member.id) throw new Refusal(409, "That message was not stored. Send it again.");
    if (known) return c.json({ message: wireMessage(known) });
    slowDown(messages, member.id, "That was a lot at once.");
    const upload = await uploadOf(uploads, body.uploadId);
    if (text === "" && !upload) throw new Refusal(400, "Type a message first.");
    const command = commandIn(text, body.values);
    const author = { authorId: member.id, authorName: member.name };
    const content = { text, ...(upload ? { upload } : {}) };
    const { message, fresh } = log.add(
      {
        id: body.id,
        nonce: `member:${body.id}`,
        room: room.slug,
        ...author,
        body: content,
        ...(command ? { command } : {}),
      },
      command === undefined,
    );
    if (fresh) {
      hub.tell(message);
      if (command) world.invoked(message);
    }
    return c.json({ message: wireMessage(message) });
  });

  app.post("/api/remove", async (c) => {
    const member = memberOf(c, log);
    const body = await bodyOf(c, removeBody);
    const room = seatOf(log, body.room, member);
    const message = log.message(body.id);
    if (message?.room !== room.slug) throw new Refusal(404, "That message is not here any more.");
    if (message.authorId !== member.id && message.visibleTo !== member.id && !room.admin)
      throw new Refusal(403, "Only its author or whoever runs this group can remove that message.");
    const removed = log.remove(body.id);
    if (removed) hub.tell(removed);
    return c.json({ ok: true });
  });

  app.post("/api/press", async (c) => {
    const member = memberOf(c, log);
    const body = await bodyOf(c, pressBody);
    const room = seatOf(log, body.room, member);
    slowDown(presses, member.id, "That was a lot of presses at once.");
    await world.pressed(body, member, room);
    return c.json({ ok: true });
  });

  app.post("/api/uploads", async (c) => {
    const member = memberOf(c, log);
    slowDown(uploading, member.id, "That was a lot of pictures at once.");
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    const kept = await uploads.keep(bytes, fileNameOf(c));
    if (!kept.ok) throw new Refusal(400, kept.problem.text);
    return c.json({ upload: kept.value });
  });
}

const SHOWN_TYPES = new Set(["image/png", "image/jpeg", "image/webp"]);

function mediaRoutes(app: Hono, world: RoutesWorld): void {
  app.get("/media/:key{.+}", async (c) => {
    const key = c.req.param("key");
    const media = await world.media(key);
    if (!media) {
      c.header("cache-control", "no-store");
      return c.json({ error: "This picture is no longer here." }, 404);
    }
    const shown = SHOWN_TYPES.has(media.mime);
    // Only keys with an image id in them never change; a style's picture follows the gallery.
    c.header(
      "cache-control",
      key.startsWith("style/") ? "private, max-age=300" : "private, max-age=31536000, immutable",
    );
    if (!shown || key.endsWith("/original"))
      c.header("content-disposition", `attachment; filename="${safeName(media.fileName)}"`);
    c.header("content-security-policy", "default-src 'none'; sandbox; frame-ancestors 'none'");
    return c.body(new Uint8Array(media.bytes), 200, {
      "content-type": shown ? media.mime : "application/octet-stream",
    });
  });

  app.get("/uploads/:id", async (c) => {
    const bytes = await world.uploads.preview(c.req.param("id"));
    if (!bytes) return c.notFound();
    c.header("cache-control", "private, max-age=31536000, immutable");
    return c.body(new Uint8Array(bytes), 200, { "content-type": "image/webp" });
  });
}

const safeName = (name: string): string => name.replace(/[^A-Za-z0-9.-]/g, "").slice(0, 80);

async function bodyOf<S extends z.ZodType>(c: Context, schema: S): Promise<z.output<S>> {
  // A form on a foreign page can send text/plain without asking; JSON it cannot.
  if (!c.req.header("content-type")?.toLowerCase().startsWith("application/json"))
    throw new Refusal(400, "Send this as application/json.");
  const json: unknown = await c.req.json().catch((cause: unknown) => {
    if (cause instanceof Refusal) throw cause;
    throw new Refusal(400, "That could not be read. Reload this page and try again.");
  });
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const long = parsed.error.issues.some((issue) => issue.code === "too_big");
  throw new Refusal(
    400,
    long
      ? "That is too long. Shorten it and send it again."
      : "That could not be read. Reload this page and try again.",
  );
}

function memberOf(c: Context, log: RoomLog): WebMember {
  const secret = /^Bearer ([A-Za-z0-9_-]{1,100})$/.exec(c.req.header("authorization") ?? "")?.[1];
  const member = secret === undefined ? undefined : log.memberBySecret(secret);
  if (!member) throw new Refusal(401, "Join with a name first.");
  return member;
}

function seatOf(log: RoomLog, slug: string, member: WebMember): WebRoom {
  const room = log.roomOf(slug, member.id);
  if (!room) throw new Refusal(403, "You are not in this group. Join it first.");
  return room;
}

async function uploadOf(uploads: Uploads, id: string | undefined): Promise<Upload | undefined> {
  if (id === undefined) return undefined;
  const upload = await uploads.find(id);
  if (!upload) throw new Refusal(400, "The attached picture is no longer here. Attach it again.");
  return upload;
}

function slowDown(throttle: Throttle, key: string, what: string): void {
  const waitMs = throttle.take(key);
  if (waitMs > 0)
    throw new Refusal(429, `${what} Wait ${Math.max(1, Math.ceil(waitMs / 1000))} s, then try again.`, waitMs);
}

function fileNameOf(c: Context): string {
  try {
    return decodeURIComponent(c.req.header("x-file-name") ?? "");
  } catch {
    // A broken percent sign: the name is only for show.
    return "";
  }
}

/** Without a socket (requests made in tests) everyone comes from one address. */
function addressOf(c: Context): string {
  return c.env && "incoming" in c.env ? (getConnInfo(c).remote.address ?? "unknown") : "local";
}
