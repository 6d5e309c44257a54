import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import sharp from "sharp";
import { z } from "zod";
import { createWebChat } from "../../../adapters/web.ts";
import { fakeBackend } from "../../../src/backends/fake.ts";
import { systemClock } from "../../../src/lib/clock.ts";
import { appOver } from "../../fakes/app.ts";
import { hostileFiles } from "../../fakes/hostile-files.ts";
import { hostileJson, type Spoiler } from "../../fakes/hostile-json.ts";
import { hostileText } from "../../fakes/hostile-text.ts";
import { moduleServices } from "../../fakes/module-services.ts";
import { type RawAnswer, rawExchange, rawRequest } from "../../fakes/raw-http.ts";
import { door, type InputDoor } from "./door.ts";
import { troubleLog } from "./trouble-log.ts";

const CODE = "the-code-of-the-house-7";
/** Between two requests, for the rates alone: without it nearly all would be told to come later. */
const PAUSE_MS = 15_000;

const METHODS = "GET GET GET POST POST POST POST PUT DELETE PATCH OPTIONS HEAD TRACE CONNECT PROPFIND".split(" ");
const PATHS = [
  ..."/ /wall /access /favicon.ico /page/app.js /page/style.css /api /api/ /media /uploads // /. /.. /*".split(" "),
  ..."/%2e%2e/%2e%2e/etc/passwd /page/../../web.ts /page/%2e%2e%2fweb.ts /page/%00 /page/__proto__ /%".split(" "),
  ..."/media/picture/../../x /media/%ff%fe /media/constructor /uploads/__proto__ /uploads/%2e%2e%2f".split(" "),
  ..."http://evil.example/ //evil.example/api/rooms /api/../api/rooms /API/ROOMS /api/rooms/".split(" "),
  ..."/api/reach /media/x?w=48 /media/x?w=original /media/x?w=1e99 /media/x?w= /media/x?w[]=48".split(" "),
  ..."/api/rooms /api/commands /api/make /api/older /api/older?room=x /api/older?room=rent-strike&before=1".split(" "),
  ..."/api/older?room=rent-strike&before=1e999 /api/older?room=rent-strike&before=-9007199254740993".split(" "),
  ..."/api/older?room=%ff&before=%00 /api/older?room=a&room=b&before[]=1 /?__proto__[x]=1 /wall?group=%F0".split(" "),
];
const TRIED = ["__proto__", "constructor", "then", "id", "room", "before", "after", "name", "secret", "token"];

type Honest =
  | ("join" | "stream" | "wall" | "messages" | "quote" | "press" | "remove" | "leave" | "access" | "uploads")
  | ("device" | "device-code" | "reach");
const ROUTES: readonly Honest[] = [
  ...(["messages", "messages", "quote", "press", "press", "join", "uploads"] as const),
  ...(["stream", "wall", "remove", "leave", "access"] as const),
  ...(["device", "device-code", "reach"] as const),
];

type Header = readonly [name: string, value: string];
/** Instead of what an honest page sends: `undefined` leaves it out. */
const ODD_HEADERS: readonly (readonly [name: string, value: string | undefined])[] = [
  ["host", "evil.example"],
  ["host", ""],
  ["host", undefined],
  ["host", "127.0.0.1:1"],
  ["host", "[::1"],
  ["origin", "null"],
  ["origin", "https://evil.example"],
  ["origin", undefined],
  ["authorization", undefined],
  ["authorization", "Bearer "],
  ["authorization", `Bearer ${"A".repeat(100)}`],
  ["authorization", "Bearer ../../x"],
  ["authorization", "Basic Og=="],
  ["cookie", undefined],
  ["cookie", "placard_access=%ff; placard_access=__proto__"],
  ["cookie", `placard_access=${"A".repeat(6000)}`],
  ["content-type", undefined],
  ["content-type", "text/plain"],
  ["content-type", "application/json; charset=utf-16le"],
  ["content-type", "multipart/form-data; boundary="],
  ["content-type", "multipart/form-data; boundary=x"],
  ["content-type", "application/x-www-form-urlencoded"],
  ["content-length", "-1"],
  ["content-length", "99999999999999999999"],
  ["content-length", "3"],
  ["content-length", "1e3"],
  ["transfer-encoding", "chunked"],
  ["transfer-encoding", "gzip, chunked"],
  ["content-encoding", "br"],
  ["expect", "100-continue"],
  ["expect", "a cake"],
  ["upgrade", "websocket"],
  ["connection", "upgrade"],
  ["connection", "keep-alive"],
  ["x-forwarded-for", "1.2.3.4, [::1]:9, __proto__, ,,"],
  ["x-forwarded-for", `${"9.9.9.9,".repeat(800)}x`],
  ["x-file-name", "%ff%"],
  ["x-file-name", `..%2f..%2f${"é".repeat(400)}`],
  ["if-none-match", "*"],
  ["range", "bytes=0-,-1"],
  ["sec-fetch-site", "cross-site"],
  ["accept", "text/html"],
  ["x-long", "x".repeat(20_000)],
  ["x-odd", "a\r\n b"],
  ["__proto__", "x"],
  ["", "x"],
  ["x y", "z"],
  ["x-nul", "a\u0000b"],
];

interface Request {
  /** An honest route and body with something changed; absent: anything at all. */
  readonly route: Honest | undefined;
  readonly method: string | undefined;
  readonly path: string;
  readonly query: string;
  readonly headers: readonly number[];
  readonly json: Spoiler | undefined;
  readonly text: string;
  readonly file: number;
  /** The first bytes of the request are others. */
  readonly garbage: readonly (readonly [at: number, byte: number])[];
}

const requests: fc.Arbitrary<Request> = fc.noBias(
  fc.record({
    route: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...ROUTES) },
      { weight: 1, arbitrary: fc.constant(undefined) },
    ),
    method: fc.oneof(
      { weight: 5, arbitrary: fc.constant(undefined) },
      { weight: 2, arbitrary: fc.constantFrom(...METHODS) },
    ),
    path: fc.oneof(
      fc.constantFrom(...PATHS),
      fc.constantFrom(...TRIED).map((name) => `/media/${name}`),
    ),
    query: fc.oneof(
      { weight: 3, arbitrary: fc.constant("") },
      fc.tuple(fc.constantFrom(...TRIED), hostileText(80)).map(([name, text]) => `?${name}=${encoded(text)}`),
      hostileText(80).map((text) => `?${text.replace(/[\r\n]/gu, "")}`),
    ),
    headers: fc.array(fc.nat(ODD_HEADERS.length - 1), { maxLength: 2 }),
    json: fc.oneof({ weight: 3, arbitrary: hostileJson }, { weight: 2, arbitrary: fc.constant(undefined) }),
    text: hostileText(5000),
    file: fc.nat(999),
    garbage: fc.oneof(
      { weight: 12, arbitrary: fc.constant([]) },
      fc.array(fc.tuple(fc.nat(300), fc.nat(255)), { minLength: 1, maxLength: 4 }),
    ),
  }),
);

const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());

/** What may be answered to whatever comes in. 0: Node hung up on what is no HTTP, or on half of a request. */
const DEFINED = new Set([0, 200, 206, 302, 304, 400, 401, 403, 404, 405, 408, 409, 413, 414, 417, 421, 426, 429, 431]);
const SECRETS = [CODE, "webchat.sqlite", "placard-hostile-web"];

const errorSchema = z.object({ error: z.string().regex(/^[A-Z“].*[.!)]$/su), retryAfterMs: z.number().optional() });

/** @returns the sentence that a member reads @throws what is wrong with the answer */
function said({ status, head, body }: RawAnswer, secret: string): string {
  if (!DEFINED.has(status)) throw new Error(`status ${status}: ${body.slice(0, 200)}`);
  const told = SECRETS.find((each) => `${head}${body}`.includes(each));
  if (told !== undefined) throw new Error(`“${told}” is told`);
  if (status >= 400 && body !== "" && secret !== "" && body.includes(secret))
    throw new Error("the member's secret is told");
  if (status === 0 || status < 400 || body === "" || !/^content-type: application\/json/im.test(head)) return "";
  return errorSchema.parse(JSON.parse(unchunked(head, body))).error;
}

/** Pieces of one answer; each begins with its length. */
function unchunked(head: string, body: string): string {
  return /^transfer-encoding: chunked/im.test(head)
    ? body.replace(/^[0-9a-f]+\r\n/u, "").replace(/\r\n0\r\n\r\n$/u, "")
    : body;
}

/** A whole Placard behind its web chat, on a socket of this machine. */
async function opened() {
  const folder = mkdtempSync(join(tmpdir(), "placard-hostile-web-"));
  const { log, assertNone } = troubleLog([CODE]);
  let aheadMs = 0;
  const clock = { ...systemClock, nowMs: () => systemClock.nowMs() + aheadMs };
  const services = moduleServices({ under: folder, clock, log });
  const web = createWebChat(
    { WEB_HOST: "127.0.0.1", WEB_PORT: 0, WEB_TOKEN: CODE, WEB_SHARE: "no", WEB_NEW_NAMES: "open", TRUST_PROXY: 0 },
    services,
    // Whatever is asked, it opens nothing in the network of whoever runs the tests.
    () => [],
  );
  const app = await appOver(folder, { adapters: [web], backends: [fakeBackend({ delayMs: 0 })], clock, log });
  const lines = await app.start();
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(lines.join("\n"))?.[1]);
  return {
    port,
    assertNone,
    letTimePass: () => {
      aheadMs += PAUSE_MS;
    },
    async close() {
      await app.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const joinSchema = z.object({ secret: z.string(), room: z.object({ slug: z.string() }) });

/** Whatever is sent to the web chat's port by somebody who has its code, or not. */
export async function webDoor(): Promise<InputDoor> {
  const { port, assertNone, letTimePass, close } = await opened();
  const host = `127.0.0.1:${port}`;
  const files = [
    ...(await hostileFiles()).values(),
    await sharp({ create: { width: 40, height: 30, channels: 3, background: "#345678" } })
      .png()
      .toBuffer(),
  ];
  let sent = 0;
  const nextId = () => `hostile-message-id-${String(++sent).padStart(8, "0")}`;
  let cookie = "";
  let secret = "";

  const pageHeaders = (): readonly Header[] => [
    ["host", host],
    ["origin", `http://${host}`],
    ["content-type", "application/json"],
    ["cookie", cookie],
    ["authorization", `Bearer ${secret}`],
    ["connection", "close"],
  ];
  async function asked(path: string, json?: unknown): Promise<RawAnswer> {
    letTimePass();
    const body = Buffer.from(json === undefined ? "" : JSON.stringify(json));
    const headers = [...pageHeaders(), ["content-length", String(body.length)] as const];
    const answer = await rawExchange(
      port,
      rawRequest({ method: json === undefined ? "GET" : "POST", path, headers, body }),
      "waits",
    );
    if (answer.status !== 200) throw new Error(`an honest ${path} got ${answer.status}: ${answer.body.slice(0, 300)}`);
    return answer;
  }
  async function enter(): Promise<void> {
    cookie = /^set-cookie: ([^;]+)/im.exec((await asked("/api/access", { code: CODE })).head)?.[1] ?? "";
    const joining = { name: "Ada", room: "Rent strike", ...(secret === "" ? {} : { secret }) };
    const { head, body } = await asked("/api/join", joining);
    ({ secret } = joinSchema.parse(JSON.parse(unchunked(head, body))));
  }
  await enter();

  const honestBody = (route: Honest, text: string): unknown => {
    const room = "rent-strike";
    switch (route) {
      case "join":
        return { name: text.slice(0, 30), room: text.slice(0, 40) };
      case "stream":
        return { room, after: 0, epoch: "x" };
      case "wall":
        return { group: text };
      case "messages":
        return { id: nextId(), room, text, values: { prompt: text.slice(0, 300), seed: "1,000" } };
      case "quote":
        return { room, text: `/rca ${text.slice(0, 3000)}` };
      case "press":
        return { id: nextId(), room, token: `1.reroll.${text.slice(0, 60)}`, values: { choice: text } };
      case "remove":
        return { room, id: nextId() };
      case "leave":
        return { room: text.slice(0, 40) };
      case "access":
        return { code: text.slice(0, 100) };
      case "device":
        return { code: text.slice(0, 20) };
      case "device-code":
        return { address: `http://${text.slice(0, 150)}` };
      case "reach":
        return { share: true };
      case "uploads":
        return undefined;
    }
  };

  function written(request: Request): Buffer {
    const { route, text, json, file } = request;
    const honest = route === undefined ? undefined : honestBody(route, text);
    const picture = files[file % files.length] ?? Buffer.alloc(0);
    const whole = route === "uploads" ? picture : (json?.(honest) ?? Buffer.from(JSON.stringify(honest) ?? text));
    const method = request.method ?? (route === undefined ? "GET" : "POST");
    const body = method === "GET" || method === "HEAD" ? Buffer.alloc(0) : whole;
    let headers: readonly Header[] = [...pageHeaders(), ["content-length", String(body.length)]];
    for (const at of request.headers) {
      const [name, value] = ODD_HEADERS[at] ?? ["x", "x"];
      headers = headers.filter(([known]) => known !== name);
      if (value !== undefined) headers = [...headers, [name, value]];
    }
    const path = (route === undefined ? request.path : `/api/${route}`) + request.query;
    const bytes = rawRequest({ method, path, headers, body });
    for (const [at, byte] of request.garbage) bytes[at % bytes.length] = byte;
    return bytes;
  }

  return {
    ...door("web requests", requests, async (request) => {
      letTimePass();
      const text = said(await rawExchange(port, written(request)), secret);
      assertNone();
      return text;
    }),
    async honest() {
      await enter();
      await asked("/api/messages", { id: nextId(), room: "rent-strike", text: "good morning" });
      const { body } = await asked("/api/older?room=rent-strike&before=9007199254740991");
      if (!body.includes("good morning")) throw new Error("what was said is not there");
      const shown = await asked("/api/stream", { room: "rent-strike", after: 0 });
      if (!shown.body.includes('"type":"start"')) throw new Error("no stream");
    },
    close,
  };
}
