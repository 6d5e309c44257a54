import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { GIVEN_IMAGE_MAX_BYTES, imageTooLarge } from "../../src/domain/given-image.ts";
import { type Text, text } from "../../src/domain/text.ts";
import { isDatabaseAway } from "../../src/lib/database-away.ts";
import { isDiskFull } from "../../src/lib/disk-full.ts";
import { isFlushFailed } from "../../src/lib/flush-failed.ts";
import { typedCommand } from "../../src/lib/typed-command.ts";
import { render } from "../../src/messages/render.ts";
import type { Typed } from "../../src/ports/group-log.ts";
import { specIn } from "../../src/ports/option.ts";
import { acceptedLanguages, browserLanguage } from "./accepted-languages.ts";
import { addressKeyOf } from "./address.ts";
import { inHandUntilMs } from "./commands.ts";
import { deviceRoutes } from "./device-routes.ts";
import { doorRoutes } from "./door-routes.ts";
import { fileRoutes } from "./file-routes.ts";
import { guarding } from "./guard.ts";
import { BODY_MAX_BYTES, RATES } from "./limits.ts";
import { makeRoutes } from "./make-routes.ts";
import { meetingRoutes, ownSeatRoute } from "./meeting-routes.ts";
import { Outgoing } from "./outgoing.ts";
import { reachRoutes } from "./reach.ts";
import { Refusal, refusalResponse } from "./refusal.ts";
import { bodyOf, fileNameOf, memberOf, seatOf, slowDown, uploadOf, waitFor } from "./request.ts";
import { sending } from "./sending.ts";
import type { FileServices, RatedServices, RoutesServices } from "./services.ts";
import { streamRoutes } from "./stream-routes.ts";
import { Throttle } from "./throttle.ts";
import { messageBody, pressBody, removeBody, wireMessage } from "./wire.ts";

/** The browser went away while it was still sending: nobody waits for an answer, and nothing of ours broke. */
const hungUp = (error: Error): boolean => "code" in error && error.code === "ECONNRESET";

export function webRoutes(services: RoutesServices): Hono {
  const app = new Hono();
  app.use(guarding(services.guard, services.withCode));
  app.onError(async (error, c) => {
    if (!(error instanceof Refusal)) if (!hungUp(error)) services.failed(error);
    return refusalResponse(c, refusalFor(error), await services.languageOf(c));
  });
  app.notFound((c) => refusalResponse(c, new Refusal(404, text("web.nothing-here")), browserLanguage(c)));
  const tooLarge = (why: Text) => () => {
    throw new Refusal(413, why);
  };
  const small = bodyLimit({ maxSize: BODY_MAX_BYTES, onError: tooLarge(text("web.request.too-long")) });
  const picture = bodyLimit({ maxSize: GIVEN_IMAGE_MAX_BYTES, onError: tooLarge(imageTooLarge().text) });
  app.use("/api/*", async (_c, next) => {
    await next();
    // Whatever the answer tells of is there after a power cut, too.
    await services.log.durable();
  });
  app.use("/api/*", (c, next) => (c.req.path === "/api/uploads" ? picture(c, next) : small(c, next)));
  const files: FileServices = {
    ...services,
    files: new Throttle(RATES.fileHere, services.nowMs),
    sent: sending(new Outgoing(services.clock), services.addressOf),
  };
  fileRoutes(app, files);
  meetingRoutes(app, files);
  const rated: RatedServices = { ...services, reads: new Throttle(RATES.read, services.nowMs) };
  doorRoutes(app, rated);
  deviceRoutes(app, rated);
  reachRoutes(app, rated);
  streamRoutes(app, rated);
  makeRoutes(app, rated);
  ownSeatRoute(app, rated);
  sayRoutes(app, rated);
  return app;
}

function refusalFor(error: Error): Refusal {
  if (error instanceof Refusal) return error;
  if (isDatabaseAway(error)) return new Refusal(503, text("problem.excuse.away"));
  if (isFlushFailed(error)) return new Refusal(500, text("web.disk-failed"));
  return isDiskFull(error) ? new Refusal(507, text("web.disk-full")) : new Refusal(500, text("web.broke"));
}

/** Saying, pressing, attaching. */
function sayRoutes(app: Hono, services: RatedServices): void {
  const { log, uploads, nowMs } = services;
  const messages = new Throttle(RATES.message, nowMs);
  const presses = new Throttle(RATES.press, nowMs);
  const uploading = new Throttle(RATES.upload, nowMs);
  const uploadBytes = new Throttle(RATES.uploadBytes, nowMs);
  const uploadBytesHere = new Throttle(RATES.uploadBytesHere, nowMs);
  const saidBytesHere = new Throttle(RATES.saidBytesHere, nowMs);

  const from = (command: Typed, address: string | undefined, languages: readonly string[]): Typed => ({
    ...command,
    languages,
    ...(address === undefined ? {} : { addressKey: addressKeyOf(address, log.salt) }),
  });

  app.get("/api/commands", async (c) => {
    slowDown(services.reads, (await memberOf(c, log)).id, text("web.much.at-once"));
    const language = await services.languageOf(c);
    return c.json({ commands: services.commands().map((spec) => specIn(spec, (words) => render(words, language))) });
  });

  app.post("/api/messages", async (c) => {
    const member = await memberOf(c, log);
    const body = await bodyOf(c, messageBody);
    const group = await seatOf(services, body.room, member);
    const line = body.text.trim();
    const known = await log.message(body.id);
    if (known && known.authorId !== member.id) throw new Refusal(409, text("web.message.not-stored"));
    if (known) return c.json({ message: wireMessage(known) });
    slowDown(messages, member.id, text("web.much.at-once"));
    const address = services.addressOf(c);
    const sizeBytes = Buffer.byteLength(JSON.stringify(body));
    if (address !== undefined) slowDown(saidBytesHere, address, text("web.much.said-here"), sizeBytes);
    const upload = await uploadOf(uploads, member, body.uploadId);
    if (line === "" && !upload) throw new Refusal(400, text("web.message.empty"));
    const said = typedCommand(line, (name) => services.commands().some((spec) => spec.name === name));
    const command = said && { ...said, ...(body.values ? { values: body.values } : {}) };
    const author = { authorId: member.id, authorName: member.name };
    const content = { text: line, ...(upload ? { upload } : {}) };
    const { message, fresh } = await log.add(
      {
        id: body.id,
        nonce: `member:${body.id}`,
        group: group.slug,
        ...author,
        body: content,
        // Whether others see a command line depends on its answer: see GroupLog.settle.
        ...(command ? { command: from(command, address, acceptedLanguages(c)), visibleTo: member.id } : {}),
      },
      command && inHandUntilMs(nowMs()),
    );
    if (fresh && command) {
      // The core may not know of a line that a power cut could take back: sent again it would be another one.
      await log.durable();
      services.invoked(message);
    }
    return c.json({ message: wireMessage(message) });
  });

  app.post("/api/remove", async (c) => {
    const member = await memberOf(c, log);
    const body = await bodyOf(c, removeBody);
    const group = await seatOf(services, body.room, member);
    const message = await log.message(body.id);
    if (message?.group !== group.slug) throw new Refusal(404, text("web.message.gone"));
    if (message.authorId !== member.id && message.visibleTo !== member.id && !group.admin)
      throw new Refusal(403, text("web.message.not-yours"));
    await log.remove(body.id);
    await log.durable();
    if ("upload" in message.body && message.body.upload && !(await log.uploadIds()).has(message.body.upload.id))
      await uploads.remove(message.body.upload.id);
    return c.json({ ok: true });
  });

  app.post("/api/press", async (c) => {
    const member = await memberOf(c, log);
    const body = await bodyOf(c, pressBody);
    const group = await seatOf(services, body.room, member);
    slowDown(presses, member.id, text("web.much.presses"));
    await services.pressed(body, {
      member,
      group,
      address: services.addressOf(c),
      languages: acceptedLanguages(c),
    });
    return c.json({ ok: true });
  });

  app.post("/api/uploads", async (c) => {
    const member = await memberOf(c, log);
    slowDown(uploading, member.id, text("web.much.pictures"));
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    const address = services.addressOf(c);
    const much = text("web.much.pictures-today");
    waitFor(uploadBytes.waitMs(member.id, bytes.length), much);
    if (address !== undefined) slowDown(uploadBytesHere, address, text("web.much.pictures-here"), bytes.length);
    slowDown(uploadBytes, member.id, much, bytes.length);
    const upload = await uploads.keep(bytes, fileNameOf(c), member.id);
    if (!upload.ok) throw new Refusal(400, upload.problem.text);
    return c.json({ upload: upload.value });
  });
}
