import { join, resolve } from "node:path";
import { z } from "zod";
import { NOISE_DTYPES, type NoiseDtype } from "../../domain/recipe.ts";
import { wholeNumberSetting } from "../../lib/number-text.ts";

/** Where networks are computed. "auto": the first that works here. */
export const PROVIDER_CHOICES = ["auto", "cuda", "webgpu", "dml", "coreml", "cpu"] as const;
export type ProviderChoice = (typeof PROVIDER_CHOICES)[number];

const yesNo = (fallback: "yes" | "no") => z.enum(["yes", "no"]).default(fallback);

/** Read whether the backend is on or not: this file imports nothing that is large. */
export const onnxEnv = z.object({
  ONNX_MODEL_DIR: z
    .string()
    .optional()
    .describe("folder of an ONNX model as Optimum exports it: pictures are then made inside Placard itself"),
  ONNX_LORA_DIR: z
    .string()
    .optional()
    .describe("folder of that model's LoRA files (.safetensors); empty: `loras` in ONNX_MODEL_DIR"),
  ONNX_PROVIDER: z
    .enum(PROVIDER_CHOICES)
    .default("auto")
    .describe("where that model is computed: auto takes the first of cuda, dml, coreml, webgpu, cpu that works here"),
  ONNX_NOISE: z
    .enum(NOISE_DTYPES)
    .optional()
    .describe(
      "number type of that model's noise, which decides what a seed means: f32, bf16 or f16; empty: bf16 for FLUX as in most Spaces, else f32",
    ),
  ONNX_STEPS_MAX: wholeNumberSetting(1, 50)
    .optional()
    .describe("that model takes at most so many steps; empty: 8 for schnell, Turbo and LCM models, else as asked"),
  ONNX_THREADS: wholeNumberSetting(0, 1024)
    .default(0)
    .describe("processor threads of that model; 0: one for each core"),
  ONNX_SPINNING: yesNo("no").describe(
    "yes: those threads wait busily for work, which is quicker where nothing else runs on the machine",
  ),
  ONNX_MEMORY_MAP: yesNo("yes").describe(
    "yes: on the processor that model's weights stay in their file, and the system reads what it needs; no: quicker runs, and a copy in memory",
  ),
  ONNX_IDLE_MINUTES: wholeNumberSetting(0, 10_080)
    .default(15)
    .describe("without a picture for so long that model is unloaded and its memory given back; 0: never"),
  ONNX_TIMEOUT_SECONDS: wholeNumberSetting(30, 86_400)
    .default(1800)
    .describe("one picture inside Placard may take this long"),
});

/** The settings in the units that the code uses. */
export interface OnnxSettings {
  readonly loraDir: string;
  readonly provider: ProviderChoice;
  readonly noise: NoiseDtype | undefined;
  readonly stepsMax: number | undefined;
  readonly threads: number;
  readonly spinning: boolean;
  readonly mapped: boolean;
  readonly idleMs: number;
  readonly timeoutMs: number;
}

export const onnxSettings = (env: z.output<typeof onnxEnv>, modelDir: string): OnnxSettings => ({
  loraDir: resolve(env.ONNX_LORA_DIR ?? join(modelDir, "loras")),
  provider: env.ONNX_PROVIDER,
  noise: env.ONNX_NOISE,
  stepsMax: env.ONNX_STEPS_MAX,
  threads: env.ONNX_THREADS,
  spinning: env.ONNX_SPINNING === "yes",
  mapped: env.ONNX_MEMORY_MAP === "yes",
  idleMs: env.ONNX_IDLE_MINUTES * 60_000,
  timeoutMs: env.ONNX_TIMEOUT_SECONDS * 1000,
});
