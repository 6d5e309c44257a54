import { describe, expect, it, onTestFinished } from "vitest";
import { readSettings } from "../../src/app/settings.ts";
import { module } from "../../src/backends/endpoint.ts";
import type { ImageRequest } from "../../src/domain/recipe.ts";
import { styleSchema } from "../../src/domain/style.ts";
import { systemClock } from "../../src/lib/clock.ts";
import type { Backend, BackendError, BackendEvent } from "../../src/ports/backend.ts";
import { someRequest } from "../contracts/backend.ts";
import { CANARY } from "../contracts/far-end.ts";
import { openEndpoint } from "../fakes/hf-endpoint.ts";
import { moduleServices } from "../fakes/module-services.ts";
import { english } from "../words.ts";
import { endpointAt, initBytes, opened, QUICK, rca } from "./endpoint-rig.ts";

const draw = (backend: Backend, change: Partial<ImageRequest> = {}): Promise<BackendEvent[]> => {
  const request = { ...someRequest, ...change };
  const init = request.init ? { initBytes } : {};
  return Array.fromAsync(backend.generate({ request, style: rca, signal: AbortSignal.timeout(10_000), ...init }));
};
const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "a picture",
    (error: unknown) => error,
  );

describe("what the handler is sent", () => {
  it("all parameters, the LoRA and its scale", async () => {
    const { server, backend } = await opened();
    const change = { guidance: 2.5, trueCfg: 3, negativePrompt: "fog", loraScale: 0.8, seed: 4_294_967_295, steps: 9 };
    const image = (await draw(backend, change)).at(-1);
    expect(server.jobs()[0]?.body).toEqual({
      inputs: someRequest.finalPrompt,
      parameters: {
        num_inference_steps: 9,
        guidance_scale: 2.5,
        true_cfg_scale: 3,
        seed: 4_294_967_295,
        width: 512,
        height: 768,
        negative_prompt: "fog",
        lora: "rca-v2",
        lora_scale: 0.8,
      },
    });
    expect(image).toMatchObject({ lora: { reference: "rca-v2" } });
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${CANARY}`);
  });
  it("a starting picture of the size asked for, with the words and how much to change", async () => {
    const { server, backend } = await opened();
    await draw(backend, { init: { key: "photo", strength: 0.35 } });
    const { inputs, parameters } = server.jobs()[0]?.body ?? { inputs: "", parameters: {} };
    expect(parameters).toMatchObject({ prompt: someRequest.finalPrompt, strength: 0.35, seed: 7 });
    expect(Buffer.from(inputs, "base64").readUInt32BE(16)).toBe(512);
  });
  it("no LoRA at scale 0", async () => {
    const { server, backend } = await opened();
    const image = (await draw(backend, { loraScale: 0 })).at(-1);
    expect(server.jobs()[0]?.body.parameters).not.toHaveProperty("lora");
    expect(image).not.toHaveProperty("lora");
  });
});

describe("what it answers", () => {
  it.each([
    ["the seed it used", 99, 99],
    ["no seed", undefined, undefined],
  ])("JSON with %s", async (_what, told, seed) => {
    const { server, backend } = await opened("json");
    server.seed(told);
    const image = (await draw(backend)).at(-1);
    expect(image).toMatchObject({ type: "image", model: "flux-dev on our endpoint" });
    expect(image?.type === "image" ? image.seed : "none").toBe(seed);
  });
  it("JSON where a picture was announced: the operator is told which setting to change", async () => {
    const server = await openEndpoint({ answers: "json" });
    const backend = endpointAt({ HF_ENDPOINT_URL: server.url });
    onTestFinished(async () => {
      await backend.close();
      await server.close();
    });
    const error = await failureOf(draw(backend));
    expect(error).toMatchObject({ code: "bad_response", message: expect.stringContaining("HF_ENDPOINT_ANSWER=json") });
  });
  it.each([
    [500, '{"error":"CUDA out of memory. Tried to allocate 2 GiB at /repository"}', "out_of_memory"],
    [400, '{"error":"unknown LoRA"}', "rejected"],
    [422, '{"error":"steps"}', "rejected"],
    [403, "", "auth"],
  ])("%i %s", async (status, body, code) => {
    const { server, backend } = await opened();
    server.fail("predict", { status, body }, 1);
    const error = await failureOf(draw(backend));
    expect(error).toMatchObject({ code, elsewhere: true });
    expect(`${(error as BackendError).message} ${JSON.stringify(error)}`).not.toMatch(/repository|unknown LoRA/);
  });
});

describe("while it starts", () => {
  it("says so, and asks again without a storm", async () => {
    const { server, backend } = await opened();
    server.asleep(2);
    const events = await draw(backend);
    expect(english(events.slice(0, 2))).toEqual([
      { type: "waiting", why: "it is starting, which takes some minutes." },
      { type: "waiting", why: "it is starting, which takes some minutes." },
    ]);
    expect(events.at(-1)?.type).toBe("image");
    expect(server.requests).toHaveLength(3);
  });
  it("says how long where it knows", async () => {
    const { server, backend } = await opened();
    const headers = { "content-type": "application/json" };
    server.fail("predict", { status: 503, body: '{"error":"Model is loading","estimated_time":20.5}', headers }, 1);
    expect(english((await draw(backend))[0])).toEqual({
      type: "waiting",
      etaMs: 20_500,
      why: "it is still loading its model.",
    });
  });
  it("gives up after some time", async () => {
    const { server, backend } = await opened();
    server.asleep(100);
    expect(english(await failureOf(draw(backend)))).toMatchObject({ code: "loading" });
    expect(server.requests).toHaveLength(1 + QUICK.waitsMax);
  });
  it("stops asking when it is cancelled", async () => {
    const { server, backend } = await opened();
    server.asleep(100);
    const control = new AbortController();
    const reason = new Error("cancelled");
    const work = async () => {
      for await (const _ of backend.generate({ request: someRequest, style: rca, signal: control.signal }))
        control.abort(reason);
    };
    await expect(work()).rejects.toBe(reason);
    expect(server.requests.length).toBeLessThanOrEqual(2);
  });
});

describe("its health", () => {
  it("is never asked for: the question would start it", async () => {
    let nowMs = 0;
    const { server, backend } = await opened(
      "image",
      moduleServices({ clock: { ...systemClock, nowMs: () => nowMs } }),
    );
    expect(await backend.health(AbortSignal.timeout(1000))).toEqual({
      up: true,
      detail: "not used yet: asking would start it",
    });
    await draw(backend);
    nowMs += 300_000;
    expect(await backend.health(AbortSignal.timeout(1000))).toEqual({ up: true, detail: "last answered 5 min ago" });
    expect(server.requests).toHaveLength(1);
  });
  it("is down after it refused the token", async () => {
    const { server, backend } = await opened();
    server.fail("predict", { status: 401 }, 1);
    await failureOf(draw(backend));
    expect(await backend.health(AbortSignal.timeout(1000))).toMatchObject({ up: false });
  });
  it("is looked at by the doctor, who names styles without a LoRA there", async () => {
    const { backend } = await opened();
    const other = styleSchema.parse({ id: "o", title: "Other", lora: { comfyui: "o.safetensors" } });
    const found = await backend.inspect?.([rca, other], AbortSignal.timeout(5000));
    expect(found?.nextSteps).toEqual([
      'The style Other has no LoRA here: add "endpoint" to its "lora" in the styles file.',
    ]);
  });
});

describe("settings", () => {
  it("is off without an address, and says what is wrong with one", async () => {
    expect(await module.create(readSettings("endpoint", module.env, {}), moduleServices())).toBeUndefined();
    expect(() => readSettings("endpoint", module.env, { HF_ENDPOINT_URL: "abc" })).toThrow(/http:\/\/ or https:\/\//);
  });
  it("sends its token to a local or an https address only", async () => {
    const local = await openEndpoint();
    const backend = endpointAt({
      HF_ENDPOINT_URL: local.url.replace("127.0.0.1", "ann:secret@127.0.0.1"),
      HF_TOKEN: CANARY,
    });
    onTestFinished(async () => {
      await backend.close();
      await local.close();
    });
    await draw(backend);
    expect(local.requests[0]?.headers.authorization).toBe(`Basic ${Buffer.from("ann:secret").toString("base64")}`);
  });
});
