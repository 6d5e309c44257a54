import { namedWaitMs } from "../../lib/named-wait.ts";
import { isOutOfMemory } from "../shared/memory-words.ts";

/** What ZeroGPU, the free GPUs of Hugging Face Spaces, says no with. */
export interface ZeroGpuRefusal {
  readonly kind:
    | "quota"
    /** No GPU is free, or too much of ours is running. */
    | "busy"
    /** Ran past the time the Space had declared. */
    | "timeout"
    | "out_of_memory"
    /** The Space's own program broke on the GPU. */
    | "broke"
    /** Asks for more at once than this account can ever have. */
    | "never";
  readonly retryAfterMs?: number;
  /** GPU seconds the call would have booked. */
  readonly requestedS?: number;
  /** GPU seconds the account has left today. */
  readonly leftS?: number;
}

/**
 * Reads title and message of a Gradio error, which may hold HTML. `undefined`: not about ZeroGPU.
 * Source: the texts in BACKENDS reference, 5; older forms included.
 */
export function readZeroGpu(title: string, message: string): ZeroGpuRefusal | undefined {
  const text = `${title} ${message}`.replace(/<[^>]*>/gu, " ");
  if (!/zerogpu|gpu quota|gpu limit|no gpu (?:was|is)/iu.test(text)) return undefined;
  const retryAfterMs = waitIn(text);
  const requested = /(\d{1,6})s requested/u.exec(text)?.[1];
  const left = /(\d{1,6})s left/u.exec(text)?.[1];
  return {
    kind: kindOf(title, text),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(requested === undefined ? {} : { requestedS: Number(requested) }),
    ...(left === undefined ? {} : { leftS: Number(left) }),
  };
}

/** "13:42:07", "1 day, 2:03:04": what Python prints for a duration. */
function waitIn(text: string): number | undefined {
  const found = /(?:try again|retry) in (?:(\d{1,3}) days?, )?(\d{1,2}):(\d{2}):(\d{2})/iu.exec(text);
  if (!found) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = found.slice(1).map((part) => Number(part ?? 0));
  return namedWaitMs((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000);
}

/** By its title where it has one of ZeroGPU's: the sentences below are reworded and translated. */
function kindOf(title: string, text: string): ZeroGpuRefusal["kind"] {
  if (/gpu quota exceeded/iu.test(title)) return "quota";
  if (/illegal duration/iu.test(text)) return "never";
  if (/exceeded your|runs limit|reached its gpu limit/iu.test(text)) return "quota";
  if (/\bworker error/iu.test(text)) {
    if (/task aborted/iu.test(text)) return "timeout";
    return isOutOfMemory(text) ? "out_of_memory" : "broke";
  }
  // No GPU free, too many running tasks, an expired pass: over soon.
  return "busy";
}
