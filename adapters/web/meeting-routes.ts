import type { Context, Hono } from "hono";
import { memberName } from "../../src/domain/member-name.ts";
import type { Result } from "../../src/domain/problem.ts";
import { type Text, text } from "../../src/domain/text.ts";
import { BoundedMap } from "../../src/lib/bounded-map.ts";
import { render } from "../../src/messages/render.ts";
import type { SeatAsking, ShownMeeting } from "../../src/ports/meeting-screens.ts";
import { memberAsking } from "./about-member.ts";
import { acceptedLanguages, browserLanguage } from "./accepted-languages.ts";
import { addressKeyOf } from "./address.ts";
import { placeOf } from "./doors.ts";
import { RATES } from "./limits.ts";
import { type QrShape, qrShape } from "./qr.ts";
import { openedAt } from "./reach.ts";
import { Refusal } from "./refusal.ts";
import { bodyOf, memberOf, readerOf, seatOf, slowDown } from "./request.ts";
import { Screens } from "./screens.ts";
import { PICTURE_POLICY, SHOWN_TYPES } from "./sending.ts";
import type { FileServices, RatedServices } from "./services.ts";
import { Throttle } from "./throttle.ts";
import {
  ownSeatBody,
  type ScreenEvent,
  screenDrawBody,
  screenImageBody,
  screenJoinBody,
  screenKnowsBody,
  screenPressBody,
  screenSeatBody,
  screenWallBody,
  type WireJoin,
} from "./wire.ts";

/** Where addresses are not known: everyone together. */
const EVERYWHERE = "all";
const QR_KEPT_MAX = 50;
const WALL_GONE = text("web.meeting.wall-gone");
const SEAT_GONE = text("web.meeting.seat-gone");

/**
 * Walls and phones of meetings. They need no access code: the key of a wall, a seat, and to get one a meeting's code take its
 * place, and open nothing but that meeting. What is behind each of them the core knows.
 */
export function meetingRoutes(app: Hono, services: FileServices): void {
  const { clock, hub, failed } = services;
  const screens = new Screens({ clock, closing: hub.closing, failed });
  screenRoutes(app, services, screens);
  codeRoutes(app, services);
  actRoutes(app, services);

  app.post("/api/meeting/image", async (c) => {
    const { key, by, shownPx } = await bodyOf(c, screenImageBody);
    const address = services.addressOf(c);
    if (address !== undefined) slowDown(services.files, address, text("web.much.loaded"));
    const read = () => services.core.meetings.media(key, by, shownPx);
    const answer = await services.sent(c, read, ({ mime }) => ({
      "content-type": SHOWN_TYPES.has(mime) ? mime : "application/octet-stream",
      "cache-control": "no-store",
      "content-security-policy": PICTURE_POLICY,
    }));
    if (answer) return answer;
    throw new Refusal(404, text("web.picture.gone"));
  });
}

/** Looking, by a stream: POST, because browsers then always say which page asks, and no key stands in an address. */
function screenRoutes(app: Hono, services: FileServices, screens: Screens): void {
  const { addressOf, nowMs, reach } = services;
  const { meetings } = services.core;
  const streams = new Throttle(RATES.stream, nowMs);
  const screenOf = (c: Context, over: Text) => {
    const address = addressOf(c);
    if (address !== undefined) slowDown(streams, address, text("web.much.tabs"));
    const language = browserLanguage(c);
    return { reader: readerOf(c), address, language, over: render(over, language) };
  };

  app.post("/api/meeting/wall", async (c) => {
    const by = await bodyOf(c, screenWallBody);
    const screen = screenOf(c, WALL_GONE);
    const languages = acceptedLanguages(c);
    const shows = async (): Promise<ScreenEvent | undefined> => {
      const meeting = await meetings.wall(by.wallKey, languages);
      const join = meeting && (await joinFor(c, services, meeting));
      return meeting && { type: "wall", nowMs: nowMs(), meeting, ...(join ? { join } : {}) };
    };
    const first = await shows();
    if (!first) throw new Refusal(404, WALL_GONE);
    const watch = (changed: () => void) => {
      // Where phones come in is on the wall, too.
      const ends = [meetings.watch(by, changed), reach.sharing?.watch(changed)];
      return () => {
        for (const end of ends) end?.();
      };
    };
    return screens.open({ ...screen, shows, watch }, first);
  });

  app.post("/api/meeting/seat", async (c) => {
    const by = await bodyOf(c, screenSeatBody);
    const screen = screenOf(c, SEAT_GONE);
    const asking = askingOf(c, services, by.seat);
    const shows = async (): Promise<ScreenEvent | undefined> => {
      const seat = await meetings.seat(asking);
      return seat && { type: "seat", nowMs: nowMs(), seat };
    };
    const first = await shows();
    if (!first) throw new Refusal(403, SEAT_GONE);
    return screens.open({ ...screen, seat: by.seat, shows, watch: (changed) => meetings.watch(by, changed) }, first);
  });
}

/** The same for as long as the meeting: a wall is told of it with every change. */
const drawn = new BoundedMap<Promise<QrShape>>(QR_KEPT_MAX);
function qrOf(address: string): Promise<QrShape> {
  const known = drawn.get(address) ?? qrShape(address);
  drawn.set(address, known);
  return known;
}

/** Where phones come in, as they reach it from where this wall is looked at. `undefined`: nobody comes in any more. */
async function joinFor(c: Context, { reach }: FileServices, { code }: ShownMeeting): Promise<WireJoin | undefined> {
  if (code === undefined) return undefined;
  const { address = c.req.header("origin"), onlyHere } = openedAt(c, reach);
  if (onlyHere || address === undefined)
    return { code, how: render(text("web.meeting.only-here"), browserLanguage(c)) };
  return { code, address: `${address.replace(/^https?:\/\//, "")}/join`, qr: await qrOf(`${address}/join/${code}`) };
}

function askingOf(c: Context, { addressOf, log }: FileServices, seat: string): SeatAsking {
  const address = addressOf(c);
  return {
    seat,
    languages: acceptedLanguages(c),
    ...(address === undefined ? {} : { addressKey: addressKeyOf(address, log.salt) }),
  };
}

/** Coming in by the meeting's code: how often one may err, the core says. */
function codeRoutes(app: Hono, services: FileServices): void {
  const { addressOf, log, nowMs } = services;
  const { meetings } = services.core;
  const joins = new Throttle(RATES.meetingDoor, nowMs);
  const comesFrom = (c: Context) => {
    const address = addressOf(c);
    slowDown(joins, address ?? EVERYWHERE, text("web.much.joined"));
    return address && `web:${addressKeyOf(address, log.salt)}`;
  };

  app.post("/api/meeting/knows", async (c) => {
    const { code } = await bodyOf(c, screenKnowsBody);
    return c.json(given(await meetings.knows(code, comesFrom(c)), nowMs));
  });

  app.post("/api/meeting/join", async (c) => {
    const { code, name } = await bodyOf(c, screenJoinBody);
    const by = comesFrom(c);
    const named = memberName(name);
    if (!named.ok) throw new Refusal(400, named.problem.text);
    return c.json(given(await meetings.join(code, named.value.name, by), nowMs));
  });
}

/** What is pressed and made on phones. */
function actRoutes(app: Hono, services: FileServices): void {
  const { addressOf, nowMs } = services;
  const { meetings } = services.core;
  const presses = new Throttle(RATES.press, nowMs);
  const draws = new Throttle(RATES.message, nowMs);
  const here = new Throttle(RATES.phonesHere, nowMs);
  const slowHere = (c: Context) => {
    const address = addressOf(c);
    if (address !== undefined) slowDown(here, address, text("web.much.at-once"));
  };

  app.post("/api/meeting/press", async (c) => {
    const { seat, id, token, values } = await bodyOf(c, screenPressBody);
    slowHere(c);
    slowDown(presses, seat, text("web.much.presses"));
    const pressed = { updateId: `web:seat:${id}`, token, ...(values ? { values } : {}) };
    return c.json(given(await meetings.press(askingOf(c, services, seat), pressed), nowMs));
  });

  app.post("/api/meeting/draw", async (c) => {
    const { seat, id, words, lettered } = await bodyOf(c, screenDrawBody);
    slowHere(c);
    slowDown(draws, seat, text("web.much.at-once"));
    if (words.trim() === "" && lettered.trim() === "") throw new Refusal(400, text("web.meeting.draw-what"));
    const wanted = { updateId: `web:draw:${id}`, words: words.trim(), lettered: lettered.trim() };
    return c.json(given(await meetings.draw(askingOf(c, services, seat), wanted), nowMs));
  });
}

/** For a member of the chat who is signed in here: they need no code. */
export function ownSeatRoute(app: Hono, services: RatedServices): void {
  const { log, reads, core, addressOf } = services;

  app.post("/api/own-seat", async (c) => {
    const member = await memberOf(c, log);
    const { room, meetingId } = await bodyOf(c, ownSeatBody);
    slowDown(reads, member.id, text("web.much.at-once"));
    const group = await seatOf(services, room, member);
    const asking = { member, group, address: addressOf(c), languages: acceptedLanguages(c) };
    const seat = await core.meetings.seatFor(meetingId, placeOf(group.slug), await memberAsking(log, asking));
    if (seat === undefined) throw new Refusal(404, text("web.meeting.over"));
    return c.json({ seat });
  });
}

/** @throws Refusal 429 where trying again can help, else 403 */
function given<T>(result: Result<T>, nowMs: () => number): T {
  if (result.ok) return result.value;
  const { text: why, retryAtMs } = result.problem;
  const retryAfterMs = retryAtMs === undefined ? 0 : Math.max(0, retryAtMs - nowMs());
  throw new Refusal(retryAfterMs > 0 ? 429 : 403, why, { retryAfterMs });
}
