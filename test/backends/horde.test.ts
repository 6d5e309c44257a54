import { randomBytes } from "node:crypto";
import { describe, expect, it, onTestFinished } from "vitest";
import { readSettings } from "../../src/app/settings.ts";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { createHorde } from "../../src/backends/horde/backend.ts";
import { module } from "../../src/backends/horde.ts";
import type { Order } from "../../src/domain/recipe.ts";
import { styleSchema } from "../../src/domain/style.ts";
import { generatePicture } from "../../src/jobs/generate-picture.ts";
import { cannotHonour } from "../../src/jobs/router/compatibility.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { createYieldQueue } from "../../src/lib/yield-queue.ts";
import type { BackendEvent } from "../../src/ports/backend.ts";
import { someRequest, someStyle } from "../contracts/backend.ts";
import { CANARY } from "../contracts/far-end.ts";
import { openFakeHorde } from "../fakes/horde.ts";
import { moduleServices } from "../fakes/module-services.ts";
import { pixels } from "../fakes/pixels.ts";
import { english } from "../words.ts";
import { at, bodiesOf, plainRequest, rca } from "./horde-rig.ts";

async function opened() {
  const server = await openFakeHorde(CANARY);
  const backend = at(server);
  onTestFinished(async () => {
    await backend.close();
    await server.close();
  });
  return { server, backend };
}
const input = (over: Partial<typeof someRequest> = {}, signal = AbortSignal.timeout(10_000)) => ({
  request: { ...someRequest, ...plainRequest, ...over },
  style: rca,
  signal,
});
describe("horde", () => {
  it("asks politely for FLUX schnell, with the seed as text and no public copy", async () => {
    const { server, backend } = await opened();
    const finalPrompt = "a fox ### blurry <lora:x:1>";
    const events = await Array.fromAsync(backend.generate(input({ finalPrompt, seed: 4_294_967_295, loraScale: 0.9 })));
    expect(bodiesOf(server)).toEqual([
      {
        prompt: "a fox   blurry  ",
        params: {
          sampler_name: "k_euler",
          cfg_scale: 1,
          steps: 4,
          seed: "4294967295",
          width: 512,
          height: 768,
          karras: false,
          n: 1,
          clip_skip: 1,
          loras: [{ name: "12345", is_version: false, model: 0.9, clip: 1 }],
        },
        models: ["Flux.1-Schnell fp8 (Compact)"],
        nsfw: false,
        censor_nsfw: true,
        replacement_filter: true,
        trusted_workers: false,
        slow_workers: true,
        allow_downgrade: false,
        r2: true,
        shared: false,
      },
    ]);
    expect(english(events.at(-1))).toMatchObject({
      seed: 4_294_967_295,
      fixed: { steps: 4, guidance: 1 },
      lora: { reference: "12345" },
      notes: [
        "made by volunteers’ machines of the AI Horde: the prompt left your own network",
        "FLUX schnell: always 4 steps, and cfg does not count",
        "cost 12 kudos",
      ],
    });
    expect(server.requests.filter(({ path }) => path.includes("/status/"))).toHaveLength(1);
  });

  it("tells the recipe what was really used", async () => {
    const { backend } = await opened();
    const watching = { attached: async () => {}, happened: () => {} };
    const { recipe } = await generatePicture(backend, input(), watching, {
      clock: systemClock,
      yields: createYieldQueue(),
      pixels,
    });
    expect(recipe.request).toMatchObject({ steps: 4, guidance: 1, seed: 7 });
    expect(recipe.reproducible).toBe(false);
  });

  it.each([
    ["12345", { name: "12345", is_version: false }],
    ["12345@67890", { name: "67890", is_version: true }],
    ["@67890", { name: "67890", is_version: true }],
  ])("knows the LoRA %s", async (reference, sent) => {
    const { server, backend } = await opened();
    const style = styleSchema.parse({ ...someStyle, lora: { horde: reference } });
    await Array.fromAsync(backend.generate({ ...input(), style }));
    expect(bodiesOf(server)[0]?.params.loras).toEqual([{ ...sent, model: 1, clip: 1 }]);
  });

  it("starts from a picture, however large", async () => {
    const { server, backend } = await opened();
    const { default: sharp } = await import("sharp");
    const noise = randomBytes(1024 * 1024 * 3);
    const initBytes = await sharp(noise, { raw: { width: 1024, height: 1024, channels: 3 } })
      .png()
      .toBuffer();
    const init = { key: "photo", strength: 0.35 };
    await Array.fromAsync(backend.generate({ ...input({ init, widthPx: 1024, heightPx: 1024 }), initBytes }));
    expect(bodiesOf(server)[0]).toMatchObject({ source_processing: "img2img", params: { denoising_strength: 0.35 } });
  });

  it.each([
    ["other steps", { steps: 20 }, rca, "always takes 4 steps"],
    ["a picture kept as it is", { init: { key: "k", strength: 0 } }, rca, "cannot keep a picture as it is"],
    [
      "a LoRA that is no number",
      {},
      styleSchema.parse({ ...someStyle, lora: { horde: "rca.safetensors" } }),
      "it knows styles by their number on CivitAI",
    ],
  ])("does not take %s and make something else of it", async (_why, over, style, lack) => {
    const { server, backend } = await opened();
    const { request } = input(over);
    expect(english(backend.lacks?.(request, style))).toContain(lack);
    expect(
      english(await Array.fromAsync(backend.generate({ ...input(over), style })).catch((error: unknown) => error)),
    ).toMatchObject({
      memberText: expect.stringContaining(lack),
      elsewhere: true,
    });
    expect(server.jobs).toEqual([]);
  });

  it("is passed over for another cfg than the style's, true CFG, negative prompts and large pictures", async () => {
    const { backend } = await opened();
    const order = (over: Partial<typeof someRequest>, asked: Order["asked"] = []): Order => ({
      request: { ...input().request, ...over },
      count: 1,
      asked,
      advice: [],
      seedFrom: "drawn",
    });
    const lack = (over: Partial<typeof someRequest>, asked: Order["asked"] = []) =>
      cannotHonour("horde", backend.features, order(over, asked), rca);
    expect(lack({})).toBeUndefined();
    expect(english(lack({ guidance: 5 }, ["cfg"]))).toMatch(/no cfg/);
    expect(english(lack({ trueCfg: 2 }, ["truecfg"]))).toMatch(/true cfg/);
    expect(english(lack({ negativePrompt: "x" }, ["negative"]))).toMatch(/negative/);
    expect(english(lack({ widthPx: 1536, heightPx: 1024 }))).toMatch(/megapixels/);
  });

  it("says how many are before us and for how long, then that somebody works on it", async () => {
    const { server, backend } = await opened();
    server.takes(60_000);
    server.foreign();
    server.foreign();
    const events: BackendEvent[] = [];
    for await (const event of backend.generate(input())) {
      events.push(event);
      if (event.type === "waiting" || event.type === "progress") server.finish();
    }
    expect(events.map(({ type }) => type)).toEqual(["attached", "waiting", "waiting", "progress", "image"]);
    expect(events.slice(1, 3)).toMatchObject([
      { position: 1, etaMs: 60_000 },
      { position: 0, etaMs: 30_000 },
    ]);
    expect(events.at(-1)).toMatchObject({ usedMs: expect.any(Number) });
  });

  it.each([
    ["that its filter took away", { censored: true }, "moderated", false],
    ["with a censored state", { state: "censored" }, "moderated", false],
    ["with the filter's note", { metadata: [{ type: "censorship", value: "nsfw" }] }, "moderated", false],
    ["without its LoRA", { metadata: [{ type: "lora", value: "download_failed" }] }, "bad_response", true],
    ["without its start", { metadata: [{ type: "source_image", value: "download_failed" }] }, "bad_response", true],
    ["that no machine could make", { faulted: true }, "bad_response", true],
    ["of another state", { state: "faulted" }, "bad_response", true],
  ] as const)("delivers no picture %s", async (_why, outcome, code, elsewhere) => {
    const { server, backend } = await opened();
    server.nextOutcome(outcome);
    await expect(Array.fromAsync(backend.generate(input()))).rejects.toMatchObject({ code, elsewhere });
  });

  it("takes a picture in the answer itself, and its own seed", async () => {
    const { server, backend } = await opened();
    const img = Buffer.from(tinyPng(512, 768, "inline")).toString("base64");
    server.nextOutcome({ img, seed: "99" });
    const image = (await Array.fromAsync(backend.generate(input()))).at(-1);
    expect(image).toMatchObject({ type: "image", seed: 99 });
    for (const seed of ["not a number", "", null, "4294967296", "-1"]) {
      server.nextOutcome({ seed });
      expect((await Array.fromAsync(backend.generate(input()))).at(-1)).toMatchObject({ seed: 7 });
    }
  });

  it.each([
    [403, "KudosUpfront", "quota", true],
    [403, "SharedKeyInsufficientKudos", "quota", true],
    [400, "CorruptPrompt", "moderated", false],
    [401, "InvalidAPIKey", "auth", true],
    [403, "TimeoutIP", "auth", true],
    [403, "BannedClientAgent", "auth", true],
    [429, "TooManyPrompts", "busy", true],
    [503, "MaintenanceMode", "offline", true],
    [400, "MaintenanceMode", "offline", true],
    [400, "InvalidSize", "rejected", true],
  ] as const)("takes %s %s for %s", async (status, rc, code, elsewhere) => {
    const { server, backend } = await opened();
    server.refuses(status, rc);
    const error = await Array.fromAsync(backend.generate(input())).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code, elsewhere });
    expect(String(error)).not.toMatch(/srv|the prompt itself/);
  });

  it("never sends refused words again, in whatever case", async () => {
    const { server, backend } = await opened();
    server.refuses(400, "CorruptPrompt");
    await expect(Array.fromAsync(backend.generate(input()))).rejects.toMatchObject({ code: "moderated" });
    const again = input({ finalPrompt: someRequest.finalPrompt.toUpperCase(), seed: 9 });
    expect(english(backend.lacks?.(again.request, rca))).toBe("it has refused these words before.");
    await expect(Array.fromAsync(backend.generate(again))).rejects.toMatchObject({ elsewhere: true });
    expect(server.requests.filter(({ path }) => path.endsWith("async"))).toHaveLength(1);
    expect(backend.lacks?.(input({ finalPrompt: "other words" }).request, rca)).toBeUndefined();
  });

  it("takes the request back where nobody serves it, at once or later", async () => {
    const { server, backend } = await opened();
    server.workers(0);
    const nobody = {
      code: "offline",
      elsewhere: true,
      memberText: expect.stringContaining("it has nobody who serves this model or size now."),
    };
    expect(english(await Array.fromAsync(backend.generate(input())).catch((error: unknown) => error))).toMatchObject(
      nobody,
    );
    expect(server.jobs[0]?.state).toBe("cancelled");
    expect(server.requests.filter(({ path }) => path.includes("/check/"))).toEqual([]);
    server.workers(1);
    server.foreign();
    const work = Array.fromAsync(backend.generate(input()));
    await expect.poll(() => server.jobs.at(-1)?.ours).toBe(true);
    server.workers(0);
    expect(english(await work.catch((error: unknown) => error))).toMatchObject(nobody);
    expect(server.jobs.at(-1)?.state).toBe("cancelled");
  });

  it("takes back a request whose acceptance came after the cancel", async () => {
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
    expect(server.jobs.map(({ state }) => state)).toEqual(["running", "cancelled"]);
  });

  it("picks a request up after a restart, and makes it anew where it is gone", async () => {
    const { server, backend } = await opened();
    const keyOf = (events: readonly BackendEvent[]) =>
      events.flatMap((event) => (event.type === "attached" ? [event.key] : []))[0] ?? "";
    const attachKey = keyOf(await Array.fromAsync(backend.generate(input())));
    const again = await Array.fromAsync(backend.generate({ ...input(), attachKey }));
    expect([keyOf(again), again.at(-1)?.type, server.jobs.length]).toEqual([attachKey, "image", 1]);
    server.forget();
    for (const key of [attachKey, "../../find_user"])
      expect((await Array.fromAsync(backend.generate({ ...input(), attachKey: key }))).at(-1)?.type).toBe("image");
    expect(server.jobs).toHaveLength(2);
  });

  it("waits out the limit on asking for the finished picture, and forgives lost questions", async () => {
    const { server, backend } = await opened();
    server.fail("status", { status: 429, body: '{"message":"10 per 1 minute","rc":"Ratelimit"}' }, 1);
    server.fail("check", "refuse", 2);
    expect((await Array.fromAsync(backend.generate(input()))).at(-1)).toMatchObject({ type: "image" });
    server.takes(60_000);
    const work = Array.fromAsync(backend.generate(input()));
    await expect.poll(() => server.jobs.length).toBe(2);
    server.forget();
    await expect(work).rejects.toMatchObject({ code: "timeout" });
  });

  it("is down when nobody serves FLUX", async () => {
    const { server, backend } = await opened();
    expect(await backend.health(AbortSignal.timeout(2000))).toEqual({ up: true, detail: "3 machines serve FLUX" });
    server.workers(0);
    expect(english(await backend.health(AbortSignal.timeout(2000)))).toEqual({
      up: false,
      reason: "it has nobody who serves FLUX now.",
    });
  });

  describe("tells the operator", () => {
    it("what serves there, and what is missing", async () => {
      const { server, backend } = await opened();
      server.kudos(0);
      const style = styleSchema.parse({ ...someStyle, lora: { horde: "rca" } });
      const found = await backend.inspect?.([style], AbortSignal.timeout(5000));
      expect(found).toMatchObject({
        version: "AI Horde 5.1.5",
        models: ["Flux.1-Schnell fp8 (Compact) (3 machines)"],
        health: { up: true },
      });
      expect(found?.nextSteps.join("\n")).toMatch(/0 kudos[\s\S]*number on CivitAI/);
    });
    it.each([
      ["anonymous", "0".repeat(10), "anonymous key", { up: true }],
      [
        "unknown",
        "wrong-key-1",
        "HORDE_API_KEY is not known there",
        { up: false, reason: "it does not know our key." },
      ],
    ])("with an %s key", async (_what, apiKey, step, health) => {
      const server = await openFakeHorde(CANARY);
      const backend = createHorde({ apiKey, url: `${server.url}/api/v2` });
      onTestFinished(async () => {
        await backend.close();
        await server.close();
      });
      const found = await backend.inspect?.([], AbortSignal.timeout(5000));
      expect(found?.nextSteps.join()).toContain(step);
      expect(english(found?.health)).toMatchObject(health);
    });
  });
});

describe("the settings of horde", () => {
  const create = (environment: Record<string, string>) =>
    module.create(readSettings("horde", module.env, environment), moduleServices());
  it("is off without a key", async () => expect(await create({})).toBeUndefined());
  it("is remote, costs, and comes after the other remote ones", async () => {
    const backend = await create({ HORDE_API_KEY: CANARY });
    expect(english(backend)).toMatchObject({ where: "remote", costWeight: 1, title: "the AI Horde" });
    expect(JSON.stringify(backend)).not.toContain(CANARY);
    await backend?.close();
  });
  it.each([
    ["HORDE_API_KEY", "canary", "HORDE_API_KEY: must be a key of the AI Horde"],
    ["HORDE_CONTACT", "canary at home", "HORDE_CONTACT: must be an address without spaces"],
    ["HORDE_URL", "canary", "HORDE_URL: must start with http:// or https://"],
  ])("%s=%s is told plainly", (name, value, sentence) => {
    expect(() => create({ [name]: value })).toThrow(sentence);
    expect(() => create({ [name]: value })).not.toThrow(/canary/);
  });
});
