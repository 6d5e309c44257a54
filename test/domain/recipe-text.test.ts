import fc from "fast-check";
import sharp from "sharp";
import { expect, it } from "vitest";
import { type Recipe, recipeSchema } from "../../src/domain/recipe.ts";
import { readParameters, readRecipe, recipeToText } from "../../src/domain/recipe-text.ts";
import { withPngText } from "../../src/lib/png.ts";

const recipe: Recipe = recipeSchema.parse({
  placard: 1,
  request: {
    prompt: "a fox",
    finalPrompt: "RCA style, a fox",
    negativePrompt: "fog",
    styleId: "rca",
    loraScale: 1,
    guidance: 3,
    trueCfg: 1,
    steps: 28,
    seed: 0,
    widthPx: 832,
    heightPx: 1216,
  },
  style: { id: "rca", title: "RCA", triggerWord: "RCA style" },
  backend: "sketch",
  model: 'tiny, "1.0"',
  reproducible: true,
  notes: [],
});

it("comes back from the file, and other programs can read it too", async () => {
  const png = await sharp({ create: { width: 2, height: 2, channels: 3, background: "red" } })
    .png()
    .toBuffer();
  expect(await readRecipe(withPngText(png, recipeToText(recipe)))).toEqual({ kind: "ours", recipe });
  const parameters = recipeToText(recipe).find(({ keyword }) => keyword === "parameters");
  const read = await readRecipe(withPngText(png, [parameters ?? { keyword: "x", text: "" }]));
  expect(read).toMatchObject({ kind: "a1111", prompt: "RCA style, a fox", negative: "fog" });
  expect(read.kind === "a1111" && read.facts).toContainEqual({ name: "Model", value: 'tiny, "1.0"' });
  expect(read.kind === "a1111" && read.facts).toContainEqual({ name: "Seed", value: "0" });
  expect(await readRecipe(withPngText(png, [{ keyword: "placard", text: '{"placard":1}' }]))).toEqual({ kind: "none" });
});

it("reads what A1111 and Forge write", () =>
  expect(
    readParameters(
      'a cat: sitting,\nstill <lora:x:1>\nNegative prompt: blurry,\nhands\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 5, Size: 512x768, Lora hashes: "x: abc, y: d\\"e", Version: v1.9',
    ),
  ).toEqual({
    kind: "a1111",
    prompt: "a cat: sitting,\nstill <lora:x:1>",
    negative: "blurry,\nhands",
    facts: [
      { name: "Steps", value: "20" },
      { name: "Sampler", value: "Euler a" },
      { name: "CFG scale", value: "7" },
      { name: "Seed", value: "5" },
      { name: "Size", value: "512x768" },
      { name: "Lora hashes", value: 'x: abc, y: d"e' },
      { name: "Version", value: "v1.9" },
    ],
  }));
it("keeps a last line that is no settings", () =>
  expect(readParameters("a cat\nmood: calm")).toEqual({ kind: "a1111", prompt: "a cat\nmood: calm", facts: [] }));
it("never throws", () =>
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("a: ", '"', "\\", ",", "\n", "Negative prompt:", "Steps: 1", "é", "\0"), {
        maxLength: 30,
      }),
      (bits) => {
        expect(["a1111", "none"]).toContain(readParameters(bits.join("")).kind);
      },
    ),
    { numRuns: 3000 },
  ));
