import { describe, expect, it } from "vitest";
import { fakeBackend } from "../../../src/backends/fake.ts";
import type { Order } from "../../../src/domain/recipe.ts";
import { styleSchema } from "../../../src/domain/style.ts";
import { modelCalled } from "../../../src/families/shared/model-names.ts";
import { estimate, loadMsOf } from "../../../src/jobs/estimate.ts";
import { cannotHonour } from "../../../src/jobs/router/compatibility.ts";
import { withModelTitle } from "../../../src/jobs/router/model-names.ts";
import { planFor } from "../../../src/jobs/router/plan.ts";
import type { Backend } from "../../../src/ports/backend.ts";
import type { Readiness } from "../../../src/ports/backend-models.ts";
import { someRequest } from "../../contracts/backend.ts";
import { english } from "../../words.ts";

const plain = styleSchema.parse({ id: "plain", title: "Plain" });
const OFFERS = [
  { title: "FLUX.1 dev", family: "flux1" },
  { title: "FLUX.1 schnell", family: "flux1" },
  { title: "Z-Image-Turbo", family: "z-image" },
  { title: "Qwen-Image 2512", family: "qwen-image" },
  { title: "SDXL Lightning, Hyper and the like", family: "sdxl" },
  { title: "gpt-image-1" },
];
const orderFor = (model?: string): Order => ({
  request: { ...someRequest, ...(model === undefined ? {} : { model }) },
  count: 1,
  asked: [],
  advice: [],
  seedFrom: "drawn",
});
const among = { restOf: () => undefined, rules: { remote: true }, waitsMs: new Map<string, number>() };

describe("a model's name as people write it", () => {
  it.each([
    ["flux", "FLUX.1 dev"],
    ["Schnell", "FLUX.1 schnell"],
    ["z image", "Z-Image-Turbo"],
    ["zimage", "Z-Image-Turbo"],
    ["qwen", "Qwen-Image 2512"],
    ["qwen 2512", "Qwen-Image 2512"],
    ["sdxl lightning", "SDXL Lightning, Hyper and the like"],
    ["GPT Image 1", "gpt-image-1"],
    ["qwne-image", "Qwen-Image 2512"],
  ])("%s is %s", (written, title) => expect(modelCalled(written, OFFERS)?.title).toBe(title));
  it.each(["midjourney", "", "--", "dal"])("“%s” is none of them", (written) =>
    expect(modelCalled(written, OFFERS)).toBeUndefined(),
  );
  it("is known by what there could be where nobody here has asked yet", () => {
    const unknown: Pick<Backend, "models"> = { models: () => undefined };
    expect(withModelTitle(orderFor("z image"), plain, [unknown]).request.model).toBe("Z-Image");
    expect(withModelTitle(orderFor("z image"), plain, [{ models: () => [] }]).request.model).toBe("z image");
  });
});

describe("an order that names a model", () => {
  const some = fakeBackend({ name: "some", models: OFFERS.slice(0, 2) });
  const none = fakeBackend({ name: "none" });
  it("goes where it is, and is refused elsewhere by its name with what is there", () => {
    expect(planFor(orderFor("FLUX.1 schnell"), plain, { ...among, backends: [none, some] })).toMatchObject({
      candidates: [some],
    });
    const { candidates, passedOver } = planFor(orderFor("Krea 2"), plain, { ...among, backends: [some, none] });
    expect(candidates).toEqual([]);
    expect(passedOver.map((each) => english(each))).toEqual([
      "the test backend some does not have the model Krea 2. It has: FLUX.1 dev, FLUX.1 schnell.",
      "the test backend none does not let its model be chosen.",
    ]);
  });
});

describe("who is prepared", () => {
  const at = (name: string, ready: Readiness | undefined, paid = false): Backend => ({
    ...fakeBackend({
      name,
      facts: { where: "local", paid, firstGuess: { perMegapixelStepMs: 1, overheadMs: 0, loadMs: 9000 } },
    }),
    readiness: () => ready,
  });
  const cold = at("cold", { fits: true, isLoaded: false });
  const other = at("other", { fits: false, isLoaded: true });
  const warm = at("warm", { fits: true, isLoaded: true });
  const paid = at("paid", { fits: true, isLoaded: true }, true);
  const unknown = at("unknown", undefined);
  const backends = [paid, unknown, other, cold, warm];
  const named = (isOperators: boolean, rules: object = {}) =>
    planFor(orderFor(), plain, { ...among, rules: { remote: true, ...rules }, backends, isOperators }).candidates.map(
      ({ name }) => name,
    );
  it("goes first among equals, and never before who is free or whom the operator or the chat put first", () => {
    expect(named(false)).toEqual(["warm", "cold", "other", "unknown", "paid"]);
    expect(named(true)).toEqual(["paid", "unknown", "other", "cold", "warm"]);
    expect(named(false, { backends: ["cold", "warm"] })).toEqual(["cold", "warm"]);
  });
  it("is waited for less: a model that has to be read takes its time", () => {
    const waitOf = (backend: Backend) => estimate(orderFor(), backend, undefined, loadMsOf(backend, orderFor(), plain));
    expect(waitOf(cold).ms - waitOf(warm).ms).toBe(9000);
    expect(waitOf(cold).gpuMs).toBe(waitOf(warm).gpuMs);
    expect(waitOf(unknown)).toEqual(waitOf(warm));
  });
});

it("of a style with more LoRAs than a backend takes it says so by name", () => {
  const style = styleSchema.parse({ id: "mix", title: "Mix", lora: { gpu: ["a", { file: "b", scale: 0.5 }] } });
  const { features } = fakeBackend({ features: { styles: "listed" } });
  const lack = cannotHonour("gpu", features, orderFor(), style);
  expect(lack && english(lack)).toBe("it takes at most 1 LoRA at once, and the style Mix has 2.");
  expect(cannotHonour("gpu", { ...features, loras: 3 }, orderFor(), style)).toBeUndefined();
});
