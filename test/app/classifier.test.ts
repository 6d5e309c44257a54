import { rmSync } from "node:fs";
import { afterAll, expect, it } from "vitest";
import { judgeOf } from "../../src/app/classifier.ts";
import { judgeFindings } from "../../src/cli/doctor/judge.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { tinyClassifier } from "../jobs/judging/tiny-classifier.ts";

const tiny = tinyClassifier();
afterAll(() => rmSync(tiny.folder, { recursive: true }));

it("a classifier is there where its setting names one, and a wrong one stops the start", () => {
  expect(judgeOf({ SAFETY_MODEL: undefined }, systemClock)).toEqual({});
  expect(judgeOf({ SAFETY_MODEL: tiny.path }, systemClock).judge?.pid).toBeUndefined();
  tiny.describe({ thresholds: {} });
  expect(() => judgeOf({ SAFETY_MODEL: tiny.path }, systemClock)).toThrow("model.json beside SAFETY_MODEL is wrong");
  expect(() => judgeOf({ SAFETY_MODEL: `${tiny.path}.gone` }, systemClock)).toThrow("there is no file");
  tiny.describe({});
});

it("npm run doctor loads it, and says which file it found and what it does", async () => {
  expect(await judgeFindings({ SAFETY_MODEL: undefined })).toEqual([]);
  const [found] = await judgeFindings({ SAFETY_MODEL: tiny.path });
  expect(found).toMatchObject({ title: "Classifier model.onnx", ok: true });
  expect(found?.facts.join("\n")).toMatch(
    new RegExp(`^colours: \\d+ ms .*\nSHA-256 ${tiny.sha256}, which nothing.*\nred: covered from 0.5, held from 0.9$`),
  );
  tiny.describe({ sha256: "0".repeat(64) });
  const [wrong] = await judgeFindings({ SAFETY_MODEL: tiny.path });
  expect(wrong).toMatchObject({ ok: false, facts: [expect.stringContaining(`its SHA-256 is ${tiny.sha256}`)] });
});
