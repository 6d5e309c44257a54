import { closeSync, openSync, writeSync } from "node:fs";

/** One tensor of half precision: `noise` around 0, or all of one value. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly of: "noise" | "ones" | "zeros";
}

/** 1 in half precision. */
const ONE = 0x3c_00;
/** A prime, so that no row of a table repeats another. */
const NOISE_LENGTH = 1_000_003;

let made: Buffer | undefined;
/** Values of 1/64 to 1/32 with either sign, the same ones each time: weights that neither vanish nor explode. */
function noise(): Buffer {
  if (made) return made;
  const values = new Uint16Array(NOISE_LENGTH);
  let state = 1;
  for (let at = 0; at < values.length; at += 1) {
    // Numerical Recipes' linear congruential generator; its upper half is random enough for this.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const bits = state >>> 16;
    values[at] = ((bits & 1) << 15) | (9 << 10) | ((bits >>> 1) & 0x3_ff);
  }
  made = Buffer.from(values.buffer);
  return made;
}

function filled({ shape, of }: Tensor): { readonly block: Buffer; readonly bytes: number } {
  const bytes = shape.reduce((product, size) => product * size, 1) * 2;
  switch (of) {
    case "noise":
      return { block: noise(), bytes };
    case "zeros":
      return { block: Buffer.alloc(Math.min(bytes, 2 ** 20)), bytes };
    case "ones": {
      const block = new Uint16Array(Math.min(bytes / 2, 2 ** 19)).fill(ONE);
      return { block: Buffer.from(block.buffer), bytes };
    }
  }
}

/** Writes a file of weights without holding it in memory. Source of the format: huggingface/safetensors, its README. */
export function writeSafetensors(path: string, tensors: Readonly<Record<string, Tensor>>): void {
  let end = 0;
  const header: Record<string, unknown> = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    const start = end;
    end += filled(tensor).bytes;
    header[name] = { dtype: "F16", shape: tensor.shape, data_offsets: [start, end] };
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const file = openSync(path, "w");
  try {
    writeSync(file, length);
    writeSync(file, json);
    for (const tensor of Object.values(tensors)) {
      const { block, bytes } = filled(tensor);
      for (let left = bytes; left > 0; left -= Math.min(left, block.length))
        writeSync(file, block, 0, Math.min(left, block.length));
    }
  } finally {
    closeSync(file);
  }
}
