import { describe, expect, it, onTestFinished } from "vitest";
import { createComfyui } from "../../src/backends/comfyui/backend.ts";
import { module } from "../../src/backends/comfyui.ts";
import { someRequest, someStyle } from "../contracts/backend.ts";
import { openFakeComfyui } from "../fakes/comfyui.ts";
import { moduleServices } from "../fakes/module-services.ts";
import { english } from "../words.ts";
import { failureOf, imageIn, keysIn, make, making, opened, progressIn, started } from "./comfyui-making.ts";
import { backendAt, eventually } from "./comfyui-rig.ts";

describe("a lost server", () => {
  it("finishes its job although the socket broke", async () => {
    const { server, backend } = await opened();
    const release = server.hold();
    const { events, ended } = started(backend);
    await eventually(() => server.jobs()[0]?.state).toBe("running");
    server.dropSockets();
    release();
    expect(await ended).toBe("done");
    expect(imageIn(events).bytes.length).toBeGreaterThan(0);
    expect(server.jobs()).toHaveLength(1);
  });

  it("that comes back without the job is given it again", async () => {
    const { server, backend } = await opened({}, {}, { patienceMs: 5000 });
    const release = server.hold();
    const { events, ended } = started(backend);
    await eventually(() => server.jobs()[0]?.state).toBe("running");
    const crash = server.crash();
    release();
    crash.up();
    expect(await ended).toBe("done");
    expect(new Set(keysIn(events)).size).toBe(2);
    expect(server.jobs().map(({ state }) => state)).toEqual(["cancelled", "done"]);
  });

  it("that dies under the job each time is not killed a third time", async () => {
    const { server, backend } = await opened({}, {}, { patienceMs: 5000 });
    server.hold();
    const { ended } = started(backend);
    for (const times of [1, 2]) {
      await eventually(() => server.jobs().filter(({ state }) => state === "running").length).toBe(1);
      expect(server.jobs()).toHaveLength(times);
      server.crash().up();
    }
    expect(await ended).toMatchObject({ code: "offline", elsewhere: true });
    expect(server.jobs()).toHaveLength(2);
  });

  it("that dies is told at once, long before it is given up, and that it works again", async () => {
    const { server, backend } = await opened({}, {}, { patienceMs: 60_000 });
    const release = server.hold();
    const { events, ended } = started(backend);
    await eventually(() => server.jobs()[0]?.state).toBe("running");
    const reasons = () =>
      events.flatMap((event) => (event.type === "waiting" && event.why ? [english(event.why)] : []));
    const before = performance.now();
    const crash = server.crash();
    await eventually(() => reasons().filter((why) => why === "it does not answer.").length).toBe(1);
    expect(performance.now() - before).toBeLessThan(5000);
    release();
    crash.up();
    expect(await ended).toBe("done");
    expect(reasons().filter((why) => why === "it does not answer.")).toHaveLength(1);
  });

  it("that stays away is given up", async () => {
    const { server, backend } = await opened();
    server.hold();
    const { ended } = started(backend);
    await eventually(() => server.jobs()[0]?.state).toBe("running");
    server.crash();
    expect(await ended).toMatchObject({ code: "offline", elsewhere: true });
  });

  it("that works without a word is given up, and its job ended", async () => {
    const { server, backend } = await opened({}, {}, { silenceMs: 150 });
    server.hold();
    expect(english(await failureOf(backend))).toMatchObject({ code: "timeout" });
    await eventually(() => server.jobs()[0]?.state).toBe("cancelled");
  });
});

describe("a restart of ours", () => {
  /** A backend whose process dies in the middle: nothing is cancelled, nothing is read any more. */
  async function died(server: Awaited<ReturnType<typeof openFakeComfyui>>): Promise<string> {
    const backend = backendAt([server.url]);
    const events = making(backend)[Symbol.asyncIterator]();
    const { value } = await events.next();
    // Its last request goes out; from here on nobody asks for the next event.
    void events.next().catch(() => undefined);
    await eventually(() => server.jobs().length).toBe(1);
    server.dropSockets();
    if (value?.type !== "attached") throw new Error("not attached first");
    return value.key;
  }

  it("picks the job up, running or finished", async () => {
    const { server, backend } = await opened();
    const release = server.hold();
    const attachKey = await died(server);
    const { events, ended } = started(backend, { attachKey });
    await eventually(() => events.length).toBeGreaterThan(0);
    release();
    expect(await ended).toBe("done");
    const again = imageIn(await make(backend, { attachKey }));
    expect(imageIn(events)).toMatchObject({ seed: 7, lora: { reference: "posters/RCA_v2.safetensors" } });
    expect(Buffer.from(again.bytes).equals(Buffer.from(imageIn(events).bytes))).toBe(true);
    expect(server.jobs()).toHaveLength(1);
  });

  it("cancels the job it picked up", async () => {
    const { server, backend } = await opened();
    server.hold();
    const attachKey = await died(server);
    const control = new AbortController();
    const { events, ended } = started(backend, { attachKey, signal: control.signal });
    await eventually(() => events.length).toBeGreaterThan(0);
    control.abort(new Error("cancelled"));
    expect(await ended).toBe(control.signal.reason);
    await eventually(() => server.jobs()[0]?.state).toBe("cancelled");
  });

  it.each([
    ["the server does not know it", "127.0.0.1:1 00000000-0000-4000-8000-000000000000", undefined],
    ["the key is nonsense", "what?", undefined],
    ["both sides restarted", undefined, "crash"],
    ["we stopped it ourselves when we were told to end", undefined, "interrupt"],
  ] as const)("makes it anew where %s", async (_why, key, then) => {
    const { server, backend } = await opened();
    const release = server.hold();
    const attachKey = key?.replace("127.0.0.1:1", new URL(server.url).host) ?? key ?? (await died(server));
    if (then === "crash") server.crash().up();
    if (then === "interrupt") {
      server.removeJob(server.jobs()[0]?.id ?? "");
      await eventually(() => server.jobs()[0]?.state).toBe("cancelled");
    }
    release();
    const events = await make(backend, { attachKey });
    expect(keysIn(events)).toHaveLength(1);
    expect(keysIn(events)).not.toContain(attachKey);
    expect(imageIn(events).bytes.length).toBeGreaterThan(0);
  });

  it("makes it anew where the host is no longer in the settings", async () => {
    const { server, backend } = await opened();
    const attachKey = `elsewhere:8188 00000000-0000-4000-8000-000000000000`;
    expect(keysIn(await make(backend, { attachKey }))[0]).toContain(new URL(server.url).host);
  });
});

describe("the socket", () => {
  it("is one for all jobs of a host, new each time, and closed when there are none", async () => {
    const { server, backend } = await opened();
    const release = server.hold();
    const both = [started(backend), started(backend, { change: { seed: 8 } })];
    await eventually(() => server.jobs().length).toBe(2);
    expect(server.sockets()).toBe(1);
    expect(new Set(server.jobs().map(({ clientId }) => clientId)).size).toBe(1);
    release();
    for (const { ended } of both) expect(await ended).toBe("done");
    await eventually(() => server.sockets()).toBe(0);
    await make(backend);
    expect(new Set(server.jobs().map(({ clientId }) => clientId)).size).toBe(2);
  });

  it("is let go of although the server never answers that", async () => {
    const { server, backend } = await opened();
    server.fail("socket", "hang_after_headers");
    expect(imageIn(await make(backend)).bytes.length).toBeGreaterThan(0);
    await backend.close();
    await eventually(() => server.connections()).toBe(0);
  });

  it("signs in as every request does", async () => {
    const authorization = `Basic ${Buffer.from("ann:s%20e:cret").toString("base64")}`;
    const server = await openFakeComfyui({ authorization });
    const [good, bad] = ["ann:s%2520e%3Acret", "ann:wrong"].map((signIn) =>
      backendAt([server.url.replace("://", `://${signIn}@`)]),
    );
    onTestFinished(async () => {
      await Promise.all([good?.close(), bad?.close(), server.close()]);
    });
    server.pace.stepMs = 10;
    expect(progressIn(await make(good!)).length).toBeGreaterThan(0);
    expect(english(await failureOf(bad!))).toMatchObject({ code: "auth" });
  });
});

it("closed in the middle of a job leaves nothing open, and nobody waiting", async () => {
  const { server, backend } = await opened();
  server.hold();
  const { ended } = started(backend);
  await eventually(() => server.jobs()[0]?.state).toBe("running");
  await backend.close();
  expect(await ended).toMatchObject({ code: "offline" });
  await eventually(() => server.connections()).toBe(0);
});

describe("settings", () => {
  const create = (env: Readonly<Record<string, string>>) => backendAt([], env);
  it("keep it off without an address", () => {
    expect(
      createComfyui(module.env.parse({}) as Parameters<typeof createComfyui>[0], moduleServices()),
    ).toBeUndefined();
  });
  it.each([
    ["ftp://a", /COMFYUI_URL: each address must start with http/],
    ["http://a:8188, localhost:8188", /COMFYUI_URL: each address must start with http/],
    ["http://a:8188,http://u:secret@a:8188", /COMFYUI_URL: names the same address twice/],
    [",", /COMFYUI_URL: names no address/],
  ])("refuse %s", (COMFYUI_URL, sentence) => {
    expect(() => create({ COMFYUI_URL })).toThrow(sentence);
    expect(() => create({ COMFYUI_URL })).not.toThrow(/secret/);
  });
  it.each([
    ["http://127.0.0.1:8188", "ComfyUI on this machine", "local", 0, 2],
    ["http://192.168.1.5:8188", "ComfyUI in your own network", "local", 0, 2],
    ["http://192.168.1.5:8188,http://localhost:8188", "ComfyUI on 2 machines", "local", 0, 4],
    ["http://192.168.1.5:8188,https://gpu.example.org/comfy", "ComfyUI on 2 machines", "remote", 1, 4],
    ["https://u:p@gpu.example.org", "ComfyUI", "remote", 1, 2],
  ])("%s is told as %s", (COMFYUI_URL, title, where, costWeight, concurrency) => {
    const backend = create({ COMFYUI_URL });
    expect(english(backend)).toMatchObject({ title, where, costWeight, concurrency });
    // The bare style has no LoRA anywhere; nothing is known of the servers yet.
    expect(backend.lacks?.(someRequest, someStyle)).toBeUndefined();
  });
});
