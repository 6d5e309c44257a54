import { expect, it } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { nearestRatio } from "../../src/backends/shared/nearest-ratio.ts";
import { describe as described } from "../../src/backends/space/description.ts";
import { argumentsOf, hasOwnSizes, outOfReach } from "../../src/backends/space/values.ts";
import { configSchema, infoSchema } from "../../src/backends/space/wire.ts";
import { styleSchema } from "../../src/domain/style.ts";
import { checkedPng } from "../../src/jobs/checked-png.ts";
import { createYieldQueue } from "../../src/lib/yield-queue.ts";
import { someRequest } from "../contracts/backend.ts";
import { pixels } from "../fakes/pixels.ts";

const style = styleSchema.parse({ id: "s", title: "S" });
const portrait = { ...someRequest, widthPx: 832, heightPx: 1216 };

/** A Space with one more component between prompt and seed, or none. */
function spaceWith(component?: { readonly name: string; readonly choices: readonly unknown[] }) {
  const names = ["prompt", ...(component ? [component.name] : []), "seed"];
  const ids = names.map((_name, at) => at + 1);
  const config = configSchema.parse({
    version: "6.31.0",
    protocol: "sse_v3",
    components: [
      ...names.map((name, at) => ({
        id: at + 1,
        type: name === component?.name ? "dropdown" : name === "seed" ? "number" : "textbox",
        props:
          name === component?.name ? { choices: component.choices } : name === "seed" ? { maximum: 0x7fff_ffff } : {},
      })),
      { id: 9, type: "image" },
    ],
    dependencies: [{ id: 0, inputs: ids, outputs: [9], api_name: "infer" }],
  });
  const parameters = names.map((name) => ({ parameter_name: name, parameter_has_default: false }));
  return described("space", config, infoSchema.parse({ named_endpoints: { "/infer": { parameters } } }));
}
const lora = { loraScale: 1, plain: true };
const defaults = { guidance: style.defaults.cfg, steps: style.defaults.steps, trueCfg: 1 };

it.each([
  ["ratios", "aspect_ratio", ["1:1", "16:9", "2:3", "9:16"], "2:3"],
  [
    "sizes behind what is shown",
    "resolution",
    [
      ["Wide", "1216x832"],
      ["Tall", "768 × 1024"],
      ["Other", "own"],
    ],
    "768 × 1024",
  ],
  ["words alone", "aspect_ratio", ["wide", "tall"], undefined],
])("a menu of %s takes the nearest", (_what, name, choices, sent) => {
  const space = spaceWith({ name, choices });
  const request = { ...portrait, ...defaults };
  expect(outOfReach(space, request, style, lora)).toBeUndefined();
  expect(argumentsOf(space.run, request, { prompt: "a fox", loraScale: 1 })[name]).toBe(sent);
  expect(hasOwnSizes(space.run)).toBe(true);
});

it("a Space without any size is taken as it is; a seed beyond its bound is told", () => {
  const space = spaceWith();
  expect(outOfReach(space, { ...portrait, ...defaults }, style, lora)).toBeUndefined();
  expect(outOfReach(space, { ...portrait, ...defaults, seed: 0x8000_0000 }, style, lora)).toMatchObject({
    about: "backend.space.up-to",
  });
});

it.each([
  [832, 1216, false, true],
  [1664, 2432, false, true],
  [832, 1280, false, true],
  [768, 1344, false, false],
  [768, 1344, true, true],
  [416, 608, false, false],
  [416, 608, true, true],
])("a picture of %d×%d for 832×1216, sizes of its own: %s, is taken: %s", async (widthPx, heightPx, ownSize, taken) => {
  const bytes = tinyPng(widthPx, heightPx, "x");
  const deps = { yields: createYieldQueue(), pixels, signal: new AbortController().signal };
  const made = checkedPng({ name: "x", drawnBy: "program" }, bytes, { ...portrait, ownSize }, deps);
  if (taken) expect((await made).length).toBeGreaterThan(0);
  else await expect(made).rejects.toThrow(`${widthPx}×${heightPx} instead of 832×1216`);
});

it("the nearest shape is as far from twice as wide as from twice as high", () => {
  const near = (widthPx: number, heightPx: number) =>
    nearestRatio({ widthPx, heightPx }, [0.5, 1, 2], (ratio) => ratio);
  expect([near(100, 100), near(100, 150), near(150, 100), near(64, 640), near(640, 64)]).toEqual([1, 0.5, 2, 0.5, 2]);
});
