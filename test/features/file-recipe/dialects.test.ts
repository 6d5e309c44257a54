import fc from "fast-check";
import { expect, it } from "vitest";
import { DIALECTS, pngSaying, recipeOf, type Written } from "../../fakes/recipe-files.ts";

const KITE: Written = {
  prompt: "a red kite over a harbour, wood engraving",
  negative: "blurry, text",
  seed: 3_141_592_653,
  steps: 28,
  cfg: 3.5,
  widthPx: 832,
  heightPx: 1216,
};
/** What every dialect says of a recipe. */
const told = ({ prompt, negative, seed, steps, cfg: guidance, widthPx, heightPx }: Written) => ({
  kind: "other",
  told: { prompt, negative, seed: String(seed), steps, guidance, widthPx, heightPx },
});
const read = async (parameters: string) => {
  const found = await recipeOf(pngSaying({ parameters }));
  return found.kind === "other" ? found.told : undefined;
};

it.each(Object.entries(DIALECTS))("%s: all of a recipe comes back", async (_name, write) =>
  expect(await recipeOf(write(KITE))).toMatchObject(told(KITE)),
);

it("any recipe comes back from every dialect", { timeout: 30_000 }, async () => {
  const words = fc
    .array(
      fc.constantFrom("kite", "Füchse", "狐", "🪁", "red,", "harbour's", "“Ready?”", "18:30", "3", "a/b", "<3", "&"),
      {
        minLength: 1,
        maxLength: 8,
      },
    )
    .map((each) => each.join(" "));
  const recipes = fc.record({
    prompt: words,
    negative: words,
    seed: fc.integer({ min: 0, max: 0xffff_ffff }),
    steps: fc.integer({ min: 1, max: 50 }),
    cfg: fc.constantFrom(1.5, 3, 3.5, 7),
    widthPx: fc.constantFrom(512, 832, 1024),
    heightPx: fc.constantFrom(640, 1216),
  });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.keys(DIALECTS)), recipes, async (dialect, recipe) => {
      expect(await recipeOf(DIALECTS[dialect]?.(recipe) ?? Buffer.alloc(0))).toMatchObject(told(recipe));
    }),
    { numRuns: 300 },
  );
});

it("keeps LoRAs with their weights, wherever they stand", async () => {
  for (const dialect of [
    "ComfyUI, PNG",
    "SwarmUI",
    "InvokeAI",
    "Fooocus",
    "Draw Things, XMP of a PNG",
    "Easy Diffusion, PNG",
  ]) {
    const found = await recipeOf(DIALECTS[dialect]?.(KITE) ?? Buffer.alloc(0));
    const [lora] = found.kind === "other" ? found.told.loras : [];
    expect([dialect, lora?.name.startsWith("harbour_v2"), lora?.weight]).toEqual([dialect, true, 0.8]);
  }
});

it("seeds that no number holds keep their digits", async () =>
  expect(await read('{"metadata_scheme":"fooocus","prompt":"a kite","seed":18446744073709551615}')).toMatchObject({
    seed: "18446744073709551615",
  }));

it.each<[string, string, object]>([
  [
    "on one line",
    "a red kite over a harbour. Negative prompt: blurry, text. Steps: 28, Sampler: Euler, CFG scale: 3.5, Seed: 77, Size: 832x1216, Model: flux1-dev",
    {
      prompt: "a red kite over a harbour",
      negative: "blurry, text",
      seed: "77",
      steps: 28,
      guidance: 3.5,
      widthPx: 832,
    },
  ],
  [
    "with a colon, tags and quoted hashes",
    'a cat: sitting,\nstill <lora:x:1>\nNegative prompt: blurry,\nhands\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 5, Size: 512x768, Lora hashes: "x: abc, y: d\\"e", Version: v1.9',
    {
      prompt: "a cat: sitting,\nstill <lora:x:1>",
      negative: "blurry,\nhands",
      loras: [{ name: "x", weight: 1 }, { name: "y" }],
      facts: [
        { name: "Sampler", value: "Euler a" },
        { name: "Version", value: "v1.9" },
      ],
    },
  ],
  ["with a last line that is no settings", "a cat\nmood: calm", { prompt: "a cat\nmood: calm", facts: [] }],
  [
    "with marks of direction and controls",
    "a \u202efox\u0007\nSteps: 20, Sam\u200bpler: \u202eEuler, Seed: 3",
    { prompt: "a fox", facts: [{ name: "Sampler", value: "Euler" }], seed: "3" },
  ],
  [
    "with templates and more behind the settings",
    "a fox\nSteps: 20, Seed: 3, Model: flux1-dev\nTemplate: a {red|blue} fox,\nin the snow\nNegative Template: fog",
    {
      prompt: "a fox",
      facts: [
        { name: "Model", value: "flux1-dev" },
        { name: "Template", value: "a {red|blue} fox, in the snow" },
        { name: "Negative Template", value: "fog" },
      ],
    },
  ],
  [
    "of Placard, whose own recipe was lost",
    "RCA style, a fox\nSteps: 28, CFG scale: 1, Distilled CFG Scale: 3, Seed: 0, Size: 832x1216, Model: sketch 2, Style: RCA, Lora scale: 0.9, Backend: sketch, Version: Placard",
    { program: "Placard", loras: [{ name: "RCA", weight: 0.9 }], seed: "0" },
  ],
])("reads A1111's text %s", async (_how, text, expected) => expect(await read(text)).toMatchObject(expected));

it("shows words that are no recipe, and says nothing only where there is nothing", async () => {
  expect(await recipeOf(pngSaying({ Description: "our banner", Software: "GIMP" }))).toMatchObject({
    kind: "other",
    told: {
      prompt: "",
      facts: [
        { name: "Description", value: "our banner" },
        { name: "Software", value: "GIMP" },
      ],
    },
  });
  for (const texts of [{}, { parameters: "None" }, { parameters: " " }, { Comment: "" }])
    expect(await recipeOf(pngSaying(texts))).toEqual({ kind: "none" });
});

it("follows a graph past what only passes words on, and keeps both prompts apart", async () => {
  const graph = {
    1: { class_type: "KSampler", inputs: { seed: 5, positive: ["2", 0], negative: ["2", 1], model: ["1", 0] } },
    2: { class_type: "ControlNetApplyAdvanced", inputs: { positive: ["3", 0], negative: ["4", 0], strength: 1 } },
    3: { class_type: "CLIPTextEncode", inputs: { text: "a kite" } },
    4: { class_type: "ConditioningZeroOut", inputs: { conditioning: ["3", 0] } },
  };
  expect(await recipeOf(pngSaying({ prompt: JSON.stringify(graph) }))).toMatchObject({
    told: { prompt: "a kite", negative: "", seed: "5" },
  });
});
