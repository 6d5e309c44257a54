import { describe, expect, it, onTestFinished } from "vitest";
import { readSettings } from "../../src/app/settings.ts";
import { hubLora } from "../../src/backends/huggingface/provider.ts";
import { module } from "../../src/backends/huggingface.ts";
import type { ImageRequest } from "../../src/domain/recipe.ts";
import { type Style, styleSchema } from "../../src/domain/style.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { type Backend, BackendError, type BackendEvent } from "../../src/ports/backend.ts";
import { someRequest } from "../contracts/backend.ts";
import { CANARY } from "../contracts/far-end.ts";
import { openRouter, type RouterFake } from "../fakes/hf-router.ts";
import { moduleServices } from "../fakes/module-services.ts";
import { english } from "../words.ts";
import { BASE, type Environment, huggingfaceAt, initBytes, opened, poster, rca, styleWith } from "./huggingface-rig.ts";

const plain = styleSchema.parse({ id: "plain", title: "Plain" });
const onlyInSpace = styleSchema.parse({ id: "cut", title: "Cut", lora: { space: "Woodcut" } });
const onReplicate: Environment = { HF_PROVIDER: "replicate" };

const draw = (
  backend: Backend,
  change: Partial<ImageRequest> = {},
  more: { readonly style?: Style; readonly attachKey?: string; readonly signal?: AbortSignal } = {},
): Promise<BackendEvent[]> => {
  const request = { ...someRequest, ...change };
  const { style = rca, signal = AbortSignal.timeout(10_000), attachKey } = more;
  const init = request.init ? { initBytes } : {};
  return Array.fromAsync(
    backend.generate({ request, style, signal, ...init, ...(attachKey === undefined ? {} : { attachKey }) }),
  );
};
const failureOf = (work: Promise<unknown>): Promise<BackendError> =>
  work.then(
    () => expect.fail("it made a picture"),
    (error: unknown) => {
      expect(error).toBeInstanceOf(BackendError);
      return error as BackendError;
    },
  );

describe("fal-ai", () => {
  it("is sent the real scale, the real size and the weights the Hub names", async () => {
    const { server, backend } = await opened();
    const image = (await draw(backend, { loraScale: 0.8, guidance: 2.5, seed: 4_294_967_295, steps: 9 })).at(-1);
    expect(server.jobs()[0]?.body).toEqual({
      prompt: someRequest.finalPrompt,
      image_size: { width: 512, height: 768 },
      num_inference_steps: 9,
      guidance_scale: 2.5,
      seed: 4_294_967_295,
      num_images: 1,
      enable_safety_checker: true,
      output_format: "png",
      loras: [{ path: "https://huggingface.co/someone/rca/resolve/main/rca.safetensors", scale: 0.8 }],
    });
    expect(image).toMatchObject({
      seed: 4_294_967_295,
      usedMs: 3250,
      model: "fal-ai/flux-lora at fal-ai",
      lora: { reference: "someone/rca/rca.safetensors" },
    });
  });
  it("is sent another checkpoint of the repository where the style names one", async () => {
    const { server, backend } = await opened();
    await draw(backend, {}, { style: styleWith("someone/rca/epochs/rca 20.safetensors") });
    expect(server.jobs()[0]?.body).toMatchObject({
      loras: [{ path: "https://huggingface.co/someone/rca/resolve/main/epochs/rca%2020.safetensors" }],
    });
  });
  it("draws a style without a LoRA, and scale 0, with the base model", async () => {
    const { server, backend } = await opened();
    const images = [(await draw(backend, {}, { style: plain })).at(-1), (await draw(backend, { loraScale: 0 })).at(-1)];
    for (const image of images) {
      expect(image).toMatchObject({ model: "fal-ai/flux/dev at fal-ai" });
      expect(image).not.toHaveProperty("lora");
    }
    expect(server.jobs().some(({ body }) => JSON.stringify(body).includes("loras"))).toBe(false);
  });
  it("draws scale 0 with the LoRA switched off where no base model is set", async () => {
    const { server, backend } = await opened({ HF_PROVIDER: "fal-ai", HF_MODEL: "" });
    await draw(backend, { loraScale: 0 });
    expect(server.jobs()[0]?.body).toMatchObject({ loras: [{ scale: 0 }] });
    expect(english(backend.lacks?.(someRequest, plain))).toBe("it has no model for the style Plain.");
  });
  it("tells its position in the queue as it moves", async () => {
    const { server, backend } = await opened();
    server.queue(3);
    const positions = (await draw(backend)).flatMap((event) => (event.type === "waiting" ? [event.position] : []));
    expect(positions).toEqual([3, 2, 1, 0]);
  });
  it("survives a lost question about a picture that is being made", async () => {
    const { server, backend } = await opened();
    server.fail("status", "refuse", 2);
    expect((await draw(backend)).at(-1)?.type).toBe("image");
    server.fail("picture", "cut", 1);
    expect((await draw(backend)).at(-1)?.type).toBe("image");
    expect(server.jobs()).toHaveLength(2);
  });
  it("picks a picture up after a restart", async () => {
    const { server, backend } = await opened();
    const first = await draw(backend);
    const key = first.find((event) => event.type === "attached")?.key;
    expect(key).toBe("fal-ai:/fal-ai/flux-lora/requests/req-1");
    const again = await draw(huggingfaceAt(server), {}, { attachKey: key ?? "" });
    expect(again.at(-1)?.type).toBe("image");
    expect(server.jobs()).toHaveLength(1);
  });
  it.each([
    ["fal no longer knows", "fal-ai:/fal-ai/flux-lora/requests/gone"],
    ["another provider gave", "replicate:abc"],
    ["is odd", "fal-ai:/../../api/secrets/requests/x"],
  ])("makes it anew from a key that %s", async (_why, attachKey) => {
    const { server, backend } = await opened();
    expect((await draw(backend, {}, { attachKey })).at(-1)?.type).toBe("image");
    expect(server.jobs()).toHaveLength(1);
    expect(server.requests.some(({ path }) => path.includes("secrets"))).toBe(false);
  });
  it("cancels what it was just asking for, as soon as it learns its name", async () => {
    const { server, backend } = await opened();
    server.takes(3000);
    const control = new AbortController();
    const work = failureOrReason(draw(backend, {}, { signal: control.signal }));
    // Between the iteration in which the request is taken and the one in which its answer is read.
    while (server.jobs().length === 0) await new Promise(setImmediate);
    control.abort(new Error("cancelled"));
    await work;
    await expect.poll(() => server.jobs()[0]?.state).toBe("cancelled");
  });
  it("asks only where fal keeps its requests, whatever address is named", async () => {
    const { server, backend } = await opened();
    const body = JSON.stringify({ request_id: "r1", response_url: "https://queue.fal.run/../api/secrets" });
    server.fail("submit", { status: 200, body, headers: { "content-type": "application/json" } });
    expect(english(await failureOf(draw(backend)))).toMatchObject({ code: "bad_response" });
    expect(server.requests.some(({ path }) => path.includes("secrets"))).toBe(false);
  });
  it("makes it anew when it was cancelled there meanwhile", async () => {
    const { server, backend } = await opened();
    server.takes(3000);
    const control = new AbortController();
    const work = failureOrReason(draw(backend, {}, { signal: control.signal }));
    await expect.poll(() => server.jobs()[0]?.state).toBe("running");
    control.abort(new Error("stopping"));
    await work;
    await expect.poll(() => server.jobs()[0]?.state).toBe("cancelled");
    server.takes(0);
    const again = await draw(backend, {}, { attachKey: "fal-ai:/fal-ai/flux-lora/requests/req-1" });
    expect(again.at(-1)?.type).toBe("image");
    expect(server.jobs()).toHaveLength(2);
  });
  it.each([true, false])("cancels at fal where the router forwards it: %s", async (forwards) => {
    const { server, backend } = await opened();
    server.forwardsCancel(forwards);
    server.takes(3000);
    const control = new AbortController();
    const reason = new Error("cancelled");
    const work = failureOrReason(draw(backend, {}, { signal: control.signal }));
    await expect.poll(() => server.jobs()[0]?.state).toBe("running");
    control.abort(reason);
    expect(await work).toBe(reason);
    await expect.poll(() => server.requests.filter(({ method }) => method === "PUT").length).toBe(1);
    expect(server.jobs()[0]?.state).toBe(forwards ? "cancelled" : "running");
  });
  it.each([
    ["its safety checker", (server: RouterFake) => server.nsfw()],
    ["its content rules", (server: RouterFake) => server.resultError("content_policy_violation")],
  ])("says when %s refused", async (_what, arrange) => {
    const { server, backend } = await opened();
    arrange(server);
    expect(english(await failureOf(draw(backend)))).toMatchObject({ code: "moderated", elsewhere: false });
  });
  it("says nothing of a refused value but that it was refused", async () => {
    const { server, backend } = await opened();
    server.resultError("greater_than");
    const error = await failureOf(draw(backend));
    expect([error.code, error.elsewhere]).toEqual(["rejected", true]);
    expect(JSON.stringify([error.message, english(error.memberText)])).not.toContain("a prompt was here");
  });
});

const failureOrReason = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

describe("replicate, through the library", () => {
  it("is sent its own names: guidance, a ratio, the LoRA with its scale, and no fp8", async () => {
    const { server, backend } = await opened(onReplicate);
    const image = (await draw(backend, { ...poster, loraScale: 0.8, guidance: 2.5 })).at(-1);
    expect(server.jobs()[0]?.body).toEqual({
      input: {
        prompt: someRequest.finalPrompt,
        aspect_ratio: "2:3",
        megapixels: "1",
        num_outputs: 1,
        num_inference_steps: 4,
        guidance: 2.5,
        seed: 7,
        output_format: "png",
        go_fast: false,
        lora_weights: "https://huggingface.co/someone/rca",
        lora_scale: 0.8,
      },
    });
    // It tells no seed: the one that was sent is the one that is kept.
    expect(image).not.toHaveProperty("seed");
  });
  it("starts from a picture", async () => {
    const { server, backend } = await opened(onReplicate);
    await draw(backend, { ...poster, init: { key: "photo", strength: 0.35 } });
    expect(server.jobs()[0]?.body).toMatchObject({ input: { prompt_strength: 0.35, image: expect.any(String) } });
  });
  it("takes the nearest of its shapes, and says that the size is its own", async () => {
    const { server, backend } = await opened(onReplicate);
    const image = (await draw(backend, { widthPx: 512, heightPx: 832 })).at(-1);
    expect(server.jobs()[0]?.body).toMatchObject({ input: { aspect_ratio: "9:16" } });
    expect(image).toMatchObject({ ownSize: true });
  });
  it("rules out files it cannot take, before anything is spent", async () => {
    const { server, backend } = await opened(onReplicate);
    expect(backend.lacks?.({ ...someRequest, ...poster }, rca)).toBeUndefined();
    expect(english(backend.lacks?.({ ...someRequest, ...poster }, styleWith("someone/rca/x.safetensors")))).toContain(
      "not a file",
    );
    const file = draw(backend, poster, { style: styleWith("someone/rca/x.safetensors") });
    expect(english(await failureOf(file))).toMatchObject({ code: "rejected", elsewhere: true });
    expect(server.jobs()).toEqual([]);
  });
  it("does not ask again for a picture that is still made and paid for", async () => {
    const { server, backend } = await opened(onReplicate);
    server.unfinished();
    expect(english(await failureOf(draw(backend, poster)))).toMatchObject({ code: "timeout", elsewhere: false });
    expect(server.jobs()).toHaveLength(1);
  });
  it("is asked again without a storm while it loads", async () => {
    const { server, backend } = await opened(onReplicate);
    server.fail("predict", { status: 503, body: '{"error":"loading","estimated_time":2}' }, 2);
    const events = await draw(backend, poster);
    expect(events.filter((event) => event.type === "waiting")).toHaveLength(2);
    expect(server.requests.filter(({ path }) => path.endsWith("/predictions"))).toHaveLength(3);
  });
});

describe("who pays, and when there is nothing left", () => {
  const SPENT =
    "You have depleted your monthly included credits. Purchase pre-paid credits to continue using Inference Providers.";
  it.each([
    ["402", { status: 402, body: `{"error":"${SPENT}"}` }, "credits"],
    ["the older text", { status: 403, body: '{"error":"You have exceeded your monthly included credits"}' }, "credits"],
    ["a token without the permission", { status: 403, body: '{"error":"insufficient permissions"}' }, "auth"],
    ["a model that is not served", { status: 400, body: '{"error":"Model not supported by provider"}' }, "rejected"],
    ["too many at once", { status: 429, body: "", headers: { "retry-after": "7" } }, "busy"],
  ])("%s", async (_what, fault, code) => {
    const { server, backend } = await opened();
    server.fail("submit", fault);
    const error = await failureOf(draw(backend));
    expect([error.code, error.elsewhere]).toEqual([code, true]);
    expect(`${error.message} ${english(error.memberText)}`).not.toMatch(/Purchase|insufficient/);
    if (code === "busy") expect(error.retryAfterMs).toBe(7000);
  });
  it("waits three times for a model that loads, each at most as long as it may", async () => {
    const { server, backend } = await opened();
    server.fail("submit", { status: 503, body: '{"error":"loading","estimated_time":20.5}' });
    expect(english(await failureOf(draw(backend)))).toMatchObject({ code: "loading", retryAfterMs: 20_500 });
    expect(server.requests.filter(({ path }) => path.endsWith("flux-lora"))).toHaveLength(4);
  });
  it("bills the organization that is named", async () => {
    const server = await openRouter({ token: CANARY, billTo: "our-union" });
    onTestFinished(() => server.close());
    for (const [HF_BILL_TO, end] of [
      ["our-union", "image"],
      ["somebody", "auth"],
    ] as const) {
      const backend = huggingfaceAt(server, { HF_BILL_TO });
      onTestFinished(() => backend.close());
      const ended = await draw(backend).then(
        (events) => events.at(-1)?.type,
        (error: unknown) => (error as BackendError).code,
      );
      expect(ended).toBe(end);
    }
  });
});

describe("what the Hub says", () => {
  it.each([
    ["nobody serves", "someone/unserved"],
    ["is in staging", "someone/staging"],
    ["edits pictures instead", "someone/kontext"],
    ["is not there", "someone/typo"],
  ])("a LoRA that %s is refused before anything is spent, and known from then on", async (_what, repo) => {
    const { server, backend } = await opened();
    const style = styleWith(repo);
    expect(backend.lacks?.(someRequest, style)).toBeUndefined();
    const error = await failureOf(draw(backend, {}, { style }));
    expect(english(error)).toMatchObject({
      code: "rejected",
      elsewhere: true,
      memberText: `it does not offer ${repo} at fal-ai.`,
    });
    expect(english(backend.lacks?.(someRequest, style))).toBe(`it does not offer ${repo} at fal-ai.`);
    expect(server.jobs()).toEqual([]);
  });
  it("a whole model in a style's place has no scale", async () => {
    const { backend } = await opened();
    const style = styleWith(BASE);
    expect((await draw(backend, {}, { style })).at(-1)?.type).toBe("image");
    expect(english(backend.lacks?.({ ...someRequest, loraScale: 0.5 }, style))).toContain("has no scale to set");
  });
  it("is remembered for ten minutes", async () => {
    let nowMs = 0;
    const { server, backend } = await opened({}, moduleServices({ clock: { ...systemClock, nowMs: () => nowMs } }));
    const asked = () => server.requests.filter(({ path }) => path.startsWith("/api/models/")).length;
    await draw(backend);
    await draw(backend);
    expect(asked()).toBe(1);
    nowMs += 600_001;
    await draw(backend);
    expect(asked()).toBe(2);
  });
  it("is asked anew after a picture that did not come: the name it gave may have been wrong", async () => {
    const { server, backend } = await opened();
    const misled = (bytes: Uint8Array) =>
      Buffer.from(Buffer.from(bytes).toString().replaceAll('"fal-ai/', '"fal-ai/no-'));
    server.fail("mapping", { rewrite: ({ bytes }) => ({ bytes: misled(bytes) }) });
    await failureOf(draw(backend));
    server.heal();
    await draw(backend);
  });

  it("is passed over for a minute where nobody serves it, and taken back as soon as somebody does", async () => {
    let nowMs = 0;
    const { server, backend } = await opened(
      {},
      moduleServices({ styles: [rca], clock: { ...systemClock, nowMs: () => nowMs } }),
    );
    server.fail("mapping", { status: 404 });
    await failureOf(draw(backend));
    expect(english(backend.lacks?.(someRequest, rca))).toContain("does not offer");
    nowMs += 60_001;
    expect(backend.lacks?.(someRequest, rca)).toBeUndefined();
    server.heal();
    await draw(backend);
  });
  it("is told to the operator: models, LoRAs, and which styles point to nothing", async () => {
    const { backend } = await opened();
    const found = await backend.inspect?.([rca, styleWith("someone/typo")], AbortSignal.timeout(5000));
    expect(found).toMatchObject({
      health: { up: true },
      models: ["fal-ai/flux/dev at fal-ai", "fal-ai/flux-lora at fal-ai"],
      loras: ["someone/rca"],
    });
    expect(found?.nextSteps).toEqual([expect.stringContaining("someone/typo")]);
  });
  it("lets styles with a LoRA be made where only the model for the others is not offered", async () => {
    const { backend } = await opened({ HF_MODEL: "someone/unserved" });
    expect(await backend.health(AbortSignal.timeout(2000))).toEqual({ up: true });
    expect(english(backend.lacks?.(someRequest, plain))).toBe("it does not offer someone/unserved at fal-ai.");
    expect(backend.lacks?.(someRequest, rca)).toBeUndefined();
  });
  it.each([
    [401, "it does not accept our key", "Make a fine-grained token"],
    [500, "it had a fault of its own on this picture.", "opens in a browser on this machine"],
  ])("tells the operator what to do after status %i", async (status, reason, step) => {
    const { server, backend } = await opened();
    server.fail("mapping", { status });
    const found = await backend.inspect?.([rca], AbortSignal.timeout(5000));
    expect(english(found?.health)).toMatchObject({ up: false, reason: expect.stringContaining(reason) });
    expect(found?.nextSteps).toEqual([expect.stringContaining(step)]);
  });
});

describe("settings", () => {
  it.each([
    ["nothing", {}, false],
    ["a token alone: it may be there for a Space, and this costs money", { HF_TOKEN: "hf_x" }, false],
    ["a model without a token", { HF_MODEL: BASE }, false],
    ["a token and a model", { HF_TOKEN: "hf_x", HF_MODEL: BASE }, true],
    [
      "a token, a model, and that nobody shall make it",
      { HF_TOKEN: "hf_x", HF_MODEL: BASE, HF_PROVIDER: "off" },
      false,
    ],
    ["a token and a style with a LoRA of the Hub", { HF_TOKEN: "hf_x" }, true, [plain, rca]],
    ["a token and styles with LoRAs elsewhere", { HF_TOKEN: "hf_x" }, false, [plain, onlyInSpace]],
    ["such a style without a token", {}, false, [rca]],
  ] as const)("%s", async (_what, environment, on, styles: readonly Style[] = []) => {
    const settings = readSettings("huggingface", module.env, environment);
    const backend = await module.create(settings, moduleServices({ styles }));
    expect(backend !== undefined).toBe(on);
    await backend?.close();
  });
  it.each([
    ["HF_MODEL", "FLUX"],
    ["HF_PROVIDER", "openai"],
    ["HF_TOKEN", "hf x"],
  ])("says what is wrong with %s", (name, value) => {
    expect(() => readSettings("huggingface", module.env, { [name]: value })).toThrow(new RegExp(`${name}`));
  });
  it.each([
    ["a/b", { repo: "a/b" }],
    ["a/b/c d.safetensors", { repo: "a/b", file: "c d.safetensors" }],
    ["a/b/../../c.safetensors", undefined],
    ["a/b/c.ckpt", undefined],
    ["rca.safetensors", undefined],
  ])("reads the LoRA %s", (reference, lora) => expect(hubLora(reference)).toEqual(lora));
});
