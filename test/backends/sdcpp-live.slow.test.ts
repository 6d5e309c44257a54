import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { createSdcpp } from "../../src/backends/sdcpp/backend.ts";
import type { ImageRequest } from "../../src/domain/recipe.ts";
import { styleSchema } from "../../src/domain/style.ts";
import type { Backend, BackendEvent } from "../../src/ports/backend.ts";
import { someRequest, someStyle } from "../contracts/backend.ts";
import type { ChildServer } from "../fakes/child-server.ts";
import { openRealSdcpp, SDCPP_SERVER } from "../fakes/sdcpp-real.ts";

const NEEDS = "needs SDCPP_SERVER, a built sd-server of stable-diffusion.cpp";
const MINUTES_MS = 240_000;
const SMALL: Partial<ImageRequest> = { widthPx: 64, heightPx: 128, steps: 2, guidance: 3.5 };
const plain = styleSchema.parse({ ...someStyle, lora: {} });
const withLora = styleSchema.parse({ ...someStyle, lora: { sdcpp: "tiny.safetensors" } });

describe("a real sd-server", () => {
  let server: ChildServer | undefined;
  let backend: Backend | undefined;
  beforeAll(async () => {
    if (SDCPP_SERVER === "") return;
    server = await openRealSdcpp();
    backend = createSdcpp({ server: { url: server.url, headers: {} }, pollMs: 50 });
    await backend.health(AbortSignal.timeout(10_000));
  }, MINUTES_MS);
  afterAll(async () => {
    await backend?.close();
    await server?.close();
  });

  const opened = (): Backend => {
    if (!backend) throw new Error("no backend");
    return backend;
  };
  const check = (name: string, body: () => Promise<void>) =>
    it(name, { timeout: MINUTES_MS }, async (context) => {
      if (SDCPP_SERVER === "") context.skip(NEEDS);
      await body().catch((error: unknown) => {
        throw new Error(server?.told() ?? "", { cause: error });
      });
    });
  const make = (
    change: Partial<ImageRequest> = {},
    {
      style = plain,
      signal = AbortSignal.timeout(MINUTES_MS),
      initBytes,
    }: {
      readonly style?: typeof plain;
      readonly signal?: AbortSignal;
      readonly initBytes?: Uint8Array;
    } = {},
  ) =>
    Array.fromAsync<BackendEvent>(
      opened().generate({
        request: { ...someRequest, ...SMALL, ...change },
        style,
        signal,
        ...(initBytes ? { initBytes } : {}),
      }),
    );
  const imageIn = (events: readonly BackendEvent[]) => {
    const image = events.find((event) => event.type === "image");
    if (!image) throw new Error("no image");
    return image;
  };
  /** Mean difference of a channel, 0 to 255. */
  async function distance(one: readonly BackendEvent[], other: readonly BackendEvent[]): Promise<number> {
    const [a, b] = await Promise.all([one, other].map((events) => sharp(imageIn(events).bytes).raw().toBuffer()));
    expect(a?.length).toBe(b?.length);
    return (
      (a ?? Buffer.alloc(0)).reduce((sum, value, at) => sum + Math.abs(value - (b?.[at] ?? 0)), 0) / (a?.length ?? 1)
    );
  }

  check("says that it is up, its model and its LoRAs", async () => {
    expect(await opened().health(AbortSignal.timeout(10_000))).toMatchObject({ up: true });
    const told = await opened().inspect?.([withLora], AbortSignal.timeout(10_000));
    expect(told).toMatchObject({ models: [expect.stringContaining("flux1-dev")], loras: ["tiny.safetensors"] });
  });

  check("draws in the size asked for, the same seed twice the same", async () => {
    const first = await make({ seed: 7 });
    expect(await sharp(imageIn(first).bytes).metadata()).toMatchObject({ format: "png", width: 64, height: 128 });
    expect(imageIn(first)).toMatchObject({ seed: 7, model: expect.stringContaining("flux1-dev") });
    expect(await distance(first, await make({ seed: 7 }))).toBe(0);
    expect(await distance(first, await make({ seed: 8 }))).toBeGreaterThan(0);
  });

  check("takes the LoRA by its scale, and leaves no trace of it", async () => {
    const base = await make({ seed: 7 });
    const full = await make({ seed: 7, loraScale: 1 }, { style: withLora });
    expect(imageIn(full).lora).toEqual({ reference: "tiny.safetensors" });
    expect(await distance(base, full)).toBeGreaterThan(0);
    expect(await distance(full, await make({ seed: 7, loraScale: 0.3 }, { style: withLora }))).toBeGreaterThan(0);
    expect(await distance(base, await make({ seed: 7 }))).toBe(0);
  });

  check("starts from a picture: more change takes more of it away", async () => {
    const initBytes = tinyPng(64, 128, "start");
    const from = (strength: number) => make({ steps: 10, init: { key: "k", strength } }, { initBytes });
    const little = await from(0.2);
    expect(await distance(little, await from(0.9))).toBeGreaterThan(0);
  });

  check("forgets what waits when it is cancelled, and draws on", async () => {
    const control = new AbortController();
    const reason = new Error("cancelled");
    const running = make({ seed: 1, steps: 20 });
    const waiting = make({ seed: 2 }, { signal: control.signal });
    waiting.catch(() => undefined);
    setTimeout(() => control.abort(reason), 300);
    await expect(waiting).rejects.toBe(reason);
    expect(imageIn(await running).seed).toBe(1);
    expect(imageIn(await make({ seed: 3 })).seed).toBe(3);
  });
});
