import sharp from "sharp";
import { describe, expect, it, onTestFinished } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import type { ImageRequest } from "../../src/domain/recipe.ts";
import { styleSchema } from "../../src/domain/style.ts";
import { someRequest, someStyle } from "../contracts/backend.ts";
import type { LiveComfyui } from "./comfyui-live.ts";
import { backendAt } from "./comfyui-rig.ts";

const MINUTES_MS = 600_000;
const KEYS = ["one", "two", "three"];
const SIZE_PX = 256;
/** Of the models that `placard_tiny.py` makes. */
const EDITORS = [
  ["flux1", "flux1-dev-kontext", 2],
  ["qwen-image", "qwen_image_edit_2509", 3],
] as const;

/** Pictures changed by words, from the pictures to the pixels. */
export function editLiveChecks(name: string, live: LiveComfyui): void {
  describe(`pictures changed by words at ${name}`, () => {
    it.for(EDITORS)(
      "by %s, %s, with up to %i pictures",
      { timeout: MINUTES_MS },
      async ([family, file, most], context) => {
        if (!live.ours) context.skip(live.needs);
        const backend = backendAt([live.url()], {}, { pollEveryMs: 100, patienceMs: 60_000, silenceMs: MINUTES_MS });
        onTestFinished(() => backend.close());
        await backend.health(AbortSignal.timeout(60_000));
        if (backend.features.edit === undefined) context.skip("this Placard has no graph that changes pictures");
        const style = styleSchema.parse({ ...someStyle, family, lora: {} });
        async function changed(count: number, change: Partial<ImageRequest> = {}): Promise<Buffer> {
          const events = await Array.fromAsync(
            backend.generate({
              request: {
                ...someRequest,
                ...{ steps: 2, widthPx: SIZE_PX, heightPx: SIZE_PX, loraScale: 0 },
                edit: { keys: KEYS.slice(0, count) },
                ...change,
              },
              style,
              editBytes: KEYS.slice(0, count).map((key) => tinyPng(SIZE_PX, SIZE_PX, key)),
              signal: AbortSignal.timeout(MINUTES_MS),
            }),
          );
          const image = events.at(-1);
          if (image?.type !== "image") throw new Error("no picture");
          expect(image.model).toContain(file);
          const { data, info } = await sharp(image.bytes).raw().toBuffer({ resolveWithObject: true });
          expect(info).toMatchObject({ width: SIZE_PX, height: SIZE_PX });
          return data;
        }
        const [one, all] = [await changed(1), await changed(most)];
        expect(one.equals(all), "the other pictures count").toBe(false);
        expect((await changed(1, { finalPrompt: "make it blue" })).equals(one), "the words count").toBe(false);
      },
    );
  });
}
