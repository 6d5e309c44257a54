import { z } from "zod";
import { pauseMs } from "../../lib/abort.ts";
import { BackendError, type BackendEvent } from "../../ports/backend.ts";
import { bytesOfBase64 } from "../shared/base64.ts";
import type { Http, HttpAnswer } from "../shared/http.ts";
import { NAME } from "./known.ts";

const LOOK_MS = 5000;
/** The largest picture we ask for has 7 MB of pixels, a third more as base64. */
export const PICTURE_MAX_BYTES = 24 * 1024 * 1024;
const STOP_WITHIN_MS = 1200;
const STOP_LATER_MS = 1_800_000;
/** A picture this far is done before an interrupt arrives, which would then hit the next one. */
const NEARLY_DONE = 0.97;
/** A request that the server does not know by now never reached it. */
const UNKNOWN_LOOKS_MAX = 10;

export interface Call {
  readonly http: Http;
  readonly path: string;
  readonly json: unknown;
  /** Where the server can be asked about this very request. */
  readonly task: string | undefined;
  readonly steps: number;
  /** Its progress says nothing: it is all there at once. */
  readonly isBlind?: true;
  /** Of the answer. Default: a picture's. */
  readonly maxBytes?: number;
  readonly pollMs: number;
  /** The backend is being closed. */
  readonly closing: AbortSignal;
}

const taskSchema = z.object({
  active: z.boolean(),
  queued: z.boolean(),
  completed: z.boolean(),
  progress: z.number().nullish(),
  live_preview: z.string().nullish(),
  id_live_preview: z.number().nullish(),
  textinfo: z.string().nullish(),
});
type TaskSight = z.output<typeof taskSchema>;

const serverSchema = z.object({
  progress: z.number(),
  current_image: z.string().nullish(),
  state: z.object({
    job: z.string().nullish(),
    job_count: z.number(),
    interrupted: z.boolean().nullish(),
    skipped: z.boolean().nullish(),
    sampling_step: z.number().nullish(),
    sampling_steps: z.number().nullish(),
  }),
});
type ServerSight = z.output<typeof serverSchema>;

/** SD.Next and the others count jobs differently; all clear the name. */
const isIdle = ({ state }: ServerSight) => state.job_count === 0 || state.job === "";

const lookAtServer = (http: Http, withPicture: boolean, signal: AbortSignal): Promise<ServerSight> =>
  http.json(serverSchema, {
    path: "/sdapi/v1/progress",
    query: { skip_current_image: String(!withPicture) },
    signal,
    timeoutMs: LOOK_MS,
    maxBytes: PICTURE_MAX_BYTES,
  });

/** Nobody's picture is being made there now: the next one begun is ours. Not knowing counts as no. */
export async function foundIdle(http: Http, signal: AbortSignal): Promise<boolean> {
  try {
    return isIdle(await lookAtServer(http, false, signal));
  } catch (error) {
    if (error instanceof BackendError) return false;
    throw error;
  }
}

const interrupt = (http: Http, signal: AbortSignal): Promise<HttpAnswer> =>
  http.send({ method: "POST", path: "/sdapi/v1/interrupt", signal });

/**
 * One request that is answered when its picture is done, watched meanwhile. Aborted, it interrupts the server only when
 * the picture there is surely ours: an interrupt stops whatever runs.
 *
 * @returns the answer of status 200 and the time since the work began, in ms
 */
export async function* callAndWatch(
  call: Call,
  signal: AbortSignal,
): AsyncGenerator<BackendEvent, { readonly answer: HttpAnswer; readonly usedMs: number }> {
  const { http, task } = call;
  const alone = task === undefined && (await foundIdle(http, signal));
  signal.throwIfAborted();
  // Not the member's signal: closing the connection stops nothing there, and we want to know when it is over.
  const exchange = new AbortController();
  const answered = http.send({
    method: "POST",
    path: call.path,
    json: call.json,
    signal: exchange.signal,
    maxBytes: call.maxBytes ?? PICTURE_MAX_BYTES,
  });
  const watching = new AbortController();
  const eyes = AbortSignal.any([signal, watching.signal]);
  const sights = sightsFor(call, alone, eyes);
  let answer: HttpAnswer | undefined;
  try {
    for (;;) {
      const next = await firstOf(answered, sights.next());
      if ("status" in next) {
        answer = next;
        break;
      }
      yield* next;
    }
    if (answer.status !== 200) throw http.errorOf(answer);
    if (await wasInterrupted(http, signal)) throw new BackendError(NAME, "stopped", "somebody interrupted the picture");
    yield { type: "progress", fraction: 1 };
    return { answer, usedMs: Math.round(performance.now() - sights.begunMs()) };
  } finally {
    watching.abort();
    if (answer === undefined) await stop(call, alone);
    exchange.abort();
  }
}

/** Whatever comes first; a late failure of the other is nobody's. */
function firstOf<A, B>(first: Promise<A>, second: Promise<B>): Promise<A | B> {
  first.catch(() => undefined);
  second.catch(() => undefined);
  return Promise.race([first, second]);
}

interface Sights {
  /** After a pause, what there is to tell; empty where the question was lost. @throws the signal's reason */
  next(): Promise<readonly BackendEvent[]>;
  begunMs(): number;
}

function sightsFor(call: Call, alone: boolean, signal: AbortSignal): Sights {
  if (call.isBlind) return noSights(call, signal);
  return call.task === undefined ? serverSights(call, alone, signal) : taskSights(call, call.task, signal);
}

function noSights(call: Call, signal: AbortSignal): Sights {
  const begunMs = performance.now();
  return { next: sightsOf(call, signal, async () => []), begunMs: () => begunMs };
}

function sightsOf({ http, pollMs }: Call, signal: AbortSignal, look: () => Promise<readonly BackendEvent[]>) {
  return async () => {
    await pauseMs(http.clock, pollMs, signal);
    try {
      return await look();
    } catch (error) {
      if (error instanceof BackendError) return [];
      throw error;
    }
  };
}

function taskSights(call: Call, task: string, signal: AbortSignal): Sights {
  let begunMs = performance.now();
  let shown = 0;
  let position: number | undefined;
  let previewId = -1;
  const look = async (): Promise<readonly BackendEvent[]> => {
    const sight = await lookAtTask(call.http, task, previewId, signal);
    previewId = sight.id_live_preview ?? -1;
    if (sight.queued) {
      const before = position;
      position = positionOf(sight.textinfo ?? "");
      begunMs = performance.now();
      return before === position ? [] : [{ type: "waiting", position }];
    }
    if (!sight.active) return [];
    shown = Math.max(shown, Math.min(1, sight.progress ?? 0));
    const preview = pictureOf(sight.live_preview);
    return [
      {
        type: "progress",
        fraction: shown,
        step: { at: Math.round(shown * call.steps), of: call.steps },
        ...(preview ? { preview } : {}),
      },
    ];
  };
  return { next: sightsOf(call, signal, look), begunMs: () => begunMs };
}

/** Of the whole server: ours only while nobody else's can be meant. */
function serverSights(call: Call, alone: boolean, signal: AbortSignal): Sights {
  const begunMs = performance.now();
  let shown = 0;
  const look = async (): Promise<readonly BackendEvent[]> => {
    if (!alone) return [];
    const sight = await lookAtServer(call.http, true, signal);
    if (isIdle(sight)) return [];
    shown = Math.max(shown, Math.min(1, sight.progress));
    const { sampling_step: at, sampling_steps: of } = sight.state;
    const preview = pictureOf(sight.current_image);
    return [
      {
        type: "progress",
        fraction: shown,
        ...(at && of && at <= of ? { step: { at, of } } : {}),
        ...(preview ? { preview } : {}),
      },
    ];
  };
  return { next: sightsOf(call, signal, look), begunMs: () => begunMs };
}

const lookAtTask = (http: Http, task: string, previewId: number, signal: AbortSignal): Promise<TaskSight> =>
  http.json(taskSchema, {
    method: "POST",
    path: "/internal/progress",
    json: { id_task: task, id_live_preview: previewId, live_preview: true },
    signal,
    timeoutMs: LOOK_MS,
    maxBytes: PICTURE_MAX_BYTES,
  });

/** "In queue: 2/3" → 1 picture before ours. */
const positionOf = (text: string): number => Math.max(0, Number(/In queue: (\d{1,6})\//.exec(text)?.[1] ?? 1) - 1);

const pictureOf = (encoded: string | null | undefined): Uint8Array | undefined =>
  encoded ? bytesOfBase64(encoded) : undefined;

/** The answer to an interrupted request is the unfinished picture with status 200; only the server's state tells. */
async function wasInterrupted(http: Http, signal: AbortSignal): Promise<boolean> {
  try {
    const sight = await lookAtServer(http, false, signal);
    return isIdle(sight) && (sight.state.interrupted === true || sight.state.skipped === true);
  } catch (error) {
    if (error instanceof BackendError) return false;
    throw error;
  }
}

async function stop(call: Call, alone: boolean): Promise<void> {
  const within = AbortSignal.any([call.closing, call.http.clock.deadline(STOP_WITHIN_MS)]);
  const { task } = call;
  if (task === undefined) {
    if (alone) await interrupt(call.http, within).catch(() => undefined);
    return;
  }
  const seen = await stopTask(call, task, within).catch(() => "unknown" as const);
  if (seen !== "over") void stopLater(call, task).catch(() => undefined);
}

/** "waiting" and "unknown": it may yet begin. */
async function stopTask(call: Call, task: string, signal: AbortSignal): Promise<"over" | "waiting" | "unknown"> {
  const sight = await lookAtTask(call.http, task, -1, signal);
  if (sight.active && (sight.progress ?? 0) < NEARLY_DONE) await interrupt(call.http, signal);
  if (sight.active || sight.completed) return "over";
  return sight.queued ? "waiting" : "unknown";
}

/** A request in the server's queue cannot be taken out: it is interrupted as soon as its turn comes. */
async function stopLater(call: Call, task: string): Promise<void> {
  const signal = AbortSignal.any([call.closing, call.http.clock.deadline(STOP_LATER_MS)]);
  for (let unknown = 0; unknown < UNKNOWN_LOOKS_MAX; ) {
    await pauseMs(call.http.clock, call.pollMs, signal);
    const seen = await stopTask(call, task, signal).catch(() => "unknown" as const);
    if (seen === "over") return;
    if (seen === "unknown") unknown += 1;
  }
}
