import { clock, text } from "../../domain/text.ts";
import { BackendError } from "../../ports/backend.ts";
import { type BackendSentence, sentence } from "../../ports/backend-sentence.ts";
import { isOutOfMemory } from "../shared/memory-words.ts";
import { isContentRefusal } from "../shared/refusal-words.ts";
import { readZeroGpu, type ZeroGpuRefusal } from "./zerogpu.ts";

/** The end of a job as the Space told it. Both texts are the Space's own: they may hold HTML, paths and advertisements. */
export interface SpaceRefusal {
  readonly title: string;
  readonly message: string;
}

/** The Space has forgotten which LoRA we chose: it was restarted, or gave our session up. */
export class LostSelection extends BackendError {}

/** What follows from a Space's error. Source: BACKENDS reference, 2.5 and the tables of 5. */
export function refusalOf(backend: string, { title, message }: SpaceRefusal, nowMs: number): BackendError {
  const zeroGpu = readZeroGpu(title, message);
  if (zeroGpu) return zeroGpuError(backend, zeroGpu, nowMs);
  if (/currently busy|queue is full/iu.test(message))
    return new BackendError(backend, "busy", "its queue is full", { memberText: sentence("backend.error.queue-full") });
  if (/must select a lora/iu.test(message))
    return new LostSelection(backend, "bad_response", "it forgot the LoRA that was selected", {
      memberText: sentence("backend.error.lost-style"),
    });
  const bound = /^Value (\S{1,20}) is (?:greater|less) than (maximum|minimum) value (\S{1,20})\.$/u.exec(
    message.trim(),
  );
  if (bound)
    return new BackendError(backend, "rejected", `refused the value ${bound[1]}: the ${bound[2]} is ${bound[3]}`, {
      memberText:
        bound[2] === "maximum"
          ? sentence("backend.error.max", { max: bound[3] ?? "" })
          : sentence("backend.error.min", { min: bound[3] ?? "" }),
      elsewhere: true,
    });
  if (isContentRefusal(`${title} ${message}`))
    return new BackendError(backend, "moderated", "the Space's filter refused the words or the picture");
  if (isOutOfMemory(title, message))
    return new BackendError(backend, "out_of_memory", "the GPU's memory was too small");
  if (/^Connection errored out/u.test(message)) return new BackendError(backend, "offline", "the connection broke");
  return new BackendError(backend, "bad_response", "the Space's own program broke", {
    memberText: sentence("backend.error.program-broke"),
  });
}

function zeroGpuError(backend: string, refusal: ZeroGpuRefusal, nowMs: number): BackendError {
  const { retryAfterMs } = refusal;
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  switch (refusal.kind) {
    case "quota":
      return new BackendError(backend, "quota", "ZeroGPU quota exceeded", {
        ...wait,
        memberText: quotaSentence(refusal, nowMs),
      });
    case "never":
      return new BackendError(backend, "quota", "asks for more GPU time at once than ZeroGPU gives this account", {
        memberText: sentence("backend.space.asks-too-much"),
      });
    case "busy":
      return new BackendError(backend, "busy", "no ZeroGPU was free", {
        ...wait,
        memberText: sentence("backend.space.no-gpu"),
      });
    case "timeout":
      return new BackendError(backend, "timeout", "ran past the GPU time the Space declares", {
        memberText: sentence("backend.space.ran-too-long"),
      });
    case "out_of_memory":
      return new BackendError(backend, "out_of_memory", "the ZeroGPU worker ran out of memory");
    case "broke":
      return new BackendError(backend, "bad_response", "the ZeroGPU worker broke", {
        memberText: sentence("backend.error.program-broke"),
      });
  }
}

function quotaSentence({ leftS, requestedS, retryAfterMs }: ZeroGpuRefusal, nowMs: number): BackendSentence {
  const used =
    leftS === undefined || requestedS === undefined
      ? sentence("backend.space.quota")
      : sentence("backend.space.quota.left", { left: leftS, asked: requestedS });
  if (retryAfterMs === undefined) return used;
  return { ...used, more: text("backend.space.quota.more", { clock: clock(nowMs + retryAfterMs, nowMs) }) };
}
