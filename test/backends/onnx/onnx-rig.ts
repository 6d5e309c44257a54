import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createOnnx, type OnnxOptions } from "../../../src/backends/onnx/backend.ts";
import { styleSchema } from "../../../src/domain/style.ts";
import type { Backend, BackendEvent } from "../../../src/ports/backend.ts";
import { someRequest, someStyle } from "../../contracts/backend.ts";
import { moduleServices } from "../../fakes/module-services.ts";
import { FIXTURES } from "./references.ts";

export const TINY_FLUX = join(FIXTURES, "tiny-flux");
/** A style with a LoRA of the fixtures. */
export const styled = styleSchema.parse({ ...someStyle, lora: { onnx: "peft.safetensors" } });
export const smallRequest = { ...someRequest, widthPx: 256, heightPx: 320 };

/** The backend over a model's folder, as the program makes it, on one thread. The caller closes it, which removes its folder. */
export function openOnnx(modelDir: string, change: Partial<OnnxOptions> = {}): Backend {
  let under: string | undefined;
  const folder = (name: string): string => {
    under ??= mkdtempSync(join(tmpdir(), "placard-onnx-"));
    mkdirSync(join(under, name), { recursive: true });
    return join(under, name);
  };
  const options: OnnxOptions = {
    modelDir,
    loraDir: join(FIXTURES, "lora"),
    provider: "cpu",
    noise: undefined,
    stepsMax: undefined,
    threads: 1,
    spinning: false,
    mapped: true,
    idleMs: 0,
    timeoutMs: 60_000,
    ...change,
  };
  const backend = createOnnx(options, moduleServices({ folder, styles: [styled] }));
  return Object.create(backend, {
    close: {
      async value() {
        await backend.close();
        if (under !== undefined) rmSync(under, { recursive: true, force: true });
      },
    },
  }) as Backend;
}

export const imageIn = (events: readonly BackendEvent[]) => {
  const image = events.find((event) => event.type === "image");
  if (image?.type !== "image") throw new Error("no picture");
  return image;
};
