import type { BackendEvent } from "../../ports/backend.ts";
import { type BackendSentence, sentence } from "../../ports/backend-sentence.ts";
import type { GradioEvent } from "./gradio-library.ts";

export type Report = (event: Extract<BackendEvent, { type: "waiting" | "progress" }>) => void;
type Status = Extract<GradioEvent, { type: "status" }>;
type Step = { readonly at: number; readonly of: number };

/** The position in the Space's queue; `undefined` for a status that is not about it. */
export function queueOf(status: Status): Extract<BackendEvent, { type: "waiting" }> | undefined {
  const { stage, position, size, eta, original_msg } = status;
  if (stage !== "pending" || original_msg !== undefined || typeof position !== "number" || typeof size !== "number")
    return undefined;
  return {
    type: "waiting",
    position: Math.max(0, Math.round(position)),
    ...(typeof eta === "number" && eta > 0 ? { etaMs: Math.round(eta * 1000) } : {}),
  };
}

/** In our words: the Space's own may be anything. Source: the ZeroGPU runtime's texts in BACKENDS reference, 5. */
export function whyWaiting(log: string): BackendSentence | undefined {
  if (/^Waiting for a GPU to become available/u.test(log)) return sentence("backend.space.wait-gpu");
  if (/^Waiting for a GPU slot/u.test(log)) return sentence("backend.space.wait-slot");
  return undefined;
}

/** What a Space's program counts, with tqdm or by itself. */
export function countedIn({ progress_data }: Status): { readonly fraction: number; readonly step?: Step } | undefined {
  const unit = progress_data?.at(-1);
  if (!unit) return undefined;
  const { index, length, progress } = unit;
  if (typeof index === "number" && typeof length === "number" && length > 0)
    return { fraction: index / length, step: { at: Math.round(index), of: Math.round(length) } };
  return typeof progress === "number" ? { fraction: progress } : undefined;
}

/** The family's progress bar: `style="--current: 3; --total: 28;"`. */
export function stepInBar(data: readonly unknown[]): Step | undefined {
  const found = /--current:\s*(\d{1,4});\s*--total:\s*(\d{1,4})/u.exec(JSON.stringify(data.slice(1)).slice(0, 5000));
  const [at, of] = [Number(found?.[1]), Number(found?.[2])];
  return found && of > 0 && at <= of ? { at, of } : undefined;
}

export interface RisingProgress {
  reach(fraction: number, step?: Step): void;
  preview(bytes: Uint8Array): void;
}

/** Loading and drawing each count from nothing there: what is told never falls. */
export function risingProgress(tell: Report): RisingProgress {
  let reached = -1;
  return {
    reach(fraction, step) {
      const next = Math.min(1, Math.max(0, fraction));
      if (next < reached || (next === reached && !step)) return;
      reached = next;
      tell({ type: "progress", fraction: next, ...(step ? { step } : {}) });
    },
    preview: (bytes) => tell({ type: "progress", fraction: Math.max(0, reached), preview: bytes }),
  };
}
