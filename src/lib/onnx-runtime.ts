import type { InferenceSession, Tensor } from "onnxruntime-node";

/** onnxruntime-node, which is optional: types cost nothing, and this is the one place that loads it. */
export type Runtime = Pick<typeof import("onnxruntime-node"), "InferenceSession" | "Tensor" | "env">;
export type Session = InferenceSession;
export type SessionOptions = InferenceSession.SessionOptions;
export type AnyTensor = Tensor;

/**
 * From 1.30 on it tells Microsoft what it runs, by files and threads of its own, unless this is set before it is loaded. What a
 * group makes stays with the group.
 *
 * @throws Error where it is not installed, or made for another machine
 */
export function loadRuntime(): Promise<Runtime> {
  process.env["ORT_DISABLE_TELEMETRY"] = "1";
  return import("onnxruntime-node");
}

export const versionOf = ({ env }: Runtime): string => env.versions.node ?? "unknown";
