import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createPreviewer } from "../../../src/backends/onnx/engine/preview.ts";
import { findProvider } from "../../../src/backends/onnx/engine/providers.ts";
import { lookAtModelFolder } from "../../../src/backends/onnx/model-folder.ts";
import { FIXTURES } from "./references.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "placard-onnx-folder-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("a model's folder", () => {
  beforeEach(() => cpSync(join(FIXTURES, "tiny-flux"), folder, { recursive: true }));
  const problems = () => {
    const look = lookAtModelFolder(folder);
    return look.ok ? [] : look.problems;
  };
  const change = (file: string, edit: (value: Record<string, unknown>) => void) => {
    const value = JSON.parse(readFileSync(join(folder, file), "utf8")) as Record<string, unknown>;
    edit(value);
    writeFileSync(join(folder, file), JSON.stringify(value));
  };

  it("is told by what its small files say", () => {
    expect(lookAtModelFolder(folder)).toMatchObject({
      ok: true,
      folder: {
        kind: "flux",
        guidance: true,
        packedChannels: 16,
        hasEncoder: true,
        vae: { scaling: 0.3611, shift: 0.1159, factor: 8 },
      },
    });
  });

  it("that lacks files has all of them named", () => {
    for (const file of ["transformer/model.onnx", "tokenizer_2", "vae_decoder/config.json"])
      rmSync(join(folder, file), { recursive: true });
    expect(problems()).toEqual([
      "transformer/model.onnx is missing",
      "tokenizer_2 has neither tokenizer.json, nor vocab.json with merges.txt, nor spiece.model",
      "vae_decoder/config.json is missing",
    ]);
  });

  it.each([
    [
      "a scheduler that computes otherwise",
      "scheduler/scheduler_config.json",
      { use_karras_sigmas: true },
      "use_karras_sigmas",
    ],
    ["another kind of pipeline", "model_index.json", { _class_name: "KandinskyPipeline" }, "KandinskyPipeline"],
    ["a VAE without its factor", "vae_decoder/config.json", { scaling_factor: 0 }, "scaling_factor"],
  ])("with %s says so", (_what, file, odd, word) => {
    change(file, (value) => Object.assign(value, odd));
    expect(problems()).toEqual([expect.stringContaining(word)]);
    expect(problems()[0]).toContain(file);
  });

  it("with a file that is no JSON says which", () => {
    writeFileSync(join(folder, "transformer/config.json"), "{");
    expect(problems()).toEqual(["transformer/config.json is no JSON"]);
  });
});

describe("where a model is computed", () => {
  const works = (...all: readonly string[]) => {
    const tried: string[] = [];
    const create = async (
      _model: unknown,
      { executionProviders }: { readonly executionProviders: readonly string[] },
    ) => {
      tried.push(executionProviders.join("+"));
      if (!all.includes(executionProviders.join("+"))) throw new Error("no such\nlibrary");
      return { release: async () => undefined };
    };
    return { runtime: { InferenceSession: { create } } as never, tried };
  };

  it("is the first that works, each tried alone, and the others say why not", async () => {
    const { runtime, tried } = works("webgpu", "cpu");
    expect(await findProvider(runtime, "auto", "linux")).toEqual({
      provider: "webgpu",
      failed: [{ provider: "cuda", why: "no such library" }],
    });
    expect(tried).toEqual(["cuda", "webgpu"]);
  });
  it("is what was chosen, or nothing", async () => {
    await expect(findProvider(works("cpu").runtime, "cuda", "linux")).rejects.toThrow("cuda: no such library");
    expect(await findProvider(works("coreml").runtime, "auto", "darwin")).toMatchObject({ provider: "coreml" });
  });
});

describe("a preview", () => {
  it("is learnt from the first finished picture, whatever the latents mean", () => {
    const [channels, rows, columns, factor] = [5, 6, 7, 4];
    const values = Float32Array.from({ length: channels * rows * columns }, (_, at) => Math.sin(at * at));
    const colourOf = (at: number, colour: number) =>
      128 + 40 * (values[colour * rows * columns + at] ?? 0) - 30 * (values[4 * rows * columns + at] ?? 0);
    const rgb = new Uint8ClampedArray(rows * columns * factor * factor * 3);
    for (let y = 0; y < rows * factor; y += 1)
      for (let x = 0; x < columns * factor; x += 1)
        for (let colour = 0; colour < 3; colour += 1)
          rgb[(y * columns * factor + x) * 3 + colour] = colourOf(
            Math.floor(y / factor) * columns + Math.floor(x / factor),
            colour,
          );
    const clean = { values, channels, rows, columns };
    const previewer = createPreviewer();
    expect(previewer.show(clean)).toBeUndefined();
    previewer.learn(clean, rgb);
    const shown = previewer.show(clean);
    expect([shown?.widthPx, shown?.heightPx]).toEqual([columns, rows]);
    for (const at of [0, 11, 41])
      for (const colour of [0, 1, 2])
        expect(Math.abs((shown?.rgb[at * 3 + colour] ?? 0) - colourOf(at, colour))).toBeLessThan(2);
    expect(previewer.show({ ...clean, channels: 4 })).toBeUndefined();
  });
});
