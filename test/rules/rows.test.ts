import { expect, test } from "vitest";
import { jobBody } from "../../src/rules/rows.ts";
import { sampleJob } from "../stores/contract/inputs.ts";

const textOf = (name: string) => JSON.stringify(sampleJob(name));

test("a stored job is checked when its text is read the first time, and again when that has changed", () => {
  const job = jobBody.parse(textOf("a"));
  expect(job).toEqual(sampleJob("a"));
  expect(jobBody.parse(textOf("a"))).toBe(job);
  expect(jobBody.parse(JSON.stringify({ ...sampleJob("a"), memberName: "Ben" })).memberName).toBe("Ben");
  for (let times = 0; times < 2; times += 1) expect(() => jobBody.parse(`{"jobId":7}`)).toThrow();
});

test("what was written here is read back without a check, as long as it stands as it was written", () => {
  const written = sampleJob("written");
  expect(jobBody.parse(jobBody.text(written))).toBe(written);
  expect(jobBody.text(written)).toBe(textOf("written"));
});

test("only the jobs read last are remembered", () => {
  const job = jobBody.parse(textOf("first"));
  for (let other = 0; other < 1024; other += 1) jobBody.parse(textOf(`other ${other}`));
  const again = jobBody.parse(textOf("first"));
  expect(again).toEqual(job);
  expect(again).not.toBe(job);
});
