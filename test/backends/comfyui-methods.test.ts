import { expect, it } from "vitest";
import { withoutUnknownMethods } from "../../src/backends/comfyui/methods.ts";
import { FAMILIES } from "../../src/families/shared/known.ts";
import { BackendError } from "../../src/ports/backend.ts";

const EDITOR = { name: "qwen_image_edit_2511_fp8mixed.safetensors" };
const OTHER = { name: "qwen_image_edit_2509_fp8_e4m3fn.safetensors" };
const signal = new AbortController().signal;
type Node = Parameters<typeof withoutUnknownMethods>[0]["node"];
const left = async (node: Node, diffusion = [EDITOR, OTHER]) => {
  const listed = { diffusion, checkpoints: [], textEncoders: [], vae: [] };
  const found = await withoutUnknownMethods({ node }, listed, FAMILIES, signal);
  return { files: found.listed.diffusion, steps: found.lacking.flatMap(({ nextSteps }) => nextSteps) };
};
const knowing = (...methods: readonly string[]) => ({ input: { required: { reference_latents_method: [methods] } } });

it("a model that a ComfyUI is too old to edit with is left alone, and whoever runs it is told", async () => {
  const step = [
    expect.stringMatching(/^Update ComfyUI for Qwen-Image-Edit 2511: .* does not know index_timestep_zero/),
  ];
  expect(await left(async () => knowing("offset", "index"))).toEqual({ files: [OTHER], steps: step });
  expect(await left(async () => undefined)).toEqual({ files: [OTHER], steps: step });
  const all = { files: [EDITOR, OTHER], steps: [] };
  expect(await left(async () => knowing("offset", "index_timestep_zero"))).toEqual(all);
  // It does not say.
  expect(await left(async () => Promise.reject(new BackendError("comfyui", "bad_response", "no such page")))).toEqual(
    all,
  );
});

it("nothing is asked where no such model is there", async () =>
  expect(await left(() => Promise.reject(new Error("asked")), [OTHER])).toEqual({ files: [OTHER], steps: [] }));
