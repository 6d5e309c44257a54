import { expect, test } from "vitest";
import { createQueueNews } from "../../src/app/queue-news.ts";
import type { Job } from "../../src/domain/job.ts";
import { jobWith } from "../commands/context.ts";
import { createTestClock } from "../fakes/clock.ts";
import { silentLog } from "../fakes/module-services.ts";

const waiting = (lane: string, count: number): readonly Job[] =>
  Array.from({ length: count }, (_, at) => jobWith({ jobId: `${lane}-${at}`, lane }));

test("members at the head of every lane are told, once for many jobs that end, and nobody far down", async () => {
  const clock = createTestClock(0);
  clock.freeze();
  const told: string[] = [];
  const lanes = { hall: waiting("hall", 30), attic: waiting("attic", 2) };
  const news = createQueueNews({
    store: { nextJobs: async (lane, limit) => lanes[lane as keyof typeof lanes].slice(0, limit) },
    lanes: Object.keys(lanes),
    changed: (jobId) => told.push(jobId),
    leads: () => true,
    clock,
    log: silentLog,
  });
  for (let ended = 0; ended < 100; ended += 1) news.soon();
  clock.advanceMs(250);
  await expect.poll(() => told.length).toBe(12);
  expect(told.slice(0, 10)).toEqual(Array.from({ length: 10 }, (_, at) => `hall-${at}`));
  expect(told.slice(10)).toEqual(["attic-0", "attic-1"]);
  news.stop();
});
