import type { Clock } from "../lib/clock.ts";

/** Pictures that were written just now, as they are posted: who posts them need not read and strip them again. */
export interface WarmPictures {
  /** Until it is taken, newer ones need the room, or a minute has passed. One larger than all the room is not kept. */
  keep(imageId: string, posted: Uint8Array): void;
  /** Once: whoever asks later finds it on the disk. `undefined`: it is not here, or no longer. */
  take(imageId: string): Uint8Array | undefined;
}

/** Twenty usual ones. */
const KEPT_MAX_BYTES = 20 * 1024 * 1024;
const KEPT_MAX_MS = 60_000;

export function createWarmPictures(clock: Pick<Clock, "deadline" | "steadyMs">): WarmPictures {
  /** The oldest first. */
  const kept = new Map<string, { readonly posted: Uint8Array; readonly untilMs: number }>();
  let keptBytes = 0;
  let isWatched = false;

  function take(imageId: string): Uint8Array | undefined {
    const posted = kept.get(imageId)?.posted;
    if (!posted) return undefined;
    kept.delete(imageId);
    keptBytes -= posted.buffer.byteLength;
    return posted;
  }

  /** One deadline for all: most are taken within milliseconds. */
  function watch(): void {
    const [oldest] = kept.values();
    if (isWatched || !oldest) return;
    isWatched = true;
    clock.deadline(oldest.untilMs - clock.steadyMs()).addEventListener("abort", () => {
      isWatched = false;
      for (const [imageId, { untilMs }] of kept) if (untilMs <= clock.steadyMs()) take(imageId);
      watch();
    });
  }

  return {
    take,
    keep(imageId, posted) {
      take(imageId);
      // It may lie in a larger buffer, which is held as a whole.
      if (posted.buffer.byteLength > KEPT_MAX_BYTES) return;
      kept.set(imageId, { posted, untilMs: clock.steadyMs() + KEPT_MAX_MS });
      keptBytes += posted.buffer.byteLength;
      for (const oldest of kept.keys()) {
        if (keptBytes <= KEPT_MAX_BYTES) break;
        take(oldest);
      }
      watch();
    },
  };
}
