import type { LookupFunction } from "node:net";
import { createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { lookupOutside, mayFetch } from "../../../src/backends/shared/fetch-guard.ts";
import { createHttp } from "../../../src/backends/shared/http.ts";
import { isOwnAddress, whereOf } from "../../../src/backends/shared/location.ts";

const OUTSIDE = "https://a-b.hf.space";
const INSIDE = "http://192.168.1.5:7860";

it.each([
  ["https://v3.fal.media/a.png", "https://router.huggingface.co", "outside"],
  ["http://v3.fal.media/a.png", "https://router.huggingface.co", "no"],
  ["https://192.168.1.1/admin.png", "https://router.huggingface.co", "no"],
  ["http://127.0.0.1:8188/view", OUTSIDE, "no"],
  ["https://printer.local/x", OUTSIDE, "no"],
  ["https://8.8.8.8/x.png", OUTSIDE, "outside"],
  ["http://horde.example/x.webp", "http://horde.example/api/v2", "anywhere"],
  ["http://horde.example:81/x.webp", "http://horde.example/api/v2", "no"],
  ["http://192.168.1.9:9000/x.png", INSIDE, "anywhere"],
  ["http://localhost./x.png", INSIDE, "anywhere"],
  ["https://v3.fal.media/a.png", INSIDE, "anywhere"],
  ["file:///etc/passwd", INSIDE, "no"],
  ["not an address", OUTSIDE, "no"],
])("%s, named by %s: %s", (address, serverUrl, may) => expect(mayFetch(address, serverUrl)).toBe(may));

/** Hosts of your own network, as whoever wants to get there would write them. */
const OWN = [
  [
    "this machine",
    "127.0.0.1",
    "127.255.255.255",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "127.0.0.1.",
    "①②⑦.0.0.1",
    "%31%32%37.0.0.1",
  ],
  ["this machine by name", "localhost", "localhost.", "LOCALHOST", "a.localhost", "gpu-box", "gpu-box."],
  ["no address at all", "0.0.0.0", "0", "0.0.0.0.", "0.1.2.3", "[::]", "[0:0:0:0:0:0:0:0]"],
  ["this machine in IPv6", "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]"],
  [
    "translated",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::a00:1]",
    "[64:ff9b:1::808:808]",
    "[::ffff:0:10.0.0.1]",
    "[2002:c0a8:101::1]",
  ],
  [
    "private",
    "10.0.0.1",
    "10.255.255.255",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "192.168.255.255",
    "3232235777",
    "[fd12::7]",
    "[fc00::1]",
  ],
  ["shared by a provider", "100.64.0.1", "100.127.255.255", "[::ffff:100.64.0.1]"],
  ["beside this machine", "169.254.169.254", "[fe80::1]", "[febf::1]", "[fec0::1]", "[feff::1]", "0xa9fea9fe"],
  ["thrown away", "[100::1]", "[100::ffff:ffff:ffff:ffff]"],
  ["many or none", "224.0.0.1", "255.255.255.255", "240.0.0.1", "[ff02::1]", "192.0.0.8", "198.18.0.1"],
  ["named inside", "gpu.local", "gpu.local.", "gpu.lan", "x.home.arpa", "metadata.internal", "metadata.internal."],
].flatMap(([what = "", ...hosts]) => hosts.map((host) => [what, host] as const));
/** Next to them, and outside. */
const OPEN = [
  [
    "8.8.8.8",
    "172.15.255.255",
    "172.32.0.1",
    "100.63.255.255",
    "100.128.0.0",
    "169.253.0.1",
    "223.255.255.255",
    "1.0.0.1",
    "9.255.255.255",
    "11.0.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "169.255.0.0",
    "192.0.1.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
  ],
  ["[fbff::1]", "[fe00::1]", "[fe7f::1]", "[100:0:0:1::1]", "[64:ff9b:2::a00:1]", "[2003:c0a8:101::1]"],
  ["[2606:4700::1111]", "[64:ff9b::8.8.8.8]", "[::ffff:8.8.8.8]", "[2002:808:808::1]", "[2001:db8::1]", "[2a00::1]"],
  ["local.example.org", "localhost.example.org", "example.org", "example.org.", "a.internal.example"],
].flat();

describe("one rule for what your own network is", () => {
  it.each(OWN)("%s: https://%s is local, and nowhere to be led from outside", (_what, host) => {
    expect(whereOf(`https://${host}`)).toBe("local");
    expect(mayFetch(`https://${host}/x.png`, OUTSIDE)).toBe("no");
    expect(mayFetch(`http://${host}/x.png`, INSIDE)).toBe("anywhere");
  });
  it.each(OPEN)("https://%s is outside, and may be fetched from", (host) => {
    expect(whereOf(`https://${host}`)).toBe("remote");
    expect(mayFetch(`https://${host}/x.png`, OUTSIDE)).toBe("outside");
  });
  it.each(["::ffff:10.0.0.1", "fe80::1%eth0", "::ffff:10.0.0.1%eth0", "::", "10.9.8.7"])(
    "the address %s, as a name server gives it",
    (address) => expect(isOwnAddress(address)).toBe(true),
  );
});

/** A name server that gives these addresses for every name. */
const naming =
  (...addresses: readonly string[]): LookupFunction =>
  (_host, options, found) =>
    options.all
      ? found(
          null,
          addresses.map((address) => ({ address, family: 4 })),
        )
      : found(null, addresses[0] ?? "", 4);

describe("a name that leads into your own network when it is connected to", () => {
  /** Resolves with what a lookup through the guard gave. */
  const looked = (lookup: LookupFunction, all: boolean) =>
    new Promise((resolve) =>
      lookupOutside(() => new Error("refused"), lookup)("pictures.example", { all }, (error, found) =>
        resolve(error ? error.message : found),
      ),
    );

  it.each([false, true])("is refused, also among others (all: %s)", async (all) => {
    expect(await looked(naming("127.0.0.1"), all)).toBe("refused");
    expect(await looked(naming("::ffff:192.168.1.1"), all)).toBe("refused");
    if (all) expect(await looked(naming("8.8.8.8", "10.0.0.1"), all)).toBe("refused");
  });
  it("leads anywhere else as it is", async () => {
    expect(await looked(naming("8.8.8.8"), false)).toBe("8.8.8.8");
    expect(await looked(naming("8.8.8.8", "1.1.1.1"), true)).toEqual([
      { address: "8.8.8.8", family: 4 },
      { address: "1.1.1.1", family: 4 },
    ]);
    expect(await looked((_host, _options, found) => found(new Error("no such name"), "", 4), false)).toBe(
      "no such name",
    );
  });

  /** A far end outside whose name server says 127.0.0.1 for every name, and how often this machine was called there. */
  async function rebound() {
    let calls = 0;
    const server = createServer((socket) => {
      calls += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const http = createHttp({ backend: "b", baseUrl: `https://far-end.example:${port}`, lookup: naming("127.0.0.1") });
    onTestFinished(async () => {
      await http.close();
      server.close();
    });
    return { http, port, calls: () => calls };
  }
  const signal = () => AbortSignal.timeout(5000);

  it("gets no picture fetched there", async () => {
    const { http, port, calls } = await rebound();
    await expect(http.download(`https://pictures.example:${port}/x.png`, { signal: signal() })).rejects.toMatchObject({
      code: "bad_response",
      message: expect.stringContaining("not on the open web"),
    });
    expect(calls()).toBe(0);
  });
  it("is no hindrance to the far end itself, which may be in your own network by its name", async () => {
    const { http, port, calls } = await rebound();
    await expect(http.download(`https://far-end.example:${port}/x.png`, { signal: signal() })).rejects.toMatchObject({
      code: "offline",
    });
    expect(calls()).toBeGreaterThan(0);
  });
});
