import { describe, expect, it } from "vitest";
import type { Job } from "../../src/domain/job.ts";
import { createRunningJobs } from "../../src/jobs/running.ts";
import type { Work } from "../../src/jobs/work.ts";
import { sampleJob } from "../stores/contract/inputs.ts";

function table() {
  const running = createRunningJobs();
  /** An attempt that goes on until it is ended. */
  const begin = (name: string, attempt = 1, lane = "gpu") => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const job: Job = { ...sampleJob(name), state: "running", attempt };
    let signal: AbortSignal | undefined;
    const ended = running.run({ job, lane, leaseUntilMs: 60_000 }, (own) => {
      signal = own.signal;
      return promise;
    });
    const { jobId } = job;
    const end = async () => {
      resolve();
      await ended;
    };
    return { jobId, signal: signal!, end };
  };
  return { running, begin };
}
const why = new Error("cancelled");
const progress = (fraction: number) => ({ fraction, backend: "gpu", route: [] });

describe("what runs here", () => {
  it("is counted by lane until it has ended", async () => {
    const { running, begin } = table();
    const [a, b] = [begin("a"), begin("b")];
    begin("c", 1, "cpu");
    expect([running.countIn("gpu"), running.countIn("cpu"), running.countIn("none"), running.size]).toEqual([
      2, 1, 0, 3,
    ]);
    await a.end();
    expect([running.countIn("gpu"), running.size]).toEqual([1, 2]);
    expect(running.all().map(({ job }) => job.jobId)).not.toContain(a.jobId);
    await b.end();
    expect(running.countIn("gpu")).toBe(0);
  });

  it("has settled when all of it has ended", async () => {
    const { running, begin } = table();
    const [a, b] = [begin("a"), begin("b")];
    let settled = false;
    const all = running.settled().then(() => {
      settled = true;
    });
    await a.end();
    await new Promise(setImmediate);
    expect(settled).toBe(false);
    await b.end();
    await all;
  });

  it("is stopped alone or all together", () => {
    const { running, begin } = table();
    const [a, b] = [begin("a"), begin("b")];
    running.abort(a.jobId, why);
    expect([a.signal.reason, b.signal.aborted]).toEqual([why, false]);
    running.abortAll(why);
    expect(b.signal.reason).toBe(why);
    running.abort("somebody else's", why);
  });

  it("shows how far it is, what it cost until now, and nothing afterwards", async () => {
    const { running, begin } = table();
    const a = begin("a");
    const soFar = { attempt: 1, outcome: { backend: "gpu", route: [], usedGpuMs: 5, tookMs: 5 }, pictures: [] };
    running.show(a.jobId, progress(0.5));
    running.works(a.jobId, { soFar: () => soFar } as unknown as Work);
    expect([running.progressOf(a.jobId)?.fraction, running.workSoFar(a.jobId)]).toEqual([0.5, soFar]);
    running.works(a.jobId, undefined);
    expect(running.workSoFar(a.jobId)).toBeUndefined();
    await a.end();
    running.show(a.jobId, progress(0.9));
    expect(running.progressOf(a.jobId)).toBeUndefined();
  });

  it("keeps a second attempt when the first, whose lease ran out, ends late", async () => {
    const { running, begin } = table();
    const first = begin("a");
    const second = begin("a", 2);
    expect(running.countIn("gpu")).toBe(2);
    running.show(first.jobId, progress(0.25));
    await first.end();
    expect(running.progressOf(first.jobId)?.fraction).toBe(0.25);
    running.abort(first.jobId, why);
    expect(second.signal.reason).toBe(why);
    await second.end();
    expect([running.progressOf(first.jobId), running.size]).toEqual([undefined, 0]);
  });

  it("shows the newest unfinished picture, a while longer than it runs, never under the same version again", async () => {
    const { running, begin } = table();
    const jpeg = Buffer.from("jpeg");
    const { jobId } = begin("gone");
    expect([running.showPreview("elsewhere", jpeg), running.previewOf("elsewhere")]).toEqual([false, undefined]);
    const a = begin("a");
    expect(running.showPreview(a.jobId, jpeg)).toBe(true);
    await a.end();
    expect(running.previewOf(a.jobId)).toEqual({ version: 1, jpeg });
    expect(running.showPreview(a.jobId, jpeg)).toBe(false);
    begin("a", 2);
    running.showPreview(a.jobId, jpeg);
    expect(running.previewOf(a.jobId)?.version).toBeGreaterThan(1);
    expect(running.previewOf(jobId)).toBeUndefined();
  });
});
