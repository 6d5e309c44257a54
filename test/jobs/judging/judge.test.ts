import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { inputOf, openClassifier } from "../../../src/jobs/judging/classifier.ts";
import { descriptionSchema } from "../../../src/jobs/judging/description.ts";
import { createJudge } from "../../../src/jobs/judging/judge.ts";
import { BadModel, descriptionBeside, readModelFiles } from "../../../src/jobs/judging/model-files.ts";
import { systemClock } from "../../../src/lib/clock.ts";
import { loadRuntime } from "../../../src/lib/onnx-runtime.ts";
import { ofColour, tinyClassifier } from "./tiny-classifier.ts";

const long = () => AbortSignal.timeout(20_000);
const tiny = tinyClassifier();
afterAll(() => rmSync(tiny.folder, { recursive: true }));

describe("a classifier", () => {
  it("looks at pictures in a process of its own, which is begun again after its death", async () => {
    const judge = createJudge({ path: tiny.path, clock: systemClock });
    expect(judge.pid).toBeUndefined();
    expect(await judge.judge(await ofColour(0, 255, 255), long())).toEqual({ kind: "fine" });
    process.kill(judge.pid ?? 0, "SIGKILL");
    expect(await judge.judge(await ofColour(255, 0, 0), long())).toEqual({
      kind: "flagged",
      label: "red",
      score: 1,
      weight: "hold",
    });
    const spoiler = await judge.judge(await ofColour(153, 0, 255), long());
    expect(spoiler).toMatchObject({ label: "red", weight: "spoiler" });
    expect("score" in spoiler && spoiler.score).toBeCloseTo(0.6, 5);
    await expect(judge.judge(Buffer.from("no picture"), long())).rejects.toMatchObject({ why: "picture" });
    expect(await judge.load(long())).toMatchObject({ sha256: tiny.sha256, description: { title: "colours" } });
    const { pid = 0 } = judge;
    await judge.close();
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
    await expect(judge.judge(await ofColour(1, 1, 1), long())).rejects.toMatchObject({ why: "closed" });
  });
});

const DOES = { judge: 0, crash: 1, hang: 2, mumble: 3 } as const;
const told = (what: keyof typeof DOES) => Uint8Array.of(DOES[what]);

describe("a classifier's process", () => {
  const script = new URL("./judge-that-misbehaves.ts", import.meta.url);

  it("that dies or says odd things fails that picture alone", async () => {
    const judge = createJudge({ path: "", clock: systemClock, script });
    await expect(judge.judge(told("crash"), long())).rejects.toMatchObject({ why: "died" });
    await expect(judge.judge(told("mumble"), long())).rejects.toMatchObject({ why: "broken" });
    expect(await judge.judge(told("judge"), long())).toMatchObject({ label: "bad", weight: "hold" });
    await judge.close();
  });

  it("that hangs is killed when its time is over, and one that idles ends", async () => {
    const later = new Map<number, () => void>();
    const after = (ms: number, run: () => void) => {
      if (ms === 0) return systemClock.after(0, run);
      later.set(ms, run);
      return () => void later.delete(ms);
    };
    const judge = createJudge({ path: "", clock: { after }, script, limitMs: 60, idleMs: 300 });
    await judge.load(long());
    const { pid } = judge;
    const hanging = judge.judge(told("hang"), long());
    // It is asked.
    await new Promise((resolve) => setTimeout(resolve, 20));
    later.get(60)?.();
    await expect(hanging).rejects.toMatchObject({ name: "TimeoutError" });
    expect(await judge.judge(told("judge"), long())).toMatchObject({ label: "bad" });
    expect(judge.pid).not.toBe(pid);
    later.get(300)?.();
    expect(judge.pid).toBeUndefined();
    await judge.close();
  });
});

describe("a classifier's description", () => {
  const problemOf = async (change: object | string): Promise<string> => {
    tiny.describe(change);
    try {
      const { bytes, description } = readModelFiles(tiny.path);
      await (await openClassifier(await loadRuntime(), bytes, description)).tried();
      return "none";
    } catch (error) {
      return error instanceof BadModel ? error.message : String(error);
    } finally {
      tiny.describe({});
    }
  };

  it("is checked: names, numbers, the file it is about, and what the model really takes and gives", async () => {
    const input = { widthPx: 8, heightPx: 8, layout: "NCHW" };
    const cases: readonly (readonly [change: object | string, says: string])[] = [
      [{}, "none"],
      ["{", "is no JSON"],
      [{ input: { ...input, layout: "WHCN" } }, "input.layout must be"],
      [{ thresholds: {} }, "thresholds must name a label"],
      [{ thresholds: { pink: { spoiler: 0.1, hold: 0.2 } } }, "thresholds.pink is no label"],
      [{ thresholds: { red: { spoiler: 0.9, hold: 0.2 } } }, "spoiler must not be above hold"],
      [{ input: { ...input, resize: { widthPx: 8, heightPx: 9, fit: "stretch" } } }, "input.resize.fit"],
      [{ input: { ...input, widthPx: 10, resize: { widthPx: 8, heightPx: 8 } } }, "must not be smaller"],
      [{ sha256: "0".repeat(64) }, `its SHA-256 is ${tiny.sha256}`],
      [{ sha256: tiny.sha256.toUpperCase() }, "none"],
      [{ input: { ...input, widthPx: 16 } }, "does not take what its description says"],
      [{ output: { labels: ["red", "green"] } }, "gives 3 numbers, and its description names 2 labels"],
    ];
    for (const [change, says] of cases) expect(await problemOf(change)).toContain(says);
  });

  it("is wanted of a model that is not known", () => {
    rmSync(join(tiny.folder, "model.json"));
    expect(descriptionBeside(tiny.path)).toBeUndefined();
    expect(() => readModelFiles(tiny.path)).toThrow(`SHA-256 ${tiny.sha256}) is no model that is known here`);
    tiny.describe({});
    expect(() => descriptionBeside(join(tiny.folder, "other.onnx"))).toThrow("there is no file");
    const [before, broken] = [readFileSync(tiny.path), Buffer.from("no model")];
    writeFileSync(tiny.path, broken);
    expect(readModelFiles(tiny.path).bytes).toEqual(broken);
    writeFileSync(tiny.path, before);
  });

  it("says how pixels become numbers", async () => {
    const { input } = descriptionSchema.parse({
      title: "numbers",
      input: { widthPx: 8, heightPx: 8, layout: "NHWC", channels: "BGR", mean: [1, 2, 3], scale: [1, 1, 0.5] },
      output: { labels: ["x"] },
      thresholds: { x: { spoiler: 0, hold: 1 } },
    });
    const picture = await ofColour(103, 52, 11);
    expect([...(await inputOf(picture, input)).subarray(0, 3)]).toEqual([10, 50, 50]);
    const planes = await inputOf(picture, { ...input, layout: "NCHW", channels: "RGB" });
    expect([planes[0], planes[64], planes[128]]).toEqual([102, 50, 4]);
  });

  it("makes scores of what comes out", async () => {
    const runtime = await loadRuntime();
    const scores = async (activation: string, scale: number) => {
      tiny.describe({
        input: { widthPx: 8, heightPx: 8, layout: "NCHW", scale },
        output: { labels: ["red", "green", "blue"], activation },
      });
      const { bytes, description } = readModelFiles(tiny.path);
      return (await openClassifier(runtime, bytes, description)).scores(await ofColour(255, 0, 0));
    };
    const [sigmoid = []] = [await scores("sigmoid", 1 / 255)];
    expect(sigmoid[0]).toBeCloseTo(1 / (1 + Math.exp(-1)), 5);
    const [red = 0, green = 0, blue = 0] = await scores("softmax", 1 / 255);
    expect(red + green + blue).toBeCloseTo(1, 5);
    expect(red / green).toBeCloseTo(Math.E, 4);
    await expect(scores("none", 1)).rejects.toThrow("not between 0 and 1");
    tiny.describe({});
  });
});
