import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import { unmarked } from "../unmarked.ts";
import { group } from "./harness.ts";
import { difference, keptOf, lettered, sketchBackend, wordsIn } from "./lettered.ts";

describe("a member's own picture", () => {
  it("is lettered as it is, whatever its size", async () => {
    const bytes = await sharp({ create: { width: 700, height: 333, channels: 3, background: "#1c5" } })
      .jpeg()
      .toBuffer();
    const backend = fakeBackend();
    const made = await group({ backends: () => [backend] });
    await made.chat.type("ana", "/caption Rent strike", {
      attachments: [{ name: "a.jpg", mime: "image/jpeg", bytes }],
    });
    const { plain, original, set, row } = await keptOf(made.app, await made.picture());
    expect(backend.calls).toEqual([]);
    expect(await sharp(plain).metadata()).toMatchObject({ width: 700, height: 333 });
    expect((await difference(original, plain, set ? [set] : [])).outside).toBe(0);
    expect(row?.recipe).toMatchObject({ backend: "lettering", size: { widthPx: 700, heightPx: 333 } });
    await made.chat.press("ana", (await made.picture()).ref.messageId, "Info");
    const place = made.chat
      .visibleTo("ana")
      .at(-1)
      ?.view.fields?.find(({ name }) => name === "Made by");
    expect(place?.value).toBe("Placard’s lettering · Placard");
    // Another take of it is no copy of it.
    await made.chat.press("ana", (await made.picture()).ref.messageId, "Reroll");
    await made.picture(2);
    expect(backend.calls[0]?.request.init?.strength).toBe(0.6);
    expect(backend.calls[0]?.initBytes).toBe(plain?.length);
  });
});

describe("what is shown of a lettered picture", () => {
  it("is both pictures and the words, and the file without them on demand", async () => {
    const { first, chat, group: made } = await lettered();
    const { plain, original } = await keptOf(made.app, first);
    await chat.press("bo", first.ref.messageId, "Info");
    const info = chat.visibleTo("bo").at(-1)?.view;
    expect(info?.tiles?.map(({ title, image }) => [title, image?.key.split("/").at(-1)])).toEqual([
      ["With its words", "posted"],
      ["Without its words", "plain"],
    ]);
    expect(info?.fields).toContainEqual({ name: "Lettering", value: "Rent strike" });
    await chat.press("bo", first.ref.messageId, "Original");
    const whole = chat.visibleTo("bo").at(-1);
    expect(unmarked(whole?.file?.bytes).equals(original ?? Buffer.alloc(0))).toBe(true);
    await chat.press("bo", whole?.ref.messageId ?? "", "Without the words");
    expect(unmarked(chat.visibleTo("bo").at(-1)?.file?.bytes).equals(plain ?? Buffer.alloc(0))).toBe(true);
  });

  it("is gone with the picture: every file of it", async () => {
    const { first, chat, group: made, said } = await lettered();
    const { imageId } = await keptOf(made.app, first);
    await chat.press("ana", first.ref.messageId, "Delete");
    await said("was deleted by ana");
    const key = `picture/${imageId}/plain`;
    expect(await made.app.media(key)).toBeUndefined();
  });
});

describe("/visual", () => {
  it("gives a sketch at once and the model's slide when it is ready, its title always right", async () => {
    const gate = Promise.withResolvers<void>();
    const model = fakeBackend({
      name: "model",
      gate: () => gate.promise,
      facts: { where: "local", drawnBy: "program" },
    });
    const sketch = sketchBackend();
    const made = await group({ backends: () => [model, sketch] });
    await made.chat.type("ana", "/visual Tuesday: rent strike width:512 height:256");
    await made.picture();
    expect(sketch.calls[0]?.request.finalPrompt).toContain("“Tuesday: rent strike”");
    expect(model.calls[0]?.request.finalPrompt).not.toMatch(/tuesday|strike/iu);
    gate.resolve();
    await made.picture(2);
    const slides = await Promise.all(made.pictures().map((message) => keptOf(made.app, message)));
    expect(slides.map(({ set }) => wordsIn(set))).toContain("Tuesday: rent strike");
    expect(made.chat.violations).toEqual([]);
  });

  it("is one sketch where there is nothing else", async () => {
    const sketch = sketchBackend();
    const made = await group({ backends: () => [sketch] });
    await made.chat.type("ana", "/visual Tuesday: rent strike");
    await made.picture();
    await made.app.idle();
    expect(sketch.calls).toHaveLength(1);
    expect(sketch.calls[0]?.request).toMatchObject({ widthPx: 1344, heightPx: 768 });
  });
});
