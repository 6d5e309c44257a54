import { describe, expect, it } from "vitest";
import { type ImageRequest, type Order, orderSchema } from "../../../src/domain/recipe.ts";
import { type Style, styleSchema } from "../../../src/domain/style.ts";
import {
  againOrder,
  editOrder,
  type Parent,
  rerollOrder,
  restyleOrder,
  VARY_STRENGTH,
  varyOrder,
} from "../../../src/features/derive/order.ts";
import { CHANGE_DEFAULT, type DrawOptions, drawOrder } from "../../../src/features/draw/order.ts";
import { contextWith, DRAWN_SEED, jobWith, lockOf, orderWith, pictureOf, rca } from "../../commands/context.ts";
import { english, type InWords } from "../../words.ts";

function ordered(options: Partial<DrawOptions> = {}, context = contextWith(), style = rca): Order {
  const result = drawOrder(context, style, { prompt: "a red fox", ...options });
  if (!result.ok) throw new Error(english(result.problem).text);
  // Whatever is ordered must be storable.
  return orderSchema.parse(result.value);
}

const parentOf = (request: Partial<ImageRequest> = {}, over: Partial<Order> = {}): Parent => {
  const job = jobWith({ order: orderWith(request, over) });
  return { picture: pictureOf(job), count: 1 };
};

describe("a new order", () => {
  it.each([
    ["Plenum\n 1. Rent \r\n\n2. Votes", "Plenum\n1. Rent\n2. Votes"],
    [String.raw`Plenum\n1. Rent\r\n2. Votes`, "Plenum\n1. Rent\n2. Votes"],
    ["a red\tfox\n", undefined],
    ["<lora:x\n:1> fox\nred", undefined],
  ])("keeps the lines of %j beside the words on one line", (prompt, lines) => {
    const { request } = ordered({ prompt });
    expect(request.promptLines).toBe(lines);
    expect(request.prompt).not.toContain("\n");
    expect(request.prompt).not.toContain(String.raw`\n`);
  });

  it("takes the chat's usual model, which is no wish, unless one is named or the style has a LoRA", () => {
    const context = contextWith({ settings: { model: "Qwen-Image 2512" } });
    const bare = { ...rca, lora: {} };
    const modelOf = (options: Partial<DrawOptions>, style: Style) => {
      const { request, modelFrom } = ordered(options, context, style);
      return [request.model, modelFrom];
    };
    expect(modelOf({}, bare)).toEqual(["Qwen-Image 2512", "chat"]);
    expect(modelOf({ model: "flux" }, bare)).toEqual(["flux", undefined]);
    expect(modelOf({}, { ...bare, lora: { comfyui: "rca.safetensors" } })).toEqual([undefined, undefined]);
  });

  it("takes the style's defaults for what was left out", () => {
    expect(ordered()).toMatchObject({
      request: {
        finalPrompt: "rca style, a red fox",
        guidance: 3,
        steps: 28,
        loraScale: 0.9,
        trueCfg: 1,
        widthPx: 832,
        heightPx: 1216,
      },
      count: 1,
      asked: [],
      seedFrom: "drawn",
    });
  });

  it.each<[string, Partial<DrawOptions>, Partial<ImageRequest>]>([
    ["keeps scale 0 and leaves the trigger out", { scale: 0 }, { loraScale: 0, finalPrompt: "a red fox" }],
    ["keeps a typed trigger at scale 0", { scale: 0, prompt: "RCA style fox" }, { finalPrompt: "RCA style fox" }],
    ["adds no second trigger", { prompt: "a fox, Rca  Style" }, { finalPrompt: "a fox, Rca Style" }],
    ["reads presets", { size: "slide" }, { widthPx: 1344, heightPx: 768 }],
    ["lets a width go before a preset", { size: "slide", width: 640 }, { widthPx: 640, heightPx: 768 }],
    ["lets a height go before the style", { height: 512 }, { widthPx: 832, heightPx: 512 }],
    ["takes typed numbers", { cfg: 1, steps: 1, truecfg: 2.5 }, { guidance: 1, steps: 1, trueCfg: 2.5 }],
  ])("%s", (_why, options, request) => expect(ordered(options).request).toMatchObject(request));

  it.each<[string, Partial<DrawOptions>, number | undefined, number, Order["seedFrom"]]>([
    ["seed 0 is a seed", { seed: 0 }, undefined, 0, "typed"],
    ["typed goes before locked", { seed: 5 }, 9, 5, "typed"],
    ["locked goes before drawn", {}, 9, 9, "locked"],
    ["a locked 0 is a lock", {}, 0, 0, "locked"],
    ["random passes the lock by", { seed: "random" }, 9, DRAWN_SEED, "drawn"],
    ["drawn without lock", {}, undefined, DRAWN_SEED, "drawn"],
  ])("%s", (_why, options, locked, seed, seedFrom) => {
    const context = contextWith({ seedLock: locked === undefined ? undefined : lockOf(locked) });
    expect(ordered(options, context)).toMatchObject({ request: { seed }, seedFrom });
  });

  it.each<[string, { size: string } | object, Partial<DrawOptions>, number]>([
    ["the chat's size goes before the style's", { size: "square" }, {}, 1024],
    ["a typed size goes before the chat's", { size: "square" }, { size: "story" }, 768],
    ["a chat size that is gone leaves the style's", { size: "gone" }, {}, 832],
  ])("%s", (_why, settings, options, widthPx) =>
    expect(ordered(options, contextWith({ settings })).request.widthPx).toBe(widthPx),
  );

  it.each<[string, Partial<DrawOptions>, Order["asked"]]>([
    ["a negative text", { negative: "text" }, ["negative"]],
    ["nothing for an empty one", { negative: "  " }, []],
    ["true cfg", { truecfg: 2 }, ["truecfg"]],
    ["nothing for true cfg 1, which is off", { truecfg: 1 }, []],
    ["an image", { hasImage: true, change: 0 }, ["image"]],
  ])("asks backends for %s", (_why, options, asked) => expect(ordered(options).asked).toEqual(asked));

  it.each([
    ["change 0 is kept", 0, 0],
    ["change has a default", undefined, CHANGE_DEFAULT],
  ])("%s", (_why, change, strength) =>
    expect(ordered({ hasImage: true, change }).request.init?.strength).toBe(strength),
  );

  it("clamps nothing silently: a long batch and advice are in the order", () => {
    const order = ordered({ count: 4, cfg: 9 });
    expect(order.count).toBe(4);
    expect(english(order.advice).join(" ")).toContain("cfg 9");
  });

  it("says at scale 0 that the trigger was left out", () =>
    expect(english(ordered({ scale: 0 }).advice).join(" ")).toContain("scale 0"));

  it.each<[string, Partial<DrawOptions>, RegExp]>([
    ["an unknown size", { size: "huge" }, /square/],
    ["change without an image", { change: 0.5 }, /Attach/],
    ["a prompt of nothing but engine tags", { prompt: "<lora:x:1>" }, /what to draw/],
  ])("refuses %s with what to do", (_why, options, text) => {
    const result = drawOrder(contextWith(), rca, { prompt: "a fox", ...options });
    expect(english(result)).toMatchObject({
      ok: false,
      problem: { code: "bad_args", text: expect.stringMatching(text) },
    });
  });
});

describe("children", () => {
  const context = contextWith();

  it("reroll changes the seed and nothing else", () => {
    const child = rerollOrder(contextWith({ seedLock: lockOf(9) }), rca, parentOf(), "reroll");
    expect(child.request).toEqual({ ...orderWith().request, seed: DRAWN_SEED });
    expect(english(child.lineage)).toEqual({
      parentImageId: "abcdefghijklmnop.0",
      parentNumber: 12,
      kind: "reroll",
      change: "new seed",
      sameSeedOn: parentOf().picture.recipe.backend,
    });
    expect(orderSchema.safeParse(child).success).toBe(true);
  });

  it.each([
    ["on its backend, where the seed made it", {}, {}, "sketch"],
    ["on its backend, where a second seed did", { variation: { seed: 1, strength: 0.4 } }, {}, "sketch"],
    ["nowhere, where a backend that promises nothing made it", {}, { reproducible: false }, null],
  ] as const)("the seed means the same picture %s", (_where, request, recipe, home) => {
    const { picture, count } = parentOf(request);
    const parent = { picture: { ...picture, recipe: { ...picture.recipe, backend: "sketch", ...recipe } }, count };
    expect(varyOrder(context, rca, parent, "subtle").lineage?.sameSeedOn).toBe(home);
  });

  it("the seed means nothing where the pixels of another picture made it", () => {
    const { picture, count } = parentOf({ variation: { seed: 1, strength: 0.4 } });
    const { variation: _gone, ...request } = picture.recipe.request;
    const parent = { picture: { ...picture, recipe: { ...picture.recipe, request } }, count };
    expect(varyOrder(context, rca, parent, "subtle").lineage?.sameSeedOn).toBeNull();
  });

  it("reroll of a variation varies no more", () => {
    const parent = parentOf({ variation: { seed: 1, strength: 0.4 } }, { asked: ["variation"] });
    const child = rerollOrder(context, rca, parent, "vote");
    expect(child.request.variation).toBeUndefined();
    expect(child).toMatchObject({ asked: [], lineage: { kind: "vote" } });
  });

  it.each(["subtle", "strong"] as const)("vary %s keeps the seed and adds a second one", (kind) => {
    const child = varyOrder(context, rca, { ...parentOf({ seed: 0 }), count: 4 }, kind);
    expect(child).toMatchObject({
      count: 1,
      asked: ["variation"],
      seedFrom: "parent",
      request: { seed: 0, variation: { seed: DRAWN_SEED, strength: VARY_STRENGTH[kind] } },
      lineage: { kind: "vary" },
    });
  });

  it("a child asks for what its parent asked for", () => {
    const parent = parentOf(
      { negativePrompt: "text", init: { key: "k", strength: 0 } },
      { asked: ["negative", "image"] },
    );
    expect(againOrder(context, rca, parent).asked).toEqual(["negative", "image"]);
    expect(varyOrder(context, rca, parent, "subtle").request.init).toEqual({ key: "k", strength: 0 });
  });

  it("applies the trigger once on every generation", () => {
    let parent = parentOf();
    for (let generation = 0; generation < 4; generation++) {
      const child = rerollOrder(context, rca, parent, "reroll");
      expect(child.request).toMatchObject({ prompt: "a red fox", finalPrompt: "rca style, a red fox" });
      parent = { picture: pictureOf(jobWith({ order: child })), count: 1 };
    }
  });

  it("applies a trigger that was changed since", () => {
    const renamed = styleSchema.parse({ ...rca, trigger: "poster art", triggerPosition: "end" });
    expect(varyOrder(context, renamed, parentOf(), "strong").request.finalPrompt).toBe("a red fox, poster art");
  });

  const same = { prompt: "a red fox", cfg: 3, steps: 28, seed: 7, scale: 0.9, size: "poster" };
  const edited = (over: object, seedLock = contextWith().seedLock, parent = parentOf()) =>
    english(editOrder(contextWith({ seedLock }), rca, parent, { ...same, ...over }));

  it.each<[string, object, object]>([
    ["the prompt", { prompt: "a blue fox" }, { seedFrom: "parent", lineage: lineage("prompt edited") }],
    ["cfg and steps", { cfg: 4, steps: 12 }, { lineage: lineage("cfg 3 → 4, steps 28 → 12") }],
    ["the scale to 0", { scale: 0 }, { lineage: lineage("scale 0.9 → 0") }],
    ["the size", { size: "832x1024" }, { lineage: lineage("size 832×1024") }],
    ["the seed to 0", { seed: 0 }, { seedFrom: "typed", lineage: lineage("new seed") }],
    ["the seed by emptying it", { seed: "cleared" }, { seedFrom: "drawn", lineage: lineage("new seed") }],
  ])("edits %s", (_why, over, order) => expect(edited(over)).toMatchObject({ ok: true, value: order }));

  it("an emptied seed takes the locked one", () =>
    expect(edited({ seed: "cleared" }, lockOf(0))).toMatchObject({
      value: { request: { seed: 0 }, seedFrom: "locked" },
    }));

  it("an edited prompt gets the trigger, once", () =>
    expect(edited({ prompt: "rca style, a blue fox" })).toMatchObject({
      value: { request: { finalPrompt: "rca style, a blue fox" } },
    }));

  it("keeps a variation while the seed stays, and drops it with another seed", () => {
    const parent = parentOf({ variation: { seed: 3, strength: 0.15 } }, { asked: ["variation"] });
    expect(edited({ cfg: 4 }, undefined, parent)).toMatchObject({ value: { asked: ["cfg", "variation"] } });
    expect(edited({ seed: 8 }, undefined, parent)).toMatchObject({ value: { asked: [] } });
  });

  it("what an edit leaves out stays as it was", () =>
    expect(
      english(editOrder(contextWith({ seedLock: lockOf(9) }), rca, parentOf({ loraScale: 0 }), { cfg: 4 })),
    ).toMatchObject({
      value: {
        request: { prompt: "a red fox", guidance: 4, loraScale: 0, seed: 7, widthPx: 832 },
        seedFrom: "parent",
        lineage: lineage("cfg 3 → 4"),
      },
    }));

  it("keeps typed lines through an edit of other things, and takes those of a new prompt", () => {
    const parent = parentOf({ prompt: "Plenum 1. Rent", promptLines: "Plenum\n1. Rent" });
    const requestFor = (over: object) => {
      const result = editOrder(context, rca, parent, over);
      if (!result.ok) throw new Error(english(result.problem).text);
      return result.value.request;
    };
    expect(requestFor({ cfg: 4 }).promptLines).toBe("Plenum\n1. Rent");
    expect(requestFor({ prompt: "Plenum\n1. Votes" })).toMatchObject({
      prompt: "Plenum 1. Votes",
      promptLines: "Plenum\n1. Votes",
    });
    expect(requestFor({ prompt: "Plenum 1. Rent" })).not.toHaveProperty("promptLines");
  });

  it("starts from the parent's pixels when asked, 0 too, and asks a backend for that", () => {
    const parent = parentOf({ variation: { seed: 3, strength: 0.15 } }, { asked: ["variation"] });
    expect(english(editOrder(context, rca, parent, { change: 0 }))).toMatchObject({
      value: {
        asked: ["image"],
        request: { init: { key: parent.picture.imageId, strength: 0 } },
        lineage: lineage("started from it, change 0"),
      },
    });
  });

  it("another style keeps seed, words and size, and what was chosen; the old style's own settings become the new one's", () => {
    const chalky = styleSchema.parse({
      id: "chalk",
      title: "Chalk",
      trigger: "chalk art",
      defaults: { cfg: 2, steps: 9 },
    });
    const restyled = english(restyleOrder(context, { style: chalky, before: rca }, parentOf({ steps: 12, seed: 0 })));
    expect(restyled).toMatchObject({
      ok: true,
      value: {
        request: {
          styleId: "chalk",
          finalPrompt: "chalk art, a red fox",
          guidance: 2,
          steps: 12,
          loraScale: 1,
          seed: 0,
          widthPx: 832,
          heightPx: 1216,
        },
        seedFrom: "parent",
        lineage: lineage("style RCA → Chalk"),
      },
    });
    expect(
      english(
        restyleOrder(context, { style: chalky, before: undefined }, parentOf(), { seed: 5, prompt: "a blue fox" }),
      ),
    ).toMatchObject({
      value: { request: { guidance: 3, seed: 5 }, lineage: lineage("style rca → Chalk, prompt edited, new seed") },
    });
  });

  it("refuses an edit that changes nothing, before it costs anything", () =>
    expect(edited({})).toMatchObject({ ok: false, problem: { text: expect.stringContaining("Reroll") } }));
});

/** As `english` shows it. */
function lineage(change: string): InWords<NonNullable<Order["lineage"]>> {
  return { parentImageId: "abcdefghijklmnop.0", parentNumber: 12, kind: "edit", change };
}
