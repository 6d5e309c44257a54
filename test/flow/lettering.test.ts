import { describe, expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import type { Setter } from "../../src/jobs/lettering/setter.ts";
import { barSetter } from "../fakes/setter.ts";
import { group } from "./harness.ts";
import { difference, keptOf, lettered, ORDER, sketchBackend, wordsIn } from "./lettered.ts";

describe("words over a model's picture", () => {
  it("are not told to the model, stand on what is posted, and the picture is kept without them", async () => {
    const { backend, first, group: made } = await lettered();
    const [call] = backend.calls;
    expect(`${call?.request.prompt} ${call?.request.finalPrompt}`).not.toMatch(/rent|strike/iu);
    expect(call?.request.finalPrompt).toContain("RCA style, a raised fist");
    const { original, plain, set, row } = await keptOf(made.app, first);
    expect(wordsIn(set)).toBe("Rent strike");
    const { all, outside } = await difference(original, plain, set ? [set] : []);
    expect(all).toBeGreaterThan(200);
    expect(outside).toBe(0);
    expect(row?.recipe.request).toMatchObject({
      prompt: 'a raised fist that says "Rent strike"',
      finalPrompt: call?.request.finalPrompt,
      lettering: { words: [{ text: "Rent strike", level: "title" }], place: "auto" },
    });
    expect(first.view.image?.alt).toContain('"Rent strike"');
    expect(made.chat.violations).toEqual([]);
  });

  it("need quotes, and who asks without them is told how", async () => {
    const { chat, picture, pictures, app } = await group();
    await chat.type("ana", "/rca letter:yes Rent strike Friday");
    await app.idle();
    const told = chat.visibleTo("ana").at(-1)?.view.text;
    // Both that could be meant, in the member's own words.
    expect(told).toContain("in quotes, the rest is drawn: a raised fist “Rent strike Friday”.");
    expect(told).toContain("/visual Rent strike Friday");
    expect(pictures()).toEqual([]);
    await chat.type("ana", "/visual Rent strike Friday");
    expect(wordsIn((await keptOf(app, await picture())).set)).toBe("Rent strike Friday");
  });

  it("are set where the chat wants it so, unless its member does not", async () => {
    const { chat, picture, app } = await group();
    await chat.type("root", "/settings letter:yes", { admin: true });
    await chat.type("ana", '/rca a fist "Rent strike"');
    expect((await keptOf(app, await picture())).plain).toBeDefined();
    await chat.type("ana", '/rca a fist "Rent strike" letter:no');
    expect((await keptOf(app, await picture(2))).plain).toBeUndefined();
    await chat.type("ana", "/rca a fist");
    expect((await keptOf(app, await picture(3))).plain).toBeUndefined();
  });

  it("are set over each picture of a batch, and over previews", async () => {
    const sets: string[] = [];
    const watched: Setter = {
      over(picture, words, signal) {
        sets.push("set" in words ? "set again" : "layer");
        return barSetter.over(picture, words, signal);
      },
      close: async () => {},
    };
    const { chat, message, app } = await group({
      backends: () => [fakeBackend({ previews: true, steps: 2 })],
      setter: () => watched,
    });
    await chat.type("ana", `${ORDER} count:2`);
    const { view } = await message(({ view: { tone } }) => tone === "good");
    await app.idle();
    expect(view.album).toHaveLength(2);
    for (const image of view.album ?? []) expect((await keptOf(app, { view: { image } })).plain).toBeDefined();
    expect(sets.length).toBeGreaterThan(2);
  });

  it("that cannot be set leave the picture, and its card says so", async () => {
    const {
      first,
      group: made,
      chat,
      backend,
    } = await lettered({
      setter: () => ({ over: async () => Promise.reject(new Error("broke")), close: async () => {} }),
    });
    expect(first.view.text).toContain("Words not set");
    const { plain, row } = await keptOf(made.app, first);
    expect(plain).toBeUndefined();
    expect(row?.recipe.request.lettering).toBeUndefined();
    expect(made.logged.join("\n")).toContain("lettering.failed");
    // Another take tries again.
    await chat.press("ana", first.ref.messageId, "Reroll");
    await made.picture(2);
    expect(backend.calls[1]?.request.finalPrompt).not.toMatch(/strike/iu);
  });

  it("are the sketch's own affair where the sketch draws", async () => {
    const sketch = sketchBackend();
    const { first, group: made } = await lettered({ backends: () => [sketch] });
    expect(sketch.calls[0]?.request.finalPrompt).toContain('"Rent strike"');
    const { plain, row } = await keptOf(made.app, first);
    expect([plain, row?.recipe.request.lettering]).toEqual([undefined, undefined]);
  });
});
