import { describe, expect, it, onTestFinished } from "vitest";
import type { WebAdapter } from "../../adapters/web.ts";
import { as, ask, joinAs, NotingCore, nextId, say } from "./web-client.ts";
import { freshFolder, webIn } from "./web-world.ts";

const CODE = "a long enough code";

async function started(settings: Parameters<typeof webIn>[1] = {}, folder = freshFolder()): Promise<WebAdapter> {
  const web = webIn(folder, settings);
  onTestFinished(() => web.stop());
  await web.start([], new NotingCore());
  return web;
}

type Headers = Record<string, string | undefined>;
const HOST = "127.0.0.1:8080";
const FOREIGN = { "sec-fetch-site": "cross-site" };

describe("who may ask", () => {
  it.each<[string, string, Headers, number]>([
    ["our own page", "POST", {}, 200],
    ["our own page under localhost", "POST", { host: "localhost:8080", origin: "http://localhost:8080" }, 200],
    ["our own page through a tunnel", "POST", { host: "localhost:9000", origin: "http://localhost:9000" }, 200],
    ["our own page over IPv6", "POST", { host: "[::1]:8080", origin: "http://[::1]:8080" }, 200],
    ["capital letters", "POST", { host: "LOCALHOST:8080", origin: "http://localhost:8080" }, 200],
    ["a name that resolves to us", "POST", { host: "evil.example:8080", origin: "http://evil.example:8080" }, 421],
    ["a name that resolves to us, reading", "GET", { host: "evil.example" }, 421],
    ["a name that begins like ours", "GET", { host: "localhost.evil.example" }, 421],
    ["a name that ends like ours", "GET", { host: "evil-localhost" }, 421],
    ["an address that only looks like loopback", "GET", { host: "127.0.0.1.nip.io:8080" }, 421],
    ["every address", "GET", { host: "0.0.0.0:8080" }, 421],
    ["a host with a user", "GET", { host: "localhost@evil.example" }, 421],
    ["a host with a path", "GET", { host: "localhost/evil" }, 421],
    ["an empty host", "GET", { host: "" }, 421],
    ["another site", "POST", { origin: "https://evil.example" }, 403],
    ["another port on this machine", "POST", { origin: "http://127.0.0.1:3000" }, 403],
    ["this machine under its other name", "POST", { origin: "http://localhost:8080" }, 403],
    ["a sandboxed page", "POST", { origin: "null" }, 403],
    ["no page at all", "POST", { origin: undefined }, 403],
    ["an origin with our name in front", "POST", { origin: `http://${HOST}.evil.example` }, 403],
    ["an origin with our name as its user", "POST", { origin: `http://${HOST}@evil.example` }, 403],
    ["a file", "POST", { origin: "file://" }, 403],
    ["an extension", "POST", { origin: `chrome-extension://${HOST}` }, 403],
    ["a foreign form: plain text", "POST", { "content-type": "text/plain" }, 400],
    ["a foreign form: urlencoded", "POST", { "content-type": "application/x-www-form-urlencoded" }, 400],
    ["a foreign form: multipart", "POST", { "content-type": "multipart/form-data; boundary=x" }, 400],
    ["a foreign page that reads", "GET", FOREIGN, 403],
    ["a foreign page on a sister name", "GET", { "sec-fetch-site": "same-site" }, 403],
  ])("%s", async (_who, method, headers, status) => {
    const web = await started();
    const ada = await joinAs(web, "Ada");
    const answer =
      method === "GET"
        ? await ask(web, "/api/rooms", { headers: { ...as(ada), ...headers } })
        : await ask(web, "/api/messages", {
            body: { id: nextId(), room: ada.room, text: "x" },
            headers: { ...as(ada), ...headers },
          });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(answer.headers.get("x-frame-options")).toBe("DENY");
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  });

  it.each([
    "/api/stream",
    "/api/wall",
    "/api/press",
    "/api/uploads",
    "/api/leave",
    "/api/remove",
    "/api/join",
    "/api/access",
  ])("%s is closed to other pages", async (path) => {
    const web = await started();
    const ada = await joinAs(web, "Ada");
    const answer = await ask(web, path, { body: {}, headers: { ...as(ada), origin: "https://evil.example" } });
    expect(answer.status).toBe(403);
  });

  it.each<[string, Headers]>([
    ["no secret", {}],
    ["a made-up secret", { authorization: `Bearer ${"A".repeat(32)}` }],
    ["a member's id instead", { authorization: "Bearer web:abc" }],
    ["another scheme", { authorization: "Basic QTpC" }],
  ])("refuses %s", async (_what, headers) => {
    const web = await started();
    for (const path of ["/api/rooms", "/api/older?room=x&before=1"])
      expect((await ask(web, path, { headers })).status).toBe(401);
    for (const path of ["/api/stream", "/api/messages", "/api/press", "/api/uploads", "/api/leave", "/api/remove"])
      expect((await ask(web, path, { body: {}, headers })).status, path).toBe(401);
  });
});

describe("bodies", () => {
  it.each<[string, unknown, number]>([
    ["more than 64 KB", { text: "x".repeat(70_000) }, 413],
    ["4001 characters", { text: "x".repeat(4001) }, 400],
    ["nothing to say", { text: "  \n " }, 400],
    ["a field nobody knows", { text: "x", admin: true }, 400],
    ["a number for a text", { text: 7 }, 400],
    ["an id with a path in it", { text: "x", id: "../../../../etc/passwd" }, 400],
    ["a short id", { text: "x", id: "1" }, 400],
    ["deep values", { text: "/rca x", values: { a: { b: 1 } } }, 400],
    ["4000 characters", { text: "x".repeat(4000) }, 200],
  ])("%s", async (_what, body, status) => {
    const web = await started();
    const ada = await joinAs(web, "Ada");
    const answer = await ask(web, "/api/messages", {
      body: { id: nextId(), room: ada.room, ...(body as object) },
      headers: as(ada),
    });
    expect(answer.status).toBe(status);
    if (status !== 200) expect(((await answer.json()) as { error: string }).error).toMatch(/^[A-Z].{10,}[.!]$/);
  });

  it.each([["{"], [""], ["null"], ["[]"], ['"x"']])("refuses %j as JSON", async (text) => {
    const web = await started();
    const answer = await ask(web, "/api/join", { bytes: new TextEncoder().encode(text) });
    expect(answer.status).toBe(400);
  });
});

describe("the access code", () => {
  const cookieOf = (answer: Response) => answer.headers.get("set-cookie")?.split(";")[0] ?? "";
  const knock = (web: WebAdapter, code: string, headers: Headers = {}) =>
    ask(web, "/api/access", { body: { code }, headers });

  it("keeps everything shut until it is typed", async () => {
    const web = await started({ WEB_TOKEN: CODE });
    for (const path of ["/api/rooms", "/api/commands", "/media/style/odd", "/page/app.js", "/uploads/x", "/wall"])
      expect((await ask(web, path)).status, path).toBe(401);
    expect((await ask(web, "/api/join", { body: { name: "Ada", room: "x" } })).status).toBe(401);
    const page = await ask(web, "/wall?group=a", { headers: { accept: "text/html" } });
    expect([page.status, page.headers.get("location")]).toEqual([302, "/access?to=%2Fwall%3Fgroup%3Da"]);
    const style = await (await ask(web, "/page/style.css")).text();
    const parts = [...style.matchAll(/@import url\("([a-z]+\.css)"\)/g)].map(([, name]) => `/page/${name}`);
    expect(parts.length).toBeGreaterThan(5);
    for (const path of ["/access", "/page/access.js", ...parts, "/page/api.js"])
      expect((await ask(web, path)).status, path).toBe(200);
  });

  it("opens with the right one, also after a restart, and with no other cookie", async () => {
    const folder = freshFolder();
    const web = await started({ WEB_TOKEN: CODE }, folder);
    const answer = await knock(web, CODE);
    expect(answer.headers.get("set-cookie")).toMatch(/; HttpOnly; SameSite=Strict$/);
    const cookie = cookieOf(answer);
    expect(cookie).not.toContain(CODE);
    expect((await ask(web, "/page/app.js", { headers: { cookie } })).status).toBe(200);
    expect((await ask(web, "/page/app.js", { headers: { cookie: `${cookie.slice(0, -2)}AA` } })).status).toBe(401);
    expect((await ask(web, "/page/app.js", { headers: { cookie: "placard_access=" } })).status).toBe(401);
    await web.stop();
    const again = await started({ WEB_TOKEN: CODE }, folder);
    expect((await ask(again, "/page/app.js", { headers: { cookie } })).status).toBe(200);
    const changed = await started({ WEB_TOKEN: "another code" }, folder);
    expect((await ask(changed, "/page/app.js", { headers: { cookie } })).status).toBe(401);
  });

  it("slows down guessing, the right code included", async () => {
    let nowMs = 1_000_000;
    const web = await started({ WEB_TOKEN: CODE, nowMs: () => nowMs });
    const statuses = [];
    for (let guess = 0; guess < 6; guess += 1) statuses.push((await knock(web, `guess ${guess}`)).status);
    expect(statuses).toEqual([403, 403, 403, 403, 403, 429]);
    expect((await knock(web, CODE)).status).toBe(429);
    nowMs += 15_000;
    expect((await knock(web, CODE)).status).toBe(200);
  });

  it("lets the group use its own name, and still no other page", async () => {
    const web = await started({ WEB_TOKEN: CODE });
    const ours = { host: "placard.example", origin: "https://placard.example" };
    const answer = await knock(web, CODE, ours);
    expect(answer.headers.get("set-cookie")).toContain("Secure");
    const headers = { ...ours, cookie: cookieOf(answer) };
    expect((await ask(web, "/api/join", { body: { name: "Ada", room: "x" }, headers })).status).toBe(200);
    const foreign = { ...headers, origin: "https://evil.example" };
    expect((await ask(web, "/api/join", { body: { name: "Bo", room: "x" }, headers: foreign })).status).toBe(403);
  });

  it("is nowhere in what the server says", async () => {
    const web = await started({ WEB_TOKEN: CODE });
    const right = await knock(web, CODE);
    const headers = { cookie: cookieOf(right) };
    const answers = [right, await knock(web, "wrong"), await knock(web, CODE.slice(0, -1))];
    for (const path of [
      "/",
      "/access",
      "/page/access.js",
      "/api/rooms",
      "/api/commands",
      `/${encodeURIComponent(CODE)}`,
    ])
      answers.push(await ask(web, path), await ask(web, path, { headers }));
    for (const answer of answers) {
      const said = `${JSON.stringify([...answer.headers])} ${await answer.text()}`;
      const secrets = [
        CODE,
        encodeURIComponent(CODE),
        ...(["base64", "base64url", "hex"] as const).map((as) => Buffer.from(CODE).toString(as)),
      ];
      for (const secret of [...secrets, "wrong"]) expect(said).not.toContain(secret);
    }
  });
});

it("works through a whole visit", async () => {
  const web = await started();
  expect((await say(web, await joinAs(web, "Ada"), "hello")).status).toBe(200);
});
