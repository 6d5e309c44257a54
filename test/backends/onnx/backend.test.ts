import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { pngSize } from "../../../src/lib/png.ts";
import type { BackendEvent } from "../../../src/ports/backend.ts";
import { imageIn, openOnnx, smallRequest, styled, TINY_FLUX } from "./onnx-rig.ts";
import { FIXTURES } from "./references.ts";

describe("a model inside Placard", () => {
  const backend = openOnnx(TINY_FLUX);
  afterAll(() => backend.close());
  const made = (change: Partial<typeof smallRequest> = {}, signal = new AbortController().signal) =>
    Array.fromAsync<BackendEvent>(backend.generate({ request: { ...smallRequest, ...change }, style: styled, signal }));

  it("says that it loads, tells each step, and gives a PNG of the size asked for, with what made it", async () => {
    const events = await made();
    expect(events[0]?.type).toBe("waiting");
    const steps = events.flatMap((event) => (event.type === "progress" && event.step ? [event.step.at] : []));
    expect(steps).toEqual([1, 2, 3, 4]);
    const { bytes, model, lora, fixed, notes } = imageIn(events);
    expect(pngSize(bytes)).toEqual({ widthPx: 256, heightPx: 320 });
    expect(model).toMatch(/^tiny-flux \(ONNX Runtime 1\.30\.0, cpu\)$/);
    expect(fixed).toEqual({ steps: 4, noiseDtype: "bf16" });
    expect(lora).toEqual({ reference: "peft.safetensors" });
    expect(notes).toEqual([]);
    // What it would tell its maker it keeps in files there first.
    expect(readdirSync(tmpdir()).filter((name) => /^\.ses$|^mat-debug/.test(name))).toEqual([]);
  });

  it("is not loaded again for the next, and answers a cancel at once", async () => {
    const control = new AbortController();
    const reason = new Error("a member cancelled");
    const events: BackendEvent[] = [];
    const work = (async () => {
      const request = { ...smallRequest, steps: 50 };
      for await (const event of backend.generate({ request, style: styled, signal: control.signal })) {
        events.push(event);
        control.abort(reason);
      }
    })();
    await expect(work).rejects.toBe(reason);
    expect(events.map(({ type }) => type)).toEqual(["progress"]);
    expect(imageIn(await made({ steps: 2 })).bytes.length).toBeGreaterThan(1000);
  });

  it("draws the noise that a recipe names", async () => {
    const [usual, f32, bf16] = [
      imageIn(await made()),
      imageIn(await made({ noiseDtype: "f32" })),
      imageIn(await made({ noiseDtype: "bf16" })),
    ];
    expect(f32.fixed?.noiseDtype).toBe("f32");
    expect(Buffer.from(usual.bytes).equals(bf16.bytes)).toBe(true);
    expect(Buffer.from(usual.bytes).equals(f32.bytes)).toBe(false);
  });

  it("tells a LoRA that is no file here before it begins", async () => {
    expect(backend.lacks?.(smallRequest, { ...styled, lora: { onnx: "other" } })?.about).toBe("backend.lacks.file");
    expect(backend.lacks?.(smallRequest, styled)).toBeUndefined();
    expect(backend.lacks?.({ ...smallRequest, negativePrompt: "grain" }, styled)?.about).toBe(
      "backend.lacks.negative.true-cfg",
    );
  });
});

it("a folder that is not what it should be is down, told file by file", async () => {
  const backend = openOnnx(join(FIXTURES, "lora"));
  expect(await backend.health(AbortSignal.timeout(1000))).toMatchObject({ up: false });
  const work = Array.fromAsync(
    backend.generate({ request: smallRequest, style: styled, signal: AbortSignal.timeout(5000) }),
  );
  await expect(work).rejects.toThrow("model_index.json is missing");
  await backend.close();
  expect(readdirSync(join(FIXTURES, "lora"))).not.toContain("onnx");
});
