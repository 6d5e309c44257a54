import sharp from "sharp";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Style, styleSchema } from "../../src/domain/style.ts";
import { FAMILIES } from "../../src/families/shared/known.ts";
import type { BackendEvent } from "../../src/ports/backend.ts";
import { someRequest, someStyle } from "../contracts/backend.ts";
import { NODE_CLASSES } from "../fakes/comfyui/nodes.ts";
import { backendAt } from "./comfyui-rig.ts";

/**
 * Draws once with every family that a real ComfyUI has: put test/fakes/comfyui/tiny/placard_tiny.py into its custom_nodes and
 * run it there, for tiny random models.
 */
const URL_SETTING = "COMFYUI_LIVE_URL";
const url = process.env[URL_SETTING] ?? "";
const MINUTES_MS = 900_000;

async function opened() {
  const backend = backendAt([url], {}, { pollEveryMs: 500, patienceMs: 60_000, silenceMs: MINUTES_MS });
  onTestFinished(() => backend.close());
  const found = await backend.inspect?.([], AbortSignal.timeout(60_000));
  return { backend, found: found?.families ?? [] };
}
const styleOf = (family: string): Style => styleSchema.parse({ ...someStyle, family, lora: {} });
async function infoOf(name: string): Promise<unknown> {
  const answer = await fetch(`${url}/object_info/${name}`);
  // The border of a test's own question: what is read of it is compared below.
  return ((await answer.json()) as Record<string, unknown>)[name];
}

describe("the families of a real ComfyUI", () => {
  it.for(FAMILIES.map(({ id }) => id))(
    "%s is accepted and drawn to the end",
    { timeout: MINUTES_MS },
    async (id, context) => {
      if (url === "") context.skip(`needs ${URL_SETTING}, the address of a ComfyUI`);
      const { backend, found } = await opened();
      if (!found.some(({ family }) => family === id)) context.skip(`this ComfyUI has no ${id}`);
      const style = styleOf(id);
      const request = { ...someRequest, steps: 2, guidance: style.defaults.cfg, widthPx: 256, heightPx: 256 };
      const events = await Array.fromAsync<BackendEvent>(
        backend.generate({ request, style, signal: AbortSignal.timeout(MINUTES_MS) }),
      );
      const image = events.at(-1);
      if (image?.type !== "image") throw new Error("no picture");
      expect(image.fixed).toMatchObject({ steps: 2 });
      const { data, info } = await sharp(image.bytes).raw().toBuffer({ resolveWithObject: true });
      expect(info).toMatchObject({ width: 256, height: 256 });
      expect(new Set(data).size, "not one colour").toBeGreaterThan(1);
    },
  );

  it("have the newer nodes that the fake has, with the same inputs", { timeout: MINUTES_MS }, async (context) => {
    if (url === "") context.skip(`needs ${URL_SETTING}, the address of a ComfyUI`);
    const newer = Object.entries(NODE_CLASSES).filter(([, { since }]) => since === "0.10.0");
    for (const [name, wanted] of newer) {
      const told = await infoOf(name);
      if (told === undefined) context.skip(`this ComfyUI has no ${name} yet`);
      expect(told).toMatchObject({ output: wanted.outputs });
      expect(Object.keys((told as { input: { required: object } }).input.required)).toEqual(
        Object.keys(wanted.required),
      );
    }
  });
});
