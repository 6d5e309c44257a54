import { describe, expect, it } from "vitest";
import { BoundedMap } from "../../src/lib/bounded-map.ts";

describe("a bounded map", () => {
  it("forgets the oldest beyond its size; what is set again is the newest", () => {
    const map = new BoundedMap<number>(2);
    for (const [at, key] of ["a", "b", "a", "c"].entries()) map.set(key, at);
    expect(["a", "b", "c"].map((key) => map.get(key))).toEqual([2, undefined, 3]);
    expect([map.size, map.has("a"), map.has("b")]).toEqual([2, true, false]);
    map.delete("a");
    expect([map.size, map.has("a")]).toEqual([1, false]);
  });

  it("knows what was set to nothing from what was never set", () => {
    const map = new BoundedMap<string | undefined>(2);
    map.set("a", undefined);
    expect([map.has("a"), map.has("b")]).toEqual([true, false]);
  });

  it("forgets what is over, from the old end on", () => {
    const map = new BoundedMap<number>(9, (value) => value < 3);
    for (const value of [1, 2, 4, 1]) map.set(`${value}`, value);
    expect(map.size).toBe(2);
    map.set("5", 5);
    expect(map.size).toBe(3);
  });

  it("never holds more than its size, and of a large one nearly all", () => {
    const map = new BoundedMap<number>(20_000);
    for (let n = 0; n < 50_000; n += 1) {
      map.set(String(n), n);
      if (map.size > 20_000 || (n > 20_000 && map.size < 19_900)) expect.fail(`${map.size} after ${n}`);
    }
    expect([map.get("49999"), map.get("30100"), map.get("29900")]).toEqual([49_999, 30_100, undefined]);
  });
});
