import { describe, expect, it } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { generatePicture } from "../../src/jobs/generate-picture.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { pngSize, stripPng } from "../../src/lib/png.ts";
import { createYieldQueue } from "../../src/lib/yield-queue.ts";
import type { Backend } from "../../src/ports/backend.ts";
import { someRequest } from "../contracts/backend.ts";
import { pixels } from "../fakes/pixels.ts";
import { atThisPaceMs } from "../pace.ts";
import { english } from "../words.ts";
import { called, failureOf, imageIn, keysIn, make, opened, progressIn, started } from "./comfyui-making.ts";
import { eventually, rca } from "./comfyui-rig.ts";

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
    expect(english(await make(backend))).toContainEqual({ type: "waiting", why: "it is still loading its model." });
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
      expect(image.usedMs).toBeLessThan(atThisPaceMs(5000));
    }
  });

  it("is the same picture for the same request, whatever the server wrote into its file", async () => {
    const [one, other] = [await opened(), await opened()];
    const made = async (backend: Backend) =>
      generatePicture(
        backend,
        { request: someRequest, style: rca, signal: AbortSignal.timeout(15_000) },
        { attached: async () => {}, happened: () => {} },
        { clock: systemClock, yields: createYieldQueue(), pixels },
      );
    const [first, second] = [await made(one.backend), await made(other.backend)];
    expect(first.sha256).toBe(second.sha256);
    const [original, again] = [Buffer.concat(first.original), Buffer.concat(second.original)];
    expect(original.equals(again)).toBe(true);
    // The graph, with the name of the job.
    expect(original.includes("SaveImage")).toBe(false);
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
    expect(english(await failureOf(backend))).toMatchObject({
      code: "rejected",
      elsewhere: true,
      memberText: "it does not have this style installed.",
    });
    expect(english(await failureOf(backend))).toMatchObject({
      memberText: "it does not have the style’s file RCA_v2.",
    });
    expect(english(backend.lacks?.(someRequest, rca))).toBe("it does not have the style’s file RCA_v2.");
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
    expect(english(await failureOf(backend))).toMatchObject({
      code: "rejected",
      elsewhere: true,
      memberText: /operator/,
    });
  });

  it("nothing is asked of a server without the files, and the reason is told before", async () => {
    const { server, backend } = await opened({ files: { diffusion_models: [], checkpoints: [] } });
    expect(backend.lacks?.(someRequest, rca)).toBeUndefined();
    expect(await backend.health(AbortSignal.timeout(2000))).toMatchObject({
      up: false,
      reason: /no model that can draw/,
    });
    expect(english(backend.lacks?.(someRequest, rca))).toMatch(/no model that can draw/);
    expect(english(await failureOf(backend))).toMatchObject({ code: "rejected", elsewhere: true });
    expect(server.jobs()).toEqual([]);
  });

  it("an old server, which would stop anybody's job, is not used", async () => {
    const { server, backend } = await opened({ version: "0.3.55" });
    expect(english(await failureOf(backend))).toMatchObject({ code: "rejected", memberText: /too old/ });
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
    expect(`${error.message} ${english(error.memberText)}`).not.toMatch(/home|fox/);
  });
});
