import { resolve } from "node:path";
import { defineBackend } from "../ports/module.ts";
import { onnxEnv, onnxSettings } from "./onnx/settings.ts";

export const module = defineBackend({
  name: "onnx",
  packages: ["@huggingface/tokenizers", "onnxruntime-node"],
  summary: "A model inside Placard: FLUX, SD-Turbo, SDXL-Turbo or LCM as ONNX files, without any other program",
  env: onnxEnv,
  setup: {
    title: "A model inside Placard",
    why: "Pictures by a small model, without another program or a graphics card: free, slow for large models.",
    how: [
      "Get a model in ONNX's format: docs/pictures/onnx.md says how https://github.com/huggingface/optimum-onnx makes one.",
      "Its folder is the one with model_index.json in it.",
    ],
    ask: ["ONNX_MODEL_DIR"],
  },
  async create(env, services) {
    if (env.ONNX_MODEL_DIR === undefined) return undefined;
    const modelDir = resolve(env.ONNX_MODEL_DIR);
    const { createOnnx } = await import("./onnx/backend.ts");
    return createOnnx({ ...onnxSettings(env, modelDir), modelDir }, services);
  },
});
