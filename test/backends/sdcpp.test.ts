import { describe, expect, it, onTestFinished } from "vitest";
import { readSettings } from "../../src/app/settings.ts";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { createSdcpp } from "../../src/backends/sdcpp/backend.ts";
import { module } from "../../src/backends/sdcpp.ts";
import { styleSchema } from "../../src/domain/style.ts";
import { pngSize } from "../../src/lib/png.ts";
import type { BackendEvent } from "../../src/ports/backend.ts";
import { someRequest, someStyle } from "../contracts/backend.ts";
import { moduleServices } from "../fakes/module-services.ts";
import { type FakeSdcpp, openFakeSdcpp } from "../fakes/sdcpp.ts";
import { english } from "../words.ts";
import { bodiesOf, rca, withSignIn } from "./sdcpp-rig.ts";

async function opened(options: Parameters<typeof openFakeSdcpp>[0] = {}) {
  const server = await openFakeSdcpp(options);
  const backend = createSdcpp({ server: withSignIn(server.url), pollMs: 5 });
  onTestFinished(async () => {
    await backend.close();
    await server.close();
  });
  return { server, backend };
}
const input = (over: Partial<typeof someRequest> = {}, signal = AbortSignal.timeout(10_000)) => ({
  request: { ...someRequest, ...over },
  style: rca,
  signal,
});
describe("sdcpp", () => {
  it("sends everything, true CFG off, and the LoRA by its path with its scale", async () => {
    const { server, backend } = await opened();
    const finalPrompt = "a fox <lora:x:2> <sd_cpp_extra_args>{}</sd_cpp_extra_args> (red)";
    const events = await Array.fromAsync(
      backend.generate(input({ finalPrompt, loraScale: 0.9, guidance: 3.5, seed: 4_294_967_295 })),
    );
    expect(bodiesOf(server)).toEqual([
      {
        prompt: "a fox     (red)",
        negative_prompt: "",
        width: 512,
        height: 768,
        seed: 4_294_967_295,
        batch_count: 1,
        lora: [{ path: "rca.safetensors", multiplier: 0.9 }],
        sample_params: {
          sample_method: "euler",
          scheduler: "simple",
          sample_steps: 4,
          guidance: { txt_cfg: 1, distilled_guidance: 3.5 },
        },
        output_format: "png",
        embed_image_metadata: false,
      },
    ]);
    expect(events.at(-1)).toMatchObject({
      seed: 4_294_967_295,
      model: "flux1-dev-Q4_0",
      lora: { reference: "rca.safetensors" },
    });
  });

  it("changes pictures by words with a model that can, by its own numbers, and only with such a one", async () => {
    const { server, backend } = await opened();
    await backend.health(AbortSignal.timeout(5000));
    expect(backend.features.edit).toBeUndefined();
    server.holds({ model: "qwen_image_edit_2509-Q4_0.gguf" });
    await backend.health(AbortSignal.timeout(5000));
    expect(backend.features.edit).toBe(3);
    const { steps, cfg: guidance } = rca.defaults;
    const editBytes = [tinyPng(64, 96, "a"), tinyPng(32, 32, "b")];
    await Array.fromAsync(
      backend.generate({ ...input({ edit: { keys: ["a", "b"] }, loraScale: 0, steps, guidance }), editBytes }),
    );
    const [{ ref_images: sent, ...body } = {}] = bodiesOf(server);
    const sizes = (sent as string[]).map((base64) => pngSize(Buffer.from(base64, "base64")));
    expect(sizes).toEqual([
      { widthPx: 512, heightPx: 768 },
      { widthPx: 32, heightPx: 32 },
    ]);
    expect(body).toMatchObject({ sample_params: { sample_steps: 20, guidance: { txt_cfg: 4 } } });
    expect(body).not.toHaveProperty("init_image");
  });

  it("leaves the LoRA out at scale 0, and takes seed 0 as a seed", async () => {
    const { server, backend } = await opened();
    const events = await Array.fromAsync(backend.generate(input({ loraScale: 0, seed: 0 })));
    expect(bodiesOf(server)[0]).toMatchObject({ lora: [], seed: 0 });
    expect(events.at(-1)).not.toHaveProperty("lora");
  });

  it("starts from a picture of the right size and without transparency", async () => {
    const { server, backend } = await opened();
    const { default: sharp } = await import("sharp");
    const initBytes = await sharp({ create: { width: 100, height: 300, channels: 4, background: "#f008" } })
      .png()
      .toBuffer();
    const init = { key: "photo", strength: 0.35 };
    await Array.fromAsync(backend.generate({ ...input({ init }), initBytes }));
    expect(bodiesOf(server)[0]).toMatchObject({ strength: 0.35, init_image: expect.any(String) });
  });

  it("says who is before us, then that it works, and what the engine spent", async () => {
    const { server, backend } = await opened({ engineSeconds: 12 });
    server.takes(60_000);
    const first = Array.fromAsync(backend.generate(input()));
    await expect.poll(() => server.jobs[0]?.status).toBe("generating");
    const second: BackendEvent[] = [];
    for await (const event of backend.generate(input({ seed: 8 }))) {
      second.push(event);
      if (event.type === "waiting" || event.type === "progress") server.finish();
    }
    await first;
    expect(second.map(({ type }) => type)).toEqual(["attached", "waiting", "progress", "image"]);
    expect(second[1]).toMatchObject({ position: 0 });
    expect(second.at(-1)).toMatchObject({ usedMs: 12_000 });
  });

  it("has one picture waiting there at most, whatever was cancelled while it was made", async () => {
    const { server, backend } = await opened();
    server.takes(60_000);
    const control = new AbortController();
    const orphan = Array.fromAsync(backend.generate(input({}, control.signal))).catch(() => "cancelled");
    await expect.poll(() => server.jobs[0]?.status).toBe("generating");
    control.abort();
    expect(await orphan).toBe("cancelled");
    const rest = new AbortController();
    const others = [1, 2].map((seed) =>
      Array.fromAsync(backend.generate(input({ seed }, rest.signal))).catch(() => "x"),
    );
    await expect.poll(() => server.jobs.length).toBe(2);
    // Long enough for the third to come, if it did not wait for its turn.
    const polls = server.requests.length;
    await expect.poll(() => server.requests.length).toBeGreaterThan(polls + 10);
    expect(server.jobs.map(({ status }) => status)).toEqual(["generating", "queued"]);
    rest.abort();
    await Promise.all(others);
    expect(server.jobs.map(({ status }) => status)).toEqual(["generating", "cancelled"]);
  });

  it("takes a picture out of the queue whose acceptance came after the cancel", async () => {
    const { server, backend } = await opened();
    server.foreign();
    const accept = server.holdAcceptance();
    const control = new AbortController();
    const reason = new Error("cancelled");
    const work = Array.fromAsync(backend.generate(input({}, control.signal)));
    await expect.poll(() => server.jobs.length).toBe(2);
    control.abort(reason);
    accept();
    await expect(work).rejects.toBe(reason);
    expect(server.jobs.map(({ status }) => status)).toEqual(["generating", "cancelled"]);
  });

  it("cancels a second time when the queue changed in the same moment", async () => {
    const { server, backend } = await opened();
    server.foreign();
    server.cancelRaces();
    const control = new AbortController();
    const work = Array.fromAsync(backend.generate(input({}, control.signal)));
    await expect.poll(() => server.requests.some(({ path }) => path.includes("/jobs/"))).toBe(true);
    control.abort(new Error("cancelled"));
    await expect(work).rejects.toThrow("cancelled");
    expect(server.jobs.at(-1)?.status).toBe("cancelled");
  });

  describe("after a restart of ours", () => {
    async function attachedTo(server: FakeSdcpp, attachKey: string) {
      const backend = createSdcpp({ server: withSignIn(server.url), pollMs: 5 });
      onTestFinished(() => backend.close());
      return Array.fromAsync<BackendEvent>(backend.generate({ ...input(), attachKey }));
    }
    async function left() {
      const { server, backend } = await opened();
      const events = await Array.fromAsync<BackendEvent>(backend.generate(input()));
      return { server, key: events.flatMap((event) => (event.type === "attached" ? [event.key] : []))[0] ?? "" };
    }

    it("picks the picture up", async () => {
      const { server, key } = await left();
      const events = await attachedTo(server, key);
      expect(events.at(-1)).toMatchObject({ type: "image", seed: 7 });
      expect(server.jobs).toHaveLength(1);
    });

    it.each([
      ["was restarted too", (server: FakeSdcpp) => server.forget(), 1],
      ["kept the result too short", (server: FakeSdcpp) => server.expire(), 2],
    ])("makes it anew where the server %s", async (_why, change, jobs) => {
      const { server, key } = await left();
      change(server);
      const events = await attachedTo(server, key);
      expect(events.at(-1)).toMatchObject({ type: "image" });
      expect(server.jobs).toHaveLength(jobs);
    });

    it("makes it anew where somebody took it out of the queue", async () => {
      const { server } = await opened();
      const job = server.foreign();
      const taken = server.foreign();
      await fetch(`${server.url}/sdcpp/v1/jobs/${taken.id}/cancel`, { method: "POST" });
      const work = attachedTo(server, taken.id);
      await expect.poll(() => server.jobs.length).toBe(3);
      server.finish();
      expect((await work).at(-1)).toMatchObject({ type: "image" });
      expect(job.status).toBe("completed");
    });

    it("makes it anew where the key is not one of this server", async () => {
      const { server } = await left();
      expect((await attachedTo(server, "../../etc")).at(-1)).toMatchObject({ type: "image" });
      expect(server.requests.some(({ path }) => path.includes("etc"))).toBe(false);
    });
  });

  it("forgives a few lost questions, not a lost picture", async () => {
    const { server, backend } = await opened();
    server.fail("job", "refuse", 3);
    expect((await Array.fromAsync(backend.generate(input()))).at(-1)).toMatchObject({ type: "image" });
    server.takes(60_000);
    const work = Array.fromAsync(backend.generate(input()));
    await expect.poll(() => server.jobs.length).toBe(2);
    server.forget();
    expect(english(await work.catch((error: unknown) => error))).toMatchObject({
      code: "offline",
      memberText: "it was restarted in the middle.",
    });
  });

  it.each([
    ["a LoRA that is not there", { loras: [] }, {}, "it does not have the style’s file rca.safetensors."],
    ["a server without a picture model", { modes: ["vid_gen"] }, {}, "it has no picture model loaded."],
    ["a size the server does not make", {}, { widthPx: 8192 }, "it makes at most 4096×4096."],
  ])("knows %s before anything is asked for", async (_why, holds, over, lack) => {
    const { server, backend } = await opened();
    server.holds(holds);
    const { request } = input(over);
    expect(backend.lacks?.(request, rca)).toBeUndefined();
    await backend.health(AbortSignal.timeout(1000));
    expect(english(backend.lacks?.(request, rca))).toBe(lack);
    const refused = await Array.fromAsync(backend.generate(input(over))).catch((error: unknown) => error);
    expect(english(refused)).toMatchObject({
      code: "rejected",
      elsewhere: true,
      memberText: lack,
    });
    expect(server.jobs).toEqual([]);
  });

  it("tells a full queue from a picture that came to nothing, and one that was taken out", async () => {
    const { server, backend } = await opened();
    server.failing();
    await expect(Array.fromAsync(backend.generate(input()))).rejects.toMatchObject({ code: "bad_response" });
    const other = server.foreign();
    const work = Array.fromAsync(backend.generate(input()));
    await expect.poll(() => server.jobs.at(-1)?.ours).toBe(true);
    const id = server.jobs.at(-1)?.id;
    await fetch(`${server.url}/sdcpp/v1/jobs/${id}/cancel`, { method: "POST" });
    await expect(work).rejects.toMatchObject({ code: "stopped" });
    for (let at = 0; at < 63; at += 1) server.foreign();
    await expect(Array.fromAsync(backend.generate(input()))).rejects.toMatchObject({ code: "busy" });
    expect(other.status).toBe("generating");
  });

  it.each([
    ["rca", "rca.safetensors"],
    ["RCA.safetensors", "rca.safetensors"],
    ["other", "deep/other.safetensors"],
    ["deep\\other", "deep/other.safetensors"],
  ])("a style that says %s runs the LoRA %s", async (named, path) => {
    const { server, backend } = await opened();
    const style = styleSchema.parse({ ...someStyle, lora: { sdcpp: named } });
    const events = await Array.fromAsync(backend.generate({ ...input(), style }));
    expect(bodiesOf(server)[0]).toMatchObject({ lora: [{ path }] });
    expect(events.at(-1)).toMatchObject({ lora: { reference: path } });
    const found = await backend.inspect?.([style], AbortSignal.timeout(5000));
    expect(found?.nextSteps.join()).not.toContain("LoRA");
    expect(backend.lacks?.(input().request, style)).toBeUndefined();
  });

  it("tells the operator what is there and what is missing", async () => {
    const { server, backend } = await opened();
    server.holds({ model: "sd_xl_base.safetensors", loras: ["deep/other.safetensors"] });
    const bare = styleSchema.parse({ ...someStyle, title: "Bare", lora: { comfyui: "x" } });
    const found = await backend.inspect?.([rca, bare, someStyle], AbortSignal.timeout(5000));
    expect(found).toMatchObject({ models: ["sd_xl_base.safetensors"], loras: ["deep/other.safetensors"] });
    expect(found?.nextSteps.join("\n")).toBe(
      [
        'The style RCA is made for FLUX.1, and the model there is SDXL: load one of FLUX.1, or write "family": "sdxl" into the style if that is wrong.',
        "The style RCA wants the LoRA “rca.safetensors”, which is not there: put rca.safetensors into the folder that sd-server was started with (--lora-model-dir).",
        'The style Bare has no LoRA here: add "sdcpp" to its "lora" in the styles file.',
      ].join("\n"),
    );
    expect(JSON.stringify(found)).not.toContain("/srv");
  });
});

describe("the settings of sdcpp", () => {
  const create = (environment: Record<string, string>) =>
    module.create(readSettings("sdcpp", module.env, environment), moduleServices());

  it("is off without an address", async () => expect(await create({})).toBeUndefined());
  it("is local at home and remote elsewhere, free at home", async () => {
    const home = await create({ SDCPP_URL: "http://127.0.0.1:1234/" });
    const far = await create({ SDCPP_URL: "https://gpu.example.org" });
    expect(home).toMatchObject({ where: "local", costWeight: 0, timeoutMs: 600_000 });
    expect(far).toMatchObject({ where: "remote", costWeight: 1 });
    await Promise.all([home?.close(), far?.close()]);
  });
  it.each([
    ["SDCPP_URL", "canary:1234", "SDCPP_URL: must start with http:// or https://, e.g. http://127.0.0.1:1234"],
    ["SDCPP_TIMEOUT_SECONDS", "canary", "SDCPP_TIMEOUT_SECONDS: must be a whole number from 30 to 7200"],
  ])("%s=%s is told plainly", (name, value, sentence) => {
    expect(() => create({ [name]: value })).toThrow(sentence);
    expect(() => create({ [name]: value })).not.toThrow(/canary/);
  });

  it("makes a picture larger where it is new enough for that, and none whose four times as much would be too much", async () => {
    const { backend } = await opened({ upscales: true });
    expect(backend.features.enlarges).toBeUndefined();
    await backend.health(AbortSignal.timeout(5000));
    expect(backend.features.enlarges).toEqual({ model: "RealESRGAN_x4plus" });
    const from = { widthPx: 64, heightPx: 96 };
    const to = { widthPx: 128, heightPx: 192 };
    const events = await Array.fromAsync(
      backend.enlarge?.({ ...input(), picture: tinyPng(64, 96, "small"), from, to }) ?? [],
    );
    const image = events.at(-1);
    if (image?.type !== "image") throw new Error("no image");
    expect(image.model).toBe("RealESRGAN_x4plus");
    expect(pngSize(image.bytes)).toEqual({ widthPx: 256, heightPx: 384 });
    expect(backend.cannotEnlarge?.({ widthPx: 832, heightPx: 1216 }, to)).toBeUndefined();
    expect(backend.cannotEnlarge?.({ widthPx: 1664, heightPx: 2432 }, to)).toBeDefined();
    const older = await opened();
    await older.backend.health(AbortSignal.timeout(5000));
    expect(older.backend.features.enlarges).toBeUndefined();
  });
});
