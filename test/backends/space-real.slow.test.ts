import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { readSettings } from "../../src/app/settings.ts";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { createSpace } from "../../src/backends/space/backend.ts";
import { module } from "../../src/backends/space.ts";
import type { ImageRequest } from "../../src/domain/recipe.ts";
import { styleSchema } from "../../src/domain/style.ts";
import { type Backend, BackendError, type BackendEvent } from "../../src/ports/backend.ts";
import { someRequest } from "../contracts/backend.ts";
import { openGradio } from "../fakes/gradio.ts";
import { galleryApp } from "../fakes/gradio-app.ts";
import { factsOf } from "../fakes/gradio-facts.ts";
import { gradioVersion, openRealGradio, type RealGradio } from "../fakes/gradio-real.ts";
import { moduleServices } from "../fakes/module-services.ts";
import { atThisPaceMs } from "../pace.ts";
import { english } from "../words.ts";

const NEEDS = "needs Python with Gradio: pip install gradio, and GRADIO_PYTHON if it is not python3's";
const version = await gradioVersion();
const rca = styleSchema.parse({ id: "rca", title: "RCA", trigger: "RCA style", lora: { space: "RCA" } });
const size = { widthPx: 256, heightPx: 320 };

describe.each(["newer", "older"] as const)("a real Gradio server, %s generation", (generation) => {
  let real: RealGradio | undefined;
  let backend: Backend | undefined;
  beforeAll(async () => {
    if (version === undefined) return;
    real = await openRealGradio({ MOCK_GENERATION: generation, MOCK_STEP_MS: "100", MOCK_MAX_SIZE: "3" });
    const settings = readSettings("space", module.env, { HF_SPACE: real.url });
    backend = createSpace(settings as Parameters<typeof createSpace>[0], moduleServices(), {
      previewEveryMs: 0,
      wakeLookEveryMs: 20,
    });
    await backend?.health(AbortSignal.timeout(5000));
  }, 90_000);
  afterAll(async () => {
    await backend?.close();
    await real?.close();
  });

  const opened = (): Backend => {
    if (!backend) throw new Error("no backend");
    return backend;
  };
  const draw = (prompt: string, change: Partial<ImageRequest> = {}, signal = AbortSignal.timeout(15_000)) => {
    const request = { ...someRequest, ...size, prompt, finalPrompt: prompt, ...change };
    const init = request.init ? { initBytes: tinyPng(256, 256, "start") } : {};
    return Array.fromAsync<BackendEvent>(opened().generate({ request, style: rca, signal, ...init }));
  };
  const failureOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => "a picture",
      (error: unknown) => error,
    );
  const check = (name: string, body: () => Promise<void>) =>
    it(name, async (context) => {
      if (version === undefined) context.skip(NEEDS);
      await body();
    });

  check("makes the picture with the largest seed, and with 0", async () => {
    for (const seed of [4_294_967_295, 0]) {
      const image = (await draw("a fox", { seed })).at(-1);
      if (image?.type !== "image") return expect.fail("no image");
      expect(image).toMatchObject({ seed, lora: { reference: "RCA" }, model: `a Gradio server, Gradio ${version}` });
      expect(await sharp(image.bytes).metadata()).toMatchObject({ width: 256, height: 320 });
    }
  });
  check("makes the same picture of the same request, and another with another seed or LoRA scale", async () => {
    const bytesOf = async (change: Partial<ImageRequest>) => {
      const image = (await draw("a fox", change)).at(-1);
      return image?.type === "image" ? Buffer.from(image.bytes).toString("base64") : "";
    };
    const first = await bytesOf({ seed: 5 });
    expect(await bytesOf({ seed: 5 })).toBe(first);
    expect(await bytesOf({ seed: 6 })).not.toBe(first);
  });
  check("reports every step", async () => {
    const steps = (await draw("a fox", { steps: 6 })).flatMap((event) =>
      event.type === "progress" && event.step ? [event.step] : [],
    );
    expect(steps.at(-1)).toEqual({ at: 6, of: 6 });
    expect(new Set(steps.map(({ at }) => at)).size).toBeGreaterThan(2);
  });
  check("takes a starting picture, or says beforehand that it takes none", async () => {
    const work = draw("a fox", { init: { key: "photo", strength: 0.5 } });
    if (generation === "newer") expect((await work).at(-1)?.type).toBe("image");
    else
      expect(english(await failureOf(work))).toMatchObject({
        code: "rejected",
        memberText: "it cannot start from a picture.",
      });
  });
  check("stops a running picture, and the next one is made at once", async () => {
    const control = new AbortController();
    const reason = new Error("cancelled");
    const request = { ...someRequest, ...size, steps: 50 };
    const startedAtMs = performance.now();
    const work = async () => {
      for await (const event of opened().generate({ request, style: rca, signal: control.signal }))
        if (event.type === "progress" && event.fraction > 0) control.abort(reason);
    };
    await expect(work()).rejects.toBe(reason);
    expect((await draw("next", { steps: 1 })).at(-1)?.type).toBe("image");
    // All 50 steps take 5 s: the next one would have waited for them.
    expect(performance.now() - startedAtMs).toBeLessThan(atThisPaceMs(4500));
  });
  check("takes a quota error, a hidden exception and ZeroGPU's notices for what they are", async () => {
    const quota = await failureOf(draw("quota"));
    expect(quota).toBeInstanceOf(BackendError);
    expect(quota).toMatchObject({ code: "quota", retryAfterMs: 49_327_000 });
    expect(english(await failureOf(draw("bug")))).toMatchObject({ code: "bad_response" });
    expect(await draw("notice")).toContainEqual({
      type: "waiting",
      why: { about: "backend.space.wait-gpu", gaps: {} },
    });
  });
});

describe("the fake Gradio server", () => {
  it.for(["newer", "older"] as const)(
    "answers as the real one does: %s generation",
    { timeout: 90_000 },
    async (generation, context) => {
      if (version === undefined) context.skip(NEEDS);
      const fake = await openGradio({ app: { ...galleryApp, generation } });
      const real = await openRealGradio({ MOCK_GENERATION: generation, MOCK_STEP_MS: "60" });
      onTestFinished(async () => {
        await fake.close();
        await real.close();
      });
      expect(await factsOf(fake.url)).toEqual(await factsOf(real.url));
    },
  );
});
