import type { ImageRequest } from "./recipe.ts";
import type { Style } from "./style.ts";

/** What a backend honours, as data. The router compares it with the request; the README and `/info` tabulate it. */
export interface BackendFeatures {
  /** "every": any style; "listed": only styles with a LoRA reference under this backend's name; "none": base model. */
  readonly styles: "every" | "listed" | "none";
  readonly loraScale: boolean;
  readonly guidance: boolean;
  readonly trueCfg: boolean;
  readonly negativePrompt: boolean;
  /** "seed": a variation seed; "image": image to image does it; "none". */
  readonly variation: "seed" | "image" | "none";
  readonly initImage: boolean;
  readonly maxPixels: number;
  /** Reports steps while it works. */
  readonly progress: boolean;
  /** The same request gives the same bytes. */
  readonly reproducible: boolean;
}

export interface BackendFacts {
  /** Lower case, the file's name. */
  readonly name: string;
  /** For people: "the built-in sketch", "ComfyUI on this machine". */
  readonly title: string;
  /** "here": in our own processes; "local": on the group's own machine; "remote": prompts leave the house. */
  readonly where: "here" | "local" | "remote";
  readonly features: BackendFeatures;
  /** Pictures it works on at once. */
  readonly concurrency: number;
  /** One picture may take this long. */
  readonly timeoutMs: number;
  /** The member is charged this many GPU ms per measured ms. */
  readonly costWeight: number;
  /** Before anything was measured: a guess of the cost, in ms. */
  readonly firstGuess: { readonly perMegapixelStepMs: number; readonly overheadMs: number };
}

export type BackendEvent =
  /** The backend has the job under this key: after a restart `generate` gets it back as `attachKey`. */
  | { readonly type: "attached"; readonly key: string }
  /** `fraction` 0 to 1, never falling. */
  | {
      readonly type: "progress";
      readonly fraction: number;
      readonly step?: { readonly at: number; readonly of: number };
    }
  | {
      readonly type: "image";
      readonly bytes: Uint8Array;
      /** The seed really used, where the backend reports one. */
      readonly seed?: number;
      readonly model: string;
      readonly lora?: { readonly reference: string; readonly hash?: string };
      /** Time the engine itself spent, in ms, where it is known; otherwise the core measures around the call. */
      readonly usedMs?: number;
      readonly notes: readonly string[];
    };

export interface GenerateInput {
  readonly request: ImageRequest;
  readonly style: Style;
  /** Of `request.init`. */
  readonly initBytes?: Uint8Array;
  readonly attachKey?: string;
  readonly signal: AbortSignal;
}

export type Health =
  | { readonly up: true; readonly detail?: string }
  | { readonly up: false; readonly reason: string; readonly retryAtMs?: number };

/** One way to turn a request into a picture. Knows nothing of chats, members or allowances. */
export interface Backend extends BackendFacts {
  /** Cheap, without side effects, answers within 2 s. Never throws: unreachable is an answer. */
  health(signal: AbortSignal): Promise<Health>;
  /**
   * Any number of `attached` and `progress`, then exactly one `image`, then the end. Aborting the signal stops exactly
   * this picture and rejects within 1 s. @throws BackendError, or the signal's reason
   */
  generate(input: GenerateInput): AsyncIterable<BackendEvent>;
  /** Frees what it holds. Safe to call twice; never throws. */
  close(): Promise<void>;
}

/** The backend failed or refused: try the next one, or tell the member. The message is for the operator's log. */
export class BackendError extends Error {
  override readonly name = "BackendError";
  readonly backend: string;
  readonly code: "offline" | "busy" | "quota" | "rejected" | "bad_response" | "timeout";
  /** For members: no URL, no path, no raw backend text. */
  readonly memberText: string;
  readonly retryAfterMs: number | undefined;
  /** Another backend may succeed. False for "rejected": the request itself is at fault. */
  readonly elsewhere: boolean;

  constructor(
    backend: string,
    code: BackendError["code"],
    message: string,
    options: { readonly cause?: unknown; readonly memberText?: string; readonly retryAfterMs?: number } = {},
  ) {
    super(`${backend}: ${message}`, { cause: options.cause });
    this.backend = backend;
    this.code = code;
    this.memberText = options.memberText ?? MEMBER_TEXT[code];
    this.retryAfterMs = options.retryAfterMs;
    this.elsewhere = code !== "rejected";
  }
}

const MEMBER_TEXT: Readonly<Record<BackendError["code"], string>> = {
  offline: "it does not answer",
  busy: "it is busy",
  quota: "its allowance is used up",
  rejected: "it refused the request",
  bad_response: "it answered with something that is not a picture",
  timeout: "it took too long",
};
