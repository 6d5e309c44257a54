import { describe, expect, it, onTestFinished } from "vitest";
import { type ComfyuiOptions, createComfyui, module } from "../../src/backends/comfyui.ts";
import { tinyPng } from "../../src/backends/fake/png.ts";
import type { ImageRequest } from "../../src/domain/recipe.ts";
import { generatePicture } from "../../src/jobs/generate-picture.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { pngSize, stripPng } from "../../src/lib/png.ts";
import { createYieldQueue } from "../../src/lib/yield-queue.ts";
import { type Backend, BackendError, type BackendEvent } from "../../src/ports/backend.ts";
import { someRequest, someStyle } from "../contracts/backend.ts";
import { type FakeComfyui, type FakeComfyuiOptions, openFakeComfyui } from "../fakes/comfyui.ts";
import { moduleServices } from "../fakes/module-services.ts";
import { backendAt, eventually, rca } from "./comfyui-rig.ts";

async function opened(
  options: FakeComfyuiOptions = {},
  env: Readonly<Record<string, string>> = {},
  timing: ComfyuiOptions = {},
) {
  const server = await openFakeComfyui(options);
  const backend = backendAt([server.url], env, timing);
  onTestFinished(async () => {
    await backend.close();
    await server.close();
  });
  return { server, backend };
}

interface Making {
  readonly change?: Partial<ImageRequest>;
  readonly signal?: AbortSignal;
  readonly attachKey?: string;
  readonly initBytes?: Uint8Array;
  readonly style?: typeof rca;
}
const making = (backend: Backend, { change, signal, style = rca, ...rest }: Making = {}) =>
  backend.generate({
    request: { ...someRequest, ...change },
    style,
    signal: signal ?? AbortSignal.timeout(15_000),
    ...rest,
  });
const make = (backend: Backend, options: Making = {}): Promise<BackendEvent[]> =>
  Array.fromAsync(making(backend, options));
async function failureOf(backend: Backend, options: Making = {}): Promise<BackendError> {
  const error = await make(backend, options).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(BackendError);
  return error as BackendError;
}
/** The events as they come, and the end. */
function started(backend: Backend, options: Making = {}) {
  const events: BackendEvent[] = [];
  const end = (async () => {
    for await (const event of making(backend, options)) events.push(event);
  })();
  const ended = end.then(
    () => "done" as const,
    (error: unknown) => error,
  );
  return { events, ended };
}
const imageIn = (events: readonly BackendEvent[]) => {
  const image = events.find((event) => event.type === "image");
  if (!image) throw new Error("no image");
  return image;
};
const keysIn = (events: readonly BackendEvent[]) =>
  events.flatMap((event) => (event.type === "attached" ? [event.key] : []));
const progressIn = (events: readonly BackendEvent[]) =>
  events.flatMap((event) => (event.type === "progress" && event.step ? [event] : []));
/** Other programs' graphs have no such node. */
const oursAt = (server: FakeComfyui) => server.jobs().filter(({ graph }) => graph["40"]);
const called = (server: { readonly requests: readonly { readonly method: string; readonly path: string }[] }) =>
  server.requests.map(({ method, path }) => `${method} ${path.replace(/[\da-f-]{36}/, "ID")}`);

describe("progress", () => {
  it("comes from the last sampler only, one step fewer with a variation", async () => {
    const { server, backend } = await opened();
    // Slow enough that no step overtakes another before it is read.
    server.pace.stepMs = 15;
    const events = await make(backend, { change: { steps: 4, variation: { seed: 9, strength: 0.5 } } });
    const steps = new Set(
      progressIn(events).map(({ step, fraction }) => `${step?.at}/${step?.of} ${fraction.toFixed(2)}`),
    );
    expect([...steps]).toEqual(["1/3 0.33", "2/3 0.67", "3/3 1.00"]);
  });

  it("shows the unfinished picture of this prompt, and nobody else's", async () => {
    const { server, backend } = await opened();
    server.pace.stepMs = 15;
    // Sent without a client id, so its old-style previews reach every connection.
    server.foreign({ steps: 3 });
    const both = await Promise.all([make(backend), make(backend, { change: { seed: 8 } })]);
    for (const events of both) {
      const id = keysIn(events)[0]?.split(" ")[1] ?? "";
      const previews = progressIn(events).flatMap(({ preview }) => preview ?? []);
      expect(previews.length).toBeGreaterThan(1);
      for (const preview of previews) expect(Buffer.from(preview).toString("latin1").endsWith(id)).toBe(true);
    }
  });

  it("is matched by the prompt, not by the connection", async () => {
    const { server, backend } = await opened();
    server.pace.stepMs = 15;
    const arrive = server.holdSubmits();
    const { events, ended } = started(backend, { change: { steps: 2 } });
    await eventually(() => called(server)).toContain("POST /prompt");
    const { body } = server.requests.find(({ path }) => path === "/prompt") ?? {};
    // Somebody else's job with our client id: its messages and previews all come to us.
    const foreign = server.foreign({ steps: 3, clientId: (body as { readonly client_id: string }).client_id });
    arrive();
    expect(await ended).toBe("done");
    expect(new Set(progressIn(events).map(({ step }) => step?.of))).toEqual(new Set([2]));
    const previews = progressIn(events).flatMap(({ preview }) => preview ?? []);
    expect(previews.length).toBeGreaterThan(0);
    for (const preview of previews) expect(Buffer.from(preview).includes(foreign.id)).toBe(false);
  });

  it("tells the place in the server's queue", async () => {
    const { server, backend } = await opened();
    const release = server.hold();
    server.foreign({ steps: 1, clientId: "other" });
    server.foreign({ steps: 1, clientId: "other" });
    const { events, ended } = started(backend);
    await eventually(() => events).toContainEqual({ type: "waiting", position: 1 });
    release();
    expect(await ended).toBe("done");
    // It no longer waits: that is said, too.
    const last = events.findLastIndex((event) => event.type === "waiting" && event.position !== undefined);
    expect(events.slice(last + 1).some((event) => event.type === "progress")).toBe(true);
  });

  it("says when a model is being loaded", async () => {
    const { server, backend } = await opened();
    server.pace.loadMs = 30;
    expect(await make(backend)).toContainEqual({ type: "waiting", why: "the model is loading" });
  });

  it("is not needed: without a socket the history tells", async () => {
    const { server, backend } = await opened({}, {}, { connectTimeoutMs: 50 });
    for (const fault of ["refuse", "hang", "html"] as const) {
      server.fail("socket", fault);
      expect(imageIn(await make(backend)).bytes.length).toBeGreaterThan(0);
    }
  });
});

describe("result", () => {
  it("has the seed, the model and the LoRA that were used, and the engine's own time", async () => {
    const { server, backend } = await opened();
    server.pace.stepMs = 20;
    for (const seed of [0, 4_294_967_295]) {
      const image = imageIn(await make(backend, { change: { seed } }));
      expect(image).toMatchObject({
        seed,
        model: "flux1-dev.safetensors (ComfyUI 0.3.64)",
        lora: { reference: "posters/RCA_v2.safetensors" },
      });
      expect(server.jobs().at(-1)?.graph["40"]?.inputs["noise_seed"]).toBe(seed);
      // Four steps of 20 ms; a foreign clock and a busy machine may add to it.
      expect(image.usedMs).toBeGreaterThanOrEqual(70);
      expect(image.usedMs).toBeLessThan(5000);
    }
  });

  it("is the same picture for the same request, whatever the server wrote into its file", async () => {
    const [one, other] = [await opened(), await opened()];
    const made = async (backend: Backend) =>
      generatePicture(
        backend,
        { request: someRequest, style: rca, signal: AbortSignal.timeout(15_000) },
        { attached: async () => {}, happened: () => {} },
        { clock: systemClock, yields: createYieldQueue() },
      );
    const [first, second] = [await made(one.backend), await made(other.backend)];
    expect(first.sha256).toBe(second.sha256);
    expect(Buffer.from(first.original).equals(Buffer.from(second.original))).toBe(true);
    // The graph, with the name of the job.
    expect(Buffer.from(first.original).includes("SaveImage")).toBe(false);
  });

  it("has no LoRA at scale 0", async () => {
    const { server, backend } = await opened();
    expect(imageIn(await make(backend, { change: { loraScale: 0 } }))).not.toHaveProperty("lora");
    expect(server.jobs()[0]?.graph).not.toHaveProperty("20");
  });

  it("comes for a repeated request too, although the server does nothing", async () => {
    const { backend, server } = await opened();
    const first = imageIn(await make(backend));
    const events = await make(backend);
    expect(progressIn(events)).toEqual([]);
    expect(Buffer.from(stripPng(imageIn(events).bytes)).equals(Buffer.from(stripPng(first.bytes)))).toBe(true);
    expect(server.jobs()).toHaveLength(2);
  });

  it("is waited for when the history lags behind the last message", async () => {
    const { backend, server } = await opened({}, {}, { pollEveryMs: 5000 });
    server.pace.historyLagMs = 150;
    expect(imageIn(await make(backend)).bytes.length).toBeGreaterThan(0);
  });

  it("comes from a server of the newer kind", async () => {
    const { server, backend } = await opened({ isNewer: true, version: "0.5.1", previews: false });
    server.pace.stepMs = 10;
    expect(progressIn(await make(backend)).some(({ preview }) => preview !== undefined)).toBe(true);
  });
});

describe("start picture", () => {
  it("is sent in the size asked for, once, under a name of its own", async () => {
    const { server, backend } = await opened();
    const change = { init: { key: "k", strength: 0.5 }, widthPx: 512, heightPx: 320 };
    const initBytes = tinyPng(300, 900, "start");
    await make(backend, { change, initBytes });
    await make(backend, { change: { ...change, seed: 2 }, initBytes });
    expect(server.uploads()).toHaveLength(1);
    const [name = ""] = server.uploads();
    expect(name).toMatch(/^input\/placard\/start-[\da-f]{24}\.png$/);
    expect(server.jobs()[1]?.graph["60"]?.inputs["image"]).toBe(name.replace("input/", ""));
    const image = imageIn(await make(backend, { change, initBytes }));
    expect(pngSize(image.bytes)).toEqual({ widthPx: 512, heightPx: 320 });
  });
  it("that cannot be read is refused before anything is sent", async () => {
    const { server, backend } = await opened();
    const change = { init: { key: "k", strength: 0.5 } };
    const error = await failureOf(backend, { change, initBytes: Buffer.from("not a picture") });
    expect(error).toMatchObject({ code: "rejected", elsewhere: false });
    expect(server.jobs()).toEqual([]);
  });
});

describe("refusals", () => {
  it("a LoRA that went away is named as such, and known from then on", async () => {
    const { server, backend } = await opened();
    await make(backend);
    server.removeFile("loras", "posters/RCA_v2.safetensors");
    expect(await failureOf(backend)).toMatchObject({
      code: "rejected",
      elsewhere: true,
      memberText: "the LoRA of this style is not installed there",
    });
    expect(await failureOf(backend)).toMatchObject({ memberText: "it has no LoRA file RCA_v2" });
    expect(backend.lacks?.(someRequest, rca)).toBe("has no LoRA file RCA_v2");
    expect(backend.lacks?.({ ...someRequest, loraScale: 0 }, rca)).toBeUndefined();
    // Put there while we run.
    server.addFile("loras", "RCA_v2.safetensors");
    expect(imageIn(await make(backend)).lora).toEqual({ reference: "RCA_v2.safetensors" });
    expect(server.jobs()).toHaveLength(2);
  });

  it("a model that went away is the operator's matter", async () => {
    const { server, backend } = await opened();
    await make(backend);
    server.removeFile("vae", "ae.safetensors");
    expect(await failureOf(backend)).toMatchObject({ code: "rejected", elsewhere: true, memberText: /operator/ });
  });

  it("nothing is asked of a server without the files, and the reason is told before", async () => {
    const { server, backend } = await opened({ files: { diffusion_models: [], checkpoints: [] } });
    expect(backend.lacks?.(someRequest, rca)).toBeUndefined();
    expect(await backend.health(AbortSignal.timeout(2000))).toMatchObject({ up: false, reason: /no FLUX model/ });
    expect(backend.lacks?.(someRequest, rca)).toMatch(/no FLUX model/);
    expect(await failureOf(backend)).toMatchObject({ code: "rejected", elsewhere: true });
    expect(server.jobs()).toEqual([]);
  });

  it("an old server, which would stop anybody's job, is not used", async () => {
    const { server, backend } = await opened({ version: "0.3.55" });
    expect(await failureOf(backend)).toMatchObject({ code: "rejected", memberText: /too old/ });
    expect(server.jobs()).toEqual([]);
  });

  it.each<[string, { type: string; message: string }, object]>([
    [
      "out of memory",
      { type: "torch.OutOfMemoryError", message: "Allocation on device\nThis error means you ran out of memory" },
      { code: "out_of_memory", elsewhere: true },
    ],
    [
      "out of memory, by its words",
      { type: "RuntimeError", message: "… ran out of memory on your GPU. /home/somebody" },
      { code: "out_of_memory" },
    ],
    [
      "a picture that cannot be read",
      { type: "PIL.UnidentifiedImageError", message: "cannot identify image file '/home/somebody/x.png'" },
      { code: "rejected", elsewhere: false },
    ],
    [
      "anything else",
      { type: "ValueError", message: "a red fox in /home/somebody/ComfyUI" },
      { code: "bad_response", elsewhere: true },
    ],
  ])("an error at run time: %s", async (_why, thrown, expected) => {
    const { server, backend } = await opened();
    server.breakAt("SamplerCustomAdvanced", thrown);
    const error = await failureOf(backend);
    expect(error).toMatchObject(expected);
    expect(`${error.message} ${error.memberText}`).not.toMatch(/home|fox/);
  });
});

describe("cancelling", () => {
  const reason = new Error("cancelled");

  it.each([
    ["running", false],
    ["waiting", true],
  ] as const)("ends exactly its own %s job", async (state, isBehind) => {
    const { server, backend } = await opened();
    server.hold();
    const before = isBehind ? server.foreign({ clientId: "other" }) : undefined;
    const control = new AbortController();
    const { ended } = started(backend, { signal: control.signal });
    await eventually(() => oursAt(server)[0]?.state).toBe(state);
    const after = server.foreign({ clientId: "other" });
    control.abort(reason);
    expect(await ended).toBe(reason);
    await eventually(() => oursAt(server)[0]?.state).toBe("cancelled");
    if (before) expect(before.state()).toBe("running");
    expect(["waiting", "running"]).toContain(after.state());
  });

  it("uses the newer servers' one step", async () => {
    const { server, backend } = await opened({ isNewer: true, version: "0.5.1" });
    server.hold();
    const control = new AbortController();
    const { ended } = started(backend, { signal: control.signal });
    await eventually(() => server.jobs()[0]?.state).toBe("running");
    control.abort(reason);
    expect(await ended).toBe(reason);
    await eventually(() => server.jobs()[0]?.state).toBe("cancelled");
    expect(called(server)).toContain("POST /api/jobs/ID/cancel");
    expect(called(server)).not.toContain("POST /interrupt");
  });

  it("reaches a job whose acceptance was never heard of", async () => {
    const { server, backend } = await opened();
    server.hold();
    server.fail("prompt", "hang_after_headers");
    const control = new AbortController();
    const { ended } = started(backend, { signal: control.signal });
    await eventually(() => server.jobs()[0]?.state).toBe("running");
    control.abort(reason);
    expect(await ended).toBe(reason);
    await eventually(() => server.jobs()[0]?.state).toBe("cancelled");
  });

  it("reaches a job that arrives after it was cancelled", async () => {
    const { server, backend } = await opened();
    server.hold();
    const arrive = server.holdSubmits();
    const control = new AbortController();
    const { ended } = started(backend, { signal: control.signal });
    await eventually(() => called(server)).toContain("POST /prompt");
    control.abort(reason);
    expect(await ended).toBe(reason);
    expect(server.jobs()).toEqual([]);
    arrive();
    await eventually(() => server.jobs()[0]?.state).toBe("cancelled");
  });

  it("takes back a job whose acceptance cannot be read", async () => {
    const { server, backend } = await opened();
    server.hold();
    server.fail("prompt", "html");
    expect(await failureOf(backend)).toMatchObject({ code: "bad_response" });
    await eventually(() => server.jobs()[0]?.state).toBe("cancelled");
  });

  it("does not wait for a server that hangs", async () => {
    const { server, backend } = await opened();
    server.hold();
    const control = new AbortController();
    const { events, ended } = started(backend, { signal: control.signal });
    // The model is loaded and the first step waits: nothing more is said.
    await eventually(() => events.at(-1)?.type).toBe("progress");
    await eventually(() => server.jobs()[0]?.state).toBe("running");
    server.fail("cancel", "hang");
    const startedMs = performance.now();
    control.abort(reason);
    expect(await ended).toBe(reason);
    expect(performance.now() - startedMs).toBeLessThan(backend.cancelWithinMs);
  });

  it("ends the job of a reader who walks away", async () => {
    const { server, backend } = await opened();
    server.hold();
    for await (const event of making(backend)) if (event.type !== "attached") break;
    await eventually(() => server.jobs()[0]?.state).toBe("cancelled");
  });
});

describe("somebody at the server", () => {
  it.each(["running", "waiting"] as const)("who removes a %s job has the last word", async (state) => {
    const { server, backend } = await opened();
    server.hold();
    if (state === "waiting") server.foreign({ clientId: "other" });
    const { ended } = started(backend);
    await eventually(() => oursAt(server)[0]?.state).toBe(state);
    server.removeJob(oursAt(server)[0]?.id ?? "");
    expect(await ended).toMatchObject({ code: "stopped", elsewhere: false });
    expect(oursAt(server)).toHaveLength(1);
  });
});

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
    expect(await failureOf(backend)).toMatchObject({ code: "timeout" });
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
    expect(await failureOf(bad!)).toMatchObject({ code: "auth" });
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
    ["http://192.168.1.5:8188", "ComfyUI in the house", "local", 0, 2],
    ["http://192.168.1.5:8188,http://localhost:8188", "ComfyUI on 2 machines", "local", 0, 4],
    ["http://192.168.1.5:8188,https://gpu.example.org/comfy", "ComfyUI on 2 machines", "remote", 1, 4],
    ["https://u:p@gpu.example.org", "ComfyUI", "remote", 1, 2],
  ])("%s is told as %s", (COMFYUI_URL, title, where, costWeight, concurrency) => {
    const backend = create({ COMFYUI_URL });
    expect(backend).toMatchObject({ title, where, costWeight, concurrency });
    // The bare style has no LoRA anywhere; nothing is known of the servers yet.
    expect(backend.lacks?.(someRequest, someStyle)).toBeUndefined();
  });
});
