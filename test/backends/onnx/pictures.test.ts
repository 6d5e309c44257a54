import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { draw, encode, forwards, type PictureCase, release } from "./adapter.ts";
import { arraySchema, expectSame, FIXTURES, largestDifference, openReferences } from "./references.ts";

// torch and onnxruntime add products in another order on other processors. In float16 a flipped rounding is a large step.
const TOLERANCES = {
  float32: { latents: 1e-4, bytesShare: 0.005, byte: 1 },
  float16: { latents: 0.05, bytesShare: 0.2, byte: 3 },
} as const;

const loraUseSchema = z.object({ file: z.string(), scale: z.number() });
const pictureSchema = z.looseObject({
  name: z.string(),
  prompt: z.string(),
  prompt_2: z.string().optional(),
  max_sequence_length: z.int(),
  first_step: z.int(),
  clip_ids: z.array(z.int()),
  t5_ids: z.array(z.int()),
  image: arraySchema.optional(),
  sigmas: arraySchema,
  timesteps: arraySchema,
  initial: arraySchema,
  latents: arraySchema,
  rgb: arraySchema,
  loras: z.array(loraUseSchema).optional(),
});
type Picture = z.output<typeof pictureSchema>;

async function check(
  dir: string,
  given: Picture,
  valuesOf: ReturnType<typeof openReferences>["valuesOf"],
  type: keyof typeof TOLERANCES,
): Promise<void> {
  const tolerance = TOLERANCES[type];
  const ids = (which: "clip" | "t5", text: string, length: number) => encode({ dir, which, text, length });
  expect(ids("clip", given.prompt, 77)).toEqual(given.clip_ids);
  expect(ids("t5", given.prompt_2 ?? given.prompt, given.max_sequence_length)).toEqual(given.t5_ids);
  const image = given.image && Uint8Array.from(valuesOf(given.image));
  const loras = (given.loras ?? []).map(({ file, scale }) => ({ path: join(FIXTURES, "lora", file), scale }));
  // The fixture's own shape: what it holds beside the arrays is the request.
  const got = await draw(dir, given as unknown as PictureCase, { loras, ...(image ? { image } : {}) });
  expect(got.firstStep).toBe(given.first_step);
  expectSame(got.sigmas ?? [], valuesOf(given.sigmas), "sigmas");
  expectSame(got.timesteps, valuesOf(given.timesteps), "timesteps");
  const initial = valuesOf(given.initial);
  if (given.image) expect(largestDifference(got.initial, initial)).toBeLessThanOrEqual(tolerance.latents);
  else expectSame(got.initial, initial, "before the first step");
  expect(largestDifference(got.latents, valuesOf(given.latents))).toBeLessThanOrEqual(tolerance.latents);
  const rgb = valuesOf(given.rgb);
  const bytesOff = Array.from(rgb).filter((byte, at) => byte !== got.rgb[at]).length;
  expect(bytesOff).toBeLessThanOrEqual(tolerance.bytesShare * rgb.length);
  expect(largestDifference(got.rgb, rgb)).toBeLessThanOrEqual(tolerance.byte);
}

afterAll(release);

describe.each(["tiny-flux", "tiny-schnell", "tiny-flux-fp16"])("pictures of %s as torch makes them", (model) => {
  const { cases, valuesOf } = openReferences(
    `${model}/reference`,
    z.object({ io_dtype: z.enum(["float32", "float16"]), cases: z.array(pictureSchema) }),
  );
  it.each(cases.cases)("$name", async (given) => check(join(FIXTURES, model), given, valuesOf, cases.io_dtype));
});

describe("LoRAs as torch makes them with merged weights", () => {
  const { cases, valuesOf } = openReferences(
    "lora/reference",
    z.object({
      inputs: z.record(z.string(), arraySchema),
      forward: z.array(z.object({ name: z.string(), loras: z.array(loraUseSchema), out_hidden_states: arraySchema })),
      pictures: z.array(pictureSchema),
    }),
  );
  const folder = join(FIXTURES, "lora");
  const inputs = Object.fromEntries(
    Object.entries(cases.inputs).map(([name, reference]) => [
      name,
      { data: Array.from(valuesOf(reference)), dims: reference.shape },
    ]),
  );

  it.each(cases.forward)("$name", async ({ loras, out_hidden_states }) => {
    const files = loras.map(({ file }) => join(folder, file));
    const wanted = valuesOf(out_hidden_states);
    // The scale is chosen at each run, and 0 is the base model.
    const scales = loras.map(({ scale }) => scale);
    const [got = [], without = []] = await forwards(folder, inputs, files, { scales: [scales, scales.map(() => 0)] });
    expect(largestDifference(got, wanted)).toBeLessThanOrEqual(5e-5);
    expect(largestDifference(without, valuesOf(cases.forward[0]!.out_hidden_states))).toBeLessThanOrEqual(5e-5);
    if (loras.length > 0) expect(largestDifference(without, wanted)).toBeGreaterThan(0.1);
  });

  const model = join(FIXTURES, readFileSync(join(folder, "MODEL"), "utf8").trim());
  it.each(cases.pictures)("$name", async (given) => check(model, given, valuesOf, "float32"));
});
