import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { onTestFinished } from "vitest";
import type { DocumentPage, DocumentPicture } from "../../src/ports/documents.ts";

export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "placard-documents-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

interface Look {
  readonly widthPx?: number;
  readonly heightPx?: number;
  readonly colour?: string;
  readonly number?: number;
}

/** A picture of one colour, as it lies among the originals. */
export async function pictureIn(
  folder: string,
  alt: string,
  { widthPx = 60, heightPx = 90, colour = "#cc2200", number = 7 }: Look = {},
): Promise<DocumentPicture> {
  const originalPath = join(folder, `${alt.replace(/\W/gu, "")}-${number}.png`);
  await sharp({ create: { width: widthPx, height: heightPx, channels: 3, background: colour } })
    .png()
    .toFile(originalPath);
  return { imageId: `${alt}-${number}`, number, alt, widthPx, heightPx, originalPath };
}

export const pageOf = (heading: string, more: Partial<DocumentPage> = {}): DocumentPage => ({
  heading,
  outcome: [],
  credits: [],
  notes: [],
  ...more,
});
