import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { GRAPHS } from "../../src/backends/comfyui/family-graphs.ts";
import { SIDE_STEP_PX } from "../../src/domain/recipe.ts";
import { styleSchema } from "../../src/domain/style.ts";
import type { Zone } from "../../src/families/shared/family.ts";
import { FAMILIES, familiesIn } from "../../src/families/shared/known.ts";
import { plainName, recognise } from "../../src/families/shared/recognise.ts";

const folderWith = (files: Readonly<Record<string, string>>): URL => {
  const folder = mkdtempSync(path.join(tmpdir(), "placard-families-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return pathToFileURL(`${folder}/`);
};
const isSound = ({ usual, least, most }: Zone) => least <= usual && usual <= most;

describe("the families", () => {
  it("are all there", () => {
    expect(FAMILIES.map(({ id }) => id).toSorted()).toEqual([
      "chroma",
      "flux1",
      "flux2-dev",
      "flux2-klein-4b",
      "flux2-klein-9b",
      "flux3-klein",
      "krea2",
      "qwen-image",
      "qwen-image-21",
      "sd35",
      "sdxl",
      "z-image",
    ]);
    // The styles that come with Placard, and every style without a word about it, are made for it.
    expect(FAMILIES[0]?.id).toBe(styleSchema.parse({ id: "x", title: "X" }).family);
  });

  it.each(FAMILIES.map((family) => [family.id, family] as const))("%s is whole", (_id, family) => {
    expect(GRAPHS.has(family.id)).toBe(true);
    const recognised = recognise({ name: family.example.file }, FAMILIES);
    expect(recognised).toMatchObject({ family: { id: family.id }, kind: { draws: expect.anything() } });
    expect(recognised?.family.loras.test(family.id), "a style's family").toBe(true);
    expect(family.parts.filter(({ role }) => role === "vae")).toHaveLength(1);
    for (const part of family.parts)
      expect(part.names.test(plainName(part.example.split(" ")[0] ?? "")), part.example).toBe(true);
    for (const { draws, title, licence } of family.kinds) {
      expect(licence.source).toMatch(/^https:\/\//);
      if (!draws) continue;
      const { guidance, steps, sizes } = draws;
      expect(isSound(steps) && steps.most <= 50, title).toBe(true);
      if (guidance.by !== "none") expect(isSound(guidance.strength) && guidance.strength.most <= 10, title).toBe(true);
      expect(SIDE_STEP_PX % sizes.multiple, title).toBe(0);
      expect(sizes.usualPixels, title).toBeLessThanOrEqual(sizes.mostPixels);
    }
  });

  it("know each other's parts apart", () => {
    // One folder for all: what rewrites prompts, and other families' files, must not be taken.
    const fits = (names: string) =>
      FAMILIES.flatMap(({ id, parts }) =>
        parts
          .filter((part) => part.names.test(plainName(names)) && part.never?.test(plainName(names)) !== true)
          .map(({ role }) => `${id} ${role}`),
      );
    expect(fits("qwen3.5_9b_flux3_prompt_upsampler_w4a8.safetensors")).toEqual([]);
    expect(fits("qwen3.5_9b_qwen_image_2.1_pe_t2i.int8_convrot.safetensors")).toEqual([]);
    expect(fits("umt5_xxl_fp8_e4m3fn_scaled.safetensors")).toEqual([]);
    expect(fits("flux2-vae.safetensors")).toEqual([
      "flux2-klein-4b vae",
      "flux2-klein-9b vae",
      "flux3-klein vae",
      "flux2-dev vae",
    ]);
    expect(fits("ae.safetensors")).toEqual(["flux1 vae", "z-image vae", "chroma vae"]);
    expect(fits("qwen_image_2.1_vae_bf16.safetensors")).toEqual(["qwen-image-21 vae"]);
    expect(fits("t5-v1_1-xxl-encoder-Q8_0.safetensors")).toEqual(["flux1 t5xxl", "chroma t5xxl", "sd35 t5xxl"]);
    expect(fits("ViT-L-14-TEXT-detail-improved-hiT-GmP-TE-only-HF.safetensors")).toEqual([
      "flux1 clip_l",
      "sdxl clip_l",
      "sd35 clip_l",
    ]);
  });
});

describe("a folder of families", () => {
  it("refuses a file without one, and one whose name is another", async () => {
    await expect(familiesIn([folderWith({ "a.ts": "export const other = 1;" })])).rejects.toThrow(
      /a\.ts does not export "family"/,
    );
    const misnamed = folderWith({ "a.ts": 'export const family = { id: "b", rank: 1 };' });
    await expect(familiesIn([misnamed])).rejects.toThrow(/a\.ts has the family b: name both alike/);
  });
});
