import { dirname, resolve } from "node:path";
import type { AnyTensor, Runtime, Session, SessionOptions } from "../../lib/onnx-runtime.ts";
import { feedsOf, inputRank, inputType, type Values } from "./tensors.ts";

/** One loaded ONNX model. Its runs block the process they are in. */
export interface Network {
  /** `undefined`: it has no such input. */
  inputType(name: string): AnyTensor["type"] | undefined;
  inputRank(name: string): number;
  readonly outputNames: readonly string[];
  /** @throws Error where the runtime refuses, e.g. for want of memory */
  run(named: Readonly<Record<string, Values | AnyTensor>>): Promise<Readonly<Record<string, AnyTensor>>>;
  /** Values that stay the same over many runs, converted once. */
  prepared(named: Readonly<Record<string, Values | AnyTensor>>): Readonly<Record<string, AnyTensor>>;
  /** Gives its memory back. */
  release(): Promise<void>;
}

/** Sum of all runs so far, in ms: what is not ours to make faster. */
export interface RunTime {
  runMs: number;
}

export interface OpenOptions {
  readonly runtime: Runtime;
  readonly session: SessionOptions;
  readonly time: RunTime;
}

/** From its file: so the weights beside it are found, and mapped where they lie. */
export const openNetwork = async (path: string, options: OpenOptions): Promise<Network> =>
  networkOf(await options.runtime.InferenceSession.create(path, { ...options.session }), options);

/** From changed bytes of the model at `path`; weights in other files are still found beside it. */
export async function openEdited(path: string, model: Uint8Array, options: OpenOptions): Promise<Network> {
  const folder = resolve(dirname(path));
  const { session = {}, ...rest } = extraOf(options.session);
  const extra = { ...rest, session: { ...session, model_external_initializers_file_folder_path: folder } };
  return networkOf(await options.runtime.InferenceSession.create(model, { ...options.session, extra }), options);
}

/** The package types `extra` as anything at all. */
const extraOf = ({ extra }: SessionOptions) =>
  (extra ?? {}) as { readonly session?: Readonly<Record<string, string>> } & Readonly<Record<string, unknown>>;

function networkOf(session: Session, { runtime, time }: OpenOptions): Network {
  const prepared = (named: Readonly<Record<string, Values | AnyTensor>>) => feedsOf(runtime, session, named);
  return {
    inputType: (name) => inputType(session, name),
    inputRank: (name) => inputRank(session, name),
    outputNames: session.outputNames,
    prepared,
    async run(named) {
      const feeds = prepared(named);
      const startedMs = performance.now();
      const outputs = await session.run(feeds);
      time.runMs += performance.now() - startedMs;
      return outputs;
    },
    release: () => session.release(),
  };
}
