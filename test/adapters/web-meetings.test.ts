import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as systemPauseMs } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { SCREEN_EACH_MS, SCREENS_PER_SEAT } from "../../adapters/web/limits.ts";
import { Screens } from "../../adapters/web/screens.ts";
import type { ScreenEvent } from "../../adapters/web/wire.ts";
import type { WebAdapter } from "../../adapters/web.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { MEETING_ID, ScriptedMeeting, WALL_KEY } from "../fakes/scripted-meeting.ts";
import { atThisPaceMs } from "../pace.ts";
import { as, ask, joinAs, NotingCore, nextId } from "./web-client.ts";
import { freshFolder, webIn } from "./web-world.ts";

const CODE = "a long enough code";
/** Only the last of these a proxy of ours wrote. */
const PROXIED = { "x-forwarded-for": "1.2.3.4, 203.0.113.5" };

async function started(settings: Parameters<typeof webIn>[1] = { WEB_TOKEN: CODE }) {
  const web = webIn(freshFolder(), settings);
  onTestFinished(() => web.stop());
  const meeting = new ScriptedMeeting();
  const core = new NotingCore();
  core.meetings = meeting;
  await web.start([], core);
  return { web, meeting };
}

/** What a screen is told, event by event. */
async function screen(web: WebAdapter, kind: "wall" | "seat", body: object, headers = {}) {
  const response = await ask(web, `/api/meeting/${kind}`, { body, headers });
  if (!response.ok || !response.body) throw new Error(`${response.status} ${await response.text()}`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  const next = async (): Promise<ScreenEvent | undefined> => {
    for (;;) {
      const [block = "", ...more] = rest.split("\n\n");
      if (more.length > 0) {
        rest = more.join("\n\n");
        if (block.startsWith("data: ")) return JSON.parse(block.slice(6)) as ScreenEvent;
        continue;
      }
      const { done, value } = await reader.read();
      if (done) return undefined;
      rest += value;
    }
  };
  return { next, close: () => reader.cancel() };
}
const wallOf = (event: ScreenEvent | undefined) => (event?.type === "wall" ? event : undefined);

it("opens walls and phones without the access code, all that their pages import, and nothing else", async () => {
  const { web } = await started();
  const html = { accept: "text/html" };
  for (const page of [`/wall/${WALL_KEY}`, "/join", "/join/KBRTMX", "/join/", "/meeting"]) {
    const answer = await ask(web, page, { headers: html });
    if (page === "/join/") continue;
    expect([page, answer.status, answer.headers.get("content-type")]).toEqual([page, 200, "text/html; charset=utf-8"]);
    expect(answer.headers.get("content-security-policy")).toContain("require-trusted-types-for 'script'");
  }
  const folder = path.join(import.meta.dirname, "../../adapters/web/page");
  const seen = new Set<string>();
  const walk = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    if (file.startsWith("vendor/")) return;
    const source = readFileSync(path.join(folder, file), "utf8");
    for (const [, from = ""] of source.matchAll(/^(?:import|export)[^;]*? from "(\.[^"]+)"|^import "(\.[^"]+)"/gm))
      walk(path.posix.join(path.posix.dirname(file), from));
  };
  for (const name of ["wall.html", "phone.html"]) {
    const source = readFileSync(path.join(folder, "meeting", name), "utf8");
    for (const [, file = ""] of source.matchAll(/(?:src|href)="\/page\/([^"]+\.(?:js|css|svg))"/g))
      if (file.endsWith(".js")) walk(file);
      else seen.add(file);
  }
  expect(seen.size).toBeGreaterThan(30);
  for (const file of seen) expect([file, (await ask(web, `/page/${file}`)).status]).toEqual([file, 200]);
  const others = readdirSync(folder).filter(
    (name) => name.endsWith(".js") && !seen.has(name) && !["access.js", "own-address.js"].includes(name),
  );
  expect(others).toContain("app.js");
  for (const name of others) expect([name, (await ask(web, `/page/${name}`)).status]).toEqual([name, 401]);
  for (const shut of [
    "/",
    "/wall",
    "/wall?group=x",
    "/wall/a/b",
    "/meeting/x",
    "/join/a/b",
    "/api/rooms",
    "/media/style/odd",
    "/api/meeting",
    "/api/meeting/../rooms",
  ])
    expect([shut, (await ask(web, shut)).status]).toEqual([shut, 401]);
  expect((await ask(web, "/api/own-seat", { body: { room: "x", meetingId: MEETING_ID } })).status).toBe(401);
});

it.each<[string, Record<string, string | undefined>, number]>([
  ["another site", { origin: "https://evil.example" }, 403],
  ["a sandboxed page", { origin: "null" }, 403],
  ["no page at all", { origin: undefined }, 403],
  ["a foreign page that reads", { "sec-fetch-site": "cross-site" }, 403],
  ["a foreign form", { "content-type": "text/plain" }, 400],
])("refuses %s", async (_who, headers, status) => {
  const { web, meeting } = await started();
  const bodies = {
    wall: { wallKey: WALL_KEY },
    seat: { seat: "seat-ada" },
    knows: { code: "KBRTMX" },
    join: { code: "KBRTMX", name: "Bo" },
    press: { seat: "seat-ada", id: nextId(), token: "start" },
    draw: { seat: "seat-ada", id: nextId(), words: "x", lettered: "" },
    image: { key: "picture/x", by: { wallKey: WALL_KEY }, shownPx: 640 },
  };
  for (const [name, body] of Object.entries(bodies))
    expect([name, (await ask(web, `/api/meeting/${name}`, { body, headers })).status]).toEqual([name, status]);
  expect([meeting.pressed, meeting.drawn, meeting.watching]).toEqual([[], [], 0]);
});

it("follows what changes, tells only what did, and says when there is nothing to show any more", async () => {
  const { web, meeting } = await started();
  expect((await ask(web, "/api/meeting/wall", { body: { wallKey: "another" } })).status).toBe(404);
  expect((await ask(web, "/api/meeting/seat", { body: { seat: "forged" } })).status).toBe(403);
  const wall = await screen(web, "wall", { wallKey: WALL_KEY });
  const phone = await screen(web, "seat", { seat: "seat-ada" });
  expect(wallOf(await wall.next())?.meeting.state).toBe("waiting");
  const first = await phone.next();
  expect(first?.type === "seat" && first.seat.next?.label).toBe("Begin");
  const begunMs = Date.now();
  for (let n = 0; n < 20; n += 1) meeting.comes(`Guest ${n}`);
  meeting.goTo(0, 4);
  const item = wallOf(await wall.next());
  expect([item?.meeting.state, item?.meeting.pictures.length, item?.meeting.present.length]).toEqual(["item", 4, 21]);
  expect(Date.now() - begunMs).toBeLessThan(atThisPaceMs(1000));
  meeting.wall = async () => undefined;
  meeting.changed();
  let last = await wall.next();
  if (last?.type === "wall") last = await wall.next();
  expect(last).toEqual({
    type: "out",
    text: "There is no meeting at this address. Open its wall from the meeting’s card in the chat.",
  });
  expect(await wall.next()).toBeUndefined();
  await phone.close();
  await expect.poll(() => meeting.watching).toBe(0);
});

it("says where a phone comes in, as far as one can, and never gives a wall a chair's button", async () => {
  const address = async (settings: Parameters<typeof webIn>[1], headers = {}) => {
    const { web, meeting } = await started(settings);
    const wall = await screen(web, "wall", { wallKey: WALL_KEY }, headers);
    const event = wallOf(await wall.next());
    expect(JSON.stringify(event)).not.toMatch(/pickToken|holdToken|"next":|"others"/);
    meeting.code = undefined;
    meeting.changed();
    expect(wallOf(await wall.next())?.join).toBeUndefined();
    await wall.close();
    return event?.join;
  };
  const services = { publicUrl: "https://placard.example" };
  const outside = await address({ WEB_TOKEN: CODE, services });
  expect([outside?.address, outside?.code, outside?.how]).toEqual(["placard.example/join", "KBRTMX", undefined]);
  expect(outside?.qr?.modules).toBeGreaterThan(28);
  const alone = await address({});
  expect([alone?.code, alone?.qr, alone?.address]).toEqual(["KBRTMX", undefined, undefined]);
  expect(alone?.how).toMatch(/press “Let others in”/);
  // Whoever has it open under another name shows that one.
  const named = await address({ WEB_TOKEN: CODE }, { host: "192.168.1.20:8080", origin: "http://192.168.1.20:8080" });
  expect(named?.address).toBe("192.168.1.20:8080/join");
});

it("is reached over the own network once others are let in, without the code that all else asks for there", async () => {
  const { web } = await started({ ownAddresses: ["127.0.0.1"] });
  const ada = await joinAs(web, "Ada");
  const wall = await screen(web, "wall", { wallKey: WALL_KEY });
  expect(wallOf(await wall.next())?.join?.how).toMatch(/press “Let others in”/);
  // Until it looks by itself no more.
  await systemPauseMs(1.2 * SCREEN_EACH_MS.least);
  const { address = "" } = (await (
    await ask(web, "/api/reach", { body: { share: true }, headers: as(ada) })
  ).json()) as { address?: string };
  // A wall that is open already says so by itself.
  expect(wallOf(await wall.next())?.join?.address).toBe(`${address.replace("http://", "")}/join`);
  await wall.close();
  const headers = { origin: address, "content-type": "application/json" };
  const phone = (to: string, body?: object) =>
    fetch(address + to, body ? { method: "POST", headers, body: JSON.stringify(body) } : { headers });
  const joined = await phone("/api/meeting/join", { code: "KBRTMX", name: "Bo" });
  expect([
    joined.status,
    (await phone("/join/KBRTMX")).status,
    (await phone("/api/rooms")).status,
    (await phone("/")).status,
  ]).toEqual([200, 200, 401, 401]);
});

it("pauses a seat's oldest phone when one too many opens, and tells who reads slowly only what is newest", async () => {
  const { web, meeting } = await started();
  const phones = [];
  for (let n = 0; n <= SCREENS_PER_SEAT; n += 1) phones.push(await screen(web, "seat", { seat: "seat-ada" }));
  const [first] = phones;
  expect((await first?.next())?.type).toBe("seat");
  expect(await first?.next()).toEqual({ type: "ended", text: "This seat is open on 4 phones, so it was paused here." });
  for (const phone of phones.slice(1)) await phone.close();

  const closing = new AbortController();
  onTestFinished(() => closing.abort());
  const clock = { ...systemClock, after: (ms: number, run: () => void) => systemClock.after(ms / 20, run) };
  const screens = new Screens({ clock, closing: closing.signal, failed: () => undefined });
  let unread = 100_000;
  let [asked, title] = [0, "one"];
  let changed = () => {};
  const shows = async () => {
    asked += 1;
    return { type: "wall", nowMs: asked, meeting: { title } } as unknown as ScreenEvent;
  };
  const watch = (call: () => void) => {
    changed = call;
    return () => undefined;
  };
  const reader = { inSocketBytes: () => unread };
  const { body } = screens.open({ reader, address: undefined, language: "en", shows, over: "", watch }, await shows());
  const read = body?.pipeThrough(new TextDecoderStream()).getReader();
  const next = async () => (await read?.read())?.value;
  expect(await next()).toContain('"title":"one"');
  for (let each = 0; each < 50; each += 1) changed();
  await systemPauseMs(50);
  // Nothing was asked for it meanwhile.
  expect(asked).toBe(1);
  title = "two";
  unread = 0;
  expect(await next()).toContain('"title":"two"');
  const before = asked;
  // Nothing that is seen changed: the next thing that it is told is another.
  changed();
  await expect.poll(() => asked).toBeGreaterThan(before);
  await systemPauseMs(30);
  title = "three";
  changed();
  expect(await next()).toContain('"title":"three"');
  expect(meeting.watching).toBe(0);
});

it("lets in by the code and a name, and bounds how often one address tries", async () => {
  const { web, meeting } = await started({ WEB_TOKEN: CODE, TRUST_PROXY: 1 });
  const knows = (code: string) => ask(web, "/api/meeting/knows", { body: { code }, headers: PROXIED });
  expect(await (await knows("kb rt mx")).json()).toEqual({ title: "Tenants’ assembly" });
  const wrong = await knows("AAAAAA");
  expect([wrong.status, ((await wrong.json()) as { error: string }).error]).toEqual([
    403,
    "No meeting has this code. Look at the wall once more.",
  ]);
  const by: (string | undefined)[] = [];
  const { join: letIn } = meeting;
  meeting.join = (typed, name, from) => {
    by.push(from);
    return letIn.call(meeting, typed, name, from);
  };
  const join = (name: string) => ask(web, "/api/meeting/join", { body: { code: "KBRTMX", name }, headers: PROXIED });
  for (const [name, said] of [
    ["   ", /name/],
    ["admin", /name/],
    ["x".repeat(40), /name/],
  ] as const) {
    const answer = await join(name);
    expect([name, answer.status]).toEqual([name, 400]);
    expect(((await answer.json()) as { error: string }).error).toMatch(said);
  }
  const { seat, meetingId } = (await (await join("Bo")).json()) as { seat: string; meetingId: string };
  expect([meetingId, seat]).toEqual([MEETING_ID, "seat-web:guest-1"]);
  // By what the proxy says, and by nobody's own words; nobody gets back to the address.
  expect(by).toEqual([expect.stringMatching(/^web:[\w-]{22}$/)]);
  const tries = await Promise.all(Array.from({ length: 220 }, () => knows("AAAAAA")));
  expect(tries.some(({ status }) => status === 429)).toBe(true);
});

it("hands presses on as they came, each under an id of its own, and pictures only to whom the core shows them", async () => {
  const { web, meeting } = await started();
  const id = nextId();
  const press = (body: object) => ask(web, "/api/meeting/press", { body });
  const asked: unknown[] = [];
  const { press: carried } = meeting;
  meeting.press = async (asking, pressed) => {
    asked.push([asking.seat, asking.addressKey?.length, pressed]);
    return carried.call(meeting, asking, pressed);
  };
  expect(await (await press({ seat: "seat-ada", id, token: "start", values: { a: "b" } })).json()).toEqual({
    is: "done",
  });
  expect(asked).toEqual([["seat-ada", 22, { updateId: `web:seat:${id}`, token: "start", values: { a: "b" } }]]);
  for (const body of [
    { seat: "", id, token: "x" },
    { seat: "s", id: "1", token: "x" },
    { seat: "s", id, token: "x".repeat(501) },
    { seat: "s", id, token: "x", chair: true },
  ])
    expect((await press(body)).status).toBe(400);
  const draw = (body: object) => ask(web, "/api/meeting/draw", { body: { seat: "seat-ada", id, ...body } });
  expect((await draw({ words: "  ", lettered: "" })).status).toBe(400);
  expect((await draw({ words: " a fist ", lettered: "" })).status).toBe(200);
  expect(meeting.drawn).toEqual([{ updateId: `web:draw:${id}`, words: "a fist", lettered: "" }]);

  const keys: unknown[] = [];
  meeting.media = async (key, by, shownPx) => {
    keys.push([key, by, shownPx]);
    return "seat" in by ? { bytes: new Uint8Array([1, 2]), mime: "image/svg+xml" } : undefined;
  };
  const image = (by: object, shownPx: unknown = 640) =>
    ask(web, "/api/meeting/image", { body: { key: "picture/a", by, shownPx } });
  const got = await image({ seat: "seat-ada" });
  expect([got.status, got.headers.get("content-type"), got.headers.get("cache-control")]).toEqual([
    200,
    "application/octet-stream",
    "no-store",
  ]);
  expect([...new Uint8Array(await got.arrayBuffer())]).toEqual([1, 2]);
  expect((await image({ wallKey: "x" })).status).toBe(404);
  for (const bad of [image({ seat: "s", wallKey: "x" }), image({}), image({ seat: "s" }, 641)])
    expect((await bad).status).toBe(400);
  expect(keys).toEqual([
    ["picture/a", { seat: "seat-ada" }, 640],
    ["picture/a", { wallKey: "x" }, 640],
  ]);
});

it("gives a member of the meeting's group a seat, and nobody else", async () => {
  const { web, meeting } = await started({});
  const ada = await joinAs(web, "Ada");
  const asked: unknown[] = [];
  meeting.seatFor = async (meetingId, at, { id, admin }) => {
    asked.push([meetingId, at.chatId, id, admin]);
    return meetingId === MEETING_ID ? "seat-ada" : undefined;
  };
  const seat = (room: string, meetingId: string, headers = {}) =>
    ask(web, "/api/own-seat", { body: { room, meetingId }, headers });
  expect(await (await seat(ada.room, MEETING_ID, as(ada))).json()).toEqual({ seat: "seat-ada" });
  expect((await seat(ada.room, "another", as(ada))).status).toBe(404);
  expect((await seat("elsewhere", MEETING_ID, as(ada))).status).toBe(403);
  expect((await seat(ada.room, MEETING_ID)).status).toBe(401);
  expect(asked).toEqual([
    [MEETING_ID, ada.room, ada.id, true],
    ["another", ada.room, ada.id, true],
  ]);
});
