import { expect, it } from "vitest";
import { z } from "zod";
import { type ImageRequest, lorasIn } from "../../src/domain/recipe.ts";
import { type Style, styleSchema } from "../../src/domain/style.ts";
import { featuresFor } from "../../src/jobs/router/compatibility.ts";
import type { Backend } from "../../src/ports/backend.ts";
import { someRequest } from "../contracts/backend.ts";
import { opened, styleWith } from "./huggingface-rig.ts";

const inputSchema = z.object({ input: z.looseObject({}) });
const plain = styleSchema.parse({ id: "plain", title: "Plain" });
const draw = async (backend: Backend, style: Style, change: Partial<ImageRequest> = {}) => {
  // Of a member who names no number.
  const request = { ...someRequest, steps: style.defaults.steps, guidance: style.defaults.cfg, ...change };
  const events = await Array.fromAsync(backend.generate({ request, style, signal: AbortSignal.timeout(10_000) }));
  const image = events.at(-1);
  return image?.type === "image" ? image : expect.fail("no picture");
};

it.each([
  ["black-forest-labs/FLUX.1-dev", { num_inference_steps: 28, guidance_scale: 3 }],
  ["black-forest-labs/FLUX.1-schnell", { num_inference_steps: 4 }],
  ["Tongyi-MAI/Z-Image-Turbo", { num_inference_steps: 8 }],
  ["Qwen/Qwen-Image", { num_inference_steps: 28, guidance_scale: 3, negative_prompt: "fog" }],
  ["stabilityai/stable-diffusion-xl-base-1.0", { num_inference_steps: 28, guidance_scale: 7, negative_prompt: "fog" }],
  ["someone/own-model", { num_inference_steps: 28, guidance_scale: 3 }],
])("%s is told the numbers that its family takes", async (HF_MODEL, numbers) => {
  const { server, backend } = await opened({ HF_MODEL });
  await draw(backend, plain, { negativePrompt: "fog" });
  const told = Object.entries(z.looseObject({}).parse(server.jobs()[0]?.body)).filter(([name]) =>
    ["num_inference_steps", "guidance_scale", "negative_prompt"].includes(name),
  );
  expect(Object.fromEntries(told)).toEqual(numbers);
  expect(featuresFor(backend, someRequest, plain)).toMatchObject({
    guidance: "guidance_scale" in numbers,
    negativePrompt: "negative_prompt" in numbers,
  });
});

it.each([
  ["Qwen/Qwen-Image", { guidance: 3, negative_prompt: "fog" }],
  [
    "stabilityai/stable-diffusion-xl-base-1.0",
    { guidance_scale: 7, negative_prompt: "fog", width: 1024, height: 1024 },
  ],
])("on replicate %s is told by the names of its program", async (HF_MODEL, fields) => {
  const { server, backend } = await opened({ HF_MODEL, HF_PROVIDER: "replicate" });
  await draw(backend, plain, { negativePrompt: "fog", widthPx: 1024, heightPx: 1024 });
  const names = ["guidance", "guidance_scale", "negative_prompt", "width", "height"];
  const { input } = inputSchema.parse(server.jobs()[0]?.body);
  expect(Object.fromEntries(Object.entries(input).filter(([name]) => names.includes(name)))).toEqual(fields);
});

it("draws with the model that was asked for, of those that the operator named", async () => {
  const { server, backend } = await opened({ HF_MODEL: "black-forest-labs/FLUX.1-dev, Qwen/Qwen-Image" });
  expect(backend.models?.(plain)?.map(({ title }) => title)).toEqual(["FLUX.1 dev", "Qwen-Image"]);
  expect(backend.severalModels).toBe(true);
  const image = await draw(backend, plain, { model: "Qwen-Image" });
  // Nobody said a number, so they are the model's own, and stand in the recipe.
  expect(image).toMatchObject({ model: "fal-ai/qwen-image at fal-ai", fixed: { steps: 20, guidance: 4 } });
  expect(server.jobs()[0]?.body).toMatchObject({ num_inference_steps: 20, guidance_scale: 4 });
});

it("puts several LoRAs of one program together, each at its own strength, and no others", async () => {
  const { server, backend } = await opened();
  const both = styleSchema.parse({
    ...styleWith("someone/rca"),
    lora: { huggingface: ["someone/rca", { file: "someone/ink", scale: 0.5 }] },
  });
  const image = await draw(backend, both, { loraScale: 0.8 });
  expect(server.jobs()[0]?.body).toMatchObject({
    loras: [
      { path: expect.stringMatching(/rca\.safetensors$/), scale: 0.8 },
      { path: expect.stringMatching(/ink\.safetensors$/), scale: 0.4 },
    ],
  });
  expect(lorasIn(image)).toEqual([
    { reference: "someone/rca/rca.safetensors", scale: 0.8 },
    { reference: "someone/ink/ink.safetensors", scale: 0.4 },
  ]);
  const foreign = styleSchema.parse({ ...both, lora: { huggingface: ["someone/rca", "someone/qwen-lora"] } });
  await expect(draw(backend, foreign)).rejects.toMatchObject({ code: "rejected" });
});
