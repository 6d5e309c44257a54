import { expect, it } from "vitest";
import { imageIdOf, jobIdOf } from "../../src/domain/ids.ts";
import { createOrphanSweep } from "../../src/jobs/orphans.ts";
import type { Store } from "../../src/ports/store.ts";
import { silentLog } from "../fakes/module-services.ts";

const HOUR_MS = 3_600_000;
const NOW_MS = 1_800_000_000_000;

it("removes what no row tells of once its job has ended, nothing of a job that nobody knows, and looks at every part once a day", async () => {
  const jobs: Readonly<Record<string, { readonly endedAtMs?: number }>> = {
    done: { endedAtMs: 1 },
    failed: { endedAtMs: 1 },
    open: {},
  };
  const imageOf = (name: string) => imageIdOf(jobIdOf(name), 0);
  const jobCalled = (jobId: string) => Object.entries(jobs).find(([name]) => jobIdOf(name) === jobId)?.[1];
  let nowMs = NOW_MS;
  const removed: string[] = [];
  const looked: (readonly [beforeMs: number, part: number, parts: number])[] = [];
  const sweep = createOrphanSweep({
    store: {
      job: async (jobId) => jobCalled(jobId),
      picture: async (imageId) => (imageId === imageOf("done") ? { imageId } : undefined),
    } as Pick<Store, "job" | "picture">,
    files: {
      async writtenBefore(...asked) {
        looked.push(asked);
        return ["done", "failed", "open", "unknown"].map(imageOf);
      },
      remove: async (imageId) => void removed.push(imageId),
    },
    nowMs: () => nowMs,
    log: silentLog,
  });
  await sweep(HOUR_MS);
  expect(removed).toEqual([imageOf("failed")]);
  for (let hour = 1; hour < 24; hour += 1) {
    nowMs += HOUR_MS;
    await sweep(HOUR_MS);
  }
  // A file is a day old at least: whoever makes a picture may not have written its row yet.
  expect(looked.every(([beforeMs], hour) => beforeMs === NOW_MS + hour * HOUR_MS - 24 * HOUR_MS)).toBe(true);
  expect(looked.map(([, part]) => part).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 24 }, (_, part) => part),
  );
  expect(new Set(looked.map(([, , parts]) => parts))).toEqual(new Set([24]));
});
