import { untilAborted } from "../../lib/abort.ts";
import type { Clock } from "../../lib/clock.ts";
import { BackendError } from "../../ports/backend.ts";
import type { SpaceClient } from "./client.ts";
import type { Endpoint } from "./description.ts";
import type { GradioEvent } from "./gradio-library.ts";
import { fileIn, type PictureSource, pictureOf } from "./pictures.ts";
import { countedIn, queueOf, type Report, risingProgress, stepInBar, whyWaiting } from "./progress.ts";
import { refusalOf } from "./refusals.ts";

export interface SpaceJobDeps extends PictureSource {
  readonly backend: string;
  readonly clock: Pick<Clock, "nowMs" | "steadyMs">;
  /** A preview is fetched at most this often: each is a whole picture. */
  readonly previewEveryMs: number;
}

type Status = Extract<GradioEvent, { type: "status" }>;

/** Who hears how a call goes, and may break it off. */
export interface Watcher {
  readonly tell: Report;
  readonly signal: AbortSignal;
}

/** Waits for the end of a small call (a selection) and gives what it answered. @throws BackendError, or the signal's reason */
export async function answerOf(
  deps: SpaceJobDeps,
  client: SpaceClient,
  call: readonly [endpoint: string, data: readonly unknown[] | Readonly<Record<string, unknown>>, eventData?: unknown],
  { tell, signal }: Watcher,
): Promise<readonly unknown[]> {
  let answer: readonly unknown[] | undefined;
  for await (const event of unlessBroken(client.gradio.submit(...call), client, signal)) {
    if (event.type === "data") answer = event.data;
    if (event.type !== "status") continue;
    if (event.stage === "error") throw refusalOf(deps.backend, wordsOf(event), deps.clock.nowMs());
    if (event.stage === "complete") break;
    const waiting = queueOf(event);
    if (waiting) tell(waiting);
  }
  if (!answer) throw endedThere(deps.backend);
  // A second call while the server still means to end this stream would wait for ever.
  await client.quiet();
  return answer;
}

export interface RunResult {
  readonly bytes: Uint8Array;
  readonly seed?: number;
  readonly usedMs: number;
  /** The Space did not take our token: it spent the free time of this machine's address. */
  readonly tokenRefused: boolean;
}

/** The run itself: tells queue, steps and previews, ends with the picture. @throws BackendError, or the signal's reason */
export async function runJob(
  deps: SpaceJobDeps,
  client: SpaceClient,
  run: { readonly endpoint: Endpoint; readonly args: Readonly<Record<string, unknown>>; readonly steps: number },
  { tell, signal }: Watcher,
): Promise<RunResult> {
  const previews = new AbortController();
  const watch = watchRun(deps, run.steps, tell, AbortSignal.any([signal, previews.signal]));
  try {
    for await (const event of unlessBroken(client.gradio.submit(run.endpoint.name, run.args), client, signal)) {
      watch.see(event);
      if (event.type === "status" && event.stage === "complete") break;
    }
  } finally {
    previews.abort();
  }
  const { final, startedAtMs, tokenRefused } = watch.seen();
  if (!final) throw endedThere(deps.backend);
  const usedMs = Math.round(deps.clock.steadyMs() - startedAtMs);
  const picture = fileIn(final);
  if (!picture) throw new BackendError(deps.backend, "bad_response", "finished without a picture");
  const { seedAt } = run.endpoint;
  const seed = seedAt === undefined ? undefined : final[seedAt];
  return {
    bytes: await pictureOf(deps, picture, signal),
    ...(typeof seed === "number" && Number.isInteger(seed) && seed >= 0 && seed <= 0xffff_ffff ? { seed } : {}),
    usedMs,
    tokenRefused,
  };
}

interface Seen {
  /** What the run ended with. Absent when it was ended from outside: frames are no result. */
  readonly final: readonly unknown[] | undefined;
  readonly startedAtMs: number;
  readonly tokenRefused: boolean;
}

function watchRun(
  deps: SpaceJobDeps,
  steps: number,
  tell: Report,
  signal: AbortSignal,
): { see(event: GradioEvent): void; seen(): Seen } {
  const progress = risingProgress(tell);
  let final: readonly unknown[] | undefined;
  let startedAtMs = deps.clock.steadyMs();
  let tokenRefused = false;
  let frameFollows = false;
  let frames = 0;
  let fetching = false;
  let nextPreviewAtMs = Number.NEGATIVE_INFINITY;

  function showFrame(data: readonly unknown[]): void {
    const file = fileIn(data);
    if (!file || fetching || deps.clock.steadyMs() < nextPreviewAtMs) return;
    fetching = true;
    const askedAtMs = deps.clock.steadyMs();
    pictureOf(deps, file, signal)
      .then((bytes) => signal.aborted || progress.preview(bytes))
      // The result does not need it.
      .catch(() => undefined)
      .finally(() => {
        fetching = false;
        // Over a slow line a preview may take its time, but no more than a quarter of it: the result comes over it too.
        const tookMs = deps.clock.steadyMs() - askedAtMs;
        nextPreviewAtMs = askedAtMs + Math.max(deps.previewEveryMs, 4 * tookMs);
      });
  }

  function seeFrame(data: readonly unknown[]): void {
    frames += 1;
    const step = stepInBar(data) ?? { at: Math.min(frames, steps), of: steps };
    progress.reach(step.at / step.of, step);
    // The last one comes again, as the result.
    if (step.at < step.of) showFrame(data);
  }

  function seeStatus(status: Status): void {
    if (status.stage === "error") throw refusalOf(deps.backend, wordsOf(status), deps.clock.nowMs());
    frameFollows = status.stage === "generating";
    if (status.original_msg === "process_starts") {
      startedAtMs = deps.clock.steadyMs();
      progress.reach(0);
    }
    const waiting = queueOf(status);
    if (waiting) tell(waiting);
    const counted = countedIn(status);
    if (counted) progress.reach(counted.fraction, counted.step);
  }

  function seeLog(log: string): void {
    tokenRefused ||= /^Falling back to IP-based quotas/u.test(log);
    if (/^Successfully acquired a GPU/u.test(log)) startedAtMs = deps.clock.steadyMs();
    const why = whyWaiting(log);
    if (why) tell({ type: "waiting", why });
  }

  return {
    see(event) {
      switch (event.type) {
        case "status":
          return seeStatus(event);
        case "log":
          return seeLog(event.log ?? "");
        case "data":
          if (frameFollows && event.data) seeFrame(event.data);
          else final = event.data;
          frameFollows = false;
      }
    },
    seen: () => ({ final, startedAtMs, tokenRefused }),
  };
}

/** Ends with the signal's reason or the wire's trouble, also where the library would wait for ever. */
async function* unlessBroken(
  job: AsyncIterable<GradioEvent>,
  client: SpaceClient,
  signal: AbortSignal,
): AsyncGenerator<GradioEvent, void> {
  const events = job[Symbol.asyncIterator]();
  for (;;) {
    const next = await untilAborted(Promise.race([client.trouble, events.next()]), signal);
    if (next.done === true) return;
    yield next.value;
  }
}

const wordsOf = ({ title, message }: Status) => ({
  title: title ?? "",
  message: typeof message === "string" ? message : "",
});

/** The server says "done" without a result when a job was cancelled, and it was not us. */
const endedThere = (backend: string) =>
  new BackendError(backend, "stopped", "the job was ended at the Space", { elsewhere: true });
