import { expect, it } from "vitest";
import { createFactRate } from "../../src/app/log-limits.ts";
import { createLog } from "../../src/app/pino-log.ts";
import type { LogFields } from "../../src/ports/log.ts";

const manyOf = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));

it("counts each fact for itself, and remembers no more than a thousand", () => {
  const rate = createFactRate(() => 0);
  expect(new Set(manyOf(599, () => rate.take("a")))).toEqual(new Set(["write"]));
  expect([rate.take("a"), rate.take("a"), rate.take("b")]).toEqual(["last", "drop", "write"]);
  for (let at = 0; at < 998; at += 1) rate.take(`other ${at}`);
  expect(rate.take("a")).toBe("drop");
  // One more than are remembered: all are forgotten, rather than any of them kept for ever.
  rate.take("one more");
  expect(rate.take("a")).toBe("write");
});

it("begins to count again a minute after it began", () => {
  let nowMs = 0;
  const rate = createFactRate(() => nowMs);
  for (let at = 0; at < 600; at += 1) rate.take("a");
  nowMs = 59_999;
  expect(rate.take("a")).toBe("drop");
  nowMs = 60_000;
  expect(rate.take("a")).toBe("write");
});

it.each<[string, (long: string) => { fact: string; fields?: LogFields }]>([
  ["a value", (long) => ({ fact: "f", fields: { value: long } })],
  ["an error", (long) => ({ fact: "f", fields: { error: new Error(long) } })],
  ["an error's cause", (long) => ({ fact: "f", fields: { error: new Error("x", { cause: new Error(long) }) } })],
  ["the fact itself", (long) => ({ fact: long })],
])("cuts %s, and says by how much", (_what, make) => {
  const lines: string[] = [];
  const log = createLog({ level: "info", pretty: false, secrets: [], write: (line) => void lines.push(line) });
  const { fact, fields } = make("y".repeat(1_000_000));
  log.warn(fact, fields);
  expect(lines).toHaveLength(1);
  expect(lines[0]?.length).toBeLessThan(4500);
  expect(lines[0]).toMatch(/y… \(99\d{4} more\)/u);
});
