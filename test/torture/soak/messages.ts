/** Between the soak and the program it soaks, over the child's IPC channel. */
export type ToProgram =
  | { readonly op: "sample"; readonly call: number }
  /** The time of day is so much ahead from now on: days pass within minutes. */
  | { readonly op: "ahead"; readonly aheadMs: number };

export type FromProgram =
  | { readonly op: "ready"; readonly lines: readonly string[] }
  | { readonly op: "sample"; readonly call: number; readonly sample: Sample }
  | { readonly op: "logged"; readonly text: string };

/** What the process holds after its rubbish was collected. */
export interface Sample {
  readonly heapBytes: number;
  /** Of the heap: code compiled so far. It grows while rare paths are met for the first time, and is nothing that is kept. */
  readonly codeBytes: number;
  readonly rssBytes: number;
  /** Buffers: pictures, and what sockets and the database hold. */
  readonly externalBytes: number;
  /** Sockets, timers and the like that the event loop knows. */
  readonly resources: number;
  /** Files and sockets that the system counts; 0 where it does not tell. */
  readonly openFiles: number;
  readonly picturesMade: number;
}

export const CAPACITY_GPU_MS = 1_000_000_000;
/** Each picture costs this, whatever it is: the books can be done from outside. */
export const PICTURE_GPU_MS = 37;
