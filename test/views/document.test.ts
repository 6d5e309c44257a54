import { describe, expect, it } from "vitest";
import { planSheet } from "../../src/documents/print/sheet.ts";
import { DOCUMENT_KEPT_MS } from "../../src/domain/document.ts";
import { printedAs } from "../../src/domain/print-sharpness.ts";
import { documentCard } from "../../src/views/document.ts";
import { jobWith, NOW_MS, pictureOf } from "../commands/context.ts";
import { documentWith, factsOf, madeDocument } from "../commands/documents.ts";
import { english } from "../words.ts";

const token = (verb: string) => verb;
const shown = (...[document, over]: Parameters<typeof factsOf>) => {
  const card = documentCard(factsOf(document, over), token);
  return card && english(card);
};
const HREF = "https://posters.example.org/document/x/y";

describe("the message of a document", () => {
  it("is what it is, how far it is, and can be cancelled", () => {
    expect(shown(documentWith({ state: "queued" }), { before: 2 })?.text).toBe(
      "Deck · 2 pictures\nWaiting: 2 files are made before it",
    );
    expect(shown(documentWith(), { progress: { done: 12, total: 40 } })).toMatchObject({
      text: "Deck · 2 pictures\nMaking the deck: 12 of 40",
      progress: 0.3,
      tone: "working",
      buttons: [[{ label: "Cancel" }]],
    });
  });

  it("becomes the file, or its link where the platform does not take so much", () => {
    expect(shown(madeDocument(), { fileMaxBytes: 50e6 })).toMatchObject({
      text: "Deck · 2 pictures\nPDF · 12.3 MB · 3 pages",
      file: { key: `document/${"d".repeat(16)}`, name: "March.pdf", title: "Deck", facts: "PDF · 12.3 MB · 3 pages" },
    });
    const linked = shown(madeDocument(), { fileMaxBytes: 10e6, href: HREF });
    expect(linked?.file).toMatchObject({ href: HREF, title: "Download" });
    expect(linked?.text).toContain("it is behind the link until");
    const nowhere = shown(madeDocument(), { fileMaxBytes: 10e6 });
    expect(nowhere?.file).toBeUndefined();
    expect(nowhere?.text).toContain("ask whoever runs this Placard for a public address");
    expect(shown(madeDocument(), { fileMaxBytes: 50e6, refused: true, href: HREF })?.file).toMatchObject({
      href: HREF,
    });
    // The web chat keeps it itself, for a while.
    expect(shown(madeDocument())?.text).toContain("Kept here until");
  });

  it("is left alone once its time is over where the file lies in the chat, and says so where it led to it", () => {
    const over = madeDocument({ forgotten: true });
    const later = { nowMs: NOW_MS + DOCUMENT_KEPT_MS };
    expect(shown(over, { ...later, fileMaxBytes: 50e6 })).toBeUndefined();
    for (const fileMaxBytes of [10e6, undefined])
      expect(shown(over, { ...later, fileMaxBytes, href: HREF })).toMatchObject({
        text: "Deck · 2 pictures\nThe file was kept for 7 days, and that is over. Make it again if it is needed.",
        buttons: [[{ label: "Try again" }]],
      });
  });

  it.each([
    [832, 1216, "a3", "fill"],
    [1024, 1024, "a4", "fill"],
    [1216, 832, "letter", "fit"],
    [256, 1536, "tabloid", "fit"],
    [1152, 640, "a2", "fill"],
  ] as const)("of a print says at once what its maker will find: %i×%i on %s, %s", (widthPx, heightPx, paper, fit) => {
    const wish = { paper, bleedMm: 3, cropMarks: true, fit };
    const { facts } = planSheet({ widthPx, heightPx }, wish);
    const said = printedAs(wish, { widthPx, heightPx });
    expect(Math.round(said.dpi)).toBe(facts.dpi);
    expect(said.cutTopAndBottomMm).toBeCloseTo(facts.cutTopAndBottomMm, 0);
    expect(said.cutLeftAndRightMm).toBeCloseTo(facts.cutLeftAndRightMm, 0);
  });

  it("of a print says what comes of it on paper, from the first moment on", () => {
    const picture = pictureOf(jobWith(), 0, { number: 7 });
    const print = { paper: "a4", bleedMm: 3, cropMarks: true, fit: "fill" } as const;
    const document = documentWith({ kind: "print", print });
    expect(shown(document, { picture })?.text).toMatch(/^Print · #7 · A4\n\d+ dpi: /u);
    const file = { ...madeDocument().file, pictures: 1, gone: 0, name: "p.pdf", mime: "application/pdf", sizeBytes: 1 };
    const made = madeDocument({ kind: "print", print, file: { ...file, wordsAtEdge: "cut" } });
    const cut = shown(made, { picture });
    expect(cut?.text).toContain("Some of its words are cut off");
    expect(cut?.buttons).toMatchObject([[{ label: "Print all of it" }]]);
    const sized = (widthPx: number, heightPx: number) => ({
      ...picture,
      recipe: { ...picture.recipe, size: { widthPx, heightPx } },
    });
    const unmeasured = madeDocument({ kind: "print", print, file });
    expect(shown(unmeasured, { picture: sized(512, 512) })?.buttons).toHaveLength(1);
    expect(shown(unmeasured, { picture: sized(832, 1216) })?.buttons).toBeUndefined();
    const whole = madeDocument({
      kind: "print",
      print: { ...print, fit: "fit" },
      file: { ...file, wordsAtEdge: "cut" },
    });
    expect(shown(whole, { picture })?.buttons).toBeUndefined();
  });
});
