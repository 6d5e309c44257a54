import type { Text } from "../domain/text.ts";
import type { DrawInput, LetteredLine, PlacedSign } from "./painting/draw.ts";

/** Main thread to worker. A worker has one order at a time. */
export type WorkerOrder = DrawInput;

/** Worker to main thread: any number of `progress`, then one of the others with what the worker still holds. */
export type WorkerAnswer =
  | { readonly type: "progress"; readonly fraction: number; readonly heldBytes?: never }
  | {
      readonly type: "drawn";
      readonly png: Uint8Array;
      readonly notes: readonly Text[];
      readonly missed: readonly Text[];
      readonly lettered: readonly LetteredLine[];
      readonly signs: readonly PlacedSign[];
      readonly heldBytes: number;
    }
  | { readonly type: "failed"; readonly message: string; readonly becauseOfPhoto: boolean; readonly heldBytes: number };
