import { FLOAT32, integerAttribute, type Node, type OnnxModel } from "./model.ts";

/** A linear layer of a network: outputs = inputs · W. */
export interface LinearLayer {
  readonly node: Node;
  readonly inputs: number;
  readonly outputs: number;
  /** Element type of what it computes in. */
  readonly type: number;
}

/**
 * The linear layers of a graph by the name of their torch module. torch.onnx writes it into the node's name:
 * `/transformer_blocks.0/attn/to_q/MatMul`. Without a scope the weight's own name says it (`<module>.weight`, as the dynamo
 * exporter keeps it), else the bias of the Add that follows. Fused graphs have lost all of them.
 */
export function linearLayers(model: OnnxModel): ReadonlyMap<string, LinearLayer> {
  const biasOf = new Map<string, string>();
  for (const { op, inputs } of model.nodes) {
    if (op !== "Add" || inputs.length !== 2) continue;
    const [first = "", second = ""] = inputs;
    biasOf.set(first, second);
    biasOf.set(second, first);
  }
  const layers = new Map<string, LinearLayer>();
  for (const node of model.nodes) {
    const layer = layerOf(model, node);
    const name = layer && moduleOf(node, biasOf);
    if (layer && name) layers.set(name, layer);
  }
  return layers;
}

function moduleOf(
  { name, inputs: [, weight = ""], outputs: [output = ""] }: Node,
  biasOf: ReadonlyMap<string, string>,
) {
  // Quantising puts a suffix behind it: MatMul_Q4.
  if (name.startsWith("/"))
    return name
      .slice(1)
      .replace(/\/(?:MatMul|Gemm)[^/]*$/, "")
      .replaceAll("/", ".");
  const named = [weight, biasOf.get(output) ?? ""].map((text) => /^(.+)\.(?:weight|bias)$/.exec(text)?.[1]);
  return named.find((found) => found !== undefined);
}

function layerOf({ initializers }: OnnxModel, node: Node): LinearLayer | undefined {
  const [, weightName = "", scalesName = ""] = node.inputs;
  const weight = initializers.get(weightName);
  if (weight === undefined) return undefined;
  const [rows, columns] = weight.dims;
  switch (node.op) {
    case "MatMul":
    case "Gemm": {
      if (rows === undefined || columns === undefined || weight.dims.length !== 2) return undefined;
      const turned = node.op === "Gemm" && (integerAttribute(node, "transB") ?? 0) !== 0;
      const [inputs, outputs] = turned ? [columns, rows] : [rows, columns];
      return { node, inputs, outputs, type: weight.type };
    }
    case "MatMulNBits": {
      const [inputs, outputs] = [integerAttribute(node, "K"), integerAttribute(node, "N")];
      if (inputs === undefined || outputs === undefined) return undefined;
      return { node, inputs, outputs, type: initializers.get(scalesName)?.type ?? FLOAT32 };
    }
    default:
      return undefined;
  }
}
