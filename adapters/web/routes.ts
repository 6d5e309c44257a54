import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { setCookie } from "hono/cookie";
import type { z } from "zod";
import type { Media } from "../../src/ports/chat.ts";
import type { GroupLog, StoredMessage, Typed, WebGroup, WebMember } from "../../src/ports/group-log.ts";
import type { CommandSpec } from "../../src/ports/option.ts";
import { fileRoutes } from "./file-routes.ts";
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
import { groupName, memberName } from "./names.ts";
import { addressOf, bodyOf, fileNameOf, memberOf, Refusal, seatOf, slowDown, uploadOf } from "./request.ts";
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
export interface RoutesServices {
  readonly log: GroupLog;
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
  readonly pressed: (press: z.output<typeof pressBody>, member: WebMember, group: WebGroup) => Promise<void>;
  /** A tab came (back): forms that nobody has seen yet go to it. */
  readonly arrived: (group: string, memberId: string) => void;
}

const COMMAND = /^\/([A-Za-z][A-Za-z0-9_]{0,31})(?:\s+([\s\S]*))?$/;

/** A line that starts with a command; `undefined`: talk among members. */
function commandIn(line: string, values?: Readonly<Record<string, unknown>>): Typed | undefined {
  const [, name, text] = COMMAND.exec(line) ?? [];
  return name === undefined
    ? undefined
    : { name: name.toLowerCase(), text: text?.trim() ?? "", ...(values ? { values } : {}) };
}

export function webRoutes(services: RoutesServices): Hono {
  const app = new Hono();
  app.use(guarding(services.guard, services.withCode));
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
  fileRoutes(app, services.media, services.uploads);
  doorRoutes(app, services);
  streamRoutes(app, services);
  sayRoutes(app, services);
  return app;
}

/** Coming in: the access code, a name, a group. */
function doorRoutes(app: Hono, services: RoutesServices): void {
  const { log, hub, guard, nowMs } = services;
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
    const named = groupName(body.room);
    if (!named.ok) throw new Refusal(400, named.problem.text);
    const joined = log.join(name.value.name, name.value.key, body.secret);
    if (!joined)
      throw new Refusal(
        409,
        "That name is taken here; pick another. (If it is yours, use the browser you first used it in.)",
      );
    const group = log.enter(named.value.slug, named.value.title, joined.member.id);
    return c.json({ member: joined.member, secret: joined.secret, room: group });
  });

  app.get("/api/rooms", (c) => {
    const member = memberOf(c, log);
    return c.json({ member, rooms: log.groups(member.id) });
  });

  app.post("/api/leave", async (c) => {
    const member = memberOf(c, log);
    const { room: group } = await bodyOf(c, leaveBody);
    log.leave(group, member.id);
    hub.dismiss(group, member.id);
    return c.json({ rooms: log.groups(member.id) });
  });
}

/** Listening: one stream per tab. POST, because browsers then always say which page asks. */
function streamRoutes(app: Hono, services: RoutesServices): void {
  const { log, hub } = services;

  app.post("/api/stream", async (c) => {
    const member = memberOf(c, log);
    const body = await bodyOf(c, streamBody);
    const group = seatOf(log, body.room, member);
    const response = hub.open(group.slug, member, () => {
      const resumes = body.epoch === log.epoch && body.after > 0 && body.after <= log.rev;
      const changed = resumes ? log.changedSince(group.slug, member.id, body.after, RESUME_MAX_MESSAGES + 1) : [];
      const afresh = !resumes || changed.length > RESUME_MAX_MESSAGES;
      const messages = afresh ? log.newest(group.slug, member.id, FIRST_MESSAGES + 1) : changed;
      const older = afresh && messages.length > FIRST_MESSAGES;
      const shown = (older ? messages.slice(1) : messages).map(wireMessage);
      return { type: "start", epoch: log.epoch, rev: log.rev, room: group, afresh, older, messages: shown };
    });
    services.arrived(group.slug, member.id);
    return response;
  });

  app.get("/api/older", (c) => {
    const member = memberOf(c, log);
    const group = seatOf(log, c.req.query("room") ?? "", member);
    const before = Number(c.req.query("before"));
    if (!Number.isSafeInteger(before)) throw new Refusal(400, "Reload this page: it asked for something odd.");
    const messages = log.newest(group.slug, member.id, FIRST_MESSAGES + 1, before);
    const older = messages.length > FIRST_MESSAGES;
    return c.json({ older, messages: (older ? messages.slice(1) : messages).map(wireMessage) });
  });

  app.post("/api/wall", async (c) => {
    // As people write it: the title as well as the slug of the link.
    const named = groupName((await bodyOf(c, wallBody)).group);
    const slug = named.ok ? named.value.slug : "";
    const title = log.groupTitle(slug);
    if (title === undefined) throw new Refusal(404, "There is no group of that name here yet.");
    const group: WebGroup = { slug, title, admin: false };
    return hub.open(slug, undefined, () => {
      const messages = log.withPictures(slug, WALL_PICTURES).toReversed().map(wireMessage);
      return { type: "start", epoch: log.epoch, rev: log.rev, room: group, afresh: true, older: false, messages };
    });
  });
}

/** Saying, pressing, attaching. */
function sayRoutes(app: Hono, services: RoutesServices): void {
  const { log, hub, uploads, nowMs } = services;
  const messages = new Throttle(RATES.message, nowMs);
  const presses = new Throttle(RATES.press, nowMs);
  const uploading = new Throttle(RATES.upload, nowMs);

  app.get("/api/commands", (c) => c.json({ commands: services.commands() }));

  app.post("/api/messages", async (c) => {
    const member = memberOf(c, log);
    const body = await bodyOf(c, messageBody);
    const group = seatOf(log, body.room, member);
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
        group: group.slug,
        ...author,
        body: content,
        // Whether others see a command line depends on its answer: see GroupLog.settle.
        ...(command ? { command, visibleTo: member.id } : {}),
      },
      command === undefined,
    );
    if (fresh) {
      hub.tell(message);
      if (command) services.invoked(message);
    }
    return c.json({ message: wireMessage(message) });
  });

  app.post("/api/remove", async (c) => {
    const member = memberOf(c, log);
    const body = await bodyOf(c, removeBody);
    const group = seatOf(log, body.room, member);
    const message = log.message(body.id);
    if (message?.group !== group.slug) throw new Refusal(404, "That message is not here any more.");
    if (message.authorId !== member.id && message.visibleTo !== member.id && !group.admin)
      throw new Refusal(403, "Only its author or whoever runs this group can remove that message.");
    const removed = log.remove(body.id);
    if (removed) hub.tell(removed);
    return c.json({ ok: true });
  });

  app.post("/api/press", async (c) => {
    const member = memberOf(c, log);
    const body = await bodyOf(c, pressBody);
    const group = seatOf(log, body.room, member);
    slowDown(presses, member.id, "That was a lot of presses at once.");
    await services.pressed(body, member, group);
    return c.json({ ok: true });
  });

  app.post("/api/uploads", async (c) => {
    const member = memberOf(c, log);
    slowDown(uploading, member.id, "That was a lot of pictures at once.");
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    const upload = await uploads.keep(bytes, fileNameOf(c));
    if (!upload.ok) throw new Refusal(400, upload.problem.text);
    return c.json({ upload: upload.value });
  });
}
