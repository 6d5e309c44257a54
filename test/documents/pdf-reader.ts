import { readFile } from "node:fs/promises";
import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";
import { z } from "zod";

// Another library than the one that writes: what it does not find is not there for others either.

const itemSchema = z.object({
  str: z.string(),
  hasEOL: z.boolean(),
  transform: z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number()]),
  width: z.number(),
  height: z.number(),
});
const fontSchema = z.object({ name: z.string(), missingFile: z.boolean() });

interface ReadItem {
  readonly text: string;
  readonly x: number;
  /** Of the baseline, from the top. */
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Tagged {
  readonly role: string;
  readonly alt?: string;
  readonly bbox?: readonly number[];
  /** What is written in it. */
  readonly text: string;
}

interface ReadPage {
  readonly widthPt: number;
  readonly heightPt: number;
  /** Lines in the order in which they are read. */
  readonly lines: readonly string[];
  readonly items: readonly ReadItem[];
  /** In reading order, without those that only hold others. */
  readonly tagged: readonly Tagged[];
  readonly fonts: readonly { readonly name: string; readonly isEmbedded: boolean }[];
}

export interface ReadPdf {
  readonly info: Readonly<Record<string, unknown>>;
  readonly xmpTitle: string | undefined;
  readonly isTagged: boolean;
  readonly outline: readonly string[];
  readonly pages: readonly ReadPage[];
}

const nodeSchema: z.ZodType<StructNode> = z.lazy(() =>
  z.object({
    role: z.string().optional(),
    type: z.string().optional(),
    id: z.string().optional(),
    alt: z.string().optional(),
    bbox: z.array(z.number()).optional(),
    children: z.array(nodeSchema).optional(),
  }),
);
interface StructNode {
  readonly role?: string | undefined;
  readonly type?: string | undefined;
  readonly id?: string | undefined;
  readonly alt?: string | undefined;
  readonly bbox?: number[] | undefined;
  readonly children?: StructNode[] | undefined;
}

/** @param withFonts takes as long as drawing it */
export async function readPdf(path: string, withFonts = false): Promise<ReadPdf> {
  const loading = getDocument({ data: new Uint8Array(await readFile(path)), verbosity: 0, fontExtraProperties: true });
  const doc = await loading.promise;
  const { info, metadata } = await doc.getMetadata();
  const pages: ReadPage[] = [];
  for (let number = 1; number <= doc.numPages; number++) {
    const page = await doc.getPage(number);
    const { width, height } = page.getViewport({ scale: 1 });
    const content = await page.getTextContent({ includeMarkedContent: true });
    const byMark = new Map<string, string>();
    const items: ReadItem[] = [];
    const lines: string[] = [];
    const open: (string | undefined)[] = [];
    for (const item of content.items) {
      if ("type" in item) {
        if (item.type === "endMarkedContent") open.pop();
        else open.push("id" in item && item.id ? item.id : undefined);
        continue;
      }
      const { str, hasEOL, transform, width: itemWidth, height: itemHeight } = itemSchema.parse(item);
      const mark = open.findLast((id) => id !== undefined);
      if (mark !== undefined) byMark.set(mark, `${byMark.get(mark) ?? ""}${str}${hasEOL ? " " : ""}`);
      if (str.trim() === "") continue;
      if (mark !== undefined) lines.push(str);
      items.push({ text: str, x: transform[4], y: height - transform[5], width: itemWidth, height: itemHeight });
    }
    const tree = nodeSchema.safeParse(await page.getStructTree());
    if (withFonts) await page.getOperatorList();
    const fonts = (withFonts ? Object.keys(content.styles) : []).map((id) => {
      const font = fontSchema.parse(page.commonObjs.get(id));
      return { name: font.name, isEmbedded: !font.missingFile };
    });
    pages.push({
      widthPt: width,
      heightPt: height,
      lines,
      items,
      tagged: tree.success ? taggedIn(tree.data, byMark) : [],
      fonts,
    });
  }
  const outline = (await doc.getOutline()) ?? [];
  const marks = z.map(z.string(), z.boolean()).parse(await doc.getMarkInfo());
  await loading.destroy();
  return {
    info: z.record(z.string(), z.unknown()).parse(info),
    xmpTitle: z
      .string()
      .optional()
      .parse(metadata?.get("dc:title") ?? undefined),
    isTagged: marks.get("Marked") === true,
    outline: outline.map(({ title }) => title),
    pages,
  };
}

function taggedIn(node: StructNode, byMark: ReadonlyMap<string, string>): readonly Tagged[] {
  const children = node.children ?? [];
  const marks = children.flatMap(({ type, id }) => (type === "content" && id !== undefined ? [id] : []));
  if (node.role === undefined || marks.length === 0) return children.flatMap((child) => taggedIn(child, byMark));
  return [
    {
      role: node.role,
      ...(node.alt === undefined ? {} : { alt: node.alt }),
      ...(node.bbox ? { bbox: node.bbox } : {}),
      text: marks.map((id) => byMark.get(id) ?? "").join(""),
    },
  ];
}
