import { linearLayers } from "../graph/linear-layers.ts";
import { FLOAT16, type NewNode, newNode, type OnnxModel } from "../graph/model.ts";
import { LoraError } from "./lora-error.ts";
import { type LoraPart, readLora } from "./read-lora.ts";

/** What a graph got. */
export interface Grafted {
  /** The graph's new input of shape [1], one for each file in order: 0 switches it off. */
  readonly scaleInputs: readonly string[];
  /** For each file, keys for text encoders: left out. */
  readonly textEncoderKeys: readonly (readonly string[])[];
}

interface Placed extends LoraPart {
  /** Of its nodes and weights. */
  readonly id: string;
  readonly scale: string;
}

/**
 * Puts LoRAs into a graph: Y = X·W + ((X·A)·B)·scale. The base weights are neither read nor changed, so it works with weights in
 * other files and with quantised ones, and the scale is chosen at each run.
 *
 * @param files contents of .safetensors files
 * @throws LoraError saying of which file (`number`, from 0) and why
 */
export function graftLoras(model: OnnxModel, files: readonly Uint8Array[]): Grafted {
  const known = linearLayers(model);
  const read = files.map((file) => readLora(file, known));
  const perModule = new Map<string, Placed[]>();
  for (const [number, { parts }] of read.entries())
    for (const part of parts) {
      const scale = part.layer.type === FLOAT16 ? halfScaleOf(number) : scaleOf(number);
      const placed = perModule.get(part.module) ?? [];
      placed.push({ ...part, id: `lora${number}/${part.module}/${placed.length}`, scale });
      perModule.set(part.module, placed);
    }
  for (const parts of perModule.values()) graftLayer(model, parts);
  for (const number of files.keys()) model.addInput(scaleOf(number), [1]);
  model.prependNodes(castsOf(perModule));
  return {
    scaleInputs: files.map((_, number) => scaleOf(number)),
    textEncoderKeys: read.map((each) => each.textEncoderKeys),
  };
}

const scaleOf = (number: number) => `lora_scale_${number}`;
const halfScaleOf = (number: number) => `${scaleOf(number)}/f16`;

/** The scale in float16, once for each LoRA that has layers of it. */
function castsOf(perModule: ReadonlyMap<string, readonly Placed[]>): readonly NewNode[] {
  const halves = new Set(
    [...perModule.values()].flat().flatMap(({ scale }) => (scale.endsWith("/f16") ? [scale] : [])),
  );
  return [...halves].map((half) => newNode("Cast", half, [[half.slice(0, -"/f16".length)], [half]], { to: FLOAT16 }));
}

function graftLayer(model: OnnxModel, parts: readonly Placed[]): void {
  const [first] = parts;
  if (first === undefined) return;
  const { node } = first.layer;
  const [input = "", output = ""] = [node.inputs[0], node.outputs[0]];
  let sum = `${output}/base`;
  const nodes: NewNode[] = [{ ...node, outputs: [sum, ...node.outputs.slice(1)] }];
  for (const [at, part] of parts.entries()) {
    const { id, layer, rank, scale } = part;
    const next = at === parts.length - 1 ? output : `${output}/sum${at}`;
    const { inputs, outputs, type } = layer;
    model.addInitializer(`${id}/A`, [inputs, rank], turned(part.down, { rows: rank, type, factor: 1 }));
    model.addInitializer(`${id}/B`, [rank, outputs], turned(part.up, { rows: outputs, type, factor: part.factor }));
    nodes.push(
      newNode("MatMul", `${id}/down`, [[input, `${id}/A`], [`${id}/d`]]),
      newNode("MatMul", `${id}/up`, [[`${id}/d`, `${id}/B`], [`${id}/u`]]),
      newNode("Mul", `${id}/scaled`, [[`${id}/u`, scale], [`${id}/s`]]),
      newNode("Add", `${id}/added`, [[sum, `${id}/s`], [next]]),
    );
    sum = next;
  }
  model.replaceNode(node, nodes);
}

/** A matrix of so many rows, rows and columns swapped, times `factor`, in the type of its layer. */
function turned(
  matrix: Float32Array,
  { rows, type, factor }: { readonly rows: number; readonly type: number; readonly factor: number },
): Float32Array | Float16Array {
  const columns = matrix.length / rows;
  const result = type === FLOAT16 ? new Float16Array(matrix.length) : new Float32Array(matrix.length);
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1)
      result[column * rows + row] = matrix[row * columns + column]! * factor;
  if (!result.every(Number.isFinite)) throw new LoraError("its values are too large for this model's number type");
  return result;
}
