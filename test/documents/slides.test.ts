import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { strFromU8, unzipSync } from "fflate";
import sharp from "sharp";
import { expect, it } from "vitest";
import type { PagesSpec } from "../../src/documents/part.ts";
import { writeSlides } from "../../src/documents/slides/slides.ts";
import { cleaned } from "../../src/documents/words/clean.ts";
import { newFolder, pageOf, pictureIn } from "./specs.ts";

const MARKS: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&apos;": "'",
};
const spoken = (xml: string): string => xml.replace(/&\w+;/gu, (mark) => MARKS[mark] ?? mark);
const textsIn = (xml: string): readonly string[] =>
  [...xml.matchAll(/<a:t>([^<]*)<\/a:t>/gu)].map(([, text = ""]) => spoken(text));

/** Every element that begins ends, in its order. */
function expectWellFormed(xml: string): void {
  const open: string[] = [];
  for (const [, isEnd, name = "", isEmpty] of xml.matchAll(/<(\/?)([\w:]+)(?:[^<>"]|"[^"<]*")*?(\/?)>/gu)) {
    if (isEnd) expect(open.pop()).toBe(name);
    else if (!isEmpty) open.push(name);
  }
  expect(open).toEqual([]);
  expect(xml.replace(/<[^<>]*>/gu, "")).not.toMatch(/[<>]/u);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what XML 1.0 does not take.
  expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/u);
}

it("can be changed: titles as titles, notes in paragraphs, pictures described, whatever was said", async () => {
  const folder = await newFolder();
  const path = join(folder, "slides.pptx");
  const fist = await pictureIn(folder, "A fist & a “sun” <1>");
  const said = cleaned({
    kind: "slides",
    title: 'Rent & <strike> "now"',
    subtitle: "9 took part",
    language: "de",
    pages: [
      pageOf("Which\u0007 poster \ud83d?", {
        picture: fist,
        chosen: true,
        outcome: ["5 of 7 approve.", "Printed by Thursday."],
        credits: ["Asked by Rosa"],
        notes: ["Bring tape.\nAnd string <b>", "Ask Ana."],
      }),
      pageOf("بند بلا صورة", { outcome: ["وافق الجميع"] }),
    ],
  }) as PagesSpec;
  const done: string[] = [];
  const drawn = await writeSlides(said, path, (at, of) => done.push(`${at}/${of}`));
  expect(drawn).toMatchObject({ pages: 3 });
  expect([done[0], done.at(-1)]).toEqual(["0/3", "3/3"]);
  const files = unzipSync(new Uint8Array(await readFile(path)));
  const xmlOf = (name: string): string => strFromU8(files[name] ?? new Uint8Array());
  for (const [name, bytes] of Object.entries(files))
    if (/\.(?:xml|rels)$/u.test(name)) expectWellFormed(strFromU8(bytes));

  const titleIn = (xml: string) =>
    textsIn(xml.split("<p:sp>").find((shape) => /<p:ph[^>]*type="title"/u.test(shape)) ?? "");
  const slides = [1, 2, 3].map((number) => xmlOf(`ppt/slides/slide${number}.xml`));
  expect(slides.map(titleIn)).toEqual([['Rent & <strike> "now"'], ["Which poster \ufffd?"], ["بند بلا صورة"]]);
  // Programs look for a title without a number.
  for (const xml of [...slides, xmlOf("ppt/slideLayouts/slideLayout2.xml")]) {
    expect(xml).toMatch(/<p:ph\s[^>]*type="title"/u);
    expect(xml).not.toMatch(/<p:ph\s[^>]*idx="\d+"[^>]*type="title"/u);
  }
  expect(textsIn(slides[1] ?? "")).toEqual([
    "Which poster \ufffd?",
    "1/2",
    "5 of 7 approve.",
    "Printed by Thursday.",
    "✓",
    "Asked by Rosa",
  ]);
  expect(slides[1]).toContain(`descr="A fist &amp; a “sun” &lt;1&gt;"`);
  expect(slides[1]).not.toContain("en-US");
  expect(slides[2]).toMatch(/rtl="1"/u);
  // Each in a paragraph of its own; the number of the slide comes after them.
  const notes = xmlOf("ppt/notesSlides/notesSlide2.xml");
  expect(textsIn(notes).slice(0, -1)).toEqual(["Bring tape.", "And string <b>", "Ask Ana."]);
  expect(notes.match(/<a:p>/gu)).toHaveLength(4);
  expect(xmlOf("docProps/core.xml")).toContain("Rent &amp; &lt;strike&gt;");

  const pictures = Object.entries(files).filter(([name]) => name.startsWith("ppt/media/"));
  expect(pictures).toHaveLength(2);
  for (const [, bytes] of pictures) {
    const { format, width, height } = await sharp(bytes).metadata();
    expect({ format, width, height }).toEqual({ format: "jpeg", width: 60, height: 90 });
  }
});
