import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { isDiskFull } from "../../src/lib/disk-full.ts";
import { SOURCE_LANGUAGE } from "../../src/messages/catalogue.ts";
import { render } from "../../src/messages/render.ts";
import type { Typed } from "../../src/ports/group-log.ts";
import { specIn } from "../../src/ports/option.ts";
import { addressKeyOf } from "./address.ts";
import { doorRoutes } from "./door-routes.ts";
import { fileRoutes } from "./file-routes.ts";
import { guarding } from "./guard.ts";
import { BODY_MAX_BYTES, RATES, UPLOAD_MAX_BYTES } from "./limits.ts";
import { Refusal } from "./refusal.ts";
import { bodyOf, fileNameOf, memberOf, seatOf, slowDown, uploadOf, waitFor } from "./request.ts";
import type { RatedServices, RoutesServices } from "./services.ts";
import { streamRoutes } from "./stream-routes.ts";
import { Throttle } from "./throttle.ts";
import { messageBody, pressBody, removeBody, wireMessage } from "./wire.ts";

const COMMAND = /^\/([A-Za-z][A-Za-z0-9_]{0,31})(?:\s+([\s\S]*))?$/;

/** A line that starts with a command; `undefined`: talk among members. */
function commandIn(line: string, values?: Readonly<Record<string, unknown>>): Typed | undefined {
  const [, name, text] = COMMAND.exec(line) ?? [];
  return name === undefined
    ? undefined
    : { name: name.toLowerCase(), text: text?.trim() ?? "", ...(values ? { values } : {}) };
}

const NO_ROOM =
  "There is no room left on the disk of this Placard, so that was not stored. Tell whoever runs it, and send it again later.";
const BROKE = "Something broke on our side. Please try again; if it goes on, tell whoever runs this Placard.";

export function webRoutes(services: RoutesServices): Hono {
  const app = new Hono();
  app.use(guarding(services.guard, services.withCode));
  app.onError((error, c) => {
    if (!(error instanceof Refusal)) {
      services.failed(error);
      return c.json({ error: isDiskFull(error) ? NO_ROOM : BROKE, retryAfterMs: 0 }, isDiskFull(error) ? 507 : 500);
    }
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
  fileRoutes(app, services);
  const rated: RatedServices = { ...services, reads: new Throttle(RATES.read, services.nowMs) };
  doorRoutes(app, rated);
  streamRoutes(app, rated);
  sayRoutes(app, rated);
  return app;
}

/** Saying, pressing, attaching. */
function sayRoutes(app: Hono, services: RatedServices): void {
  const { log, hub, uploads, nowMs } = services;
  const messages = new Throttle(RATES.message, nowMs);
  const presses = new Throttle(RATES.press, nowMs);
  const uploading = new Throttle(RATES.upload, nowMs);
  const uploadBytes = new Throttle(RATES.uploadBytes, nowMs);
  const uploadBytesHere = new Throttle(RATES.uploadBytesHere, nowMs);
  const saidBytesHere = new Throttle(RATES.saidBytesHere, nowMs);

  const from = (command: Typed, address: string | undefined): Typed =>
    address === undefined ? command : { ...command, addressKey: addressKeyOf(address, log.salt) };

  app.get("/api/commands", (c) => {
    slowDown(services.reads, memberOf(c, log).id, "That was a lot at once.");
    return c.json({
      commands: services.commands().map((spec) => specIn(spec, (text) => render(text, SOURCE_LANGUAGE))),
    });
  });

  app.post("/api/messages", async (c) => {
    const member = memberOf(c, log);
    const body = await bodyOf(c, messageBody);
    const group = await seatOf(services, body.room, member);
    const text = body.text.trim();
    const known = log.message(body.id);
    if (known && known.authorId !== member.id) throw new Refusal(409, "That message was not stored. Send it again.");
    if (known) return c.json({ message: wireMessage(known) });
    slowDown(messages, member.id, "That was a lot at once.");
    const address = services.addressOf(c);
    const sizeBytes = Buffer.byteLength(JSON.stringify(body));
    if (address !== undefined) slowDown(saidBytesHere, address, "A lot was said from here today.", sizeBytes);
    const upload = await uploadOf(uploads, member, body.uploadId);
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
        ...(command ? { command: from(command, address), visibleTo: member.id } : {}),
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
    const group = await seatOf(services, body.room, member);
    const message = log.message(body.id);
    if (message?.group !== group.slug) throw new Refusal(404, "That message is not here any more.");
    if (message.authorId !== member.id && message.visibleTo !== member.id && !group.admin)
      throw new Refusal(403, "Only its author or whoever runs this group can remove that message.");
    const removed = log.remove(body.id);
    if (removed) hub.tell(removed);
    if ("upload" in message.body && message.body.upload && !log.uploadIds().has(message.body.upload.id))
      await uploads.remove(message.body.upload.id);
    return c.json({ ok: true });
  });

  app.post("/api/press", async (c) => {
    const member = memberOf(c, log);
    const body = await bodyOf(c, pressBody);
    const group = await seatOf(services, body.room, member);
    slowDown(presses, member.id, "That was a lot of presses at once.");
    await services.pressed(body, { member, group, address: services.addressOf(c) });
    return c.json({ ok: true });
  });

  app.post("/api/uploads", async (c) => {
    const member = memberOf(c, log);
    slowDown(uploading, member.id, "That was a lot of pictures at once.");
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    const address = services.addressOf(c);
    const much = "You have sent a lot of pictures today.";
    waitFor(uploadBytes.waitMs(member.id, bytes.length), much);
    if (address !== undefined)
      slowDown(uploadBytesHere, address, "A lot of pictures came from here today.", bytes.length);
    slowDown(uploadBytes, member.id, much, bytes.length);
    const upload = await uploads.keep(bytes, fileNameOf(c), member.id);
    if (!upload.ok) throw new Refusal(400, render(upload.problem.text, SOURCE_LANGUAGE));
    return c.json({ upload: upload.value });
  });
}
