import type { DocumentSpec, MadeDocument } from "../ports/documents.ts";

/** Main thread to worker. A worker has one order at a time. */
export interface MakeOrder {
  readonly spec: DocumentSpec;
  /** A folder that is there and empty, on the disk of `path`: what is half done lies here. */
  readonly folder: string;
  readonly path: string;
}

/** Worker to main thread: any number of `progress`, then one of the others with what the worker still holds. */
export type MakeAnswer =
  | { readonly type: "progress"; readonly done: number; readonly total: number; readonly heldBytes?: never }
  | { readonly type: "made"; readonly document: MadeDocument; readonly heldBytes: number }
  | { readonly type: "refused"; readonly code: "too_large" | "gone"; readonly why: string; readonly heldBytes: number }
  | {
      readonly type: "failed";
      readonly why: string;
      /** For want of room: errors lose what they carry on their way between threads. */
      readonly isDiskFull: boolean;
      readonly heldBytes: number;
    };
