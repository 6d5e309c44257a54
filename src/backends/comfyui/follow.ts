import { untilAborted } from "../../lib/abort.ts";
import type { BackendError, BackendEvent } from "../../ports/backend.ts";
import { sentence } from "../../ports/backend-sentence.ts";
import type { HistoryEntry, JobMessage } from "./wire.ts";

export type Ended =
  | { readonly type: "history"; readonly entry: HistoryEntry }
  /** In neither queue nor history any more. */
  | { readonly type: "gone" }
  /** Nobody can be asked about it. */
  | { readonly type: "failed"; readonly error: BackendError };

/** What a job's graph says about its messages. */
export interface JobShape {
  /** In the order they run. */
  readonly samplers: readonly string[];
  /** Nodes that read model files. */
  readonly loaders: ReadonlySet<string>;
}

/** One job as events for the core, from what the socket and the queue tell about it. */
export interface FollowedJob {
  /** What happens, until it ends. Steps that nobody waited for are left out. @throws the signal's reason */
  events(signal: AbortSignal): AsyncGenerator<BackendEvent, Ended>;
  received(message: JobMessage): void;
  preview(node: string, bytes: Uint8Array): void;
  /** `position` in the queue, 0 = next; `undefined`: it runs. */
  positioned(position: number | undefined): void;
  /** Nobody answers there at the moment; the next `positioned` says that it does again. */
  unanswered(): void;
  /** Once; what comes later is too late. */
  end(ended: Ended): void;
  readonly hasEnded: () => boolean;
}

export function followJob({ samplers, loaders }: JobShape): FollowedJob {
  const pending: BackendEvent[] = [];
  let wake = Promise.withResolvers<void>();
  let ended: Ended | undefined;
  let fraction = 0;
  let step: { readonly at: number; readonly of: number } | undefined;
  let preview: Uint8Array | undefined;
  /** What people were told last: "waits" wants a word when the wait is over. */
  let told: "nothing" | "waits" | "works" = "nothing";
  let position: number | undefined;
  let isAway = false;

  function put(event: BackendEvent): void {
    if (ended) return;
    const last = pending.at(-1);
    // A slow reader gets the newest only; an unfinished picture is not lost with its step.
    if (event.type === "progress" && last?.type === "progress")
      pending[pending.length - 1] = last.preview && !event.preview ? { ...event, preview: last.preview } : event;
    else if (event.type === "waiting" && last?.type === "waiting") pending[pending.length - 1] = event;
    else pending.push(event);
    told = event.type === "waiting" ? "waits" : "works";
    wake.resolve();
  }

  function works(): void {
    if (told !== "works") put({ type: "progress", fraction, ...(step ? { step } : {}) });
  }

  function stepped(node: string, value: number, max: number): void {
    const index = samplers.indexOf(node);
    if (index < 0 || !(max > 0)) return;
    const done = (index + Math.min(1, Math.max(0, value / max))) / samplers.length;
    fraction = Math.max(fraction, done);
    step = { at: value, of: max };
    put({ type: "progress", fraction, step, ...(preview ? { preview } : {}) });
    preview = undefined;
  }

  return {
    async *events(signal) {
      for (;;) {
        signal.throwIfAborted();
        const event = pending.shift();
        if (event) yield event;
        else if (ended) return ended;
        else {
          await untilAborted(wake.promise, signal);
          wake = Promise.withResolvers();
        }
      }
    },
    received({ type, data }) {
      if (type === "progress" && data.node && data.value !== undefined && data.max !== undefined)
        stepped(data.node, data.value, data.max);
      else if (type === "executing" && data.node) {
        position = undefined;
        if (loaders.has(data.node)) put({ type: "waiting", why: sentence("backend.error.loading") });
        else works();
      }
    },
    preview(node, bytes) {
      // It comes just before its step does.
      if (samplers.includes(node)) preview = bytes;
    },
    positioned(now) {
      if (now === undefined) {
        if (position !== undefined || isAway || told === "nothing") works();
      } else if (isAway || now !== position) put({ type: "waiting", position: now });
      position = now;
      isAway = false;
    },
    unanswered() {
      if (!isAway) put({ type: "waiting", why: sentence("backend.error.offline") });
      isAway = true;
    },
    end(how) {
      if (ended) return;
      ended = how;
      wake.resolve();
    },
    hasEnded: () => ended !== undefined,
  };
}
