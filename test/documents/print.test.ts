import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writePrint } from "../../src/documents/print/print.ts";
import { cropMarks, planSheet, wordsAtEdge } from "../../src/documents/print/sheet.ts";
import { PAPER_MM, PAPERS, type PrintWish } from "../../src/domain/document.ts";
import type { SetLettering } from "../../src/domain/lettering.ts";
import { readPdf } from "./pdf-reader.ts";
import { newFolder, pictureIn } from "./specs.ts";

const WISH: PrintWish = { paper: "a4", bleedMm: 3, cropMarks: true, fit: "fill" };
const PT = 72 / 25.4;

it("says how sharp a picture is on its paper, and what is cut off", () => {
  const square = { widthPx: 1024, heightPx: 1024 };
  expect(planSheet(square, { ...WISH, paper: "a3" }).facts).toEqual({
    // 420 mm high, of which 1024 px are seen.
    dpi: 62,
    cutTopAndBottomMm: 0,
    cutLeftAndRightMm: 61.5,
  });
  expect(planSheet({ widthPx: 832, heightPx: 1216 }, { ...WISH, paper: "a3" }).facts).toEqual({
    dpi: 71,
    cutTopAndBottomMm: 7,
    cutLeftAndRightMm: 0,
  });
  // Nothing of it is nearer to the edge than is safe.
  const fitted = planSheet(square, { ...WISH, fit: "fit" });
  expect(fitted.facts).toEqual({ dpi: 130, cutTopAndBottomMm: 0, cutLeftAndRightMm: 0 });
  expect(fitted.picture.x - fitted.trim.x).toBeCloseTo(5);
});

it("lays paper as the picture lies, and draws no mark into the bleed", () => {
  for (const paper of PAPERS)
    for (const fit of ["fill", "fit"] as const)
      for (const bleedMm of [0, 3, 10])
        for (const size of [
          { widthPx: 1216, heightPx: 832 },
          { widthPx: 832, heightPx: 1216 },
          { widthPx: 512, heightPx: 512 },
          { widthPx: 2048, heightPx: 256 },
        ]) {
          const plan = planSheet(size, { paper, fit, bleedMm, cropMarks: true });
          const [short, long] = PAPER_MM[paper];
          const isLandscape = size.widthPx > size.heightPx;
          expect([plan.trim.w, plan.trim.h]).toEqual(isLandscape ? [long, short] : [short, long]);
          const { picture, area, areaBox, bleed, media } = plan;
          expect(picture.w / picture.h).toBeCloseTo(size.widthPx / size.heightPx, 6);
          if (fit === "fill") {
            // Whole pixels that reach all of the bleed, and not one more.
            const pxMm = picture.w / size.widthPx;
            const spare = [bleed.x - areaBox.x, areaBox.y + areaBox.h - bleed.y - bleed.h];
            for (const mm of spare) {
              expect(mm).toBeGreaterThan(-1e-9);
              expect(mm).toBeLessThan(pxMm);
            }
          } else expect(area).toEqual({ left: 0, top: 0, right: size.widthPx, bottom: size.heightPx });
          const marks = cropMarks(plan, bleedMm);
          expect(marks).toHaveLength(8);
          for (const [x1, y1, x2, y2] of marks) {
            const isBeside = Math.max(x1, x2) < bleed.x || Math.min(x1, x2) > bleed.x + bleed.w;
            const isAbove = Math.max(y1, y2) < bleed.y || Math.min(y1, y2) > bleed.y + bleed.h;
            expect(isBeside || isAbove).toBe(true);
            for (const [at, most] of [
              [x1, media.w],
              [x2, media.w],
              [y1, media.h],
              [y2, media.h],
            ] as const) {
              expect(at).toBeGreaterThanOrEqual(0);
              expect(at).toBeLessThanOrEqual(most);
            }
          }
        }
});

const wordAt = (x: number): SetLettering => ({
  set: 1,
  widthPx: 1000,
  heightPx: 1000,
  place: "top",
  outlines: ["m0 0l1000 0l0 -1000z"],
  parts: [
    { kind: "plate", box: { x: 0, y: 0, w: 1000, h: 300 }, fill: "#000000" },
    {
      kind: "line",
      text: "STRIKE",
      level: "title",
      box: { x, y: 200, w: 200, h: 90 },
      capPx: 90,
      fill: "#ffffff",
      glyphs: [[0, x, 290]],
    },
  ],
});

it("knows which words the knife comes near to", () => {
  // A4: 297 mm for 1000 px; 43.5 mm go left and right, which are 146 px.
  const plan = planSheet({ widthPx: 1000, heightPx: 1000 }, WISH);
  expect(wordsAtEdge(wordAt(140), plan)).toBe("cut");
  expect(wordsAtEdge(wordAt(155), plan)).toBe("near");
  expect(wordsAtEdge(wordAt(170), plan)).toBeUndefined();
  expect(wordsAtEdge(wordAt(650), plan)).toBe("near");
});

it("has its boxes, and its words for those who do not see it", async () => {
  const folder = await newFolder();
  const path = join(folder, "print.pdf");
  const picture = await pictureIn(folder, "A fist", { widthPx: 100, heightPx: 100 });
  const lettered = { ...picture, plainPath: picture.originalPath, lettering: wordAt(300) };
  const spec = {
    kind: "print",
    title: "Rent strike",
    subtitle: "",
    language: "en",
    picture: lettered,
    print: WISH,
  } as const;
  const drawn = await writePrint(spec, path, () => undefined);
  expect(drawn).toEqual({
    mime: "application/pdf",
    pages: 1,
    print: { dpi: 9, cutTopAndBottomMm: 0, cutLeftAndRightMm: 43.5 },
  });
  const bytes = await readFile(path, "latin1");
  const boxOf = (name: string) =>
    new RegExp(`/${name} \\[([^\\]]*)\\]`)
      .exec(bytes)?.[1]
      ?.trim()
      .split(/\s+/)
      .map((at) => Math.round((Number(at) / PT) * 10) / 10);
  // 3 mm of bleed, 1 mm, marks of 5 mm and 2 mm of white.
  expect(boxOf("MediaBox")).toEqual([0, 0, 210 + 22, 297 + 22]);
  expect(boxOf("TrimBox")).toEqual([11, 11, 221, 308]);
  expect(boxOf("BleedBox")).toEqual([8, 8, 224, 311]);
  const { pages } = await readPdf(path);
  expect(pages[0]?.tagged).toEqual([expect.objectContaining({ role: "Figure", alt: "A fist “STRIKE”" })]);
});
