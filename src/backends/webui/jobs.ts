import { z } from "zod";
import { delayedAbort, pauseMs } from "../../lib/abort.ts";
import { BackendError, type BackendEvent, isStopping } from "../../ports/backend.ts";
import { sentence } from "../../ports/backend-sentence.ts";
import { type Http, parseJson } from "../shared/http.ts";
import { isOutOfMemory } from "../shared/memory-words.ts";
import { poll } from "../shared/poll.ts";
import { leftOut } from "./answer.ts";
import { foundIdle, PICTURE_MAX_BYTES } from "./call.ts";
import { NAME } from "./known.ts";
import type { Wanted } from "./request.ts";

const EXCHANGE_MS = 30_000;
const CANCEL_WITHIN_MS = 1500;
const FACTS_MAX_BYTES = 1024 * 1024;

const acceptedSchema = z.object({ id: z.string().regex(/^[A-Za-z0-9_-]{1,100}$/) });
const jobSchema = z.object({
  status: z.enum(["pending", "running", "completed", "failed", "cancelled"]),
  step: z.number().nullish(),
  steps: z.number().nullish(),
  started_at: z.string().nullish(),
  completed_at: z.string().nullish(),
  error: z.string().nullish(),
  result: z.object({ images: z.array(z.object({ index: z.number().int().min(0) })) }).nullish(),
});
type Job = z.output<typeof jobSchema>;

export interface JobCall {
  readonly http: Http;
  readonly json: unknown;
  readonly wanted: Wanted;
  readonly pollMs: number;
  readonly attachKey: string | undefined;
}

/** One picture through SD.Next's own queue, which survives a restart of ours. */
export async function* runJob(
  call: JobCall,
  signal: AbortSignal,
): AsyncGenerator<BackendEvent, { readonly bytes: Uint8Array; readonly usedMs: number | undefined }> {
  let id = call.attachKey === undefined ? undefined : await pickedUp(call, call.attachKey, signal);
  // A running job is stopped by an interrupt of the whole server: only safe where nobody else was at work.
  const alone = id === undefined && (await foundIdle(call.http, signal));
  let ended = false;
  let resumable = false;
  try {
    if (id === undefined) {
      id = await submit(call, signal);
      signal.throwIfAborted();
    }
    yield { type: "attached", key: id };
    resumable = true;
    const job = yield* follow(call, id, signal);
    ended = true;
    const [image] = job.result?.images ?? [];
    if (!image)
      throw new BackendError(NAME, "bad_response", "ended without a picture", {
        memberText: sentence("backend.error.no-picture-made"),
      });
    await checkLora(call, signal);
    const bytes = await call.http.picture({
      path: `/sdapi/v2/jobs/${id}/images/${image.index}`,
      signal,
      timeoutMs: EXCHANGE_MS,
      maxBytes: PICTURE_MAX_BYTES,
    });
    return { bytes, usedMs: usedMsOf(job) };
  } finally {
    if (id !== undefined && !ended && !(resumable && isStopping(signal)))
      await cancel(call, id, alone).catch(() => undefined);
  }
}

async function submit({ http, json }: JobCall, signal: AbortSignal): Promise<string> {
  const delayed = delayedAbort(http.clock, signal, CANCEL_WITHIN_MS);
  try {
    const { id } = await http.json(acceptedSchema, {
      method: "POST",
      path: "/sdapi/v2/jobs",
      json,
      signal: delayed.signal,
      timeoutMs: EXCHANGE_MS,
      maxBytes: FACTS_MAX_BYTES,
    });
    return id;
  } finally {
    delayed.end();
  }
}

/** Still known there, and not given up: else it is made anew. */
async function pickedUp(call: JobCall, key: string, signal: AbortSignal): Promise<string | undefined> {
  if (!acceptedSchema.safeParse({ id: key }).success) return undefined;
  const job = await jobOf(call, key, signal);
  return job === "gone" || job.status === "failed" || job.status === "cancelled" ? undefined : key;
}

const jobOf = ({ http, pollMs }: JobCall, id: string, signal: AbortSignal): Promise<Job | "gone"> =>
  poll(
    http.clock,
    async () => {
      const request = { path: `/sdapi/v2/jobs/${id}`, signal, timeoutMs: EXCHANGE_MS, maxBytes: FACTS_MAX_BYTES };
      const answer = await http.send(request);
      if (answer.status === 404) return "gone";
      if (answer.status !== 200) throw http.errorOf(answer);
      return parseJson(NAME, jobSchema, answer.bytes);
    },
    pollMs,
    signal,
  );

async function* follow(call: JobCall, id: string, signal: AbortSignal): AsyncGenerator<BackendEvent, Job> {
  let waits = false;
  let shown = 0;
  for (;;) {
    const job = await jobOf(call, id, signal);
    if (job === "gone")
      throw new BackendError(NAME, "offline", "no longer knows the picture", {
        memberText: sentence("backend.error.lost-picture"),
      });
    switch (job.status) {
      case "pending":
        if (!waits) yield { type: "waiting" };
        waits = true;
        break;
      case "running": {
        const [at, of] = [job.step ?? 0, job.steps ?? 0];
        const known = of > 0 && at <= of;
        shown = Math.max(shown, known ? at / of : 0);
        yield { type: "progress", fraction: shown, ...(known ? { step: { at, of } } : {}) };
        break;
      }
      case "completed":
        yield { type: "progress", fraction: 1 };
        return job;
      case "failed":
        throw failed(job.error ?? "");
      case "cancelled":
        throw new BackendError(NAME, "stopped", "the picture was cancelled there");
    }
    await pauseMs(call.http.clock, call.pollMs, signal);
  }
}

/** The server's text holds paths and prompts; one thing in it is worth knowing. */
const failed = (text: string) =>
  isOutOfMemory(text)
    ? new BackendError(NAME, "out_of_memory", "ran out of memory")
    : new BackendError(NAME, "bad_response", "failed", { memberText: sentence("backend.error.could-not-make") });

/** These jobs do not say which LoRAs they used; the server says which are loaded, if nothing has run since. */
async function checkLora({ http, wanted }: JobCall, signal: AbortSignal): Promise<void> {
  if (wanted.loras.length === 0) return;
  const loaded = await http.send({ path: "/sdapi/v1/loaded-loras", signal, timeoutMs: EXCHANGE_MS });
  if (loaded.status !== 200) return;
  const names = parseJson(NAME, z.array(z.string()), loaded.bytes);
  const missing = wanted.loras.find(({ name }) => !names.includes(name));
  if (missing && (await foundIdle(http, signal))) throw leftOut(missing.name);
}

/** A waiting job is taken out. A running one only where it holds the server: "running" also means waiting for its turn. */
async function cancel(call: JobCall, id: string, alone: boolean): Promise<void> {
  const signal = call.http.clock.deadline(CANCEL_WITHIN_MS);
  const job = await jobOf(call, id, signal);
  if (job === "gone") return;
  if (job.status === "pending" || (job.status === "running" && alone))
    await call.http.send({ method: "DELETE", path: `/sdapi/v2/jobs/${id}`, signal });
}

function usedMsOf({ started_at, completed_at }: Job): number | undefined {
  const ms = Date.parse(completed_at ?? "") - Date.parse(started_at ?? "");
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}
