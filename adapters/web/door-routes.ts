import type { Context, Hono } from "hono";
import { setCookie } from "hono/cookie";
import { memberName } from "../../src/domain/member-name.ts";
import { text } from "../../src/domain/text.ts";
import { render } from "../../src/messages/render.ts";
import { browserLanguage } from "./accepted-languages.ts";
import { accessCookie } from "./guard.ts";
import { RATES } from "./limits.ts";
import { groupName } from "./names.ts";
import { Refusal } from "./refusal.ts";
import { bodyOf, memberOf, slowDown, waitFor } from "./request.ts";
import type { RatedServices } from "./services.ts";
import { Throttle } from "./throttle.ts";
import { accessBody, joinBody, leaveBody } from "./wire.ts";

const EVERYWHERE = "all";
const TRIES = text("web.access.tries");

/** Coming in: the access code, a name, a group. */
export function doorRoutes(app: Hono, services: RatedServices): void {
  accessRoute(app, services);
  joinRoutes(app, services);
}

/**
 * Only wrong codes spend anything. An address that spent its own tries waits; while many addresses guess, those that have
 * guessed wrong wait for everyone's bucket too, and whoever types the right code at the first try comes in. Where a proxy names
 * no address, nobody can be told from who guesses: the code is looked at first, up to a rate that finds no good code, and only
 * wrong ones are told to wait.
 */
function accessRoute(app: Hono, { guard, nowMs, addressOf }: RatedServices): void {
  const guesses = new Throttle(RATES.guess, nowMs);
  const allGuesses = new Throttle(RATES.guessAll, nowMs);
  const namelessGuesses = new Throttle(RATES.guessNameless, nowMs);

  app.post("/api/access", async (c) => {
    const { code } = await bodyOf(c, accessBody);
    const address = addressOf(c);
    waitFor(address === undefined ? namelessGuesses.waitMs(EVERYWHERE) : guesses.waitMs(address), TRIES);
    if (address !== undefined && !guesses.full(address)) waitFor(allGuesses.waitMs(EVERYWHERE), TRIES);
    const cookie = guard.admit(code);
    if (cookie === undefined) {
      if (address === undefined) namelessGuesses.take(EVERYWHERE);
      else guesses.take(address);
      const waitMs = allGuesses.take(EVERYWHERE);
      if (address === undefined) waitFor(waitMs, TRIES);
      throw new Refusal(403, text("web.access.wrong"));
    }
    letIn(c, cookie);
    return c.json({ ok: true });
  });
}

function letIn(c: Context, cookie: string): void {
  setCookie(c, accessCookie.name, cookie, {
    httpOnly: true,
    sameSite: "Strict",
    path: "/",
    maxAge: accessCookie.maxAgeSeconds,
    secure: c.req.header("origin")?.startsWith("https:") ?? false,
  });
}

function joinRoutes(app: Hono, services: RatedServices): void {
  const { log, say, nowMs, reads, addressOf, operators, shutOut, newcomersWait } = services;
  const joins = new Throttle(RATES.join, nowMs);

  app.post("/api/join", async (c) => {
    const body = await bodyOf(c, joinBody);
    // Where addresses are not known, everyone together.
    slowDown(joins, addressOf(c) ?? EVERYWHERE, text("web.much.joined"));
    const name = memberName(body.name);
    if (!name.ok) throw new Refusal(400, name.problem.text);
    const named = groupName(body.room);
    if (!named.ok) throw new Refusal(400, named.problem.text);
    const joined = await log.join(name.value.name, name.value.key, body.secret);
    if ("refused" in joined)
      throw new Refusal(
        409,
        joined.refused === "taken" ? text("web.name.taken") : text("web.name.alike", { name: joined.like }),
      );
    const { member, secret } = joined;
    const { slug, title } = named.value;
    const why = await shutOut(member.id, slug);
    if (why !== undefined) throw new Refusal(403, why);
    const runsAll = operators.includes(member.id);
    const sinceMs = runsAll ? undefined : await log.knock(slug, member.id, newcomersWait);
    if (sinceMs !== undefined) {
      await log.durable();
      await services.knocked(member, slug, sinceMs);
      const waits = render(text("web.door.waits"), browserLanguage(c));
      return c.json({ member, secret, room: { slug, title, admin: false }, waits });
    }
    const group = await log.enter(slug, title, member.id);
    return c.json({ member, secret, room: { ...group, admin: group.admin || runsAll } });
  });

  /** Asked again and again by a page that waits. */
  app.get("/api/waiting", async (c) => {
    const member = await memberOf(c, log);
    slowDown(reads, member.id, text("web.much.at-once"));
    const slug = c.req.query("room") ?? "";
    const why = await shutOut(member.id, slug);
    if (why !== undefined) throw new Refusal(403, why);
    return c.json({ waits: (await log.groupOf(slug, member.id)) === undefined });
  });

  app.get("/api/rooms", async (c) => {
    const member = await memberOf(c, log);
    slowDown(reads, member.id, text("web.much.at-once"));
    return c.json({ member, rooms: await log.groups(member.id) });
  });

  app.post("/api/leave", async (c) => {
    const member = await memberOf(c, log);
    const { room: group } = await bodyOf(c, leaveBody);
    await log.leave(group, member.id);
    await say({ is: "dismiss", group, memberId: member.id });
    return c.json({ rooms: await log.groups(member.id) });
  });
}
