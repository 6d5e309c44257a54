import { expect, it, onTestFinished } from "vitest";
import type { Reach } from "../../adapters/web/reach.ts";
import { ownNetworkAddresses } from "../../adapters/web/sharing.ts";
import { as, ask, joinAs, NotingCore } from "./web-client.ts";
import { freshFolder, webIn } from "./web-world.ts";

type Settings = Parameters<typeof webIn>[1];

async function started(settings: Settings = {}) {
  const web = webIn(freshFolder(), { ownAddresses: ["127.0.0.1"], ...settings });
  onTestFinished(() => web.stop());
  const said = await web.start([], new NotingCore());
  const code = settings?.WEB_TOKEN;
  const entered = code === undefined ? undefined : await ask(web, "/api/access", { body: { code } });
  const cookie = { cookie: entered?.headers.get("set-cookie")?.split(";")[0] };
  const joined = await ask(web, "/api/join", { body: { name: "Ada", room: "Rent strike" }, headers: cookie });
  const { member, secret } = (await joined.json()) as { member: { id: string }; secret: string };
  const ada = { id: member.id, secret };
  const look = async (headers: Record<string, string> = {}) =>
    (await (await ask(web, "/api/reach", { headers: { ...cookie, ...as(ada), ...headers } })).json()) as Reach;
  const share = (want: boolean, headers: Record<string, string> = {}) =>
    ask(web, "/api/reach", { body: { share: want }, headers: { ...cookie, ...as(ada), ...headers } });
  return { web, said, ada, look, share };
}

/** As a phone in the same network asks. */
const phone = (address: string, path: string, init: RequestInit = {}) =>
  fetch(address + path, { ...init, headers: { origin: address, "content-type": "application/json", ...init.headers } });
const typed = (address: string, code: string) =>
  phone(address, "/api/access", { method: "POST", body: JSON.stringify({ code }) });

it("says that nobody else can open it, lets others in at a press, and shuts them out at another", async () => {
  const { look, share, web } = await started();
  expect(await look()).toEqual({ onlyHere: true, mayShare: true });
  const open = (await (await share(true)).json()) as Reach;
  expect(open).toMatchObject({ onlyHere: false, mayShare: true, shared: { others: [] } });
  const { address = "", shared } = open;
  expect(shared?.code).toMatch(/^[2-9B-Z]{4}-[2-9B-Z]{4}$/);

  // The door is shut until the code is typed, however it is typed.
  expect((await phone(address, "/api/commands")).status).toBe(401);
  expect((await typed(address, "BCDF-2345")).status).toBe(403);
  const entered = await typed(address, (shared?.code ?? "").toLowerCase().replace("-", " "));
  expect(entered.status).toBe(200);
  const cookie = { cookie: entered.headers.get("set-cookie")?.split(";")[0] ?? "" };
  expect((await phone(address, "/", { headers: cookie })).status).toBe(200);
  // Who came in this way can let nobody in, whatever they say of themselves.
  const bo = await joinAs(web, "Bo");
  for (const headers of [{}, { host: "localhost" }]) {
    const asked = await phone(address, "/api/reach", { headers: { ...cookie, ...as(bo), ...headers } });
    expect(await asked.json()).toMatchObject({ mayShare: false });
  }
  // This computer is asked for nothing, as before.
  expect((await ask(web, "/")).status).toBe(200);

  expect(await (await share(false)).json()).toEqual({ onlyHere: true, mayShare: true });
  await expect(phone(address, "/", { headers: cookie })).rejects.toThrow();
  const again = (await (await share(true)).json()) as Reach;
  expect(again.shared?.code).not.toBe(shared?.code);
  // The old code's cookie is of no use.
  expect((await phone(again.address ?? "", "/api/commands", { headers: cookie })).status).toBe(401);
});

it.each<[string, Settings, Record<string, string>]>([
  ["came through a proxy that says so", {}, { "x-forwarded-for": "203.0.113.5" }],
  [
    "came under another name",
    { WEB_TOKEN: "a long enough code" },
    { host: "posters.example.org", origin: "http://posters.example.org" },
  ],
  ["came where proxies of ours stand in front", { TRUST_PROXY: 1 }, {}],
  ["is none of those who run it", { services: { operators: ["web:somebody"] } }, {}],
])("lets nobody share who %s", async (_, settings, headers) => {
  const { share, look } = await started(settings);
  expect(await look(headers)).toMatchObject({ mayShare: false });
  expect((await share(true, headers)).status).toBe(403);
});

it.each([
  ["127.0.0.1", true],
  ["::1", true],
  ["::ffff:127.0.0.1", true],
  ["192.168.1.30", false],
  ["fe80::1", false],
])("whoever connects from %s may share: %s, whatever name they ask for", async (remoteAddress, may) => {
  const { web, ada } = await started();
  const request = { headers: { ...as(ada), host: "localhost:8080" } };
  const env = { incoming: { socket: { remoteAddress } } };
  const asked = await web.app().request("http://localhost:8080/api/reach", request, env);
  expect(await asked.json()).toMatchObject({ mayShare: may });
});

it("opens nothing where this computer is in no network of its own, and says so", async () => {
  const { share, look, said } = await started({ ownAddresses: [], WEB_SHARE: "yes" });
  expect(said).toMatch(/this computer is in no network of its own/);
  const refused = await share(true);
  expect([refused.status, await refused.json()]).toMatchObject([
    409,
    { error: expect.stringMatching(/^This computer is in no/) },
  ]);
  expect(await look()).toMatchObject({ onlyHere: true });
});

it("prints the address, the code and a QR code of both", async () => {
  const { said, look } = await started({ WEB_SHARE: "yes" });
  const { address, shared } = await look();
  expect(said).toContain(
    `Others in the same network open ${address} and type the access code ${shared?.code}, or scan this:`,
  );
  expect(said.split("\n").filter((line) => /^[█▀▄ ]{20,}$/u.test(line)).length).toBeGreaterThan(12);
});

it("takes the operator's own code, and their own address for links", async () => {
  const { said, look } = await started({
    WEB_SHARE: "yes",
    WEB_TOKEN: "a long enough code",
    services: { publicUrl: "https://posters.example.org" },
  });
  expect(said).toMatch(/^web chat: https:\/\/posters\.example\.org\n {6}also: http:\/\/127\.0\.0\.1:\d+\n/);
  expect(said).toContain("open https://posters.example.org and type the access code a long enough code");
  expect(await look()).toEqual({ address: "https://posters.example.org", onlyHere: false, mayShare: false });
});

it("has no public address without an access code", () => {
  expect(() => webIn(freshFolder(), { services: { publicUrl: "https://posters.example.org" } })).toThrow(/WEB_TOKEN/);
});

it("opens addresses of one's own networks alone, a Wi-Fi's first, and none on the internet", () => {
  const at = (address: string, family: "IPv4" | "IPv6" = "IPv4", internal = false) =>
    ({ address, family, internal, netmask: "", mac: "", cidr: null, scopeid: 0 }) as never;
  const found = ownNetworkAddresses(() => ({
    lo: [at("127.0.0.1", "IPv4", true)],
    docker0: [at("192.168.99.1")],
    eth0: [at("203.0.113.7"), at("10.1.2.3"), at("fe80::1", "IPv6"), at("169.254.1.1")],
    wlan0: [at("192.168.1.20"), at("172.32.0.1")],
    tailscale0: [at("100.100.1.1")],
    br0: [at("172.20.0.1")],
  }));
  expect(found).toEqual(["192.168.1.20", "10.1.2.3", "172.20.0.1", "100.100.1.1", "192.168.99.1"]);
});

it("one member on two devices, by a code that is good once; who errs five times waits", async () => {
  const { web, ada } = await started();
  const asked = await ask(web, "/api/device-code", { body: { address: "http://192.168.1.20:8080" }, headers: as(ada) });
  const { code, qr } = (await asked.json()) as { code: string; qr: { modules: number } };
  expect(code).toMatch(/^[2-9B-Z]{4}-[2-9B-Z]{4}$/);
  expect(qr.modules).toBeGreaterThan(25);
  const link = (given: string) => ask(web, "/api/device", { body: { code: given } });
  const linked = await link(code);
  const second = (await linked.json()) as { member: unknown; secret: string; rooms: unknown };
  expect(second).toMatchObject({ member: { id: ada.id, name: "Ada" }, rooms: [{ slug: "rent-strike" }] });
  expect(second.secret).not.toBe(ada.secret);
  const groups = await (await ask(web, "/api/rooms", { headers: as(second) })).json();
  expect(groups).toMatchObject({ member: { id: ada.id } });
  expect((await joinAs(web, "ADA", "Rent strike", second.secret)).id).toBe(ada.id);
  for (let tried = 1; tried <= 5; tried += 1) expect((await link(code)).status).toBe(403);
  const slowed = await link(code);
  expect([slowed.status, slowed.headers.get("retry-after")]).toEqual([429, expect.stringMatching(/^\d+$/)]);
  expect((await ask(web, "/api/device-code", { body: { address: "http://x" } })).status).toBe(401);
});
