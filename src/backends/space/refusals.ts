import { clockText } from "../../lib/time-text.ts";
import { BackendError } from "../../ports/backend.ts";
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
  if (/currently busy|queue is full/iu.test(message)) return new BackendError(backend, "busy", "its queue is full");
  if (/must select a lora/iu.test(message))
    return new LostSelection(backend, "bad_response", "it forgot the LoRA that was selected", {
      memberText: "it lost the style in the middle",
    });
  const bound = /^Value (\S{1,20}) is (?:greater|less) than (maximum|minimum) value (\S{1,20})\.$/u.exec(
    message.trim(),
  );
  if (bound)
    return new BackendError(backend, "rejected", `refused the value ${bound[1]}: the ${bound[2]} is ${bound[3]}`, {
      memberText: `it takes no value ${bound[2] === "maximum" ? "above" : "below"} ${bound[3]} there`,
      elsewhere: true,
    });
  if (/out ?of ?memory/iu.test(message))
    return new BackendError(backend, "out_of_memory", "the GPU's memory was too small");
  if (/^Connection errored out/u.test(message)) return new BackendError(backend, "offline", "the connection broke");
  return new BackendError(backend, "bad_response", "the Space's own program broke", {
    memberText: "its own program broke on this picture",
  });
}

function zeroGpuError(backend: string, refusal: ZeroGpuRefusal, nowMs: number): BackendError {
  const { retryAfterMs } = refusal;
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  switch (refusal.kind) {
    case "quota":
      return new BackendError(backend, "quota", "ZeroGPU quota exceeded", {
        ...wait,
        memberText: quotaText(refusal, nowMs),
      });
    case "never":
      return new BackendError(backend, "quota", "asks for more GPU time at once than ZeroGPU gives this account", {
        memberText: "it asks for more GPU time at once than our account may use",
      });
    case "busy":
      return new BackendError(backend, "busy", "no ZeroGPU was free", { ...wait, memberText: "no GPU is free there" });
    case "timeout":
      return new BackendError(backend, "timeout", "ran past the GPU time the Space declares", {
        memberText: "the picture took longer than it may; fewer steps or a smaller size may fit",
      });
    case "out_of_memory":
      return new BackendError(backend, "out_of_memory", "the ZeroGPU worker ran out of memory");
    case "broke":
      return new BackendError(backend, "bad_response", "the ZeroGPU worker broke", {
        memberText: "its own program broke on this picture",
      });
  }
}

function quotaText({ leftS, requestedS, retryAfterMs }: ZeroGpuRefusal, nowMs: number): string {
  const amount =
    leftS === undefined || requestedS === undefined ? "" : `: ${leftS} s left of the ${requestedS} s it asks for`;
  const more = retryAfterMs === undefined ? "" : `, more at ${clockText(nowMs + retryAfterMs, nowMs)}`;
  return `today's free GPU time is used up${amount}${more}`;
}
