import { describe, expect, it } from "vitest";
import type { Network } from "../../../src/backends/onnx/network.ts";
import { noiseSource } from "../../../src/backends/onnx/noise/source.ts";
import { type FluxModel, type FluxOrder, fluxPicture } from "../../../src/backends/onnx/pipelines/flux.ts";
import { startStopwatch } from "../../../src/backends/onnx/stopwatch.ts";
import type { AnyTensor } from "../../../src/lib/onnx-runtime.ts";

const STEPS = 6;
const tensor = (data: Float32Array, dims: readonly number[]) =>
  ({ type: "float32", data, dims }) as unknown as AnyTensor;

/** A network that notes which values are converted for it, and how often it runs. */
function counted(run: () => Readonly<Record<string, AnyTensor>>) {
  const converted: Record<string, number> = {};
  const latents = new Set<unknown>();
  let runs = 0;
  const network: Network = {
    inputType: () => "float32",
    inputRank: () => 2,
    outputNames: [],
    prepared(named) {
      for (const name of Object.keys(named)) converted[name] = (converted[name] ?? 0) + 1;
      return named as Readonly<Record<string, AnyTensor>>;
    },
    async run(named) {
      runs += 1;
      latents.add(named["hidden_states"]?.data);
      return run();
    },
    release: async () => undefined,
  };
  return { network, converted, latents, runs: () => runs };
}

async function picture(change: Partial<FluxOrder> = {}) {
  const transformer = counted(() => ({ out_hidden_states: tensor(new Float32Array(16 * 16), [1, 16, 16]) }));
  const decoder = counted(() => ({ sample: tensor(new Float32Array(3 * 64 * 64), [1, 3, 64, 64]) }));
  const model: FluxModel = {
    transformer: transformer.network,
    decoder: decoder.network,
    encoder: () => Promise.reject(new Error("not needed")),
    scaling: { scaling: 0.3611, shift: 0.1159, factor: 8 },
    scheduler: { use_dynamic_shifting: true },
    packedChannels: 16,
  };
  const text = { pooled: tensor(new Float32Array(4), [1, 4]), sequence: tensor(new Float32Array(8), [1, 2, 4]) };
  let previewsMade = 0;
  const made = await fluxPicture(
    model,
    {
      text,
      negative: text,
      noise: noiseSource({ seed: 1, type: "f32" }),
      widthPx: 64,
      heightPx: 64,
      steps: STEPS,
      guidance: 3,
      trueCfg: 1,
      loraScales: { lora_scale_0: 1 },
      ...change,
    },
    {
      signal: new AbortController().signal,
      watch: startStopwatch({ runMs: 0 }),
      async step(at, _of, clean) {
        if (at !== 2) return;
        clean();
        previewsMade += 1;
      },
      decoded: () => undefined,
    },
  );
  return { made, transformer, decoder, previewsMade };
}

describe("what a FLUX picture costs beside its networks, counted", () => {
  it("converts what stays the same once, and of each step only latents and timestep", async () => {
    const { transformer, decoder, previewsMade } = await picture();
    expect(transformer.converted).toEqual({
      txt_ids: 1,
      img_ids: 1,
      guidance: 1,
      lora_scale_0: 1,
      pooled_projections: 1,
      encoder_hidden_states: 1,
      hidden_states: STEPS,
      timestep: STEPS,
    });
    expect([transformer.runs(), decoder.runs(), previewsMade]).toEqual([STEPS, 1, 1]);
  });

  it("converts latents once for both runs of a step with true CFG", async () => {
    const { transformer } = await picture({ trueCfg: 2 });
    expect(transformer.converted).toMatchObject({ encoder_hidden_states: 2, hidden_states: STEPS });
    expect(transformer.runs()).toBe(2 * STEPS);
  });

  it("hands the very latents to the network, not a copy of them", async () => {
    const { made, transformer } = await picture();
    expect(transformer.latents).toEqual(new Set([made.latents]));
    expect(transformer.latents.size).toBe(1);
  });
});
