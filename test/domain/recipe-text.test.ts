import sharp from "sharp";
import { expect, it } from "vitest";
import { lorasIn, type Recipe, recipeSchema } from "../../src/domain/recipe.ts";
import { recipeToText } from "../../src/domain/recipe-text.ts";
import { withPngText } from "../../src/lib/png.ts";
import { recipeOf } from "../fakes/recipe-files.ts";

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
  expect(await recipeOf(withPngText(png, recipeToText(recipe)))).toEqual({ kind: "ours", recipe });
  const parameters = recipeToText(recipe).find(({ keyword }) => keyword === "parameters");
  expect(await recipeOf(withPngText(png, [parameters ?? { keyword: "x", text: "" }]))).toMatchObject({
    kind: "other",
    told: {
      program: "Placard",
      prompt: "RCA style, a fox",
      negative: "fog",
      seed: "0",
      loras: [{ name: "RCA", weight: 1 }],
      facts: expect.arrayContaining([{ name: "Model", value: 'tiny, "1.0"' }]) as unknown,
    },
  });
  const broken = withPngText(png, [{ keyword: "placard", text: '{"placard":1}' }]);
  expect(await recipeOf(broken)).toEqual({ kind: "none" });
});

it("keeps all LoRAs of a picture, and one as it always did", async () => {
  const one: Recipe = { ...recipe, lora: { reference: "rca.safetensors", hash: "abc" } };
  const two: Recipe = {
    ...recipe,
    lora: [
      { reference: "rca.safetensors", scale: 0.5 },
      { reference: "ink.safetensors", scale: 0.25 },
    ],
  };
  for (const each of [one, two]) expect(recipeSchema.parse(JSON.parse(JSON.stringify(each)))).toEqual(each);
  expect(lorasIn(one)).toEqual([one.lora]);
  const textOf = (of: Recipe) => recipeToText(of)[0]?.text ?? "";
  expect(textOf(one)).toContain("Lora: rca.safetensors abc, ");
  expect(textOf(two)).toContain("Lora: rca.safetensors ×0.5, Lora: ink.safetensors ×0.25, ");
});
