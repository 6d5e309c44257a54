import { expect, it } from "vitest";
import { besideOf, isReadable, nearestReadable, ratioOf } from "../../src/domain/brand.ts";

const some = Array.from({ length: 300 }, (_, at) => `#${((at * 2_654_435_761) >>> 8).toString(16).padStart(6, "0")}`);
const pairs = some.map((ink, at) => ({ ink, ground: some[(at * 7 + 3) % some.length] ?? ink }));

it("what is offered instead of two colours can be read, and keeps one of them", () => {
  for (const pair of pairs.filter((each) => !isReadable(each))) {
    const offered = nearestReadable(pair);
    expect(offered.length, JSON.stringify(pair)).toBeGreaterThan(0);
    for (const each of offered) {
      expect(isReadable(each), JSON.stringify([pair, each])).toBe(true);
      expect(each.ink === pair.ink || each.ground === pair.ground).toBe(true);
    }
  }
});

it("a colour alone is read on what goes beside it; a ratio is never rounded up to enough", () => {
  for (const ground of some) expect(isReadable({ ink: besideOf(ground), ground }), ground).toBe(true);
  for (const pair of pairs) expect(isReadable(pair) || ratioOf(pair) < 4.5).toBe(true);
  expect(ratioOf({ ink: "#777777", ground: "#ffffff" })).toBe(4.4);
});
