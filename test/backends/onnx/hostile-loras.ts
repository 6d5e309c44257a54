import { readFileSync } from "node:fs";
import { join } from "node:path";
import { linearLayers } from "../../../src/backends/onnx/graph/linear-layers.ts";
import { readOnnxModel } from "../../../src/backends/onnx/graph/model.ts";
import { graftLoras } from "../../../src/backends/onnx/lora/graft.ts";
import { LoraError } from "../../../src/backends/onnx/lora/lora-error.ts";
import { readLora } from "../../../src/backends/onnx/lora/read-lora.ts";
import { FIXTURES } from "./references.ts";

type Chance = () => number;
type Header = Record<string, unknown>;

const FILES = ["peft", "peft-metadata-bf16", "kohya", "dotted-f16"].map((name) =>
  readFileSync(join(FIXTURES, "lora", `${name}.safetensors`)),
);
const GRAPH = readFileSync(join(FIXTURES, "lora/transformer/model.onnx"));
const KNOWN = linearLayers(readOnnxModel(GRAPH));

const under = (chance: Chance, limit: number) => Math.floor(chance() * limit);
const pick = <T>(chance: Chance, all: readonly T[]): T => all[under(chance, all.length)]!;

function rewritten(file: Buffer, change: (header: Header) => void): Buffer {
  const length = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString("utf8", 8, 8 + length)) as Header;
  change(header);
  const text = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([prefix, text, file.subarray(8 + length)]);
}

const ODD_VALUES = [-1, 0, 0.5, 2 ** 31, 2 ** 53, 1e300, null, "4", [], [[[]]], {}, true];
const ODD_NAMES = [
  "__proto__",
  "constructor",
  "x".repeat(100_000),
  ".lora_A.weight",
  "transformer..lora_A.weight",
  "lora_unet_double_blocks_99_img_attn_qkv.lora_down.weight",
  "diffusion_model.toString.lora_A.weight",
  "transformer.\u0000.lora_B.weight",
];
const ODD_METADATA = [
  "{",
  "[]",
  '{"transformer.lora_alpha":"x"}',
  '{"transformer.lora_alpha":1e999}',
  '{"transformer.use_dora":true}',
  '{"transformer.alpha_pattern":{"(a+)+$":1}}',
  '{"transformer.alpha_pattern":{"(.*)*x":1,"[":2}}',
  `{"transformer.alpha_pattern":${JSON.stringify(Object.fromEntries(Array.from({ length: 9000 }, (_, at) => [`m${at}`, 1])))}}`,
  '{"__proto__":{"transformer.lora_alpha":3}}',
];

/** Each turns a sound file into one that somebody might send. */
const MUTATIONS: Readonly<Record<string, (file: Buffer, chance: Chance) => Buffer>> = {
  "cut off": (file, chance) => file.subarray(0, under(chance, file.length)),
  "bytes of the header changed": (file, chance) => {
    const length = Number(file.readBigUInt64LE(0));
    const copy = Buffer.from(file);
    for (let times = 1 + under(chance, 8); times > 0; times -= 1) copy[under(chance, 8 + length)] = under(chance, 256);
    return copy;
  },
  "bytes of the values changed": (file, chance) => {
    const copy = Buffer.from(file);
    const start = 8 + Number(file.readBigUInt64LE(0));
    for (let times = 1 + under(chance, 64); times > 0; times -= 1)
      copy[start + under(chance, file.length - start)] = pick(chance, [0, 0x7f, 0x80, 0xff, under(chance, 256)]);
    return copy;
  },
  "another length of the header": (file, chance) => {
    const copy = Buffer.from(file);
    const length = copy.readBigUInt64LE(0);
    copy.writeBigUInt64LE(pick(chance, [0n, 1n, length - 1n, length + 1n, length * 2n, 2n ** 40n, 2n ** 64n - 1n]));
    return copy;
  },
  "bytes put in": (file, chance) => {
    const at = under(chance, file.length);
    const more = Buffer.alloc(1 + under(chance, 4096), under(chance, 256));
    return Buffer.concat([file.subarray(0, at), more, file.subarray(at)]);
  },
  "an entry described oddly": (file, chance) =>
    rewritten(file, (header) => {
      const name = pick(chance, Object.keys(header));
      const entry = header[name] as Header;
      entry[pick(chance, ["dtype", "shape", "data_offsets"])] = pick(chance, [
        ...ODD_VALUES,
        [pick(chance, ODD_VALUES), pick(chance, ODD_VALUES)],
        [0, 4],
        [4, 0],
        "F64",
        "I8",
      ]);
    }),
  "an entry of another name": (file, chance) =>
    rewritten(file, (header) => {
      const name = pick(chance, Object.keys(header));
      const moved = header[name];
      delete header[name];
      Object.defineProperty(header, pick(chance, ODD_NAMES), { value: moved, enumerable: true, configurable: true });
    }),
  "an entry left out": (file, chance) =>
    rewritten(file, (header) => void delete header[pick(chance, Object.keys(header))]),
  "odd metadata": (file, chance) =>
    rewritten(file, (header) => {
      header["__metadata__"] = pick(chance, [
        { lora_adapter_metadata: pick(chance, ODD_METADATA) },
        { lora_adapter_metadata: pick(chance, ODD_METADATA) },
        { lora_adapter_metadata: 5 },
        pick(chance, ODD_VALUES),
      ]);
    }),
  "thousands of entries": (file, chance) =>
    rewritten(file, (header) => {
      const entry = pick(chance, Object.values(header));
      for (let at = 0; at < 3000; at += 1) header[`lora_unet_${at}.lora_down.weight`] = entry;
    }),
};

export interface Judged {
  readonly mutation: string;
  readonly outcome: "taken" | "refused";
  readonly tookMs: number;
  /** Anything but a refusal in words. */
  readonly fault: string | undefined;
}

/** Makes one hostile file, and reads it and puts it into a graph as the engine does. */
export function judgeHostileLora(chance: Chance): Judged {
  const mutation = pick(chance, Object.keys(MUTATIONS));
  const file = MUTATIONS[mutation]!(pick(chance, FILES), chance);
  const startedMs = performance.now();
  try {
    readLora(file, KNOWN);
    const model = readOnnxModel(GRAPH);
    graftLoras(model, [file]);
    model.toBytes();
    return { mutation, outcome: "taken", tookMs: performance.now() - startedMs, fault: undefined };
  } catch (error) {
    const tookMs = performance.now() - startedMs;
    const words = error instanceof LoraError && error.message.length < 600 ? undefined : String(error).slice(0, 400);
    return { mutation, outcome: "refused", tookMs, fault: words };
  }
}
