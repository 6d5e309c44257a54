import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import { decodePress } from "../../src/domain/press-token.ts";
import type { Recipe } from "../../src/domain/recipe.ts";
import { recipeToText } from "../../src/domain/recipe-text.ts";
import { styleSchema } from "../../src/domain/style.ts";
import { withPngText } from "../../src/lib/png.ts";
import type { BackendFeatures } from "../../src/ports/backend.ts";
import type { KeptRecipe } from "../../src/ports/outcome.ts";
import { a1111Text, comfyuiPrompt, DIALECTS, pngSaying, type Written } from "../fakes/recipe-files.ts";
import { contextWith, fileOf, jobWith, KEY, pictureOf, rca, requestWith, worldOf } from "./context.ts";
import { decided, formOf, press, pressInChat, refusal, type Said, typed, viewOf } from "./parts.ts";

const harbour = styleSchema.parse({
  id: "harbour",
  title: "Harbour",
  lora: { comfyui: "flux/harbour_v2.safetensors" },
  defaults: { cfg: 3.5 },
});
/** Of no backend it is known what it takes. */
const world = worldOf({ styles: [rca, harbour], backends: [] });
const KITE: Written = {
  prompt: "a red kite",
  negative: "blurry",
  seed: 3_141_592_653,
  steps: 30,
  cfg: 3.5,
  widthPx: 832,
  heightPx: 1216,
};
const png = await sharp({ create: { width: 2, height: 2, channels: 3, background: "red" } })
  .png()
  .toBuffer();

/** What /info answers to a file, and what its buttons do. */
async function shown(file: Uint8Array) {
  const context = contextWith({ attachments: [fileOf(file)] });
  const outcome = await decided("/info", context, world);
  const kept: KeptRecipe | undefined = outcome.do === "reply" ? outcome.keepRecipe : undefined;
  const view = viewOf(await typed("/info", context, world));
  const later = contextWith({
    reads: {
      keptRecipe: async (id) => (id === kept?.id ? kept.json : undefined),
      picturesOf: async () => [pictureOf(jobWith())],
    },
  });
  const button = (label: string) =>
    decodePress(KEY, view.buttons?.flat().find((each) => each.label === label)?.token ?? "");
  const pressed = (label: string, values?: Readonly<Record<string, unknown>>) => {
    const { verb = "", arg = {} } = button(label) ?? {};
    return pressInChat(verb, later, arg, values, world);
  };
  const fields = Object.fromEntries((view.fields ?? []).map(({ name, value }) => [name, value]));
  return { view, fields, pressed };
}
const orderOf = (said: Said) => {
  if (said.do !== "draw") throw new Error(`not drawn: ${JSON.stringify(said)}`);
  return said.order;
};

it.each(Object.entries(DIALECTS))("%s: Make it again takes over the recipe", async (_name, write) => {
  const { pressed } = await shown(write(KITE));
  expect(orderOf(await pressed("Make it again")).request).toMatchObject({
    prompt: "a red kite",
    negativePrompt: "blurry",
    seed: 3_141_592_653,
    steps: 30,
    guidance: 3.5,
    widthPx: 832,
    heightPx: 1216,
  });
});

describe("what cannot be taken over", () => {
  it("is named under what the file says, and on the card", async () => {
    const text = a1111Text({ ...KITE, prompt: "a red kite <lora:unknown_v1:0.7>", widthPx: 1920, heightPx: 1080 });
    const { fields, pressed } = await shown(pngSaying({ parameters: text }));
    expect(fields["Not taken over"]).toBe(
      "size 1920×1080 (it becomes 1536×896), LoRA unknown_v1, Sampler Euler, Schedule type Simple, Model flux1-dev",
    );
    expect(fields["Style"]).toBe("RCA (this chat’s own: the file names none that is here)");
    const order = orderOf(await pressed("Make it again"));
    expect(order.request).toMatchObject({ prompt: "a red kite", styleId: "rca", widthPx: 1536, heightPx: 896 });
    expect(order.advice.join(" ")).toContain(`Not taken over from the file: ${fields["Not taken over"]}`);
  });

  it.each([
    [{ seed: 1_102_676_403_634_909 }, "seed 1102676403634909"],
    [{ steps: 150 }, "150 steps"],
    [{ cfg: 30 }, "cfg 30"],
  ])("says so of %o", async (over, said) => {
    const file = pngSaying({ prompt: JSON.stringify(comfyuiPrompt({ ...KITE, ...over })) });
    const { fields, pressed } = await shown(file);
    expect(fields["Not taken over"]).toContain(said);
    expect((await pressed("Make it again")).do).toBe("draw");
  });

  it("a prompt longer than ours is cut, and that is said", async () => {
    const file = pngSaying({ parameters: a1111Text({ ...KITE, prompt: "kites ".repeat(600) }) });
    const { fields, pressed } = await shown(file);
    expect(fields["Not taken over"]).toContain("the end of its long prompt");
    expect(orderOf(await pressed("Make it again")).request.prompt.length).toBeLessThanOrEqual(1500);
  });
});

describe("what no backend here takes", () => {
  const file = pngSaying({ parameters: a1111Text(KITE) });
  const offered = async (features: Partial<BackendFeatures>) => {
    const context = contextWith({ attachments: [fileOf(file)] });
    const view = viewOf(await typed("/info", context, { ...world, backends: [fakeBackend({ features })] }));
    return view.fields?.find(({ name }) => name === "Not taken over")?.value ?? "";
  };

  it.each<[string, Partial<BackendFeatures>, boolean]>([
    ["a model that reads unwanted words", { negativePrompt: true, trueCfg: false }, true],
    [
      "one that reads them with a second cfg alone, which the file has not",
      { negativePrompt: true, trueCfg: true },
      false,
    ],
    ["one that does not know them", { negativePrompt: false, trueCfg: false }, false],
    ["the sketch", { negativePrompt: false, trueCfg: false, doesWithout: ["negative", "truecfg"] }, true],
  ])("%s", async (_what, features, taken) =>
    expect((await offered(features)).includes("what should be kept out")).toBe(!taken),
  );
});

it("a LoRA that a style here has is that style, with its weight", async () => {
  const { fields, pressed } = await shown(pngSaying({ prompt: JSON.stringify(comfyuiPrompt(KITE)) }));
  expect(fields).toMatchObject({
    Style: "Harbour",
    "Style file": "harbour_v2.safetensors 0.8",
    "Made with": "ComfyUI",
  });
  expect(orderOf(await pressed("Make it again")).request).toMatchObject({ styleId: "harbour", loraScale: 0.8 });
});

it("words without a recipe are shown, and nothing is offered of them", async () => {
  const { view } = await shown(pngSaying({ Description: "our banner" }));
  expect(view).toMatchObject({ fields: [{ name: "Description", value: "our banner" }] });
  expect(view.text).toContain("does not say how it was made");
  expect(view.buttons).toBeUndefined();
});

describe("Edit", () => {
  const file = DIALECTS["SwarmUI"]?.(KITE) ?? Buffer.alloc(0);

  it("opens with what can be taken over, and makes what came back", async () => {
    const { pressed } = await shown(file);
    const form = formOf(await pressed("Edit"));
    const values = Object.fromEntries(form.fields.map(({ name, value }) => [name, value]));
    expect(values).toMatchObject({
      prompt: "a red kite",
      negative: "blurry",
      size: "poster",
      seed: "3141592653",
      steps: "30",
    });
    const { verb = "", arg } = decodePress(KEY, form.token) ?? {};
    expect({ verb, arg }).toMatchObject({ verb: "rework", arg: { file: expect.any(String) as string } });
    const order = orderOf(await pressed("Edit", { ...values, prompt: "a blue kite", size: "square", negative: "" }));
    expect(order.request).toMatchObject({
      prompt: "a blue kite",
      widthPx: 1024,
      heightPx: 1024,
      seed: 3_141_592_653,
      steps: 30,
    });
    expect(order.request.negativePrompt).toBeUndefined();
  });

  it("keeps what a small form did not show", async () => {
    const { pressed } = await shown(file);
    const order = orderOf(await pressed("Edit", { prompt: "a blue kite", seed: "" }));
    expect(order.request).toMatchObject({
      prompt: "a blue kite",
      steps: 30,
      guidance: 3.5,
      widthPx: 832,
      negativePrompt: "blurry",
    });
    expect(order.seedFrom).toBe("drawn");
  });

  it("refuses a value that is none, with a sentence", async () => {
    const { pressed } = await shown(file);
    expect(await pressed("Edit", { prompt: "a", steps: "many" })).toMatchObject(refusal("bad_args", /steps/));
  });
});

describe("Placard's own original", () => {
  const recipe = (over: Partial<Recipe["request"]>, style = "rca"): Recipe => ({
    placard: 1,
    request: requestWith({ negativePrompt: "fog", trueCfg: 2, steps: 20, widthPx: 1024, heightPx: 640, ...over }),
    style: { id: style, title: style.toUpperCase(), triggerWord: "rca style" },
    backend: "gpu",
    model: "flux",
    reproducible: true,
    notes: [],
  });
  const original = (...given: Parameters<typeof recipe>) => withPngText(png, recipeToText(recipe(...given)));

  it("comes back whole", async () => {
    const given = { variation: { seed: 9, strength: 0.15 }, noiseDtype: "bf16" } as const;
    const { fields, pressed } = await shown(original(given));
    expect(fields["Not taken over"]).toBeUndefined();
    const order = orderOf(await pressed("Make it again"));
    expect(order.request).toEqual(recipe(given).request);
    expect(order.asked).toContain("variation");
  });

  it("with the picture it began with, where that is one of this chat", async () => {
    const init = { key: pictureOf(jobWith()).imageId, strength: 0.5 };
    const { fields, pressed } = await shown(original({ init }));
    expect(fields["Not taken over"]).toBe("the picture it began with");
    const order = orderOf(await pressed("Make it again"));
    expect(order.request.init).toEqual(init);
  });

  it.each([
    ["of nobody's", "0123456789abcdef.0"],
    ["another member chose to start from", "input/0123456789abcdef"],
  ])("without a picture %s, and says so", async (_whose, key) => {
    const { fields, pressed } = await shown(original({ init: { key, strength: 0.5 } }));
    expect(fields["Not taken over"]).toBe("the picture it began with");
    expect(orderOf(await pressed("Make it again")).request.init).toBeUndefined();
  });

  it("in the chat's own style where its style is not here", async () => {
    const { fields, pressed } = await shown(original({ styleId: "gone" }, "gone"));
    expect(fields["Not taken over"]).toBe("the style “GONE”, which is not here");
    expect(orderOf(await pressed("Make it again")).request.styleId).toBe("rca");
  });
});

it("the buttons say so when what the file said is no longer kept, or of another version", async () => {
  for (const json of [undefined, "[]", "{", '{"kind":"a1111"}'])
    for (const verb of ["remake", "rework"])
      expect(await pressInChat(verb, contextWith({ reads: { keptRecipe: async () => json } }))).toMatchObject(
        refusal("expired", /\/info again/),
      );
});

it("who may not make pictures here is told why", async () => {
  const { view } = await shown(pngSaying({ parameters: a1111Text(KITE) }));
  const arg = decodePress(KEY, view.buttons?.[0]?.[0]?.token ?? "")?.arg ?? {};
  const context = contextWith({ attachments: [fileOf(pngSaying({ parameters: a1111Text(KITE) }))] });
  const outcome = await decided("/info", context, world);
  const json = outcome.do === "reply" ? outcome.keepRecipe?.json : undefined;
  const shutOut = contextWith({
    reads: { keptRecipe: async () => json },
    rules: { ...contextWith().rules, generateRoles: ["Artists"] },
  });
  expect(await pressInChat("remake", shutOut, arg, undefined, world)).toMatchObject({ do: "refuse" });
});

it("pictures of this chat are offered the same two buttons, a vote, and to be hidden", async () => {
  const view = viewOf(await press("info"));
  expect(view.buttons?.flat().map(({ label }) => label)).toEqual(["Make it again", "Edit", "Put to a vote", "Hide"]);
});
