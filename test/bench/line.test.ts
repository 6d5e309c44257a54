import { describe, expect, it } from "vitest";
import { isMet, type Line, measuredIn, row } from "./line.ts";

const line: Line = {
  what: "time added, 50 jobs in flight on 10 hosts, median",
  measured: 12.34,
  unit: "ms",
  target: 25,
  better: "less",
  detail: "p95 30 ms ≤ nothing",
};

describe("a line of the bench", () => {
  it.each<[string, Partial<Line>, boolean]>([
    ["less than the target", {}, true],
    ["the target itself", { measured: 25 }, true],
    ["more than the target", { measured: 25.1 }, false],
    ["more where more is better", { better: "more" }, false],
    ["what was not a number", { measured: Number.NaN }, false],
  ])("%s is kept or not", (_what, change, expected) => {
    expect(isMet({ ...line, ...change })).toBe(expected);
    expect(row({ ...line, ...change })).toContain(expected ? "kept" : "MISSED");
  });

  it("can be read back from the printed table", () => {
    const jobs: Line = { what: "jobs, durable", measured: 201.4, unit: "jobs/s", target: 200, better: "more" };
    const flushes: Line = { what: "flushes each", measured: 0.24, unit: "flushes", target: 1.3, better: "less" };
    const table = `2 cores; Node v24\n\n${row(line)}\n${row(jobs)}\n${row(flushes)}\nspace: NOT MEASURED to its end (exit status 1)\n`;
    expect([...measuredIn(table)]).toEqual([
      [line.what, 12.3],
      [jobs.what, 201],
      [flushes.what, 0.2],
    ]);
  });

  it("can be read back from the tables of earlier versions", () => {
    const table = [
      "commands through the whole core, durable                       201 jobs/s    ≥ 200 jobs/s    kept    ",
      "space: longest stall while PNGs of 7 MB arrive             22.9 ms         < 50 ms    kept    8 at once",
      "comfyui: the same with makePicture around it                  52.1 ms  ≤ 50 ms  MISSED  23.0 ms of it computing",
      "832×1216 all: median 104 ms, 95% 140 ms, target 300 ms",
      "832×1216 deco            median 99 ms, most 120 ms, 300 kB",
    ];
    expect(Object.fromEntries(measuredIn(table.join("\n")))).toEqual({
      "commands through the whole core, durable": 201,
      "space: longest stall while PNGs of 7 MB arrive": 22.9,
      "comfyui: the same with the checks around it": 52.1,
      "sketch 832×1216, one core, median": 104,
    });
  });
});
