import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { unzipSync } from "fflate";
import sax from "sax";
import sharp from "sharp";
import { expect, it } from "vitest";
import { writePrint } from "../../src/documents/print/print.ts";
import { writeSheet } from "../../src/documents/sheet/sheet.ts";
import { writeSlides } from "../../src/documents/slides/slides.ts";
import { writeZip } from "../../src/documents/zip/zip.ts";
import { newFolder, pageOf, pictureIn } from "./specs.ts";

const nothing = () => undefined;
const HEAD = { title: "Bread & <roses>", subtitle: "", language: "en" };
const SAYS = "digitalsourcetype/trainedAlgorithmicMedia";
const xmpIn = async (file: Uint8Array): Promise<string> => (await sharp(file).metadata()).xmp?.toString() ?? "";

async function written() {
  const folder = await newFolder();
  const picture = { ...(await pictureIn(folder, "A fist")), made: "trainedAlgorithmicMedia" as const };
  return { picture, path: join(folder, "file"), pages: [pageOf("A fist", { picture })] };
}

it("a print says how its picture came about, in XML that is well formed whatever its title", async () => {
  const { picture, path } = await written();
  const print = { paper: "a5", bleedMm: 0, cropMarks: false, fit: "fill" } as const;
  await writePrint({ ...HEAD, kind: "print", picture, print }, path, nothing);
  const packets = [...(await readFile(path, "latin1")).matchAll(/<x:xmpmeta[\s\S]*?<\/x:xmpmeta>/gu)].map(
    ([one]) => one,
  );
  // Of the file, and of the picture in it.
  expect(packets).toHaveLength(2);
  for (const packet of packets) {
    expect(packet).toContain(SAYS);
    expect(() => sax.parser(true, { xmlns: true }).write(packet).close()).not.toThrow();
  }
});

it("a sheet, slides and a ZIP do, in the pictures in them", async () => {
  const { picture, path, pages } = await written();
  await writeSheet({ ...HEAD, kind: "sheet", pages }, `${path}.jpg`, nothing);
  expect(await xmpIn(await readFile(`${path}.jpg`))).toContain(SAYS);
  await writeSlides({ ...HEAD, kind: "slides", pages }, `${path}.pptx`, nothing);
  const inSlides = Object.entries(unzipSync(await readFile(`${path}.pptx`))).filter(([name]) => name.endsWith(".jpeg"));
  expect(inSlides.length).toBeGreaterThan(0);
  for (const [, file] of inSlides) expect(await xmpIn(file)).toContain(SAYS);
  await writeZip({ ...HEAD, kind: "zip", pictures: [picture], texts: [] }, `${path}.zip`, nothing);
  const [original] = Object.values(unzipSync(await readFile(`${path}.zip`)));
  expect(await xmpIn(original ?? new Uint8Array())).toContain(SAYS);
});
