import { describe, expect, it, onTestFinished } from "vitest";
import { addressReader } from "../../adapters/web/address.ts";
import type { WebAdapter } from "../../adapters/web.ts";
import { createNotices } from "../../src/app/notices.ts";
import type { AdapterServices } from "../../src/ports/module.ts";
import { recordedLog } from "../fakes/module-services.ts";
import { ask, NotingCore } from "./web-client.ts";
import { freshFolder, webIn } from "./web-world.ts";

// The page's own modules are checked with the page, as JavaScript.
const PAGE_MODULE = "../../adapters/web/page/own-address.js";
const { ownAddress } = (await import(PAGE_MODULE)) as {
  readonly ownAddress: (to: string | null, origin: string) => string;
};

const CODE = "a long enough code";
const NOW_MS = 1_000_000;

async function started(
  TRUST_PROXY = 0,
  services: Partial<AdapterServices> = {},
  nowMs = () => NOW_MS,
): Promise<WebAdapter> {
  const web = webIn(freshFolder(), { WEB_TOKEN: CODE, TRUST_PROXY, nowMs, services });
  onTestFinished(() => web.stop());
  await web.start([], new NotingCore());
  return web;
}
const knock = async (web: WebAdapter, code: string, from?: string) =>
  (await ask(web, "/api/access", { body: { code }, headers: { "x-forwarded-for": from } })).status;

describe("tries of the access code", () => {
  it("costs nothing when it is right, however many come from one address", async () => {
    const web = await started();
    const statuses = [];
    for (let member = 0; member < 100; member += 1) statuses.push(await knock(web, CODE));
    expect(new Set(statuses)).toEqual(new Set([200]));
  });

  it("lets a right code in at once while many addresses guess, and makes those that guessed wrong wait", async () => {
    const web = await started(1);
    for (let guess = 0; guess < 60; guess += 1)
      expect(await knock(web, `guess ${guess}`, `192.0.2.${guess}`)).toBe(403);
    expect(await knock(web, CODE, "198.51.100.1")).toBe(200);
    expect(await knock(web, CODE, "192.0.2.1")).toBe(429);
  });

  it("counts per address behind a trusted proxy, and by nothing a visitor wrote", async () => {
    const web = await started(1);
    for (let guess = 0; guess < 5; guess += 1) await knock(web, "wrong", `203.0.113.${guess}, 192.0.2.1`);
    expect(await knock(web, CODE, "203.0.113.99, 192.0.2.1")).toBe(429);
    expect(await knock(web, CODE, "192.0.2.1, 203.0.113.99")).toBe(200);
  });

  it("believes no header without TRUST_PROXY", async () => {
    const web = await started();
    for (let guess = 0; guess < 5; guess += 1) await knock(web, "wrong", `192.0.2.${guess}`);
    expect(await knock(web, "wrong", "192.0.2.99")).toBe(429);
  });

  it("lets a right code in at once where a trusted proxy names nobody, slows wrong ones, and tells the operator once", async () => {
    const { log, logged } = recordedLog();
    const notices = createNotices();
    const web = await started(1, { log, notices });
    const statuses = [];
    for (let guess = 0; guess < 200; guess += 1) statuses.push(await knock(web, "wrong"));
    expect(statuses).toEqual([...Array<number>(60).fill(403), ...Array<number>(140).fill(429)]);
    for (let member = 0; member < 50; member += 1) expect(await knock(web, CODE)).toBe(200);
    // Whoever has an address is none of them.
    expect(await knock(web, CODE, "192.0.2.1")).toBe(200);
    expect(logged.filter((line) => line.includes("X-Forwarded-For"))).toHaveLength(1);
    expect(notices.all()).toEqual([expect.stringContaining("TRUST_PROXY is 1")]);
  });

  it("looks at so many codes only, where a trusted proxy names nobody", async () => {
    let nowMs = NOW_MS;
    const web = await started(1, {}, () => nowMs);
    for (let guess = 0; guess < 300; guess += 1) await knock(web, "wrong");
    expect(await knock(web, CODE)).toBe(429);
    nowMs += 50;
    expect(await knock(web, CODE)).toBe(200);
  });
});

it.each<[string, number, string | undefined, string | undefined]>([
  ["no header", 1, undefined, undefined],
  ["an empty header", 1, "", undefined],
  ["one address", 1, "192.0.2.1", "192.0.2.1"],
  ["an address with a port", 1, "192.0.2.1:4711", "192.0.2.1"],
  ["what our proxy wrote, after the visitor's own text", 1, "1.1.1.1, evil, 192.0.2.1", "192.0.2.1"],
  ["two proxies", 2, "1.1.1.1, 192.0.2.1, 10.0.0.2", "192.0.2.1"],
  ["fewer entries than proxies", 2, "192.0.2.1", undefined],
  ["no address", 1, "unknown", undefined],
  ["a hidden one", 1, "_secret", undefined],
  ["an IPv4 address in IPv6", 1, "::ffff:192.0.2.1", "192.0.2.1"],
  ["the same in hexadecimal", 1, "::ffff:c000:201", "192.0.2.1"],
  ["IPv6: the network", 1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
  ["IPv6 in brackets with a port", 1, "[2001:DB8:1:2::1]:443", "2001:db8:1:2"],
  ["IPv6, short", 1, "2001:db8::1", "2001:db8:0:0"],
  ["IPv6 with a zone", 1, "fe80::1%eth0", "fe80:0:0:0"],
])("reads %s", (_what, proxies, header, address) => {
  const c = { req: { header: () => header }, env: undefined };
  expect(addressReader(proxies)(c as unknown as Parameters<ReturnType<typeof addressReader>>[0])).toBe(address);
});

const OWN = "http://placard.example:8080";
describe("where the access page leads", () => {
  it.each([
    ["/wall?group=a", `${OWN}/wall?group=a`],
    ["/?group=rent%20strike#end", `${OWN}/?group=rent%20strike#end`],
    ["", `${OWN}/`],
    [null, `${OWN}/`],
    [`${OWN}/wall`, `${OWN}/wall`],
  ])("%j stays", (to, address) => {
    expect(ownAddress(to, OWN)).toBe(address);
  });

  it.each([
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "\t//evil.example",
    " //evil.example",
    "\u0000//evil.example",
    "/\t\\evil.example",
    "https://evil.example",
    "http:evil.example",
    "http:/evil.example",
    "http:\\\\evil.example",
    "HTTP://EVIL.EXAMPLE",
    "//placard.example@evil.example",
    "http://placard.example:8080@evil.example/",
    "http://placard.example:8080.evil.example/",
    "http://evil@placard.example:8080/",
    "//placard.example:3000/",
    "https://placard.example:8080/",
    "javascript:alert(1)",
    "data:text/html,x",
    "blob:http://placard.example:8080/x",
    "/.//evil.example",
    "/x/..//evil.example",
    "/%2e//evil.example",
    "/%09/evil.example",
    "/%2f/evil.example",
    "%2f%2fevil.example",
    "/%5cevil.example",
    "//[::1]/",
    "http://",
  ])("%j leads nowhere else", (to) => {
    const address = ownAddress(to, OWN);
    expect(address.startsWith(`${OWN}/`)).toBe(true);
    const url = new URL(address, `${OWN}/access`);
    expect([url.origin, url.username]).toEqual([OWN, ""]);
  });
});
