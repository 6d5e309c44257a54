import { expect, it } from "vitest";
import { imageOf } from "../../src/backends/webui/answer.ts";
import { lorasIn } from "../../src/domain/recipe.ts";
import { someRequest } from "../contracts/backend.ts";

const request = { ...someRequest, seed: 7 };
const wanted = {
  request,
  loras: [{ name: "rca", scale: 1 }],
  init: undefined,
  model: "flux1-dev.safetensors",
  task: "t",
};
const answer = (info: unknown, images: unknown = ["AQID"]) => Buffer.from(JSON.stringify({ images, info }));
const GOOD = {
  seed: 9,
  sd_model_name: "flux1-dev",
  extra_generation_params: { "Lora hashes": "rca: abc" },
};

it.each([
  ["as JSON in a string", JSON.stringify(GOOD), [9, "flux1-dev", "abc"]],
  ["as an object", GOOD, [9, "flux1-dev", "abc"]],
  ["absent", undefined, [7, "unknown model", undefined]],
  ["null", null, [7, "unknown model", undefined]],
  ["empty", "", [7, "unknown model", undefined]],
  ["prose", "Steps: 4, Sampler: Euler", [7, "unknown model", undefined]],
  ["with odd fields", { ...GOOD, seed: "9", extra_generation_params: [] }, [7, "flux1-dev", undefined]],
])("a picture whose info is %s is taken", (_how, info, [seed, model, hash]) => {
  const image = imageOf(answer(info), wanted);
  const [lora] = lorasIn(image);
  expect([image.seed, image.model, lora?.hash, [...image.bytes]]).toEqual([seed, model, hash, [1, 2, 3]]);
});

it.each([
  ["another model", { ...GOOD, sd_model_name: "sdxl" }, "used another model"],
  ["other LoRAs", { ...GOOD, extra_generation_params: {} }, "left the LoRA out"],
])("one that was made with %s is not", (_what, info, why) => expect(() => imageOf(answer(info), wanted)).toThrow(why));
it.each([[[]], [null], [[""]], [["<html>"]]])("%j holds no picture", (images) =>
  expect(() => imageOf(answer(GOOD, images), wanted)).toThrow("without a picture"),
);
