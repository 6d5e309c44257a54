import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { createHttp, type HttpOptions } from "../../../src/backends/shared/http.ts";
import { whereOf } from "../../../src/backends/shared/location.ts";
import { BackendError } from "../../../src/ports/backend.ts";
import { type FakeAnswer, type FakeRoute, openFakeServer } from "../../fakes/http-server.ts";

const signal = () => AbortSignal.timeout(5000);
const shape = z.object({ id: z.string() });

async function opened(answer: FakeAnswer | (() => FakeAnswer), options: Partial<HttpOptions> = {}) {
  const route = (method: FakeRoute["method"], path: string): FakeRoute => ({
    method,
    path,
    exchange: "it",
    handle: () => (typeof answer === "function" ? answer() : answer),
  });
  const server = await openFakeServer([route("GET", "/deep/it"), route("GET", "/it"), route("POST", "/it")]);
  const http = createHttp({
    backend: "b",
    baseUrl: server.url,
    headers: { authorization: "Bearer t0ken" },
    ...options,
  });
  onTestFinished(async () => {
    await http.close();
    await server.close();
  });
  return { server, http };
}

describe("HTTP to a backend", () => {
  it("asks below its base address, with its headers, and reads what it asked for", async () => {
    const { server } = await opened({ json: { id: "7" } });
    const http = createHttp({
      backend: "b",
      baseUrl: `${server.url}/deep/`,
      headers: { authorization: "Bearer t0ken" },
    });
    onTestFinished(() => http.close());
    expect(await http.json(shape, { path: "/it", query: { a: "1 2" }, signal: signal() })).toEqual({ id: "7" });
    expect(server.requests[0]).toMatchObject({ path: "/deep/it", headers: { authorization: "Bearer t0ken" } });
    expect(server.requests[0]?.query.get("a")).toBe("1 2");
  });

  it.each([
    [401, "auth"],
    [402, "credits"],
    [403, "auth"],
    [404, "bad_response"],
    [413, "rejected"],
    [422, "rejected"],
    [429, "busy"],
    [500, "bad_response"],
    [502, "offline"],
    [503, "loading"],
    [504, "timeout"],
  ] as const)("status %i is %s", async (status, code) => {
    const { http } = await opened({ text: "<h1>/srv/x</h1>", status });
    const error = await http.json(shape, { path: "/it", signal: signal() }).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ name: "BackendError", code });
    expect(String(error)).not.toContain("/srv");
  });

  it("takes the time to wait in seconds, and not for ever", async () => {
    const { server, http } = await opened({ json: {} });
    server.fail("it", { status: 429, headers: { "retry-after": "2.5" } }, 1);
    await expect(http.json(shape, { path: "/it", signal: signal() })).rejects.toMatchObject({ retryAfterMs: 2500 });
    server.fail("it", { status: 429, headers: { "retry-after": "999999" } }, 1);
    await expect(http.json(shape, { path: "/it", signal: signal() })).rejects.toMatchObject({
      retryAfterMs: 3_600_000,
    });
  });

  it.each(["html", "wrong_shape", "truncated", "empty"] as const)(
    "refuses %s as JSON without saying it",
    async (fault) => {
      const { server, http } = await opened({ json: { id: "0123456789" } });
      server.fail("it", fault);
      const error = await http.json(shape, { path: "/it", signal: signal() }).catch((cause: unknown) => cause);
      expect(error).toMatchObject({ code: "bad_response" });
      expect(String(error)).not.toMatch(/srv|<|nothing/);
    },
  );

  it("stops reading at its limit", async () => {
    const { server, http } = await opened({ json: {} });
    server.fail("it", "huge");
    await expect(http.send({ path: "/it", signal: signal(), maxBytes: 100_000 })).rejects.toThrow(
      "more than 100000 bytes",
    );
  });

  it.each(["cut", "refuse"] as const)("calls a connection that breaks (%s) offline", async (fault) => {
    const { server, http } = await opened({ json: { id: "0123456789" } });
    server.fail("it", fault);
    await expect(http.json(shape, { path: "/it", signal: signal() })).rejects.toMatchObject({ code: "offline" });
  });

  it.each(["hang", "hang_after_headers"] as const)("ends a %s at its own time and at the signal", async (fault) => {
    const { server, http } = await opened({ json: {} });
    server.fail("it", fault);
    await expect(http.json(shape, { path: "/it", signal: signal(), timeoutMs: 30 })).rejects.toMatchObject({
      code: "timeout",
    });
    const control = new AbortController();
    const reason = new Error("cancelled");
    setTimeout(() => control.abort(reason), 30);
    await expect(http.json(shape, { path: "/it", signal: control.signal })).rejects.toBe(reason);
  });

  it("does not follow a redirect with our token", async () => {
    const { server, http } = await opened({ json: {} });
    const { server: elsewhere } = await opened({ json: {} });
    for (const location of ["/it", `${elsewhere.url}/it`]) {
      server.fail("it", { status: 302, headers: { location } }, 1);
      await expect(http.json(shape, { path: "/it", signal: signal() })).rejects.toBeInstanceOf(BackendError);
      server.fail("it", { status: 302, headers: { location } }, 1);
      await expect(http.picture({ path: "/it", signal: signal() })).rejects.toMatchObject({ code: "bad_response" });
    }
    expect([server.requests.length, elsewhere.requests.length]).toEqual([4, 0]);
  });

  it("fetches a picture of the far end's own with our headers", async () => {
    const { server, http } = await opened({ bytes: Buffer.from("picture"), mime: "image/png" });
    const bytes = await http.picture({ path: "/it", query: { a: "b c" }, signal: signal() });
    expect(Buffer.from(bytes).toString()).toBe("picture");
    expect(server.requests.at(-1)?.headers.authorization).toBeDefined();
    expect(server.requests.at(-1)?.query.get("a")).toBe("b c");
  });

  it("fetches a picture from elsewhere without our headers, through a few redirects", async () => {
    const { server, http } = await opened({ bytes: Buffer.from("picture"), mime: "image/png" });
    server.fail("it", { status: 302, headers: { location: "/it" } }, 3);
    expect(Buffer.from(await http.download(`${server.url}/it`, { signal: signal() })).toString()).toBe("picture");
    expect(server.requests.every(({ headers }) => headers.authorization === undefined)).toBe(true);
    server.fail("it", { status: 302, headers: { location: "/it" } });
    await expect(http.download(`${server.url}/it`, { signal: signal() })).rejects.toThrow("in circles");
    await expect(http.download("file:///etc/passwd", { signal: signal() })).rejects.toThrow("open web");
  });

  it("is not led into our own network by a far end outside", async () => {
    const { server } = await opened({ bytes: Buffer.from("picture"), mime: "image/png" });
    const outside = createHttp({ backend: "b", baseUrl: "https://far.example" });
    onTestFinished(() => outside.close());
    await expect(outside.download(`${server.url}/it`, { signal: signal() })).rejects.toThrow("open web");
    await expect(outside.download("https://169.254.169.254/x.png", { signal: signal() })).rejects.toThrow("open web");
    expect(server.requests).toEqual([]);
  });

  it("wants a picture where it asks for one", async () => {
    const { http } = await opened({ json: {} });
    await expect(http.picture({ path: "/it", signal: signal() })).rejects.toThrow(
      "application/json instead of a picture",
    );
  });

  it("lets a protocol explain its own answers", async () => {
    const { http } = await opened(
      { json: { message: "full" }, status: 500 },
      { explain: ({ status }) => new BackendError("b", "out_of_memory", `was ${status}`) },
    );
    await expect(http.json(shape, { path: "/it", signal: signal() })).rejects.toMatchObject({ code: "out_of_memory" });
  });

  it("leaves nothing open", async () => {
    const { server, http } = await opened({ json: { id: "1" } });
    await http.json(shape, { path: "/it", signal: signal() });
    await http.close();
    await http.close();
    await expect.poll(() => server.connections()).toBe(0);
  });
});

describe("where an address is", () => {
  it.each([
    ["http://127.0.0.1:8188", "local"],
    ["http://localhost:8188", "local"],
    ["http://[::1]:8188", "local"],
    ["http://192.168.1.20:8188", "local"],
    ["http://172.31.0.1", "local"],
    ["http://100.100.1.1", "local"],
    ["http://gpu-box:8188", "local"],
    ["http://gpu.local", "local"],
    ["http://[fd12::7]:1", "local"],
    ["http://172.32.0.1", "remote"],
    ["http://8.8.8.8", "remote"],
    ["http://[2001:db8::1]", "remote"],
    ["https://abc.endpoints.huggingface.cloud", "remote"],
    ["https://local.example.org", "remote"],
  ])("%s is %s", (url, where) => expect(whereOf(url)).toBe(where));
});
