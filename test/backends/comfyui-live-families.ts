import sharp from "sharp";
import { describe, expect, it, onTestFinished } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import type { ImageRequest } from "../../src/domain/recipe.ts";
import { type Style, styleSchema } from "../../src/domain/style.ts";
import { FAMILIES } from "../../src/families/shared/known.ts";
import type { BackendEvent } from "../../src/ports/backend.ts";
import { someRequest, someStyle } from "../contracts/backend.ts";
import { NODE_CLASSES } from "../fakes/comfyui/nodes.ts";
import type { LiveComfyui } from "./comfyui-live.ts";
import { backendAt } from "./comfyui-rig.ts";

const MINUTES_MS = 600_000;
/** Those that ComfyUI had when the first graphs were written; newer ones know more. */
const EVERYWHERE = ["chroma", "flux1", "qwen-image", "sd35", "sdxl"];
const INIT = { key: "k", strength: 0.5 };

async function openedAt(url: string) {
  const backend = backendAt([url], {}, { pollEveryMs: 100, patienceMs: 60_000, silenceMs: MINUTES_MS });
  onTestFinished(() => backend.close());
  const found = await backend.inspect?.([], AbortSignal.timeout(60_000));
  return { backend, found: found?.families ?? [], loras: found?.loras ?? [] };
}
const styleOf = (family: string, lora?: string): Style =>
  styleSchema.parse({ ...someStyle, family, lora: lora === undefined ? {} : { comfyui: lora } });

/** Every family of which the server has a model: its graphs are accepted, and drawn to the end. */
export function familyLiveChecks(name: string, live: LiveComfyui): void {
  describe(`the families of ${name}`, () => {
    it.for(FAMILIES.map(({ id }) => id))(
      "%s is drawn from words, from a picture, with a LoRA, and varied",
      { timeout: MINUTES_MS },
      async (id, context) => {
        if (live.url() === "") context.skip(live.needs);
        const { backend, found, loras } = await openedAt(live.url());
        const own = found.find(({ family }) => family === id);
        if (!own) context.skip(`this ComfyUI has no ${id}`);
        const lora = loras.find((file) => file === `tiny-${own?.files[0]}`);
        if (live.ours) expect(lora, "a LoRA for it").toBeDefined();
        const plain = styleOf(id);
        const size = { steps: 2, guidance: plain.defaults.cfg, widthPx: 256, heightPx: 256 };
        async function drawn(style: Style, more: Partial<ImageRequest>): Promise<Buffer> {
          const events = await Array.fromAsync<BackendEvent>(
            backend.generate({
              request: { ...someRequest, ...size, ...more },
              style,
              signal: AbortSignal.timeout(MINUTES_MS),
              ...(more.init ? { initBytes: tinyPng(256, 256, "start") } : {}),
            }),
          );
          const image = events.at(-1);
          if (image?.type !== "image") throw new Error("no picture");
          const { data, info } = await sharp(image.bytes).raw().toBuffer({ resolveWithObject: true });
          expect(info).toMatchObject({ width: 256, height: 256 });
          return data;
        }
        const base = await drawn(plain, {});
        expect(new Set(base).size, "not one colour").toBeGreaterThan(1);
        expect((await drawn(plain, { init: INIT })).equals(base), "a picture to start from").toBe(false);
        expect((await drawn(plain, { variation: { seed: 3, strength: 0.5 } })).equals(base), "a variation").toBe(false);
        if (lora === undefined) return;
        expect((await drawn(styleOf(id, lora), { loraScale: 1 })).equals(base), "a LoRA").toBe(false);
        await drawn(styleOf(id, lora), { loraScale: 1, init: INIT, variation: { seed: 3, strength: 0.5 } });
      },
    );

    it("are five or more where the models are ours", { timeout: MINUTES_MS }, async (context) => {
      if (!live.ours) context.skip(live.needs);
      const { found } = await openedAt(live.url());
      expect(found.map(({ family }) => family)).toEqual(expect.arrayContaining(EVERYWHERE));
    });

    it("have the newer nodes that the fake has, with the same inputs", { timeout: MINUTES_MS }, async (context) => {
      if (live.url() === "") context.skip(live.needs);
      const newer = Object.entries(NODE_CLASSES).filter(([, { since }]) => since === "0.10.0");
      for (const [node, wanted] of newer) {
        const answer = await fetch(`${live.url()}/object_info/${node}`);
        // The border of a test's own question: what is read of it is compared below.
        const told = ((await answer.json()) as Record<string, unknown>)[node];
        if (told === undefined) context.skip(`this ComfyUI has no ${node} yet`);
        expect(told).toMatchObject({ output: wanted.outputs });
        expect(Object.keys((told as { input: { required: object } }).input.required)).toEqual(
          Object.keys(wanted.required),
        );
      }
    });
  });
}
