import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../../adapters/telegram/limits.ts";
import { noticeText } from "../../../adapters/telegram/private-replies.ts";
import { progressBar, rendered, renderedAsOne } from "../../../adapters/telegram/render.ts";
import type { Styled } from "../../../adapters/telegram/text.ts";
import type { ShownView } from "../../../src/ports/view.ts";

const IMAGE = { key: "picture/abcdefghijklmnop.0/posted", alt: "a fox", widthPx: 64, heightPx: 64 };

const marked = ({ text, entities }: Styled) =>
  entities.map(({ type, offset, length }) => [type, text.slice(offset, offset + length)]);

describe("views", () => {
  it.each([
    [0, "▱▱▱▱▱▱▱▱▱▱ 0 %"],
    [0.34, "▰▰▰▱▱▱▱▱▱▱ 34 %"],
    [1, "▰▰▰▰▰▰▰▰▰▰ 100 %"],
    [7, "▰▰▰▰▰▰▰▰▰▰ 100 %"],
  ])("progress %s is %s", (fraction, bar) => expect(progressBar(fraction)).toBe(bar));

  it("makes room for the bar in the prompt, not in the facts", () => {
    const view: ShownView = { text: `${"x".repeat(4080)}\nqueued, you are next`, progress: 0.5 };
    const [only] = renderedAsOne(view).texts;
    expect(only.text.length).toBe(LIMITS.textMaxChars);
    expect(only.text.endsWith("…\nqueued, you are next\n▰▰▰▰▰▱▱▱▱▱ 50 %")).toBe(true);
  });

  it("a picture's caption has 1024 characters, a text 4096", () => {
    expect(renderedAsOne({ text: "x".repeat(1024), image: IMAGE }).texts[0].text).toHaveLength(1024);
    expect(renderedAsOne({ text: "x".repeat(4096) }).texts[0].text).toHaveLength(4096);
    const facts = Array.from({ length: 9 }, (_, at) => ({ name: `fact ${at}`, value: "y".repeat(300) }));
    const edited = renderedAsOne({ text: "x", image: IMAGE, fields: facts });
    expect(edited.texts[0].text.length).toBeLessThanOrEqual(1024);
  });

  it("a new message goes on in further ones, and nothing is left out", () => {
    const facts = Array.from({ length: 30 }, (_, at) => ({ name: `fact ${at}`, value: `${at} `.repeat(120).trim() }));
    const { texts } = rendered({ text: "Everything", image: IMAGE, fields: facts });
    expect(texts.length).toBeGreaterThan(2);
    const all = texts.map(({ text }) => text).join("\n");
    for (const { name, value } of facts) expect(all.replaceAll(/\s+/g, " ")).toContain(`${name}: ${value}`);
    expect(texts[0].text.length).toBeLessThanOrEqual(1024);
  });

  it("fields are lines with bold names; tiles are numbered like their pictures, their commands to copy", () => {
    const view: ShownView = {
      text: "List",
      fields: [{ name: "Seed", value: "7" }],
      tiles: [
        { title: "RCA", text: "a style", image: IMAGE, fill: "/rca " },
        { title: "#12", text: "", fill: "/show 12" },
      ],
    };
    const what = rendered(view);
    expect(what.media).toEqual({ kind: "sheet", images: [IMAGE] });
    expect(what.texts[0].text).toBe("List\n\nSeed: 7\n\n1. RCA\na style\n/rca\n\n#12\n/show 12");
    expect(marked(what.texts[0])).toEqual([
      ["bold", "Seed:"],
      ["bold", "1. RCA"],
      ["code", "/rca"],
      ["bold", "#12"],
      ["code", "/show 12"],
    ]);
  });

  it("whatever the core shows fits Telegram's limits", () => {
    const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 900 });
    const views = fc.record(
      {
        text,
        progress: fc.double({ min: 0, max: 1, noNaN: true }),
        image: fc.constant(IMAGE),
        fields: fc.array(fc.record({ name: fc.string({ maxLength: 30 }), value: text }), { maxLength: 12 }),
        tiles: fc.array(fc.record({ title: fc.string({ minLength: 1, maxLength: 40 }), text }), { maxLength: 12 }),
      },
      { requiredKeys: ["text"] },
    );
    fc.assert(
      fc.property(views, (view) => {
        for (const what of [rendered(view as ShownView), renderedAsOne(view as ShownView)])
          for (const [at, part] of what.texts.entries()) {
            const limit = at === 0 && what.media?.kind === "photo" ? LIMITS.captionMaxChars : LIMITS.textMaxChars;
            expect(part.text.length).toBeLessThanOrEqual(limit);
            for (const { offset, length } of part.entities) {
              expect(offset).toBeGreaterThanOrEqual(0);
              expect(offset + length).toBeLessThanOrEqual(part.text.length);
            }
          }
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ["a sentence", { text: "Too late." }, "Too late."],
    ["exactly 200 characters", { text: "x".repeat(200) }, "x".repeat(200)],
    ["one more", { text: "x".repeat(201) }, undefined],
    [
      "with a button",
      { text: "x", buttons: [[{ label: "Undo", token: "1.undo.abcdefghijklmnop.0.AAAAAAAAAAA" }]] },
      undefined,
    ],
    ["with facts", { text: "x", fields: [{ name: "a", value: "b" }] }, undefined],
    ["nothing", { text: "" }, undefined],
  ] satisfies readonly (readonly [string, ShownView, string | undefined])[])(
    "a notice of a press: %s",
    (_what, view, notice) => expect(noticeText(view)).toBe(notice),
  );
});
