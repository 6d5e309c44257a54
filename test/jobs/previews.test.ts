import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import type { Job } from "../../src/domain/job.ts";
import type { LetteringLayer } from "../../src/domain/lettering.ts";
import { createPreviews } from "../../src/jobs/previews.ts";
import { createRunningJobs } from "../../src/jobs/running.ts";
import { barSetter } from "../fakes/setter.ts";
import { sampleJob } from "../stores/contract/inputs.ts";

const huge = await sharp({ create: { width: 5000, height: 5000, channels: 3, background: "#c00" } })
  .png()
  .toBuffer();

const noSetter = { over: async () => Promise.reject(new Error("no words")) };

function watched(setter: Parameters<typeof createPreviews>[1] = noSetter) {
  const changes: string[] = [];
  const running = createRunningJobs();
  const ends = new Map<string, () => void>();
  const begin = (jobId: string) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    ends.set(jobId, resolve);
    const job: Job = { ...sampleJob("a"), jobId, state: "running", attempt: 1 };
    void running.run({ job, lane: "fake", leaseUntilMs: 0 }, () => promise);
  };
  const end = async (jobId: string) => {
    ends.get(jobId)?.();
    await running.settled();
  };
  const previews = createPreviews(running, setter, (jobId) => void changes.push(jobId));
  /** Offered, and shown: what comes before it has been looked at by then. */
  const shown = async (jobId: string, bytes = tinyPng(64, 64, jobId), layer?: LetteringLayer) => {
    if (!ends.has(jobId)) begin(jobId);
    const before = changes.length;
    previews.offer(jobId, bytes, layer && { layer });
    await expect.poll(() => changes.length, { interval: 1 }).toBeGreaterThan(before);
  };
  return { changes, running, begin, end, previews, shown };
}

describe("unfinished pictures", () => {
  it("have their words where they stood before, however late the next one comes", async () => {
    const words: string[] = [];
    const { shown } = watched({
      over: (picture, given, signal) => {
        words.push("set" in given ? `as set, ${given.set.parts.length} parts` : "to be placed");
        return barSetter.over(picture, given, signal);
      },
    });
    const layer: LetteringLayer = { lettering: 1, words: [{ text: "Rent strike", level: "title" }], place: "auto" };
    await shown("a", tinyPng(64, 64, "1"), layer);
    await shown("a", tinyPng(64, 64, "2"), layer);
    await shown("b", tinyPng(64, 64, "3"), layer);
    await shown("a", tinyPng(64, 64, "4"), layer);
    expect(words).toEqual(["to be placed", "as set, 1 parts", "to be placed", "as set, 1 parts"]);
  });

  it("are shown as small JPEGs, the newest by a name of its own", async () => {
    const { running, shown } = watched();
    await shown("a", tinyPng(1024, 512, "a"));
    const first = running.previewOf("a")?.version;
    await shown("a");
    expect(running.previewOf("a")?.version).not.toBe(first);
    await shown("b", tinyPng(1024, 512, "b"));
    const facts = await sharp(running.previewOf("b")?.jpeg).metadata();
    expect(facts).toMatchObject({ format: "jpeg", width: 512, height: 256 });
    expect(facts.xmp?.toString()).toContain("/trainedAlgorithmicMedia");
  });
  it.each([
    ["no picture", Buffer.from("<html>")],
    ["a small file that holds a huge picture", huge],
    ["more bytes than a preview has", Buffer.concat([tinyPng(128, 128, "x"), Buffer.alloc(8 * 1024 * 1024)])],
  ])("are dropped where they are %s", async (_what, bytes) => {
    const { changes, running, begin, previews, shown } = watched();
    begin("a");
    previews.offer("a", bytes);
    expect(running.previewOf("a")).toBeUndefined();
    // Looked at after the other one: as the first that can be shown.
    await shown("a");
    expect(await sharp(running.previewOf("a")?.jpeg).metadata()).toMatchObject({ width: 64, height: 64 });
    expect(changes).toEqual(["a"]);
  });
  it("are kept for the last jobs that have ended only, and for all that run", async () => {
    const { running, shown, end } = watched();
    await shown("runs on");
    for (let n = 0; n <= 50; n += 1) {
      await shown(`job${n}`);
      void end(`job${n}`);
    }
    await expect.poll(() => running.size, { interval: 1 }).toBe(1);
    expect(running.previewOf("job0")).toBeUndefined();
    expect(running.previewOf("job1")).toBeDefined();
    expect(running.previewOf("runs on")).toBeDefined();
  });
});
