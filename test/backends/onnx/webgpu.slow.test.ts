import { join } from "node:path";
import { expect, it } from "vitest";
import { z } from "zod";
import { findProvider } from "../../../src/backends/onnx/engine/providers.ts";
import { loadRuntime } from "../../../src/lib/onnx-runtime.ts";
import { forwards } from "./adapter.ts";
import { arraySchema, FIXTURES, largestDifference, openReferences } from "./references.ts";

const { cases, valuesOf } = openReferences(
  "lora/reference",
  z.object({
    inputs: z.record(z.string(), arraySchema),
    forward: z.array(
      z.object({
        name: z.string(),
        loras: z.array(z.object({ file: z.string(), scale: z.number() })),
        out_hidden_states: arraySchema,
      }),
    ),
  }),
);

it.for(cases.forward)(
  "$name on a graphics card by WebGPU, or on Vulkan's driver without one",
  async (given, context) => {
    const works = await findProvider(await loadRuntime(), "webgpu", process.platform).catch(() => undefined);
    if (!works)
      return context.skip("no Vulkan driver here: libvulkan.so.1, and a card's driver or Mesa's lavapipe from 25 on");
    const inputs = Object.fromEntries(
      Object.entries(cases.inputs).map(([name, reference]) => [
        name,
        { data: Array.from(valuesOf(reference)), dims: reference.shape },
      ]),
    );
    const folder = join(FIXTURES, "lora");
    const files = given.loras.map(({ file }) => join(folder, file));
    const scales = [given.loras.map(({ scale }) => scale)];
    const [got = []] = await forwards(folder, inputs, files, { scales, provider: "webgpu" });
    expect(largestDifference(got, valuesOf(given.out_hidden_states))).toBeLessThanOrEqual(5e-4);
  },
);
