import { importSilently } from "./silent-import.ts";

/** What a submitted job tells, in the order in which it happens. */
export type GradioEvent =
  | { readonly type: "data"; readonly data?: readonly unknown[] }
  | { readonly type: "log"; readonly log?: string; readonly title?: string | null; readonly level?: string | null }
  | {
      readonly type: "status";
      readonly stage: "pending" | "error" | "complete" | "generating" | "streaming";
      readonly original_msg?: string;
      readonly message?: unknown;
      readonly title?: string | null;
      readonly position?: number | null;
      /** Jobs in the queue; absent where the message is not about the queue. */
      readonly size?: number | null;
      readonly eta?: number | null;
      readonly progress_data?:
        | readonly {
            readonly index?: number | null;
            readonly length?: number | null;
            readonly progress?: number | null;
          }[]
        | null;
    };

/** All of an EventSource that the client uses. */
export interface GradioSource {
  onmessage: ((event: { readonly data: string }) => unknown) | null;
  onerror: ((error: unknown) => unknown) | null;
  close: () => void;
}

export interface GradioClient {
  session_hash: string;
  /** The client aborts it where it means to close the newest stream. */
  abort_controller: AbortController | null;
  fetch(input: string | URL, init?: { readonly body?: unknown }): Promise<Response>;
  stream(url: URL): GradioSource;
  submit(
    endpoint: string,
    data: readonly unknown[] | Readonly<Record<string, unknown>>,
    eventData?: unknown,
  ): AsyncIterable<GradioEvent>;
  close(): void;
}

interface GradioClientClass {
  new (root: string, options: GradioOptions): GradioClient;
  connect(root: string, options: GradioOptions): Promise<GradioClient>;
}

interface GradioOptions {
  readonly events: readonly GradioEvent["type"][];
  readonly with_null_state: boolean;
  readonly session_hash: string;
}

/**
 * The library's class as far as we use it, loaded when it is first needed. A border: the package's own types import their
 * files without a suffix, which Node's way of resolving (and TypeScript's `nodenext`) does not find.
 */
export async function loadGradioClient(): Promise<GradioClientClass> {
  const library = await importSilently(() => import("@gradio/client"), "/node_modules/@gradio/client/");
  return (library as { readonly Client: unknown }).Client as GradioClientClass;
}
