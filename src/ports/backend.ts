import type { ImageRequest, UsedLoras } from "../domain/recipe.ts";
import type { Size } from "../domain/size.ts";
import type { Style } from "../domain/style.ts";
import type { Text } from "../domain/text.ts";
import { namedWaitMs } from "../lib/named-wait.ts";
import type { FamilyFound, ModelOffer, Readiness } from "./backend-models.ts";
import { type BackendSentence, forOperator, sentence } from "./backend-sentence.ts";

/** What a backend honours, as data. The router compares it with the request; the contract suite holds each backend to it. */
export interface BackendFeatures {
  /** "every": any style; "listed": only styles with a LoRA reference under this backend's name; "none": base model. */
  readonly styles: "every" | "listed" | "none";
  readonly loraScale: boolean;
  /** LoRAs of one style that it loads at once, 1 to `LORAS_MAX`. Default: 1. */
  readonly loras?: number;
  readonly guidance: boolean;
  readonly trueCfg: boolean;
  readonly negativePrompt: boolean;
  /** Options that it takes where nothing else makes pictures, and says on the card what it did with them. Default: none. */
  readonly doesWithout?: readonly ("negative" | "truecfg")[];
  /** "seed": a variation seed; "image": image to image does it; "none". */
  readonly variation: "seed" | "image" | "none";
  readonly initImage: boolean;
  /** It changes a picture by words: so many pictures at most can be given to it, 1 to `EDIT_PICTURES_MAX`. Absent: none. */
  readonly edit?: number;
  /** It makes finished pictures larger (`Backend.enlarge`) with this model of its own. Absent: it has none. */
  readonly enlarges?: { readonly model: string };
  readonly maxPixels: number;
  /** Reports steps while it works. */
  readonly progress: boolean;
  /** Shows the unfinished picture while it works. */
  readonly preview: boolean;
  /** Says how many wait before us in its own queue. */
  readonly queuePosition: boolean;
  /** The same request gives the same picture. */
  readonly reproducible: boolean;
  /** What aborting does at the far end once the picture is being made: it stops there, or works on for nobody. */
  readonly abortedRun: "stops" | "works_on";
}

export interface BackendFacts {
  /** Lower case, the file's name. */
  readonly name: string;
  /** For people: "the built-in sketch", "ComfyUI on this machine". A product's or an operator's own name is `verbatim`. */
  readonly title: Text;
  /** "here": in our own processes; "local": on the group's own machines; "remote": prompts leave your own network. */
  readonly where: "here" | "local" | "remote";
  /** Addresses of what makes its pictures, without sign-in. Absent: it is in our own processes. */
  readonly at?: readonly string[];
  /** "model": it may come to nothing, and give a picture of a single colour; "program": what comes is what was meant. */
  readonly drawnBy: "model" | "program";
  /** It sets type by rules: of a model's numbers and limits its cards say nothing. */
  readonly typeset?: true;
  /** Folder with the vocabulary of the CLIP text encoder that it runs on this machine: the advice on length counts by it. */
  readonly clipTokenizerDir?: string;
  /** Somebody pays money for each picture or hour: tried after the free ones where the operator gives no order. */
  readonly paid?: boolean;
  /** It may have several models that a member can choose from: see `Backend.models`. */
  readonly severalModels?: true;
  /** Tried after all others outside where the operator gives no order. */
  readonly lastResort?: boolean;
  /** Read at each decision: it may sharpen once the far end was asked what it can do. */
  readonly features: BackendFeatures;
  /** Pictures it works on at once. */
  readonly concurrency: number;
  /** One picture may take this long. */
  readonly timeoutMs: number;
  /** Aborting `generate` rejects within this. */
  readonly cancelWithinMs: number;
  /** The member is charged this many GPU ms per measured ms; 0: free. The setting BACKEND_COSTS goes before it. */
  readonly costWeight: number;
  /** Before anything was measured: a guess of the cost, in ms. */
  readonly firstGuess: {
    readonly perMegapixelStepMs: number;
    readonly overheadMs: number;
    /** A model that is not in memory takes this long to be read. Default: 0. */
    readonly loadMs?: number;
  };
}

export type BackendEvent =
  /** The backend has the job under this key: after a restart `generate` gets it back as `attachKey`. */
  | { readonly type: "attached"; readonly key: string }
  /** Not at work yet: in the far end's own queue, or its model is loading. May come again, also after progress. */
  | {
      readonly type: "waiting";
      /** Pictures before ours, 0 = next. */
      readonly position?: number;
      readonly etaMs?: number;
      /** For members, without a time. Default: in the queue. */
      readonly why?: BackendSentence;
    }
  /** `fraction` 0 to 1, never falling. */
  | {
      readonly type: "progress";
      readonly fraction: number;
      readonly step?: { readonly at: number; readonly of: number };
      /** The unfinished picture, PNG, JPEG or WebP of any size, unchecked. */
      readonly preview?: Uint8Array;
    }
  | {
      readonly type: "image";
      readonly bytes: Uint8Array;
      /** The seed really used, where the backend reports one. */
      readonly seed?: number;
      readonly model: string;
      /** The far end has sizes of its own, and made the one of them that is nearest: any is taken, and told. */
      readonly ownSize?: true;
      /** Where the far end has its own fixed numbers: those really used, for the recipe. */
      readonly fixed?: Partial<Pick<ImageRequest, "steps" | "guidance" | "noiseDtype">>;
      readonly lora?: UsedLoras;
      /** Time the engine itself spent, without waiting, in ms, where it is known; otherwise the core measures around the call. */
      readonly usedMs?: number;
      readonly notes: readonly Text[];
      /** What was asked for and is not in the picture, in a few words each: shown on the card. */
      readonly missed?: readonly Text[];
    };

/**
 * The reason of an abort that says: this program ends, and the picture is still wanted. Work whose key was told may be left
 * to the far end, since the next life of the program asks for it by that key. Any other reason: nobody wants it any more.
 */
export const STOPPING = new Error("stopping");
export const isStopping = ({ aborted, reason }: AbortSignal): boolean => aborted && reason === STOPPING;

export interface GenerateInput {
  readonly request: ImageRequest;
  readonly style: Style;
  /** Of `request.init`. */
  readonly initBytes?: Uint8Array;
  /** Of `request.edit`, in its order. */
  readonly editBytes?: readonly Uint8Array[];
  /** Of `request.brand.logo`, a PNG; absent: there is none, or it is gone. */
  readonly logo?: Uint8Array;
  readonly attachKey?: string;
  readonly signal: AbortSignal;
}

/** A finished picture that is to be larger. `request` and `style`: what it was drawn by. */
export interface EnlargeInput extends Omit<GenerateInput, "initBytes" | "editBytes"> {
  /** PNG, of the size `from`. */
  readonly picture: Uint8Array;
  readonly from: Size;
  /** Of the same shape, at most `ENLARGED_SIDE_MAX_PX` a side. */
  readonly to: Size;
}

export type Health =
  | { readonly up: true; readonly detail?: string }
  | { readonly up: false; readonly reason: BackendSentence; readonly retryAtMs?: number };

/** What an operator wants to know of a backend: `npm run doctor` prints it. Names only; no URL with a token, no path of ours. */
export interface Inspection {
  readonly health: Health;
  /** Of the far end's program, e.g. "ComfyUI 0.3.64". */
  readonly version?: string;
  /** Round trip of one cheap call. */
  readonly latencyMs?: number;
  readonly models: readonly string[];
  /** What it would draw with, one for each family of models it knows there. Default: it does not tell. */
  readonly families?: readonly FamilyFound[];
  /** As a style's `lora` entry would name them. */
  readonly loras: readonly string[];
  /** The model that it would make pictures larger with, and its licence. Default: none. */
  readonly upscaler?: string;
  /** What is missing, each with the exact next step, e.g. which file goes into which folder. */
  readonly nextSteps: readonly string[];
}

/** One way to turn a request into a picture. Knows nothing of chats, members or allowances. */
export interface Backend extends BackendFacts {
  /** Cheap, without side effects, answers within 2 s. Never throws: unreachable is an answer. */
  health(signal: AbortSignal): Promise<Health>;
  /** `features` for one picture, where they depend on the model that draws it. Reads memory only. Default: `features`. */
  featuresFor?(request: ImageRequest, style: Style): BackendFeatures;
  /**
   * What stands against this request, beyond `features`: a LoRA that is not installed there, a seed it cannot take. Reads
   * memory only. Default: nothing.
   */
  lacks?(request: ImageRequest, style: Style): BackendSentence | undefined;
  /**
   * What it can do but will leave out, told with the order before it is made: letters it does not have. Reads memory and its
   * own files only. Default: nothing.
   */
  foresees?(request: ImageRequest, style: Style): readonly Text[];
  /**
   * The models that an order in this style can name here, the one that draws where nobody chose first. Reads memory only.
   * `undefined`: not known yet, an order may name any. Default: none, and an order that names one is not for it.
   */
  models?(style: Style): readonly ModelOffer[] | undefined;
  /** Reads memory only. `undefined`, and default: not known. */
  readiness?(request: ImageRequest, style: Style): Readiness | undefined;
  /** Asks the far end for all of it, within 10 s. Never throws. Default: `health` alone. */
  inspect?(styles: readonly Style[], signal: AbortSignal): Promise<Inspection>;
  /**
   * Any number of `attached`, `waiting` and `progress`, then exactly one `image`, then the end. Aborting the signal stops
   * exactly this picture, never another one, and rejects within `cancelWithinMs`; see also `STOPPING`. @throws BackendError,
   * or the signal's reason
   */
  generate(input: GenerateInput): AsyncIterable<BackendEvent>;
  /** It can draw by its rules as large as is wanted what this model of its own drew. Default: never. */
  redraws?(model: string): boolean;
  /** Why not this picture, though it has a model that enlarges. Reads memory only. Default: nothing stands against it. */
  cannotEnlarge?(from: Size, to: Size): BackendSentence | undefined;
  /**
   * As `generate`, with the same promises; only where `features.enlarges` or `redraws` say so. The image is larger than `from`; where
   * it is not exactly `to` the core makes it so. Its `model` is what made it larger.
   */
  enlarge?(input: EnlargeInput): AsyncIterable<BackendEvent>;
  /** Frees what it holds. Safe to call twice; never throws. */
  close(): Promise<void>;
}

/** Sorted by what follows: who must act, whether to wait, whether another backend may do. Source: BACKENDS reference, 2.5. */
export type BackendErrorCode =
  | "offline"
  | "busy"
  /** Its model is being loaded, or its machine started. */
  | "loading"
  /** Free time is used up; more comes by itself. */
  | "quota"
  /** Paid time is used up. */
  | "credits"
  | "auth"
  /** The request itself is at fault. */
  | "rejected"
  /** Its filter refused the words or the picture. */
  | "moderated"
  | "out_of_memory"
  /** Somebody ended this picture at the far end. */
  | "stopped"
  | "bad_response"
  | "timeout";

/** The backend failed or refused: try the next one, or tell the member. The message is for the operator's log. */
export class BackendError extends Error {
  override readonly name = "BackendError";
  readonly backend: string;
  readonly code: BackendErrorCode;
  /** For members: no URL, no path, no raw backend text. */
  readonly memberText: BackendSentence;
  /** As the far end named it, made usable: from 1 s to 48 h. */
  readonly retryAfterMs: number | undefined;
  /** Another backend may succeed. By default not where the request or a person is the reason. */
  readonly elsewhere: boolean;

  constructor(
    backend: string,
    code: BackendErrorCode,
    message: string,
    options: {
      readonly cause?: unknown;
      readonly memberText?: BackendSentence;
      readonly retryAfterMs?: number;
      readonly elsewhere?: boolean;
    } = {},
  ) {
    super(`${backend}: ${message}`, { cause: options.cause });
    this.backend = backend;
    this.code = code;
    this.memberText = options.memberText ?? DEFAULT_MEMBER_TEXT[code];
    this.retryAfterMs = namedWaitMs(options.retryAfterMs);
    this.elsewhere = options.elsewhere ?? !(code === "rejected" || code === "moderated" || code === "stopped");
  }
}

export const DEFAULT_MEMBER_TEXT: Readonly<Record<BackendErrorCode, BackendSentence>> = {
  offline: sentence("backend.error.offline"),
  busy: sentence("backend.error.busy"),
  loading: sentence("backend.error.loading"),
  quota: sentence("backend.error.quota"),
  credits: sentence("backend.error.credits"),
  auth: forOperator(sentence("backend.error.auth")),
  rejected: sentence("backend.error.rejected"),
  moderated: sentence("backend.error.moderated"),
  out_of_memory: sentence("backend.error.out-of-memory"),
  stopped: sentence("backend.error.stopped"),
  bad_response: sentence("backend.error.bad-response"),
  timeout: sentence("backend.error.timeout"),
};
