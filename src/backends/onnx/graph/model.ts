import {
  bytesField,
  bytesIn,
  type Field,
  integerField,
  integerIn,
  messageField,
  readFields,
  readVarint,
  textField,
  textIn,
  textOf,
  writeFields,
} from "./protobuf.ts";

/** ONNX's numbers of element types. */
export const FLOAT32 = 1;
export const FLOAT16 = 10;

// Field numbers of onnx.proto.
const MODEL_GRAPH = 7;
const GRAPH = { node: 1, initializer: 5, input: 11 } as const;
const NODE = { input: 1, output: 2, name: 3, op: 4, attribute: 5 } as const;
const TENSOR = { dims: 1, type: 2, name: 8, raw: 9, external: 13 } as const;
const ATTRIBUTE = { name: 1, integer: 3, type: 20 } as const;
const ATTRIBUTE_IS_INTEGER = 2;

interface Initializer {
  readonly name: string;
  readonly dims: readonly number[];
  /** Element type. */
  readonly type: number;
  /** The file beside the model that holds its values. */
  readonly externalFile: string | undefined;
}

export interface Node {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Everything but inputs and outputs, as in the file. */
  readonly rest: readonly Field[];
}

/**
 * An ONNX model that can be changed a little: what is not changed is written as it was read, byte for byte, and weights in
 * other files are never touched.
 */
export interface OnnxModel {
  readonly nodes: readonly Node[];
  readonly initializers: ReadonlyMap<string, Initializer>;
  /** Several nodes where one was. Nodes stand in the order in which they can run. */
  replaceNode(node: Node, by: readonly NewNode[]): void;
  /** Nodes before all others. */
  prependNodes(nodes: readonly NewNode[]): void;
  addInitializer(name: string, dims: readonly number[], values: Float32Array | Float16Array): void;
  /** A tensor input of float32. */
  addInput(name: string, dims: readonly number[]): void;
  /** @throws Error for more than 2 GB, which no protobuf may have */
  toBytes(): Buffer;
}

export interface NewNode {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly rest: readonly Field[];
}

/** A node of the default domain. */
export const newNode = (
  op: string,
  name: string,
  [inputs, outputs]: readonly [inputs: readonly string[], outputs: readonly string[]],
  attributes: Readonly<Record<string, number>> = {},
): NewNode => ({
  inputs,
  outputs,
  rest: [
    textField(NODE.name, name),
    textField(NODE.op, op),
    ...Object.entries(attributes).map(([key, value]) =>
      messageField(NODE.attribute, [
        textField(ATTRIBUTE.name, key),
        integerField(ATTRIBUTE.integer, value),
        integerField(ATTRIBUTE.type, ATTRIBUTE_IS_INTEGER),
      ]),
    ),
  ],
});

/** A whole-number attribute of a node. */
export function integerAttribute(node: Node, name: string): number | undefined {
  const found = bytesIn(node.rest, NODE.attribute)
    .map(readFields)
    .find((fields) => textIn(fields, ATTRIBUTE.name) === name);
  return found && integerIn(found, ATTRIBUTE.integer);
}

const PROTOBUF_MAX_BYTES = 2 ** 31 - 1;

/** @throws Error for what is no ONNX model */
export function readOnnxModel(bytes: Uint8Array): OnnxModel {
  const top = readFields(bytes);
  const [graphBytes] = bytesIn(top, MODEL_GRAPH);
  if (graphBytes === undefined) throw new Error("has no graph: it is no ONNX model");
  /** Each place of the graph with what stands there. */
  const places: Field[][] = [];
  const prepended: Field[] = [];
  const appended: Field[] = [];
  const placeOf = new Map<Node, number>();
  const initializers = new Map<string, Initializer>();
  for (const field of readFields(graphBytes)) {
    if (field.wire === 2 && field.number === GRAPH.initializer) {
      const initializer = initializerOf(field.value);
      initializers.set(initializer.name, initializer);
    } else if (field.wire === 2 && field.number === GRAPH.node) placeOf.set(nodeOf(field.value), places.length);
    places.push([field]);
  }
  return {
    nodes: [...placeOf.keys()],
    initializers,
    replaceNode(node, by) {
      const place = placeOf.get(node);
      if (place === undefined) throw new Error(`the node ${node.name} is of another model`);
      places[place] = by.map(nodeField);
    },
    prependNodes(nodes) {
      prepended.push(...nodes.map(nodeField));
    },
    addInitializer(name, dims, values) {
      appended.push(
        messageField(GRAPH.initializer, [
          ...dims.map((size) => integerField(TENSOR.dims, size)),
          integerField(TENSOR.type, values instanceof Float32Array ? FLOAT32 : FLOAT16),
          textField(TENSOR.name, name),
          bytesField(TENSOR.raw, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
        ]),
      );
    },
    addInput(name, dims) {
      // ValueInfo { name, type { tensor { element type, shape { dims { value } } } } }
      const shape = messageField(
        2,
        dims.map((size) => messageField(1, [integerField(1, size)])),
      );
      const type = messageField(2, [messageField(1, [integerField(1, FLOAT32), shape])]);
      appended.push(messageField(GRAPH.input, [textField(1, name), type]));
    },
    toBytes() {
      const fields = [...prepended, ...places.flat(), ...appended];
      const size = fields.reduce(
        (sum, field) => sum + (field.wire === 0 ? 0 : field.value.length),
        bytes.length - graphBytes.length,
      );
      if (size > PROTOBUF_MAX_BYTES) throw new Error("would be larger than the 2 GB that an ONNX graph may have");
      const graph = writeFields(fields);
      return writeFields(top.map((field) => (field.number === MODEL_GRAPH ? bytesField(MODEL_GRAPH, graph) : field)));
    },
  };
}

const nodeField = ({ inputs, outputs, rest }: NewNode): Field =>
  messageField(GRAPH.node, [
    ...inputs.map((name) => textField(NODE.input, name)),
    ...outputs.map((name) => textField(NODE.output, name)),
    ...rest,
  ]);

function nodeOf(bytes: Uint8Array): Node {
  const fields = readFields(bytes);
  return {
    name: textIn(fields, NODE.name),
    op: textIn(fields, NODE.op),
    inputs: bytesIn(fields, NODE.input).map(textOf),
    outputs: bytesIn(fields, NODE.output).map(textOf),
    rest: fields.filter(({ number }) => number !== NODE.input && number !== NODE.output),
  };
}

function initializerOf(bytes: Uint8Array): Initializer {
  const fields = readFields(bytes);
  const external = bytesIn(fields, TENSOR.external).map((entry) => {
    const pair = readFields(entry);
    return [textIn(pair, 1), textIn(pair, 2)] as const;
  });
  return {
    name: textIn(fields, TENSOR.name),
    dims: fields.flatMap((field) => (field.number === TENSOR.dims ? dimsOf(field) : [])),
    type: integerIn(fields, TENSOR.type) ?? 0,
    externalFile: external.find(([key]) => key === "location")?.[1],
  };
}

/** Packed in one field, or one field each. */
function dimsOf(field: Field): readonly number[] {
  if (field.wire === 0) return [Number(field.value)];
  const dims: number[] = [];
  for (let at = 0; at < field.value.length; ) {
    const [size, end] = readVarint(field.value, at);
    dims.push(Number(size));
    at = end;
  }
  return dims;
}
