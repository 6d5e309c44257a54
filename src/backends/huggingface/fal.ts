import { z } from "zod";
import { withoutEngineTags } from "../../domain/prompt.ts";
import { LORAS_MAX } from "../../domain/recipe.ts";
import { delayedAbort, pauseMs, untilAborted } from "../../lib/abort.ts";
import { parseForeignJson } from "../../lib/foreign-json.ts";
import { BackendError, isStopping } from "../../ports/backend.ts";
import type { Http } from "../shared/http.ts";
import { type LoadingPatience, whileLoading } from "../shared/huggingface/loading.ts";
import { poll } from "../shared/poll.ts";
import type { Provider, ProviderJob, ProviderPicture, Report } from "./provider.ts";

// fal's queue at the router's addresses, spoken by ourselves: `@huggingface/inference` 4.13 sets every LoRA's scale to 1,
// loses width and height, tells neither seed nor position in the queue, keeps its mapping for ever, and does its polling past
// the `fetch` it is given (BACKENDS reference, 3).

const QUEUE = { _subdomain: "queue" } as const;
const JSON_MAX_BYTES = 1024 * 1024;
const CANCEL_WITHIN_MS = 2000;
/** A submit is not broken off at once: its answer is the name of what has to be cancelled. */
const SUBMIT_ABORT_DELAY_MS = 1500;
/** Where fal fetches weights from, whatever Hub we ask. */
const WEIGHTS_AT = "https://huggingface.co";

const submittedSchema = z.object({
  request_id: z.string().regex(/^[\w-]{1,100}$/u),
  response_url: z.url().max(1000),
  queue_position: z.int().min(0).nullish(),
});
const statusSchema = z.object({
  status: z.enum(["IN_QUEUE", "IN_PROGRESS", "COMPLETED"]),
  queue_position: z.int().min(0).nullish(),
});
const resultSchema = z.object({
  images: z.array(z.object({ url: z.string().max(4000) })).min(1),
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER).nullish(),
  timings: z.record(z.string(), z.unknown()).nullish(),
  has_nsfw_concepts: z.array(z.boolean()).nullish(),
});

const once = (signal: AbortSignal) => ({ signal, timeoutMs: 20_000, maxBytes: JSON_MAX_BYTES });

/** `/fal-ai/flux-lora/requests/<id>`: the model there may be another than the one that was asked. */
const REQUEST_PATH = /^(?:\/[\w][\w.-]*){1,6}\/requests\/[\w-]{1,100}$/u;

export interface FalOptions {
  readonly backend: string;
  /** Below the router's address, with the token. */
  readonly router: Http;
  readonly pollEveryMs: number;
  readonly patience: LoadingPatience;
}

export function createFal({ backend, router, pollEveryMs, patience }: FalOptions): Provider {
  const { clock } = router;
  const leaving = new Set<Promise<unknown>>();
  const inHand = (work: Promise<unknown>) => {
    const cancelling: Promise<unknown> = work.catch(() => undefined).finally(() => leaving.delete(cancelling));
    leaving.add(cancelling);
  };

  /** Whether the router forwards it is not known; without it the provider works on, and bills. */
  const cancel = (path: string) =>
    router.send({
      method: "PUT",
      path: `/fal-ai${path}/cancel`,
      query: QUEUE,
      signal: clock.deadline(CANCEL_WITHIN_MS),
    });

  /** Results are kept for a while only: what fal no longer knows is made anew. */
  async function isKnown(path: string, signal: AbortSignal): Promise<boolean> {
    const { status } = await router.send({ path: `/fal-ai${path}/status`, query: QUEUE, ...once(signal) });
    return status !== 404 && status !== 410;
  }

  async function submit(job: ProviderJob, tell: Report, signal: AbortSignal): Promise<string> {
    const late = delayedAbort(clock, signal, SUBMIT_ABORT_DELAY_MS);
    const asked = router.json(submittedSchema, {
      method: "POST",
      path: `/fal-ai/${job.mapping.providerId}`,
      query: QUEUE,
      json: bodyOf(job),
      ...once(late.signal),
    });
    const named = asked.then((answer) => {
      const path = new URL(answer.response_url).pathname;
      if (!REQUEST_PATH.test(path))
        throw new BackendError(backend, "bad_response", "named an odd place for its answer");
      return { path, position: answer.queue_position };
    });
    const ended = named.finally(() => late.end());
    try {
      const { path, position } = await untilAborted(ended, signal);
      if (typeof position === "number") tell({ type: "waiting", position });
      return path;
    } catch (error) {
      // What was asked for is learnt a little later, and then cancelled.
      if (signal.aborted) inHand(ended.then(({ path }) => cancel(path)));
      throw error;
    }
  }

  /** Resolves when the result is there; with the moment the work was first seen at it. */
  async function untilDone(path: string, tell: Report, signal: AbortSignal): Promise<number | undefined> {
    let startedAtMs: number | undefined;
    let toldPosition: number | undefined;
    for (;;) {
      await pauseMs(clock, pollEveryMs, signal);
      // The picture is being made and paid for: one lost question is no reason to leave it.
      const { status, queue_position: position } = await poll(
        clock,
        () => router.json(statusSchema, { path: `/fal-ai${path}/status`, query: QUEUE, ...once(signal) }),
        pollEveryMs,
        signal,
      );
      if (status === "COMPLETED") return startedAtMs;
      if (status === "IN_PROGRESS") {
        if (startedAtMs === undefined) tell({ type: "progress", fraction: 0 });
        startedAtMs ??= clock.steadyMs();
      } else if (typeof position === "number" && position !== toldPosition) {
        toldPosition = position;
        tell({ type: "waiting", position });
      }
    }
  }

  async function fetchResult(path: string, signal: AbortSignal): Promise<z.output<typeof resultSchema>> {
    const answer = await router.send({ path: `/fal-ai${path}`, query: QUEUE, ...once(signal) });
    if (answer.status !== 200) throw resultError(backend, answer) ?? router.errorOf(answer);
    const result = resultSchema.safeParse(parsed(answer.bytes));
    if (!result.success) throw new BackendError(backend, "bad_response", "fal answered in an unknown form");
    if (result.data.has_nsfw_concepts?.includes(true))
      throw new BackendError(backend, "moderated", "fal's safety checker blackened the picture");
    return result.data;
  }

  async function collect(path: string, tell: Report, signal: AbortSignal): Promise<ProviderPicture> {
    const askedAtMs = clock.steadyMs();
    const startedAtMs = (await untilDone(path, tell, signal)) ?? askedAtMs;
    const endedAtMs = clock.steadyMs();
    const { images, seed, timings } = await fetchResult(path, signal);
    const url = images[0]?.url ?? "";
    const bytes = await poll(clock, () => router.download(url, { signal, timeoutMs: 60_000 }), pollEveryMs, signal);
    const inferenceS = timings?.["inference"];
    return {
      bytes,
      ...(typeof seed === "number" && seed <= 0xffff_ffff ? { seed } : {}),
      usedMs:
        typeof inferenceS === "number" && inferenceS > 0
          ? Math.round(inferenceS * 1000)
          : Math.round(endedAtMs - startedAtMs),
    };
  }

  return {
    name: "fal-ai",
    features: { variation: "none", initImage: false, queuePosition: true, loras: LORAS_MAX },
    timeoutMs: 180_000,
    lacks: () => undefined,
    async make(job, tell, signal) {
      const before = KEY.exec(job.input.attachKey ?? "")?.[1];
      let path = before !== undefined && REQUEST_PATH.test(before) ? before : undefined;
      try {
        if (path !== undefined && (await isKnown(path, signal))) {
          tell({ type: "attached", key: `fal-ai:${path}` });
          try {
            return await collect(path, tell, signal);
          } catch (error) {
            // Cancelled there in the meantime, for instance: the member still waits for a picture.
            if (!(error instanceof BackendError) || (error.code !== "bad_response" && error.code !== "rejected"))
              throw error;
          }
        }
        path = await whileLoading({ clock, ask: () => submit(job, tell, signal), patience, tell }, signal);
        tell({ type: "attached", key: `fal-ai:${path}` });
        return await collect(path, tell, signal);
      } catch (error) {
        if (signal.aborted && path !== undefined && !isStopping(signal)) inHand(cancel(path));
        throw error;
      }
    },
    settle: async () => void (await Promise.all(leaving)),
  };
}

const KEY = /^fal-ai:(\/.+)$/u;

/** Its programs call whatever guides the words guidance_scale, and those without any have no field for it. */
function bodyOf({ input: { request }, told, loras }: ProviderJob): Record<string, unknown> {
  return {
    prompt: withoutEngineTags(request.finalPrompt),
    image_size: { width: request.widthPx, height: request.heightPx },
    num_inference_steps: told.steps,
    ...(told.guidance === undefined ? {} : { guidance_scale: told.guidance }),
    ...(told.negative === undefined ? {} : { negative_prompt: withoutEngineTags(told.negative) }),
    seed: request.seed,
    num_images: 1,
    enable_safety_checker: true,
    output_format: "png",
    ...(loras.length === 0
      ? {}
      : {
          loras: loras.map(({ repo, file, scale }) => ({
            path: `${WEIGHTS_AT}/${repo}/resolve/main/${encodeURI(file)}`,
            scale,
          })),
        }),
  };
}

const detailSchema = z.object({ detail: z.array(z.object({ type: z.string() })) });

/** fal tells what was wrong with a picture where its result would be. */
function resultError(
  backend: string,
  { status, bytes }: { readonly status: number; readonly bytes: Uint8Array },
): BackendError | undefined {
  const kinds = detailSchema.safeParse(parsed(bytes)).data?.detail.map(({ type }) => type) ?? [];
  if (kinds.includes("content_policy_violation"))
    return new BackendError(backend, "moderated", `fal refused the content (status ${status})`);
  return undefined;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return parseForeignJson(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
