import { imageIdOf, parseImageId } from "../domain/ids.ts";
import type { Job, Progress } from "../domain/job.ts";
import { requestOf } from "../domain/recipe.ts";
import type { Text } from "../domain/text.ts";
import type { Clock } from "../lib/clock.ts";
import type { YieldQueue } from "../lib/yield-queue.ts";
import { BackendError } from "../ports/backend.ts";
import { named, sentence } from "../ports/backend-sentence.ts";
import type { PictureFiles } from "../ports/picture-files.ts";
import type { Store } from "../ports/store.ts";
import type { Attempt } from "./attempt.ts";
import { generatePicture, type Happening, type Watching } from "./generate-picture.ts";
import type { PixelReader } from "./pixels/pixel-reader.ts";
import type { Previews } from "./previews.ts";
import { asImageToImage } from "./router/variation.ts";
import type { WarmPictures } from "./warm-pictures.ts";
import type { Work } from "./work.ts";

export interface BatchDeps {
  readonly store: Pick<Store, "attach">;
  readonly files: Pick<PictureFiles, "original" | "input" | "save">;
  readonly warm: Pick<WarmPictures, "keep">;
  readonly previews: Pick<Previews, "offer">;
  readonly show: (job: Job, progress: Progress) => void;
  readonly clock: Clock;
  readonly yields: YieldQueue;
  readonly pixels: Pick<PixelReader, "read">;
}

/** One picture of a job, saved and noted. @throws BackendError, or the signal's reason */
export async function generateOneOfBatch(attempt: Attempt, index: number, work: Work, deps: BatchDeps): Promise<void> {
  const { backend, job, style, signal } = attempt;
  const request = asImageToImage(requestOf(job.order, index), backend, job.order);
  const initBytes = request.init && (await startingPicture(request.init.key, deps.files));
  if (request.init && !initBytes)
    throw new BackendError(backend.name, "rejected", "the starting picture is gone", {
      memberText: sentence("backend.error.start-gone"),
    });
  const attachKey = attachKeyOf(attempt, index);
  const input = {
    request,
    style,
    ...(initBytes ? { initBytes } : {}),
    ...(attachKey === undefined ? {} : { attachKey }),
    signal,
  };
  const watching = watch(attempt, index, work, deps);
  work.works();
  const made = await generatePicture(backend, input, watching, deps);
  const imageId = imageIdOf(job.jobId, index);
  await deps.files.save(imageId, made.original);
  deps.warm.keep(imageId, made.posted);
  work.finished(made);
}

const startingPicture = (key: string, files: BatchDeps["files"]): Promise<Uint8Array | undefined> =>
  parseImageId(key) ? files.original(key) : files.input(key);

// The index in the batch goes along: only that picture can be picked up again.
const storedAttachKey = (index: number, key: string): string => `${index}:${key}`;

const attachKeyOf = ({ job: { attached }, backend }: Attempt, index: number): string | undefined => {
  const start = storedAttachKey(index, "");
  return attached?.backend === backend.name && attached.key.startsWith(start)
    ? attached.key.slice(start.length)
    : undefined;
};

/** Shows how the job goes on, from its first moment on this backend. */
function watch({ backend, job, route }: Attempt, index: number, work: Work, deps: BatchDeps): Watching {
  const { count } = job.order;
  const begun: Progress = { fraction: index / count, backend: backend.name, route };
  deps.show(job, begun);
  return {
    attached: (key) =>
      deps.store.attach(job.jobId, job.attempt, { backend: backend.name, key: storedAttachKey(index, key) }),
    happened(event) {
      if (event.type === "waiting") work.waits();
      else work.works();
      if (event.type === "progress" && event.preview) deps.previews.offer(job.jobId, event.preview);
      deps.show(
        job,
        progressAfter(event, begun, { title: backend.title, ofJob: (fraction) => (index + fraction) / count }),
      );
    },
  };
}

function progressAfter(
  event: Happening,
  begun: Progress,
  { title, ofJob }: { readonly title: Text; readonly ofJob: (fraction: number) => number },
): Progress {
  switch (event.type) {
    case "waiting": {
      const { position, etaMs, why } = event;
      return {
        ...begun,
        waiting: {
          ...(position === undefined ? {} : { position }),
          ...(etaMs === undefined ? {} : { etaMs }),
          ...(why === undefined ? {} : { why: named(why, title) }),
        },
      };
    }
    case "progress":
      return { ...begun, fraction: ofJob(event.fraction), ...(event.step ? { step: event.step } : {}) };
  }
}
