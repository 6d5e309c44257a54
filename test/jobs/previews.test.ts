import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { createPreviews } from "../../src/jobs/previews.ts";

const huge = await sharp({ create: { width: 5000, height: 5000, channels: 3, background: "#c00" } })
  .png()
  .toBuffer();

function watched() {
  const changes: string[] = [];
  const previews = createPreviews((jobId) => void changes.push(jobId));
  /** Offered, and shown: what comes before it has been looked at by then. */
  const shown = async (jobId: string, bytes = tinyPng(64, 64, jobId)) => {
    const before = changes.length;
    previews.offer(jobId, bytes);
    await expect.poll(() => changes.length, { interval: 1 }).toBeGreaterThan(before);
  };
  return { changes, previews, shown };
}

describe("unfinished pictures", () => {
  it("are shown as small JPEGs, the newest by a name of its own", async () => {
    const { previews, shown } = watched();
    await shown("a", tinyPng(1024, 512, "a"));
    const first = previews.keyOf("a");
    await shown("a");
    expect(previews.keyOf("a")).not.toBe(first);
    await shown("b", tinyPng(1024, 512, "b"));
    const facts = await sharp(previews.newest("b")?.jpeg).metadata();
    expect(facts).toMatchObject({ format: "jpeg", width: 512, height: 256 });
  });
  it.each([
    ["no picture", Buffer.from("<html>")],
    ["a small file that holds a huge picture", huge],
    ["more bytes than a preview has", Buffer.concat([tinyPng(128, 128, "x"), Buffer.alloc(8 * 1024 * 1024)])],
  ])("are dropped where they are %s", async (_what, bytes) => {
    const { changes, previews, shown } = watched();
    previews.offer("a", bytes);
    expect(previews.keyOf("a")).toBeUndefined();
    // Looked at after the other one: as the first that can be shown.
    await shown("a");
    expect(await sharp(previews.newest("a")?.jpeg).metadata()).toMatchObject({ width: 64, height: 64 });
    expect(changes).toEqual(["a"]);
  });
  it("are kept for the last jobs only", async () => {
    const { previews, shown } = watched();
    for (let n = 0; n <= 50; n += 1) await shown(`job${n}`);
    expect(previews.newest("job0")).toBeUndefined();
    expect(previews.newest("job1")).toBeDefined();
  });
});
