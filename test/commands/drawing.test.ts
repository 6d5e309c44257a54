import { describe, expect, it } from "vitest";
import { GIVEN_IMAGE_MAX_BYTES } from "../../src/domain/given-image.ts";
import { type ImageRequest, type Order, orderSchema } from "../../src/domain/recipe.ts";
import { CHANGE_DEFAULT } from "../../src/features/draw/order.ts";
import { ChatError } from "../../src/ports/chat.ts";
import { contextWith, DRAWN_SEED, fileOf, lockOf, root, worldOf } from "./context.ts";
import { refusal, typed } from "./parts.ts";

const bytes = new Uint8Array([1, 2, 3]);

async function orderOf(line: string, context = contextWith()): Promise<Order> {
  const outcome = await typed(line, context);
  if (outcome.do !== "draw") throw new Error(JSON.stringify(outcome));
  return orderSchema.parse(outcome.order);
}

describe("a style's command", () => {
  it.each<[string, string, Partial<ImageRequest>]>([
    ["takes the style's own values", "/rca a red fox", { guidance: 3, steps: 28, loraScale: 0.9, widthPx: 832 }],
    ["takes the other style's for its command", "/chalk a red fox", { styleId: "chalk", loraScale: 1 }],
    ["takes what was typed", "/rca a red fox cfg:4.5 steps:12", { guidance: 4.5, steps: 12, prompt: "a red fox" }],
    ["reads a decimal comma", "/rca a red fox cfg:3,5", { guidance: 3.5 }],
    ["keeps seed 0", "/rca a red fox seed:0", { seed: 0 }],
    ["keeps scale 0, and leaves the trigger out", "/rca a red fox scale:0", { loraScale: 0, finalPrompt: "a red fox" }],
    ["puts the trigger in", "/rca a red fox", { finalPrompt: "rca style, a red fox" }],
    ["puts no second trigger in", "/rca rca style, a red fox", { finalPrompt: "rca style, a red fox" }],
    ["reads a size by name", "/rca a red fox size:slide", { widthPx: 1344, heightPx: 768 }],
    ["reads a size in pixels", "/rca a red fox size:832x1024", { widthPx: 832, heightPx: 1024 }],
    ["reads width and height", "/rca a red fox width:512 height:640", { widthPx: 512, heightPx: 640 }],
    ["keeps quoted words", '/rca a march, "Ready?" above', { prompt: 'a march, "Ready?" above' }],
    ["takes a negative text", '/rca a fox negative:"a crowd"', { negativePrompt: "a crowd" }],
    ["takes true cfg", "/rca a fox truecfg:2", { trueCfg: 2 }],
  ])("%s", async (_why, line, request) => expect((await orderOf(line)).request).toMatchObject(request));

  it.each<[string, string, number | undefined, number, Order["seedFrom"]]>([
    ["typed before locked", "/rca a fox seed:5", 9, 5, "typed"],
    ["a typed 0 before locked", "/rca a fox seed:0", 9, 0, "typed"],
    ["locked before drawn", "/rca a fox", 9, 9, "locked"],
    ["a locked 0 before drawn", "/rca a fox", 0, 0, "locked"],
    ["random past a lock", "/rca a fox seed:random", 9, DRAWN_SEED, "drawn"],
    ["drawn", "/rca a fox", undefined, DRAWN_SEED, "drawn"],
  ])("seed: %s", async (_why, line, locked, seed, seedFrom) => {
    const context = contextWith({ seedLock: locked === undefined ? undefined : lockOf(locked) });
    expect(await orderOf(line, context)).toMatchObject({ request: { seed }, seedFrom });
  });

  it("makes four at most", async () => {
    expect((await orderOf("/rca a fox count:4")).count).toBe(4);
    expect(await typed("/rca a fox count:5")).toMatchObject(refusal("bad_args", /count: .*from 1 to 4/));
  });

  it.each<[string, string, RegExp]>([
    ["nothing to draw", "/rca", /prompt is missing/],
    ["only an option", "/rca seed:7", /prompt is missing/],
    ["a seed below 0", "/rca a fox seed:-1", /seed: .*0 to 4294967295, or random/],
    ["a seed past 32 bits", "/rca a fox seed:4294967296", /seed: /],
    ["a broken seed", "/rca a fox seed:1.5", /seed: /],
    ["cfg past 10", "/rca a fox cfg:10.1", /cfg: a number from 1 to 10/],
    ["scale past 1.5", "/rca a fox scale:1.6", /scale: a number from 0 to 1.5/],
    ["a width off the steps", "/rca a fox width:500", /width: .*steps of 64/],
    ["an unknown size", "/rca a fox size:huge", /size: square, poster/],
    ["change without a picture", "/rca a fox change:0.5", /Attach/],
    [
      "an address first, as others take pictures",
      "/rca https://example.org/cat.png a cat",
      /Attach the picture itself/,
    ],
    ["an address of Discord alone", "/imagine <https://cdn.example.org/a.png>", /Attach the picture itself/],
    ["two mistakes in one answer", "/rca a fox cfg:0 steps:99", /2 things need changing/],
    ["a seed given twice", "/rca a fox seed:1 seed:2", /twice/],
  ])("refuses %s", async (_why, line, text) => expect(await typed(line)).toMatchObject(refusal("bad_args", text)));
});

it.each(['a march, "https://example.org" on a banner', '"https://example.org" in large letters', "see example.org"])(
  "letters the address in %s",
  async (prompt) => expect(await typed(`/rca ${prompt}`)).toMatchObject({ do: "draw" }),
);

describe("who may draw", () => {
  const onlyAdmins = { settings: { generate: "admins" as const } };
  it.each(["/rca a fox", "/imagine a fox"])("%s is refused where only admins may", async (line) =>
    expect(await typed(line, contextWith(onlyAdmins))).toMatchObject(refusal("not_allowed", /only the admins/)),
  );
  it.each(["/rca a fox", "/imagine a fox"])("%s works for admins there", async (line) =>
    expect(await typed(line, contextWith({ ...onlyAdmins, member: root }))).toMatchObject({ do: "draw" }),
  );
});

describe("/imagine", () => {
  it.each<[string, string, string | undefined, string]>([
    ["takes the style named", "/imagine a fox style:chalk", undefined, "chalk"],
    ["takes a style by its title", "/imagine a fox style:RCA", "chalk", "rca"],
    ["takes the chat's style", "/imagine a fox", "chalk", "chalk"],
    ["takes the installation's style", "/imagine a fox", undefined, "rca"],
  ])("%s", async (_why, line, style, styleId) => {
    const context = contextWith({ settings: style === undefined ? {} : { style } });
    expect((await orderOf(line, context)).request.styleId).toBe(styleId);
  });

  it("refuses a style that is none", async () =>
    expect(await typed("/imagine a fox style:chakl")).toMatchObject(refusal("bad_args", /Did you mean chalk/)));

  it("refuses while the chat's style has left the gallery", async () =>
    expect(await typed("/imagine a fox", contextWith({ settings: { style: "gone" } }))).toMatchObject(
      refusal("not_found", /“gone”.*\/styles/),
    ));

  it("still takes a named style then", async () =>
    expect(await typed("/imagine a fox style:rca", contextWith({ settings: { style: "gone" } }))).toMatchObject({
      do: "draw",
    }));

  it("takes the chat's size before the style's", async () =>
    expect((await orderOf("/imagine a fox", contextWith({ settings: { size: "square" } }))).request.widthPx).toBe(
      1024,
    ));
});

describe("a picture to start from", () => {
  it.each<[string, string, number]>([
    ["has a usual change", "/rca a fox", CHANGE_DEFAULT],
    ["keeps change 0", "/rca a fox change:0", 0],
    ["keeps change 1", "/rca a fox change:1", 1],
  ])("%s", async (_why, line, strength) => {
    const context = contextWith({ attachments: [fileOf(bytes)] });
    expect(await typed(line, context)).toMatchObject({
      do: "draw",
      initBytes: bytes,
      order: { asked: ["image"], request: { init: { strength } } },
    });
  });

  const failing = (code: ChatError["code"]) =>
    fileOf(bytes, { read: () => Promise.reject(new ChatError("web", code, "test")) });
  it.each<[string, readonly ReturnType<typeof fileOf>[], "bad_args" | "expired", RegExp]>([
    ["two pictures", [fileOf(bytes), fileOf(bytes)], "bad_args", /one picture; you attached 2/],
    ["a huge one by its name", [fileOf(bytes, { sizeBytes: GIVEN_IMAGE_MAX_BYTES + 1 })], "bad_args", /at most 20 MB/],
    ["a huge one by its bytes", [failing("too_large")], "bad_args", /at most 20 MB/],
    ["one the platform forgot", [failing("gone")], "expired", /Attach it again/],
  ])("refuses %s", async (_why, attachments, code, text) =>
    expect(await typed("/rca a fox", contextWith({ attachments }))).toMatchObject(refusal(code, text)),
  );

  it("leaves the platform's own failure to the core", async () =>
    expect(typed("/rca a fox", contextWith({ attachments: [failing("offline")] }))).rejects.toThrow("test"));

  it("is not read for members who may not draw", async () => {
    const context = contextWith({ settings: { generate: "admins" }, attachments: [failing("offline")] });
    expect(await typed("/rca a fox", context, worldOf())).toMatchObject(refusal("not_allowed", /admins/));
  });
});
