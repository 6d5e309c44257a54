import sharp from "sharp";
import { describe, expect, it, onTestFinished } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { styleSchema } from "../../src/domain/style.ts";
import type { Backend, BackendEvent, BackendFeatures, GenerateInput } from "../../src/ports/backend.ts";
import { someRequest, someStyle } from "../contracts/backend.ts";
import type { LiveComfyui } from "./comfyui-live.ts";
import { backendAt } from "./comfyui-rig.ts";

const MINUTES_MS = 600_000;
const FROM = { widthPx: 64, heightPx: 64 };
/** Less than the model's four times: it is fitted after it. */
const TO = { widthPx: 192, heightPx: 192 };

/** What a backend that makes finished pictures larger has. */
interface Enlarging {
  readonly features: BackendFeatures & { readonly enlarges?: { readonly model: string } };
  enlarge?(
    input: GenerateInput & { readonly picture: Uint8Array; readonly from: typeof FROM; readonly to: typeof TO },
  ): AsyncIterable<BackendEvent>;
}

/** A finished picture made larger, from the picture to the pixels. */
export function enlargeLiveChecks(name: string, live: LiveComfyui): void {
  describe(`pictures made larger at ${name}`, () => {
    it("by the upscaler that is there, to the very size", { timeout: MINUTES_MS }, async (context) => {
      if (!live.ours) context.skip(live.needs);
      const opened: Backend = backendAt([live.url()], {}, { pollEveryMs: 100, patienceMs: 60_000 });
      onTestFinished(() => opened.close());
      const backend: Enlarging & Backend = opened;
      await backend.health(AbortSignal.timeout(60_000));
      if (!backend.enlarge || !backend.features.enlarges) context.skip("this Placard makes no pictures larger there");
      expect(backend.features.enlarges?.model).toContain("RealESRGAN_x4plus");
      const events = await Array.fromAsync(
        backend.enlarge?.({
          request: { ...someRequest, ...FROM, loraScale: 0 },
          style: styleSchema.parse({ ...someStyle, lora: {} }),
          ...{ picture: tinyPng(FROM.widthPx, FROM.heightPx, "small"), from: FROM, to: TO },
          signal: AbortSignal.timeout(MINUTES_MS),
        }) ?? [],
      );
      const image = events.at(-1);
      if (image?.type !== "image") throw new Error("no picture");
      expect(await sharp(image.bytes).metadata()).toMatchObject({ width: TO.widthPx, height: TO.heightPx });
    });
  });
}
