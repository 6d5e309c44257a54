import { execFileSync } from "node:child_process";
import { join } from "node:path";
import sharp from "sharp";
import { expect, it } from "vitest";
import { writeDeck } from "../../src/documents/deck/deck.ts";
import { writePrint } from "../../src/documents/print/print.ts";
import { MORE_SCRIPTS, SIX_SCRIPTS } from "../typesetter/script-words.ts";
import { drawPage } from "./pdf-drawing.ts";
import { readPdf } from "./pdf-reader.ts";
import { newFolder, pageOf, pictureIn } from "./specs.ts";

const nothing = () => undefined;

const LONG = "Mietpreisbremsenverlängerungsgesetz ";

it.each([
  ["of many words", "Childcare on Saturday and who brings the keys ".repeat(6)],
  ["of long words", LONG.repeat(8)],
  ["of one endless word", "x".repeat(290)],
])("a heading %s and too many lines stay on the page, and off the picture", async (_what, heading) => {
  const folder = await newFolder();
  const path = join(folder, "long.pdf");
  const outcome = [`https://example.org/${"path/".repeat(40)}`, ...Array.from({ length: 12 }, () => LONG.repeat(9))];
  const shapes = [
    { widthPx: 60, heightPx: 90 },
    { widthPx: 90, heightPx: 90 },
    { widthPx: 160, heightPx: 90 },
    { widthPx: 400, heightPx: 90 },
    { widthPx: 30, heightPx: 300 },
  ];
  const pictures = await Promise.all(shapes.map((shape, number) => pictureIn(folder, "p", { ...shape, number })));
  const full = { outcome, credits: outcome.slice(0, 3), chosen: true } as const;
  const pages = [pageOf(heading, full), ...pictures.map((picture) => pageOf(heading, { ...full, picture }))];
  await writeDeck({ kind: "deck", title: heading, subtitle: heading, language: "de", pages }, path, nothing);
  for (const { items, tagged } of (await readPdf(path)).pages) {
    const [left = 0, bottom = 0, right = 0, top = 0] = tagged.find(({ role }) => role === "Figure")?.bbox ?? [];
    for (const { text, x, y, width, height } of items) {
      const at = `“${text}” at ${Math.round(x)}, ${Math.round(y)}`;
      expect(x, at).toBeGreaterThan(20);
      expect(x + width, at).toBeLessThan(940);
      expect(y - height * 0.7, at).toBeGreaterThan(0);
      expect(y, at).toBeLessThan(530);
      const isOver = x < right && x + width > left && y > 540 - top && y - height * 0.7 < 540 - bottom;
      expect(isOver, `${at} over the picture at ${left}–${right}`).toBe(false);
    }
  }
});

/** A program that judges, where it is installed. */
function judge(program: string, args: readonly string[], folder: string): string | undefined {
  try {
    return execFileSync(program, args, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, TMPDIR: folder },
    });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Each names a file that is not well by its exit status. */
const JUDGES = [
  {
    program: "qpdf",
    finds: "no syntax error",
    needs: "apt-get install qpdf",
    argsFor: (path: string) => ["--check", path],
  },
  {
    program: process.env["PDF_UA_CHECKER"] ?? "outloud",
    finds: "no error against PDF/UA-1",
    needs: "pip install outloud, and PDF_UA_CHECKER if it is not in the path",
    argsFor: (path: string) => [path],
  },
];

it.for(JUDGES)(
  "$program finds $finds in decks of every script and in prints",
  async ({ program, needs, argsFor }, context) => {
    const folder = await newFolder();
    const picture = await pictureIn(folder, "A fist over a rising sun");
    const scripts = Object.values({ ...SIX_SCRIPTS, ...MORE_SCRIPTS }).map((words) => words.split("\n"));
    const pages = scripts.map(([heading = "", ...outcome], index) =>
      pageOf(heading, { outcome, ...(index % 2 === 0 ? { picture, chosen: true } : {}) }),
    );
    const deck = join(folder, "deck.pdf");
    await writeDeck(
      { kind: "deck", title: "Tenants’ assembly, 12 May", subtitle: "9 took part", language: "en", pages },
      deck,
      nothing,
    );
    const print = join(folder, "print.pdf");
    const wish = { paper: "a4", bleedMm: 3, cropMarks: true, fit: "fill" } as const;
    await writePrint(
      { kind: "print", title: "A fist for the assembly", subtitle: "", language: "en", picture, print: wish },
      print,
      nothing,
    );
    for (const path of [deck, print])
      if (judge(program, argsFor(path), folder) === undefined) context.skip(`needs ${program}: ${needs}`);
  },
);

it("is seen as it was meant: the picture whole and in its colours, the words in theirs", async () => {
  const folder = await newFolder();
  const path = join(folder, "seen.pdf");
  const picture = await pictureIn(folder, "green", { colour: "#00aa44", widthPx: 200, heightPx: 300 });
  const brand = { colours: { ink: "#ffe9c9", ground: "#17324d" } };
  const pages = [pageOf("MMMM", { picture })];
  await writeDeck({ kind: "deck", title: "MMMM", subtitle: "", language: "en", brand, pages }, path, nothing);
  const [left = 0, bottom = 0, right = 0, top = 0] =
    (await readPdf(path)).pages[1]?.tagged.find(({ role }) => role === "Figure")?.bbox ?? [];
  const page = await drawPage(path, 2, 2);
  const near = (colour: readonly number[], [r, g, b]: readonly [number, number, number]) =>
    Math.max(Math.abs((colour[0] ?? 0) - r), Math.abs((colour[1] ?? 0) - g), Math.abs((colour[2] ?? 0) - b)) < 6;
  for (const [x, y] of [
    [left + 2, top - 2],
    [right - 2, bottom + 2],
    [right - 2, top - 2],
    [left + 2, bottom + 2],
  ] as const)
    expect(near(page.colourAt(x, 540 - y), [0, 0xaa, 0x44])).toBe(true);
  expect(near(page.colourAt(left - 4, 270), [0x17, 0x32, 0x4d])).toBe(true);
  const [item] = (await readPdf(path)).pages[1]?.items.filter(({ text }) => text === "MMMM") ?? [];
  let inked = 0;
  for (let x = item?.x ?? 0; x < (item?.x ?? 0) + (item?.width ?? 0); x += 1)
    if (near(page.colourAt(x, (item?.y ?? 0) - 12), [0xff, 0xe9, 0xc9])) inked += 1;
  // Stems of four letters, and the ground between them.
  expect(inked / (item?.width ?? 1)).toBeGreaterThan(0.3);
  expect(inked / (item?.width ?? 1)).toBeLessThan(0.9);
});

it("goes on into the bleed where the picture ends, and letters stay sharp", async () => {
  const folder = await newFolder();
  const path = join(folder, "bleed.pdf");
  // 20 px: each of them is a centimetre on paper.
  const picture = await pictureIn(folder, "blue", { colour: "#2244cc", widthPx: 20, heightPx: 20 });
  // Its last two rows are red.
  await sharp({ create: { width: 20, height: 20, channels: 3, background: "#2244cc" } })
    .composite([{ input: { create: { width: 20, height: 2, channels: 3, background: "#cc2244" } }, left: 0, top: 18 }])
    .png()
    .toFile(picture.originalPath);
  const lettering = {
    set: 1,
    widthPx: 20,
    heightPx: 20,
    place: "top",
    outlines: ["m0 0l1000 0l0 -1000l-1000 0z"],
    parts: [
      { kind: "plate", box: { x: 0, y: 0, w: 20, h: 4 }, fill: "#000000" },
      {
        kind: "line",
        text: "I",
        level: "title",
        box: { x: 9, y: 8, w: 2, h: 2 },
        capPx: 2,
        fill: "#ffffff",
        glyphs: [[0, 9, 10]],
      },
    ],
  } as const;
  const lettered = {
    ...picture,
    plainPath: picture.originalPath,
    lettering: {
      ...lettering,
      outlines: [...lettering.outlines],
      parts: lettering.parts.map((part) => ({ ...part })) as never,
    },
  };
  const wish = { paper: "a4", bleedMm: 5, cropMarks: true, fit: "fill" } as const;
  await writePrint(
    { kind: "print", title: "t", subtitle: "", language: "en", picture: lettered, print: wish },
    path,
    nothing,
  );
  const page = await drawPage(path, 1, 2);
  const mm = 72 / 25.4;
  // 5 mm of bleed, 1 + 5 + 2 of marks.
  const at = (xMm: number, yMm: number) =>
    page.colourAt((13 + xMm) * mm, (13 + yMm) * mm).map((one) => Math.round(one / 16));
  expect(at(105, -4)).toEqual([0, 0, 0]);
  expect(at(105, 299)).toEqual([13, 2, 4]);
  expect(at(105, 272)).toEqual([13, 2, 4]);
  expect(at(105, 262)).toEqual([2, 4, 13]);
  expect(at(-4, 200)).toEqual([2, 4, 13]);
  expect(at(105, -6.5)).toEqual([16, 16, 16]);
  // The square letter is 29.7 mm wide: from white to blue within a tenth of one of the picture's pixels.
  expect(at(105 - 14.3, 297 * 0.45)).toEqual([16, 16, 16]);
  expect(at(105 - 15.4, 297 * 0.45)).toEqual([2, 4, 13]);
});
