import { expect, it } from "vitest";
import { plainSourceTypeOf, sourceTypeOf } from "../../src/domain/made-by.ts";
import { LETTERING_BACKEND, type Recipe } from "../../src/domain/recipe.ts";
import { sourceTypeOfSeveral } from "../../src/domain/source-type.ts";

const request = { prompt: "a fox" };
const start = { ...request, init: { key: "input/x", strength: 0.5 } };
const words = { words: [] };
const MODEL = "trainedAlgorithmicMedia";
const MIXED = "compositeWithTrainedAlgorithmicMedia";
const RULES = "algorithmicMedia";

it.each([
  ["a model's", { request }, MODEL, MODEL],
  ["a model's with words", { request: { ...request, lettering: words } }, MIXED, MODEL],
  ["a member's photo that a model changed", { request: start }, MIXED, MIXED],
  ["a model's that a model changed", { request: start, over: MODEL }, MODEL, MODEL],
  ["a sketch", { request, typeset: true }, RULES, RULES],
  ["a sketch over a sketch", { request: start, typeset: true, over: RULES }, RULES, RULES],
  ["a sketch over a model's", { request: start, typeset: true, over: MODEL }, MIXED, MIXED],
  ["a sketch over a photo", { request: start, typeset: true }, undefined, undefined],
  [
    "words over a photo",
    { request: { ...request, lettering: words }, backend: LETTERING_BACKEND },
    undefined,
    undefined,
  ],
] as const)("says of %s how it came about", (_what, recipe, made, plain) => {
  const whole = { backend: "comfyui", ...recipe } as unknown as Recipe;
  expect(sourceTypeOf(whole)).toBe(made);
  expect(plainSourceTypeOf(whole)).toBe(plain);
});

it("says of a sheet what holds for all of it, and of a mixed one that a model had a part in it", () => {
  expect(sourceTypeOfSeveral([MODEL, MODEL])).toBe(MODEL);
  expect(sourceTypeOfSeveral([RULES, MODEL])).toBe(MIXED);
  expect(sourceTypeOfSeveral([undefined, MODEL])).toBe(MIXED);
  expect(sourceTypeOfSeveral([undefined, RULES])).toBeUndefined();
  expect(sourceTypeOfSeveral([])).toBeUndefined();
});
