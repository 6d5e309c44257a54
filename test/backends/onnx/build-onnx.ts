import {
  bytesField,
  type Field,
  integerField,
  messageField,
  textField,
  writeFields,
} from "../../../src/backends/onnx/graph/protobuf.ts";

/** ONNX models of a few nodes, written by hand: what they compute can be computed beside them. */

const TYPES = { float32: 1, int64: 7, float16: 10 } as const;
type ElementType = keyof typeof TYPES;

export interface Port {
  readonly name: string;
  readonly type: ElementType;
  /** A name where any size goes. */
  readonly dims: readonly (number | string)[];
}

interface Operation {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly name?: string;
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
  /** Default: ONNX's own. */
  readonly domain?: string;
}

export interface Weight {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: Float32Array | Float16Array | BigInt64Array | Uint8Array;
  /** In a file beside the model, which has to be written by whoever makes the model. */
  readonly externalFile?: string;
}

export interface Graph {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly operations: readonly Operation[];
  readonly weights?: readonly Weight[];
}

const INT = 2;
const INTS = 7;

export function buildOnnx({ inputs, outputs, operations, weights = [] }: Graph): Buffer {
  const graph = messageField(7, [
    ...operations.map((operation) => messageField(1, nodeFields(operation))),
    textField(2, "tiny"),
    ...weights.map((weight) => messageField(5, weightFields(weight))),
    ...inputs.map((port) => messageField(11, portFields(port))),
    ...outputs.map((port) => messageField(12, portFields(port))),
  ]);
  const opsets = [
    ["", 17],
    ["com.microsoft", 1],
  ] as const;
  return writeFields([
    integerField(1, 8),
    graph,
    ...opsets.map(([domain, version]) => messageField(8, [textField(1, domain), integerField(2, version)])),
  ]);
}

const nodeFields = ({ op, inputs, outputs, name = "", attributes = {}, domain = "" }: Operation): readonly Field[] => [
  ...inputs.map((input) => textField(1, input)),
  ...outputs.map((output) => textField(2, output)),
  textField(3, name),
  textField(4, op),
  ...Object.entries(attributes).map(([key, value]) =>
    messageField(5, [
      textField(1, key),
      ...(typeof value === "number" ? [integerField(3, value)] : value.map((each) => integerField(8, each))),
      integerField(20, typeof value === "number" ? INT : INTS),
    ]),
  ),
  textField(7, domain),
];

function weightFields({ name, dims, values, externalFile }: Weight): readonly Field[] {
  const type =
    values instanceof Float32Array ? 1 : values instanceof Uint8Array ? 2 : values instanceof BigInt64Array ? 7 : 10;
  return [
    ...dims.map((size) => integerField(1, size)),
    integerField(2, type),
    textField(8, name),
    ...(externalFile === undefined
      ? [bytesField(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength))]
      : [messageField(13, [textField(1, "location"), textField(2, externalFile)]), integerField(14, 1)]),
  ];
}

const portFields = ({ name, type, dims }: Port): readonly Field[] => {
  const shape = messageField(
    2,
    dims.map((size) => messageField(1, [typeof size === "number" ? integerField(1, size) : textField(2, size)])),
  );
  return [textField(1, name), messageField(2, [messageField(1, [integerField(1, TYPES[type]), shape])])];
};

/** The same numbers each time, of either sign, below 1. */
export const someNumbers = (count: number, salt: number): Float32Array =>
  Float32Array.from({ length: count }, (_, at) => (((at + 1) * 7919 + salt * 104_729) % 2003) / 1001.5 - 1);
