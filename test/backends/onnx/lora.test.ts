import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { linearLayers } from "../../../src/backends/onnx/graph/linear-layers.ts";
import { readOnnxModel } from "../../../src/backends/onnx/graph/model.ts";
import { metadataAlpha } from "../../../src/backends/onnx/lora/alpha.ts";
import { graftLoras } from "../../../src/backends/onnx/lora/graft.ts";
import { targetOf } from "../../../src/backends/onnx/lora/modules.ts";
import { readLora } from "../../../src/backends/onnx/lora/read-lora.ts";
import { openEdited } from "../../../src/backends/onnx/network.ts";
import { floats } from "../../../src/backends/onnx/tensors.ts";
import { loadRuntime } from "../../../src/lib/onnx-runtime.ts";
import { seededChance } from "../../fakes/chance.ts";
import { buildOnnx, someNumbers, type Weight } from "./build-onnx.ts";
import { judgeHostileLora } from "./hostile-loras.ts";
import { FIXTURES } from "./references.ts";

const IN = 32;
const OUT = 16;
const RANK = 2;

/** A .safetensors file of float32 tensors. */
function safetensors(
  tensors: Readonly<Record<string, readonly [shape: readonly number[], values: Float32Array]>>,
): Buffer {
  let at = 0;
  const header = Object.fromEntries(
    Object.entries(tensors).map(([name, [shape, values]]) => {
      const from = at;
      at += values.byteLength;
      return [name, { dtype: "F32", shape, data_offsets: [from, at] }];
    }),
  );
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, ...Object.values(tensors).map(([, values]) => new Uint8Array(values.buffer))]);
}
const pair = (key: string, [down, up] = ["lora_A", "lora_B"]) => ({
  [`${key}.${down}.weight`]: [[RANK, IN], someNumbers(RANK * IN, 3)] as const,
  [`${key}.${up}.weight`]: [[OUT, RANK], someNumbers(OUT * RANK, 4)] as const,
});

/** y = x · W, with the layer written as one exporter or another does. */
function linearModel(layer: { op?: string; name?: string; weight?: string; half?: boolean } = {}) {
  const { op = "MatMul", name = "", weight = "w", half = false } = layer;
  const type = half ? "float16" : "float32";
  const values = someNumbers(IN * OUT, 1);
  const nBits = op === "MatMulNBits";
  const weights: readonly Weight[] = nBits
    ? [
        // Blocks of 32 values of 4 bits: all are 9, which is 1 times the scale.
        { name: weight, dims: [OUT, 1, 16], values: new Uint8Array(OUT * 16).fill(0x99) },
        { name: "scales", dims: [OUT], values: new Float32Array(OUT).fill(0.5) },
      ]
    : [{ name: weight, dims: op === "Gemm" ? [OUT, IN] : [IN, OUT], values: half ? new Float16Array(values) : values }];
  return buildOnnx({
    inputs: [{ name: "x", type, dims: [1, IN] }],
    outputs: [{ name: "y", type, dims: [1, OUT] }],
    weights,
    operations: [
      {
        op,
        name,
        inputs: ["x", weight, ...(nBits ? ["scales"] : [])],
        outputs: ["y"],
        ...(nBits ? { domain: "com.microsoft", attributes: { K: IN, N: OUT, bits: 4, block_size: 32 } } : {}),
        ...(op === "Gemm" ? { attributes: { transB: 1 } } : {}),
      },
    ],
  });
}

/** What a LoRA of `pair` adds to row x, by the formula. */
function addedBy(x: Float32Array): readonly number[] {
  const [down, up] = [someNumbers(RANK * IN, 3), someNumbers(OUT * RANK, 4)];
  const inner = [0, 1].map((r) => x.reduce((sum, value, at) => sum + value * down[r * IN + at]!, 0));
  return Array.from({ length: OUT }, (_, at) => inner[0]! * up[at * RANK]! + inner[1]! * up[at * RANK + 1]!);
}

describe("a LoRA in one layer", () => {
  it.each([
    ["float32, named by its scope", { name: "/a/to_q/MatMul" }, "a.to_q", 4],
    ["a Gemm, named by its weight", { op: "Gemm", weight: "a.to_q.weight" }, "a.to_q", 4],
    ["float16", { name: "/a/to_q/MatMul", half: true }, "a.to_q", 1],
    ["int4", { op: "MatMulNBits", name: "/a/to_q/MatMul_Q4" }, "a.to_q", 4],
  ])("adds what the formula says: %s", async (_what, layer, module, digits) => {
    const model = readOnnxModel(linearModel(layer));
    expect([...linearLayers(model).keys()]).toEqual([module]);
    const { scaleInputs } = graftLoras(model, [safetensors(pair(`transformer.${module}`))]);
    const options = {
      runtime: await loadRuntime(),
      session: { logSeverityLevel: 3, intraOpNumThreads: 1 } as const,
      time: { runMs: 0 },
    };
    const network = await openEdited(join(FIXTURES, "none.onnx"), model.toBytes(), options);
    const x = someNumbers(IN, 9);
    const run = async (scale: number) => {
      const { y } = await network.run({
        x: { data: x, dims: [1, IN] },
        [scaleInputs[0] ?? ""]: { data: [scale], dims: [1] },
      });
      if (!y) throw new Error("no y");
      return floats(y);
    };
    const [base, styled, minus] = [await run(0), await run(0.5), await run(-1)];
    await network.release();
    const added = addedBy(x);
    for (const at of [0, 7, OUT - 1]) {
      expect(styled[at]! - base[at]!).toBeCloseTo(0.5 * added[at]!, digits);
      expect(minus[at]! - base[at]!).toBeCloseTo(-added[at]!, digits);
    }
    expect(Math.max(...added.map(Math.abs))).toBeGreaterThan(1);
  });
});

describe("which modules a key means", () => {
  const moduleOf = new Map([["down_blocks_0_attn1_to_q", "down_blocks.0.attn1.to_q"]]);
  it.each([
    ["transformer.x_embedder", ["x_embedder"]],
    ["unet.mid_block.proj", ["mid_block.proj"]],
    ["lora_unet_down_blocks_0_attn1_to_q", ["down_blocks.0.attn1.to_q"]],
    ["lora_unet_single_blocks_3_linear2", ["single_transformer_blocks.3.proj_out"]],
    ["diffusion_model.double_blocks.1.txt_mlp.0", ["transformer_blocks.1.ff_context.net.0.proj"]],
    ["diffusion_model.vector_in.out_layer", ["time_text_embed.text_embedder.linear_2"]],
    [
      "lora_unet_double_blocks_7_txt_attn_qkv",
      ["add_q_proj", "add_k_proj", "add_v_proj"].map((name) => `transformer_blocks.7.attn.${name}`),
    ],
  ])("%s", (key, modules) => expect(targetOf(key, moduleOf)).toMatchObject({ kind: "layers", modules }));

  it("tells a text encoder's and an unknown one", () => {
    expect(targetOf("lora_te1_text_model_encoder_layers_0_mlp_fc1", moduleOf).kind).toBe("text_encoder");
    expect(targetOf("lora_unet_double_blocks_0_qkv", moduleOf).kind).toBe("unknown");
  });
});

describe("a LoRA that is refused", () => {
  const known = linearLayers(readOnnxModel(linearModel({ name: "/a/to_q/MatMul" })));
  const sound = pair("transformer.a.to_q");
  it.each([
    ["another model's, by the names of its modules", pair("transformer.b.to_k"), "transformer.b.to_k"],
    ["of which half fits", { ...sound, ...pair("transformer.b.to_k") }, "transformer.b.to_k"],
    [
      "without its other half",
      { "transformer.a.to_q.lora_A.weight": sound["transformer.a.to_q.lora_A.weight"]! },
      "a.to_q",
    ],
    ["DoRA", { ...sound, "transformer.a.to_q.lora_magnitude_vector": [[1], new Float32Array(1)] as const }, "DoRA"],
    [
      "with numbers that are none",
      { ...sound, "transformer.a.to_q.alpha": [[1], new Float32Array([Number.NaN])] as const },
      "no numbers",
    ],
    ["without anything in it", {}, "nothing in it"],
  ])("%s", (_what, tensors, words) => expect(() => readLora(safetensors(tensors), known)).toThrow(words));

  it("leaves text encoders as they are, and says so", () => {
    const file = safetensors({ ...sound, ...pair("lora_te1_layer", ["lora_down", "lora_up"]) });
    expect(readLora(file, known).textEncoderKeys).toEqual(["lora_te1_layer"]);
  });

  it("whose metadata has an expression that never ends", () => {
    const metadata = { lora_adapter_metadata: '{"transformer.alpha_pattern":{"(a+)+":2},"transformer.lora_alpha":4}' };
    expect(() => metadataAlpha(metadata)).toThrow("pattern");
  });
  it("but not one whose metadata has honest patterns", () => {
    const patterns = { "attn.to_v": 2, "blocks\\.\\d+\\.ff": 3 };
    const config = { "transformer.lora_alpha": 8, "transformer.alpha_pattern": patterns };
    const alphaOf = metadataAlpha({ lora_adapter_metadata: JSON.stringify(config) });
    expect(["x.attn.to_v", "blocks.12.ff", "x.blocks.3.ff", "attn.to_vv"].map(alphaOf)).toEqual([2, 3, 3, 8]);
  });
});

it("200 hostile files are taken or refused in words", () => {
  const chance = seededChance(18);
  const judged = Array.from({ length: 200 }, () => judgeHostileLora(chance));
  expect(judged.flatMap(({ mutation, fault }) => (fault === undefined ? [] : [`${mutation}: ${fault}`]))).toEqual([]);
  expect(new Set(judged.map(({ outcome }) => outcome))).toEqual(new Set(["taken", "refused"]));
});

it("reads a graph of one exporter and the other alike", () => {
  const graph = readOnnxModel(readFileSync(join(FIXTURES, "lora/transformer/model.onnx")));
  expect(graph.toBytes().equals(readFileSync(join(FIXTURES, "lora/transformer/model.onnx")))).toBe(true);
});
