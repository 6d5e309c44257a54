import type { ImageRequest } from "../../recipe.ts";

/** Main thread to worker. A worker has one order at a time. */
export interface WorkerOrder {
  readonly request: ImageRequest;
  readonly initBytes: Uint8Array | undefined;
}

/** Worker to main thread: any number of `progress`, then one of the others. */
export type WorkerAnswer =
  | { readonly type: "progress"; readonly fraction: number }
  | { readonly type: "drawn"; readonly png: Uint8Array; readonly notes: readonly string[] }
  | { readonly type: "failed"; readonly message: string };
