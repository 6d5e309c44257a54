import { createHash } from "node:crypto";
import { afterAll, describe, expect, it } from "vitest";
import type { ImageRequest } from "../../src/domain/recipe.ts";
import { type Style, styleSchema } from "../../src/domain/style.ts";
import { sniffImage } from "../../src/lib/image-kind.ts";
import { stripPng } from "../../src/lib/png.ts";
import type { Backend, BackendEvent, BackendFeatures, GenerateInput } from "../../src/ports/backend.ts";
import { englishWords } from "../words.ts";

export const someStyle: Style = styleSchema.parse({ id: "rca", title: "RCA", trigger: "rca style" });

export const someRequest: ImageRequest = {
  prompt: 'a red fox, "MARCH" in large letters at the bottom',
  finalPrompt: 'rca style, a red fox, "MARCH" in large letters at the bottom',
  styleId: "rca",
  loraScale: 1,
  guidance: 3,
  trueCfg: 1,
  steps: 4,
  seed: 7,
  widthPx: 512,
  heightPx: 768,
};

/** One changed parameter and the feature that promises that it counts. */
const CHANGES: readonly {
  readonly name: string;
  readonly promised: (features: BackendFeatures) => boolean;
  readonly change: Partial<ImageRequest>;
  readonly from?: Partial<ImageRequest>;
}[] = [
  {
    name: "another prompt",
    promised: () => true,
    change: { prompt: 'a blue boat, "STRIKE"', finalPrompt: 'a blue boat, "STRIKE"' },
  },
  { name: "another seed", promised: () => true, change: { seed: 8 } },
  { name: "seed 0", promised: () => true, change: { seed: 0 } },
  { name: "another width", promised: () => true, change: { widthPx: 768 } },
  { name: "another height", promised: () => true, change: { heightPx: 512 } },
  { name: "another number of steps", promised: () => true, change: { steps: 5 } },
  { name: "another scale", promised: (f) => f.loraScale, from: { loraScale: 0.9 }, change: { loraScale: 0.4 } },
  { name: "no LoRA at all", promised: (f) => f.loraScale, from: { loraScale: 0.4 }, change: { loraScale: 0 } },
  { name: "another cfg", promised: (f) => f.guidance, from: { guidance: 1 }, change: { guidance: 9 } },
  { name: "true CFG", promised: (f) => f.trueCfg, change: { trueCfg: 4 } },
  { name: "another true CFG", promised: (f) => f.trueCfg, from: { trueCfg: 2 }, change: { trueCfg: 4 } },
  {
    name: "a negative prompt",
    promised: (f) => f.negativePrompt,
    from: { trueCfg: 4 },
    change: { trueCfg: 4, negativePrompt: "fox" },
  },
  {
    name: "another negative prompt",
    promised: (f) => f.negativePrompt,
    from: { trueCfg: 4, negativePrompt: "boat" },
    change: { trueCfg: 4, negativePrompt: "fox" },
  },
  {
    name: "another variation seed",
    promised: (f) => f.variation === "seed",
    from: { variation: { seed: 98, strength: 0.3 } },
    change: { variation: { seed: 99, strength: 0.3 } },
  },
  {
    name: "a variation seed",
    promised: (f) => f.variation === "seed",
    change: { variation: { seed: 99, strength: 0.3 } },
  },
  {
    name: "a stronger variation",
    promised: (f) => f.variation === "seed",
    from: { variation: { seed: 99, strength: 0.2 } },
    change: { variation: { seed: 99, strength: 0.9 } },
  },
];

/** A parameter may decide nothing about one picture; over a few seeds it has to show. */
const SEEDS = [7, 2, 3, 11];

export interface BackendRig {
  readonly backend: Backend;
  /**
   * Everything this request became: what the far end was sent, where it is a double. Absent: the picture's own bytes
   * must tell.
   */
  readonly record?: () => string;
  /** The same backend, made to work for long enough to be cancelled. Default: the backend as it is. */
  readonly slow?: Backend;
}

interface Gap {
  /** The test's name. */
  readonly test: string;
  /** Why this backend cannot pass it: this list is the documentation. */
  readonly reason: string;
}

/** Every backend passes this, or names its gaps with their reason. `open` gives a fresh one each time. */
export function backendContract(
  name: string,
  open: () => BackendRig | Promise<BackendRig>,
  options: {
    readonly gaps?: readonly Gap[];
    readonly initBytes?: Uint8Array;
    /** Default: one without a LoRA. */
    readonly style?: Style;
    readonly request?: Partial<ImageRequest>;
    /** Pictures that are compared with each other come from one backend: for one that takes its time to start. Default: each from a fresh one. */
    readonly comparesOnOne?: boolean;
    /** A part of it, where the whole takes too long for one file of `npm test`: a file for each then. Default: all. */
    readonly only?: ContractPart;
  } = {},
): void {
  const base: ImageRequest = { ...someRequest, ...options.request };
  const inputFor = (request: ImageRequest, signal = AbortSignal.timeout(20_000)): GenerateInput => ({
    request,
    style: options.style ?? someStyle,
    signal,
    ...(request.init && options.initBytes ? { initBytes: options.initBytes } : {}),
  });
  const traceOf = async (rig: BackendRig, request: ImageRequest) => {
    const image = imageOf(await Array.fromAsync(rig.backend.generate(inputFor(request))));
    return rig.record ? rig.record() : createHash("sha256").update(image.bytes).digest("hex");
  };

  let one: BackendRig | undefined;
  const openToCompare = async (): Promise<BackendRig> => {
    if (!options.comparesOnOne) return open();
    one ??= await open();
    return one;
  };
  const closeCompared = (...rigs: readonly BackendRig[]) =>
    Promise.all(rigs.map((rig) => (rig === one ? undefined : rig.backend.close())));

  describe(`backend contract: ${name}`, () => {
    afterAll(() => one?.backend.close());

    const check = (test: string, body: () => Promise<void>) => {
      if (options.only !== undefined && options.only !== partOf(test)) return;
      const gap = options.gaps?.find((each) => each.test === test);
      it(test, async (context) => {
        if (gap) context.skip(`gap of ${name}: ${gap.reason}`);
        await body();
      });
    };

    check("states sane facts", async () => {
      const { backend } = await open();
      expect(backend.name).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(englishWords(backend.title).length).toBeGreaterThan(0);
      expect(backend.concurrency).toBeGreaterThanOrEqual(1);
      expect(backend.timeoutMs).toBeGreaterThanOrEqual(1000);
      expect(backend.cancelWithinMs).toBeLessThanOrEqual(2000);
      expect(backend.costWeight).toBeGreaterThanOrEqual(0);
      expect(backend.features.maxPixels).toBeGreaterThanOrEqual(256 * 256);
      await backend.close();
    });

    check("reports rising progress, then exactly one image, then the end", async () => {
      const { backend } = await open();
      const events = await Array.fromAsync<BackendEvent>(backend.generate(inputFor(base)));
      expect(events.at(-1)?.type).toBe("image");
      expect(events.filter((event) => event.type === "image")).toHaveLength(1);
      const fractions = events.flatMap((event) => (event.type === "progress" ? [event.fraction] : []));
      expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
      expect(fractions.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true);
      if (backend.features.progress) expect(fractions.length).toBeGreaterThan(0);
      const previews = events.filter((event) => event.type === "progress" && event.preview !== undefined);
      if (!backend.features.preview) expect(previews).toEqual([]);
      await backend.close();
    });

    check("makes a PNG, JPEG or WebP of the size asked for", async () => {
      const { default: sharp } = await import("sharp");
      const { backend } = await open();
      const image = imageOf(await Array.fromAsync(backend.generate(inputFor(base))));
      const facts = await sharp(image.bytes).metadata();
      expect(["png", "jpeg", "webp"]).toContain(facts.format);
      expect([facts.width, facts.height]).toEqual([base.widthPx, base.heightPx]);
      await sharp(image.bytes).raw().toBuffer();
      expect(image.model.length).toBeGreaterThan(0);
      await backend.close();
    });

    for (const { name: parameter, promised, change, from = {} } of CHANGES)
      check(`lets ${parameter} count, or does not promise it`, async () => {
        const first = await openToCompare();
        await closeCompared(first);
        const { backend } = first;
        if (!promised(backend.features)) return;
        // Some follow a negative prompt without true CFG, and refuse what they do not know.
        const known = backend.features.trueCfg ? {} : { trueCfg: 1 };
        for (const seed of SEEDS) {
          const [before, after] = [await openToCompare(), await openToCompare()];
          const plain = await traceOf(before, { ...base, seed, ...from, ...known });
          const changed = await traceOf(after, { ...base, seed, ...change, ...known });
          await closeCompared(before, after);
          if (changed !== plain) return;
        }
        expect.fail(`${parameter} made no difference with any of the seeds ${SEEDS.join(", ")}`);
      });

    check("lets a start image count, or does not promise it", async () => {
      const before = await openToCompare();
      if (!before.backend.features.initImage) return void (await closeCompared(before));
      expect(options.initBytes, "give the contract a start image").toBeDefined();
      const plain = await traceOf(before, base);
      const [little, much] = [await openToCompare(), await openToCompare()];
      const changed = await traceOf(little, { ...base, init: { key: "photo", strength: 0.4 } });
      expect(changed).not.toBe(plain);
      expect(await traceOf(much, { ...base, init: { key: "photo", strength: 0.8 } })).not.toBe(changed);
      await closeCompared(before, little, much);
    });

    check("gives the same bytes for the same request, or does not promise it", async () => {
      const first = await open();
      const second = await open();
      // Texts in a PNG (ComfyUI writes its own job's name) are taken out by the core before anybody compares.
      const bytesOf = async (backend: Backend) => {
        const { bytes } = imageOf(await Array.fromAsync(backend.generate(inputFor(base))));
        return Buffer.from(sniffImage(bytes) === "image/png" ? stripPng(bytes) : bytes);
      };
      if (first.backend.features.reproducible)
        expect((await bytesOf(first.backend)).equals(await bytesOf(second.backend))).toBe(true);
      await Promise.all([first.backend.close(), second.backend.close()]);
    });

    check("does not start when it was cancelled before", async () => {
      const { backend } = await open();
      const reason = new Error("a member cancelled");
      const work = Array.fromAsync(backend.generate(inputFor(base, AbortSignal.abort(reason))));
      await expect(work).rejects.toBe(reason);
      await backend.close();
    });

    check("stops within its bound when it is cancelled in the middle, with the signal's reason", async () => {
      const rig = await open();
      const backend = rig.slow ?? rig.backend;
      const control = new AbortController();
      const reason = new Error("a member cancelled");
      let abortedAtMs = 0;
      const work = (async () => {
        for await (const event of backend.generate(inputFor(base, control.signal))) {
          expect(event.type, "cancelled, yet it made the picture").not.toBe("image");
          abortedAtMs = performance.now();
          control.abort(reason);
        }
      })();
      await expect(work).rejects.toBe(reason);
      expect(abortedAtMs).toBeGreaterThan(0);
      expect(performance.now() - abortedAtMs).toBeLessThan(backend.cancelWithinMs);
      await closeBoth(rig);
    });

    check("stops at the deadline of its signal", async () => {
      const rig = await open();
      const backend = rig.slow ?? rig.backend;
      const startedAtMs = performance.now();
      const signal = AbortSignal.timeout(rig.slow ? 50 : 1);
      await expect(Array.fromAsync(backend.generate(inputFor(base, signal)))).rejects.toThrow();
      expect(performance.now() - startedAtMs).toBeLessThan(1100);
      await closeBoth(rig);
    });

    check("works on after a cancelled picture", async () => {
      const { backend } = await open();
      await Array.fromAsync(backend.generate(inputFor(base, AbortSignal.abort()))).catch(() => {});
      expect(imageOf(await Array.fromAsync(backend.generate(inputFor(base)))).bytes.length).toBeGreaterThan(0);
      await backend.close();
    });

    check("answers about its health within 2 s and never throws", async () => {
      const { backend } = await open();
      const startedAtMs = performance.now();
      expect(await backend.health(AbortSignal.timeout(2000))).toMatchObject({ up: expect.any(Boolean) });
      expect(performance.now() - startedAtMs).toBeLessThan(2100);
      await expect(backend.health(AbortSignal.abort())).resolves.toMatchObject({ up: expect.any(Boolean) });
      await backend.close();
    });

    check("closes twice without complaint", async () => {
      const { backend } = await open();
      await backend.close();
      await backend.close();
    });
  });
}

async function closeBoth(rig: BackendRig): Promise<void> {
  await rig.backend.close();
  await rig.slow?.close();
}

export type ContractPart = "conduct" | "picture" | "parameters";

const partOf = (test: string): ContractPart => {
  if (/^lets .* count, or does not promise it$/.test(test)) return "parameters";
  return /^(?:reports rising progress|makes a|gives the same bytes)/.test(test) ? "picture" : "conduct";
};

function imageOf(events: readonly BackendEvent[]): Extract<BackendEvent, { readonly type: "image" }> {
  const image = events.find((event) => event.type === "image");
  if (!image) throw new Error("the backend made no image");
  return image;
}
