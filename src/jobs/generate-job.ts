import { imageIdOf, parseImageId } from "../domain/ids.ts";
import type { Job, NewPicture, Progress } from "../domain/job.ts";
import { chatKeyOf } from "../domain/place.ts";
import { requestOf } from "../domain/recipe.ts";
import type { Style } from "../domain/style.ts";
import { type Backend, BackendError, type BackendEvent } from "../ports/backend.ts";
import type { Log } from "../ports/log.ts";
import type { PictureFiles } from "../ports/picture-files.ts";
import type { Store } from "../ports/store.ts";
import { chargeOf, megapixelStepsOf } from "./estimate.ts";
import { generatePicture, type Made } from "./generate-picture.ts";
import type { Previews } from "./previews.ts";
import { asImageToImage } from "./router/variation.ts";

export interface JobGeneratorDeps {
  readonly store: Pick<Store, "attach" | "finish">;
  readonly files: PictureFiles;
  readonly previews: Pick<Previews, "offer">;
  readonly show: (job: Job, progress: Progress) => void;
  readonly nowMs: () => number;
  readonly log: Log;
}

/** Makes all pictures of a job on one backend, one after the other, and ends the job with them. */
export function createJobGenerator({ store, files, previews, show, nowMs, log }: JobGeneratorDeps) {
  /** @throws BackendError, or the signal's reason */
  async function generateJob(
    backend: Backend,
    job: Job,
    style: Style,
    route: readonly string[],
    signal: AbortSignal,
  ): Promise<void> {
    const made: Made[] = [];
    const { count } = job.order;
    const startedAtMs = nowMs();
    for (let index = 0; index < count; index += 1) {
      made.push(await generateOne(backend, job, index, style, route, signal));
    }
    const usedMs = made.reduce((sum, each) => sum + each.usedMs, 0);
    const pictures = made.map((each, index) => pictureOf(job, index, each, nowMs()));
    const finished = await store.finish({
      jobId: job.jobId,
      attempt: job.attempt,
      outcome: { backend: backend.name, route, usedGpuMs: chargeOf(usedMs, backend), tookMs: nowMs() - startedAtMs },
      pictures,
      ...(made.some((each) => each.reattached)
        ? {}
        : {
            measured: { backend: backend.name, megapixelSteps: megapixelStepsOf(job.order), pictures: count, usedMs },
          }),
      nowMs: nowMs(),
    });
    if (finished)
      log.info("job.done", {
        job: job.jobId,
        backend: backend.name,
        pictures: count,
        usedMs,
        tookMs: nowMs() - startedAtMs,
      });
  }

  async function generateOne(
    backend: Backend,
    job: Job,
    index: number,
    style: Style,
    route: readonly string[],
    signal: AbortSignal,
  ): Promise<Made> {
    const request = asImageToImage(requestOf(job.order, index), backend, job.order);
    const initBytes = request.init && (await startingPicture(request.init.key));
    if (request.init && !initBytes)
      throw new BackendError(backend.name, "rejected", "the starting picture is gone", {
        memberText: "the picture to start from is gone",
      });
    // The index in the batch goes along: only that picture can be picked up again.
    const attachKey =
      job.attached?.backend === backend.name && job.attached.key.startsWith(`${index}:`)
        ? job.attached.key.slice(2)
        : undefined;
    const shown = { fraction: index / job.order.count, backend: backend.name, route };
    show(job, shown);
    const made = await generatePicture(
      backend,
      {
        request,
        style,
        ...(initBytes ? { initBytes } : {}),
        ...(attachKey === undefined ? {} : { attachKey }),
        signal,
      },
      {
        attached: (key) => store.attach(job.jobId, job.attempt, { backend: backend.name, key: `${index}:${key}` }),
        happened(event) {
          if (event.type === "progress" && event.preview) previews.offer(job.jobId, event.preview);
          show(job, progressAfter(event, shown, index, job.order.count));
        },
      },
      nowMs,
    );
    await files.save(imageIdOf(job.jobId, index), made.original);
    return made;
  }

  const startingPicture = (key: string): Promise<Uint8Array | undefined> =>
    parseImageId(key) ? files.original(key) : files.input(key);

  return generateJob;
}

type Happening = Extract<BackendEvent, { type: "waiting" | "progress" }>;

function progressAfter(event: Happening, before: Progress, index: number, count: number): Progress {
  switch (event.type) {
    case "waiting": {
      const { position, etaMs, why } = event;
      return {
        ...before,
        waiting: {
          ...(position === undefined ? {} : { position }),
          ...(etaMs === undefined ? {} : { etaMs }),
          ...(why === undefined ? {} : { why }),
        },
      };
    }
    case "progress":
      return {
        ...before,
        fraction: (index + event.fraction) / count,
        ...(event.step ? { step: event.step } : {}),
      };
  }
}

const pictureOf = (job: Job, index: number, made: Made, madeAtMs: number): NewPicture => ({
  imageId: imageIdOf(job.jobId, index),
  jobId: job.jobId,
  index,
  chatKey: chatKeyOf(job.target.place),
  memberId: job.memberId,
  memberName: job.memberName,
  madeAtMs,
  recipe: made.recipe,
  order: job.order,
  sha256: made.sha256,
});
