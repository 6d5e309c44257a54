import type { Fault } from "./faults.ts";

/** One request as it came and what became of it. */
export interface Call {
  /** When it had arrived whole. */
  readonly atMs: number;
  readonly method: string;
  /** Without the API's prefix and the query. */
  readonly path: string;
  readonly query: string;
  /** Discord's name for the route ("create_message"), "download" for files, "unknown" for what does not exist. */
  readonly operation: string;
  /** The parsed JSON, of several parts `payload_json`. */
  readonly body: unknown;
  readonly files: readonly { readonly name: string; readonly sizeBytes: number }[];
  /** What the bot received; absent when it received nothing. */
  status?: number;
  /** What Discord decided, even when that got lost; absent when a fault came before. */
  decided?: number;
  /** JSON error code of a refusal. */
  code?: number;
  /** A 429 of scope "shared": it does not count against the bot. */
  shared?: boolean;
  /** The fault that hit it. */
  fault?: Fault["kind"];
  /** Discord did it, whether or not the answer arrived. */
  applied: boolean;
}

/** 401, 403 and 429 count towards a ban of the address, but for limits shared with others. */
export const isInvalid = ({ status, shared }: Call): boolean =>
  (status === 401 || status === 403 || status === 429) && shared !== true;
