import { parseImageId } from "../domain/ids.ts";
import type { Log } from "../ports/log.ts";
import type { PictureFiles } from "../ports/picture-files.ts";
import type { Store } from "../ports/store.ts";

/** Whoever makes a picture writes its file first and its row at the end: in between no row tells of it. */
const GRACE_MS = 24 * 3_600_000;
const DAY_MS = 24 * 3_600_000;

/**
 * Removes files of pictures that no row tells of: whoever made them died before the end, and another process may have made the job
 * anew elsewhere. Looks at a part of all each time; at so many looks a day, at every part once.
 */
export function createOrphanSweep(deps: {
  readonly store: Pick<Store, "job" | "picture">;
  readonly files: Pick<PictureFiles, "writtenBefore" | "remove">;
  readonly nowMs: () => number;
  readonly log: Log;
}): (everyMs: number) => Promise<void> {
  const { store, files, nowMs, log } = deps;

  /**
   * In this order: of a job that has ended no row comes any more. One that is open writes the file again. Of a job that nobody knows
   * nothing is removed: whoever starts with an empty database beside old pictures must not lose them.
   */
  async function isOrphan(imageId: string): Promise<boolean> {
    const jobId = parseImageId(imageId)?.jobId;
    if (jobId === undefined) return false;
    const job = await store.job(jobId);
    return job?.endedAtMs !== undefined && (await store.picture(imageId)) === undefined;
  }

  return async (everyMs) => {
    const parts = Math.max(1, Math.floor(DAY_MS / everyMs));
    // By the clock and not by counting: a program that is started every day would only ever see the first ones.
    const part = Math.floor(nowMs() / everyMs) % parts;
    let count = 0;
    for (const imageId of await files.writtenBefore(nowMs() - GRACE_MS, part, parts)) {
      if (!(await isOrphan(imageId))) continue;
      await files.remove(imageId);
      count += 1;
    }
    if (count > 0) log.info("pictures.orphans_removed", { count });
  };
}
