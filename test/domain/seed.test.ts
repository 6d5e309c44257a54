import { expect, test } from "vitest";
import { BATCH_MAX } from "../../src/domain/batch.ts";
import { seedOf } from "../../src/domain/recipe.ts";
import { newSeed } from "../../src/domain/seed.ts";

test("seeds we draw fit a signed 32-bit number, for every picture of a batch, and are never 0", () => {
  // With uint32 seeds, 2000 draws in a row fit by chance once in 2^2000.
  const drawn = Array.from({ length: 2000 }, newSeed);
  expect(drawn.filter((seed) => seed < 1 || seedOf(seed, BATCH_MAX - 1) > 0x7fff_ffff)).toEqual([]);
  expect(drawn.some((seed) => seed > 0x4000_0000)).toBe(true);
});
