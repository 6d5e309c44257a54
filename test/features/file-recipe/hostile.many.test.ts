import fc from "fast-check";
import { expect, it } from "vitest";
import { readFileRecipe } from "../../../src/features/file-recipe/read.ts";
import { exifTexts } from "../../../src/lib/exif-text.ts";
import { xmpText } from "../../../src/lib/xmp-text.ts";
import {
  COMMENTS,
  DIALECTS,
  exifBlock,
  jpegWithExif,
  pngSaying,
  recipeOf,
  webpWith,
} from "../../fakes/recipe-files.ts";
import { cases } from "../../many.ts";
import { atThisPaceMs } from "../../pace.ts";

const RECIPE = { prompt: "a kite", negative: "fog", seed: 1, steps: 2, cfg: 3, widthPx: 512, heightPx: 512 };
const files = Object.values(DIALECTS).map((write) => write(RECIPE));

it("damaged files never throw, and give a recipe that fits its schema or none", { timeout: 30_000 }, () =>
  fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...files),
      fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { maxLength: 20 }),
      fc.nat(4000),
      async (file, edits, length) => {
        const bytes = Buffer.from(file.subarray(0, length % 3 === 0 ? length : file.length));
        for (const [at, byte] of edits) if (at < bytes.length) bytes[at] = byte;
        const found = await readFileRecipe(bytes);
        // A wrong number can promise more pixels than are read.
        expect(["ours", "other", "none", "bad_args"]).toContain(found.ok ? found.value.kind : found.problem.code);
      },
    ),
    { numRuns: cases(80, 800) },
  ),
);

it("any words in any place never throw", { timeout: 30_000 }, () => {
  const bits = fc.array(
    fc.constantFrom(
      ...'Steps: 1,|Negative prompt:|{|}|[|]|"|\\|:|,|\n|a|\0|é|NaN|null|1e999|"prompt":|"inputs":|"class_type":"KSampler"|["1",0]'.split(
        "|",
      ),
    ),
    { maxLength: 40 },
  );
  const place = fc.constantFrom(
    "parameters",
    "prompt",
    "workflow",
    "Comment",
    "Dream",
    "sd-metadata",
    "invokeai_metadata",
  );
  return fc.assert(
    fc.asyncProperty(place, bits, fc.anything({ withObjectString: true }), async (at, words, value) => {
      const json =
        JSON.stringify(value, (_key, each: unknown) => (typeof each === "bigint" ? String(each) : each)) ?? "";
      for (const text of [
        words.join(""),
        json,
        `{"prompt":${json || 0}}`,
        `{"1":{"class_type":"KSampler","inputs":${json || 0}}}`,
      ])
        expect(["other", "none"]).toContain((await recipeOf(pngSaying({ [at]: text }))).kind);
    }),
    { numRuns: cases(150, 1000) },
  );
});

it("any bytes are an EXIF block without texts, or with some", () =>
  fc.assert(
    fc.property(
      fc.constantFrom("II*\0", "MM\0*", "Exif\0\0II*\0", ""),
      fc.uint8Array({ maxLength: 300 }),
      (head, rest) => {
        for (const { text } of exifTexts(Buffer.concat([Buffer.from(head), rest]))) expect(typeof text).toBe("string");
      },
    ),
    { numRuns: cases(800, 6000) },
  ));

/** Of this thread: unpacking is others' work. */
const cpuMs = async (work: () => unknown): Promise<number> => {
  const before = process.threadCpuUsage();
  await work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
};

it.each<[string, () => unknown]>([
  [
    "a million quotes and brackets in a line of settings",
    () => recipeOf(pngSaying({ parameters: `a\nSteps: 1, ${'x: ["'.repeat(200_000)}` })),
  ],
  ["a million commas", () => recipeOf(pngSaying({ parameters: `a\nSteps: 1,${",".repeat(900_000)}` }))],
  ["a million open tags of LoRAs", () => recipeOf(pngSaying({ parameters: "<lora:".repeat(160_000) }))],
  [
    "a graph that turns in circles",
    () => {
      const nodes = Array.from({ length: 4000 }, (_, at) => [
        String(at),
        {
          class_type: "KSampler",
          inputs: Object.fromEntries(
            Array.from({ length: 4 }, (__, to) => [`positive${to || ""}`, [String((at * 7 + to) % 4000), 0]]),
          ),
        },
      ]);
      return recipeOf(pngSaying({ prompt: JSON.stringify(Object.fromEntries(nodes)) }));
    },
  ],
  [
    "a block of EXIF whose every entry names all of it",
    () => {
      const entry = Buffer.from("0e01020000000a0008000000", "hex");
      const entries = new Array<Buffer>(60_000).fill(entry);
      return exifTexts(Buffer.concat([Buffer.from("49492a000800000060ea", "hex"), ...entries]));
    },
  ],
  ["a packet of open elements", () => xmpText("<exif:UserComment>".repeat(50_000), "exif:UserComment")],
  [
    "a packet of brackets",
    () => xmpText(`<exif:UserComment>${"<".repeat(900_000)}</exif:UserComment>`, "exif:UserComment"),
  ],
])("%s takes no time", async (_what, work) => {
  await work();
  expect(await cpuMs(work)).toBeLessThan(atThisPaceMs(400));
});

it("a comment that is larger than any recipe is left out, not cut", async () => {
  const comment = COMMENTS.ascii(`a fox\nSteps: 3, Seed: 5, Size: 512x512, ${"x".repeat(1_100_000)}`);
  expect(await recipeOf(webpWith("EXIF", exifBlock("II", { comment })))).toEqual({ kind: "none" });
  const fits = COMMENTS.ascii("a fox\nSteps: 3, Seed: 5, Size: 512x512");
  expect(await recipeOf(jpegWithExif(exifBlock("II", { comment: fits })))).toMatchObject({ kind: "other" });
});

it("does not name what every object inherits from", async () => {
  for (const text of [
    '{"__proto__":{"prompt":"x"},"prompt":"a"}',
    '{"constructor":{"prototype":{"a":1}},"prompt":"a"}',
  ])
    expect(await recipeOf(pngSaying({ parameters: text }))).toMatchObject({ kind: "other", told: { loras: [] } });
  expect(({} as Record<string, unknown>)["prompt"]).toBeUndefined();
});
