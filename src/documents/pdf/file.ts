import { once } from "node:events";
import { closeSync, openSync, writeSync } from "node:fs";
import PDFDocument from "pdfkit";
import type { SourceType } from "../../domain/source-type.ts";
import { sourceTypeDescription } from "../../lib/xmp-mark.ts";
import type { Rect } from "../../typesetter/composition/tree.ts";
import { EmbeddedFont } from "./embedded-font.ts";

type Document = InstanceType<typeof PDFDocument>;
type Tag = "H1" | "H2" | "P" | "Figure";

/** A JPEG that lies in the file. */
export interface EmbeddedPicture {
  readonly width: number;
  readonly height: number;
}

/** A tagged PDF on its way to the disk. */
export interface PdfFile {
  readonly doc: Document;
  /** One for each voice; the same label gives the same. */
  font(label: string): EmbeddedFont;
  /** What is read, in the order of the calls. @param draw writes it */
  tagged(tag: Tag, options: { readonly alt?: string; readonly box?: Rect }, draw: () => void): void;
  /** What is only seen. */
  decoration(draw: () => void): void;
  /** Writes it into the file. */
  embed(jpeg: Uint8Array): EmbeddedPicture;
  place(picture: EmbeddedPicture, box: Rect): void;
  /** A page of this size in points. What is tagged from here on belongs to its section. */
  addPage(widthPt: number, heightPt: number): void;
  /** Of the page: what is left when it is cut, and how far it is printed. Both have its middle. */
  setBoxes(boxes: { readonly trim: Rect; readonly bleed: Rect }): void;
  /** Resolves when all of it is written. @returns how many pages */
  end(): Promise<number>;
}

/** What pdfkit has and its types do not. */
interface RawDocument {
  readonly page: { readonly dictionary: { readonly data: Record<string, unknown> } };
  openImage(jpeg: Uint8Array): EmbeddedPicture & { embed(doc: Document): void };
  image(
    picture: EmbeddedPicture,
    x: number,
    y: number,
    size: { readonly width: number; readonly height: number },
  ): void;
}

interface About {
  readonly title: string;
  /** BCP 47. */
  readonly language: string;
  /** How its pictures came about. */
  readonly made: SourceType | undefined;
}

export function openPdf(path: string, { title, language, made }: About): PdfFile {
  const doc = new PDFDocument({
    autoFirstPage: false,
    // No standard font: those are not embedded.
    font: "",
    pdfVersion: "1.7",
    subset: "PDF/UA" as "PDF/A-1",
    tagged: true,
    displayTitle: true,
    lang: language,
    info: { Title: title, Producer: "Placard", Creator: "Placard" },
  });
  if (made !== undefined) doc.appendXML(sourceTypeDescription(made));
  escapeTitle(doc, title);
  const written = writeTo(doc, path);
  const fonts = new Map<string, EmbeddedFont>();
  const whole = doc.struct("Document");
  doc.addStructure(whole);
  let section = whole;
  let pages = 0;
  return {
    doc,
    font(label) {
      const font = fonts.get(label) ?? new EmbeddedFont(doc, label);
      fonts.set(label, font);
      return font;
    },
    tagged(tag, { alt, box }, draw) {
      const bbox = box && [box.x, box.y, box.x + box.w, box.y + box.h];
      section.add(doc.struct(tag, { ...(alt === undefined ? {} : { alt }), ...(bbox ? { bbox } : {}) }, draw));
    },
    decoration(draw) {
      doc.markContent("Artifact", { type: "Layout" });
      draw();
      doc.endMarkedContent();
    },
    embed(jpeg) {
      const picture = (doc as unknown as RawDocument).openImage(jpeg);
      picture.embed(doc);
      return picture;
    },
    place(picture, { x, y, w, h }) {
      (doc as unknown as RawDocument).image(picture, x, y, { width: w, height: h });
    },
    addPage(widthPt, heightPt) {
      if (pages > 0) section.end();
      doc.addPage({ size: [widthPt, heightPt], margin: 0 });
      section = doc.struct("Sect");
      whole.add(section);
      pages += 1;
    },
    setBoxes({ trim, bleed }) {
      // pdfkit has no call for them. From the foot of the page, which is as far as from its head.
      const cornersOf = ({ x, y, w, h }: Rect) => [x, y, x + w, y + h];
      const { data } = (doc as unknown as RawDocument).page.dictionary;
      data["TrimBox"] = cornersOf(trim);
      data["BleedBox"] = cornersOf(bleed);
    },
    async end() {
      if (pages > 0) section.end();
      whole.end();
      for (const font of fonts.values()) font.end();
      doc.end();
      await written;
      return pages;
    },
  };
}

const XML_SIGNS: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** pdfkit writes the title into its XML as it is. The metadata is the last that it reads it for. */
function escapeTitle(doc: Document, title: string): void {
  const inner = doc as unknown as { readonly info: { Title: string }; endMetadata(): void };
  const end = inner.endMetadata.bind(doc);
  inner.endMetadata = () => {
    // Control characters have no way to be written in it.
    inner.info.Title = title.replace(/[^\P{Cc}\t\n\r]/gu, "").replace(/[&<>]/gu, (sign) => XML_SIGNS[sign] ?? "");
    end();
  };
}

/** Each piece goes to the disk as it comes: pdfkit does not wait for a slow one, it would collect. */
async function writeTo(doc: Document, path: string): Promise<void> {
  const file = openSync(path, "wx");
  let failed: { readonly cause: unknown } | undefined;
  doc.on("data", (piece: Uint8Array) => {
    try {
      for (let at = 0; at < piece.length; ) at += writeSync(file, piece, at);
    } catch (cause) {
      failed ??= { cause };
    }
  });
  try {
    await once(doc, "end");
  } finally {
    closeSync(file);
  }
  if (failed) throw failed.cause;
}
