import { expect, it } from "vitest";
import { createCounter, createHistogram, metricsText } from "../../src/lib/metrics.ts";
import { readMetrics } from "../metrics-text.ts";

it("counters, gauges and histograms are read back as they were, odd labels too", () => {
  const counter = createCounter([{ code: "none" }]);
  counter.add({ code: 'a "b"\\\nc' }, 2);
  counter.add({ code: 'a "b"\\\nc' });
  const histogram = createHistogram([0.5, 2], [{ backend: "idle" }]);
  for (const seconds of [0.5, 0.6, 3]) histogram.observe({ backend: "x" }, seconds);
  const text = metricsText([
    { name: "a_total", help: "Back\\slash\nand line", type: "counter", samples: counter.samples() },
    { name: "none", help: "Left out.", type: "gauge", samples: [] },
    { name: "g", help: "Any.", type: "gauge", samples: [{ value: Number.POSITIVE_INFINITY }] },
    { name: "b_seconds", help: "Took.", type: "histogram", samples: histogram.samples() },
  ]);
  const read = readMetrics(text);
  expect([...read.keys()]).toEqual(["a_total", "g", "b_seconds"]);
  expect(read.get("a_total")).toMatchObject({ type: "counter", help: "Back\\\\slash\\nand line" });
  expect([...(read.get("a_total")?.samples ?? [])]).toEqual([
    ['a_total{code="none"}', 0],
    ['a_total{code="a \\"b\\"\\\\\\nc"}', 3],
  ]);
  expect([...(read.get("g")?.samples.values() ?? [])]).toEqual([Number.POSITIVE_INFINITY]);
  const took = Object.fromEntries(read.get("b_seconds")?.samples ?? []);
  expect(took).toMatchObject({
    'b_seconds_bucket{backend="idle",le="+Inf"}': 0,
    'b_seconds_bucket{backend="x",le="0.5"}': 1,
    'b_seconds_bucket{backend="x",le="2"}': 2,
    'b_seconds_bucket{backend="x",le="+Inf"}': 3,
    'b_seconds_count{backend="x"}': 3,
  });
  expect(took['b_seconds_sum{backend="x"}']).toBeCloseTo(4.1);
});

it.each([
  ["a 1", "no line"],
  ["# HELP a A.\n# TYPE a gauge\na 1,5\n", "no number"],
  ["# HELP a A.\n# TYPE a gauge\na{x=1} 1\n", "no line"],
  ['# HELP a A.\n# TYPE a gauge\na{x="1"} 1\na{x="1"} 2\n', "there twice"],
  ["# HELP a A.\n# TYPE a gauge\na 1\n# TYPE a gauge\n", "not at its head"],
  ['# HELP a A.\n# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n', "add up"],
])("the reader refuses %j", (text, why) => {
  expect(() => readMetrics(text.endsWith("\n") ? text : `${text}\n`)).toThrow(why);
});
