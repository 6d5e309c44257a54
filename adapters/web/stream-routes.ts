import type { Context, Hono } from "hono";
import { text } from "../../src/domain/text.ts";
import type { GroupLogReads, StoredMessage, WebGroup, WebMember } from "../../src/ports/group-log.ts";
import {
  FIRST_MAX_BYTES,
  FIRST_MESSAGES,
  OVERDUE_MS,
  RATES,
  RESUME_MAX_MESSAGES,
  VOTES_MAX,
  WALL_PICTURES,
} from "./limits.ts";
import { groupName } from "./names.ts";
import { Refusal } from "./refusal.ts";
import { bodyOf, memberOf, readerOf, seatOf, slowDown } from "./request.ts";
import type { RatedServices } from "./services.ts";
import { Throttle } from "./throttle.ts";
import { streamBody, type WireMessage, wallBody, wireMessage } from "./wire.ts";

interface Page {
  readonly messages: readonly WireMessage[];
  /** There are earlier ones. */
  readonly older: boolean;
}

/** Listening: one stream per tab. POST, because browsers then always say which page asks. */
export function streamRoutes(app: Hono, services: RatedServices): void {
  const { log, hub, reads, nowMs, addressOf } = services;
  const streams = new Throttle(RATES.stream, nowMs);

  const visitorOf = async (c: Context, group: string, member?: WebMember) => {
    const address = addressOf(c);
    if (member) slowDown(reads, member.id, text("web.much.at-once"));
    if (address !== undefined) slowDown(streams, address, text("web.much.tabs"));
    return {
      group,
      ...(member ? { member } : {}),
      ...(address === undefined ? {} : { address }),
      language: await services.languageOf(c),
      ...readerOf(c),
    };
  };

  const pageOf = async (reads: GroupLogReads, group: string, memberId: string, beforeSeq?: number): Promise<Page> => {
    const found = await reads.newest(group, memberId, FIRST_MESSAGES + 1, beforeSeq);
    const messages = newestThatFit(found.slice(-FIRST_MESSAGES));
    return { messages, older: messages.length < found.length };
  };

  app.post("/api/stream", async (c) => {
    const member = await memberOf(c, log);
    const { room: slug, after, epoch } = await bodyOf(c, streamBody);
    const visitor = await visitorOf(c, slug, member);
    const response = await hub.open(visitor, async () => {
      // The tab is open already: who is shut out from now on is sent away.
      const group = await seatOf(services, slug, member);
      const accountIds = await services.accountsOf(member.id);
      const first = await log.atOnce(async (at) => {
        const rev = await at.rev();
        const resumes = epoch === log.epoch && after > 0 && after <= rev;
        const missed = resumes
          ? whole(await at.changedSince(slug, member.id, after, RESUME_MAX_MESSAGES + 1))
          : undefined;
        const page = missed ? { messages: missed, older: false } : await pageOf(at, slug, member.id);
        const votes = newestThatFit(await at.withOpenDecisions(slug, nowMs() - OVERDUE_MS, VOTES_MAX));
        return { rev, votes, ...page, afresh: missed === undefined };
      });
      await log.durable();
      return { ...startOf(group), language: visitor.language, accountIds, ...first };
    });
    services.arrived(slug, member.id);
    return response;
  });

  app.get("/api/older", async (c) => {
    const member = await memberOf(c, log);
    slowDown(reads, member.id, text("web.much.at-once"));
    const group = await seatOf(services, c.req.query("room") ?? "", member);
    const before = Number(c.req.query("before"));
    if (!Number.isSafeInteger(before)) throw new Refusal(400, text("web.request.odd"));
    return c.json(await pageOf(log, group.slug, member.id, before));
  });

  app.post("/api/wall", async (c) => {
    // As people write it: the title as well as the slug of the link.
    const named = groupName((await bodyOf(c, wallBody)).group);
    const slug = named.ok ? named.value.slug : "";
    const title = await log.groupTitle(slug);
    if (title === undefined) throw new Refusal(404, text("web.group.unknown"));
    // Where names wait for a nod, the wall must not be the way around it.
    const openedBy = services.newcomersWait ? await memberOf(c, log) : undefined;
    const visitor = await visitorOf(c, slug);
    const group: WebGroup = { slug, title, admin: false };
    return hub.open({ ...visitor, ...(openedBy ? { openedBy: openedBy.id } : {}) }, async () => {
      if (openedBy) await seatOf(services, slug, openedBy);
      const { rev, pictures } = await log.atOnce(async (at) => ({
        rev: await at.rev(),
        pictures: await at.withPictures(slug, WALL_PICTURES),
      }));
      await log.durable();
      const messages = newestThatFit(pictures.toReversed());
      return { ...startOf(group), rev, messages, older: false, afresh: true };
    });
  });

  const startOf = (room: WebGroup) => ({ type: "start", epoch: log.epoch, room }) as const;
}

const bytesOf = (message: WireMessage): number => Buffer.byteLength(JSON.stringify(message));

/** As many of the newest as one event may carry, at least one; oldest first, as given. */
function newestThatFit(messages: readonly StoredMessage[]): readonly WireMessage[] {
  const fitting: WireMessage[] = [];
  let leftBytes = FIRST_MAX_BYTES;
  for (const message of messages.map(wireMessage).toReversed()) {
    leftBytes -= bytesOf(message);
    if (leftBytes < 0 && fitting.length > 0) break;
    fitting.unshift(message);
  }
  return fitting;
}

/** All of what a tab missed; `undefined` when that is more than one event may carry. */
function whole(missed: readonly StoredMessage[]): readonly WireMessage[] | undefined {
  if (missed.length > RESUME_MAX_MESSAGES) return undefined;
  const messages = missed.map(wireMessage);
  return messages.reduce((sum, message) => sum + bytesOf(message), 0) > FIRST_MAX_BYTES ? undefined : messages;
}
