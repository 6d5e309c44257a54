import type { AnyTensor, Runtime, Session } from "../../lib/onnx-runtime.ts";

/** Values for one input of a network, converted to the type that the network declares. */
export interface Values {
  readonly data: Float32Array | BigInt64Array | readonly number[];
  readonly dims: readonly number[];
}

/** The type a session declares for an input; `undefined` where it has no such input. */
export function inputType(session: Session, name: string): AnyTensor["type"] | undefined {
  const found = session.inputMetadata.find((input) => input.name === name);
  return found?.isTensor === true ? found.type : undefined;
}

/** How many dimensions an input has; 0 where it is a single number. */
export function inputRank(session: Session, name: string): number {
  const found = session.inputMetadata.find((input) => input.name === name);
  return found?.isTensor === true ? found.shape.length : 0;
}

/**
 * The inputs of one run: each in the declared type, and none that the graph does not have. So one pipeline serves float32,
 * float16 and exports without guidance.
 *
 * @throws Error for an input type that no picture model has
 */
export function feedsOf(
  runtime: Runtime,
  session: Session,
  named: Readonly<Record<string, Values | AnyTensor>>,
): Readonly<Record<string, AnyTensor>> {
  const feeds: Record<string, AnyTensor> = {};
  for (const [name, values] of Object.entries(named)) {
    const type = inputType(session, name);
    if (type === undefined) continue;
    // A network's own float16 output still has to go the way of `halfTensor`.
    const isReady = "type" in values && values.type === type && !(values.data instanceof Float16Array);
    feeds[name] = isReady ? values : tensorOf(runtime, type, valuesIn(values));
  }
  return feeds;
}

const valuesIn = (
  given: Values | AnyTensor,
): { readonly data: Iterable<number> | BigInt64Array; readonly dims: readonly number[] } =>
  "type" in given ? { data: floats(given), dims: given.dims } : given;

function tensorOf(
  runtime: Runtime,
  type: AnyTensor["type"],
  { data, dims }: { readonly data: Iterable<number> | BigInt64Array; readonly dims: readonly number[] },
): AnyTensor {
  const numbers = (): Iterable<number> => (data instanceof BigInt64Array ? Array.from(data, Number) : data);
  switch (type) {
    case "float32":
      return new runtime.Tensor("float32", data instanceof Float32Array ? data : Float32Array.from(numbers()), dims);
    case "float16":
      return halfTensor(
        runtime,
        data instanceof Float32Array ? new Float16Array(data) : Float16Array.from(numbers()),
        dims,
      );
    case "int64":
      return new runtime.Tensor(
        "int64",
        data instanceof BigInt64Array
          ? data
          : BigInt64Array.from(Array.from(data, (value) => BigInt(Math.trunc(value)))),
        dims,
      );
    case "int32":
      return new runtime.Tensor("int32", Int32Array.from(numbers()), dims);
    default:
      throw new Error(`the input type ${type} is not supported`);
  }
}

/**
 * onnxruntime-node 1.30 on Node 24 reads no float16 values of a tensor ("not enough space: expected n, got 0"), be it made here
 * or a network's output. With the bits under `cpuData` it does. test/backends/onnx/runtime.test.ts says when this can go.
 */
function halfTensor(runtime: Runtime, values: Float16Array, dims: readonly number[]): AnyTensor {
  // The types of the package know float16 values as Uint16Array only, its code as both.
  const tensor = new runtime.Tensor("float16", values as never, dims);
  Object.assign(tensor, { cpuData: new Uint16Array(values.buffer, values.byteOffset, values.length) });
  return tensor;
}

/** A network's floating-point output as float32; the very array where it is one. */
export function floats(tensor: AnyTensor): Float32Array {
  const { data } = tensor;
  if (data instanceof Float32Array) return data;
  if (data instanceof Float16Array) return new Float32Array(data);
  throw new Error(`the output type ${tensor.type} is not supported`);
}
