import { expect, test } from "vitest";
import { parseNewJob } from "../../src/rules/rows.ts";
import { sampleJob } from "../stores/contract/inputs.ts";

const textOf = (name: string) => JSON.stringify(sampleJob(name));

test("a stored job is checked when its text is read the first time, and again when that has changed", () => {
  const job = parseNewJob(textOf("a"));
  expect(job).toEqual(sampleJob("a"));
  expect(parseNewJob(textOf("a"))).toBe(job);
  expect(parseNewJob(JSON.stringify({ ...sampleJob("a"), memberName: "Ben" })).memberName).toBe("Ben");
  for (let times = 0; times < 2; times += 1) expect(() => parseNewJob(`{"jobId":7}`)).toThrow();
});

test("only the jobs read last are remembered", () => {
  const job = parseNewJob(textOf("first"));
  for (let other = 0; other < 256; other += 1) parseNewJob(textOf(`other ${other}`));
  const again = parseNewJob(textOf("first"));
  expect(again).toEqual(job);
  expect(again).not.toBe(job);
});
