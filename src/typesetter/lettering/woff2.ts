import { brotliDecompressSync } from "node:zlib";
import { type Bytes, reader, type SfntTables, writeSfnt } from "./sfnt.ts";
import { restoreGlyphs } from "./woff2-glyphs.ts";

/** The tags a table directory names by number. Source: WOFF File Format 2.0, 4.1. */
const KNOWN_TAGS =
  "cmap head hhea hmtx maxp name OS/2 post cvt_ fpgm glyf loca prep CFF_ VORG EBDT EBLC gasp hdmx kern LTSH PCLT VDMX vhea vmtx BASE GDEF GPOS GSUB EBSC JSTF MATH CBDT CBLC COLR CPAL SVG_ sbix acnt avar bdat bloc bsln cvar fdsc feat fmtx fvar gvar hsty just lcar mort morx opbd prop trak Zapf Silf Glat Gloc Feat Sill"
    .split(" ")
    .map((tag) => tag.replace("_", " "));
const HEADER_BYTES = 48;

interface Entry {
  readonly tag: string;
  readonly transformed: boolean;
  /** In the uncompressed stream. */
  readonly bytes: number;
}

/**
 * The tables of a WOFF 2 file. Why our own reader: fonts are read in the midst of setting a line, and the libraries there are
 * answer later, from 16 MB of WebAssembly memory; Node itself brings the only hard part, Brotli.
 *
 * @throws Error for what is no WOFF 2 file
 */
export function woff2Tables(file: Bytes): ReadonlyMap<string, { readonly transformed: boolean; readonly data: Bytes }> {
  const header = reader(file);
  if (header.u32() !== 0x774f4632) throw new Error("not a WOFF 2 file");
  header.skip(8);
  const count = header.u16();
  header.skip(6);
  const compressedBytes = header.u32();
  header.seek(HEADER_BYTES);
  const entries: Entry[] = [];
  for (let i = 0; i < count; i++) entries.push(entryFrom(header));
  const whole = brotliDecompressSync(file.subarray(header.at, header.at + compressedBytes));
  let at = 0;
  return new Map(
    entries.map(({ tag, transformed, bytes }) => {
      const data = whole.subarray(at, at + bytes);
      at += bytes;
      return [tag, { transformed, data }];
    }),
  );
}

function entryFrom(header: ReturnType<typeof reader>): Entry {
  const flags = header.u8();
  const tag = (flags & 63) === 63 ? header.tag() : (KNOWN_TAGS[flags & 63] ?? "");
  const original = header.base128();
  const version = flags >> 6;
  // Version 3 of glyf and loca is their plain form; of all others 0 is.
  const transformed = tag === "glyf" || tag === "loca" ? version !== 3 : version !== 0;
  return { tag, transformed, bytes: transformed ? header.base128() : original };
}

/** A font as HarfBuzz reads it. Hinting is left out: letters are drawn large. @throws Error for what is no WOFF 2 file */
export function woff2ToSfnt(file: Bytes): Bytes {
  const packed = woff2Tables(file);
  const tables: SfntTables = new Map();
  for (const [tag, { transformed, data }] of packed) if (!transformed) tables.set(tag, data);
  const glyf = packed.get("glyf");
  const head = tables.get("head");
  const hhea = tables.get("hhea");
  if (glyf?.transformed && head && hhea) {
    const glyphs = restoreGlyphs(glyf.data);
    tables.set("glyf", glyphs.glyf);
    tables.set("loca", glyphs.loca);
    const longOffsets = Uint8Array.from(head);
    new DataView(longOffsets.buffer).setInt16(50, 1);
    tables.set("head", longOffsets);
    const hmtx = packed.get("hmtx");
    if (hmtx?.transformed) tables.set("hmtx", restoreBearings(hmtx.data, reader(hhea, 34).u16(), glyphs.leftPx));
  }
  return writeSfnt(tables);
}

/** `hmtx` without the bearings that say no more than the outlines do. Source: WOFF File Format 2.0, 5.4. */
function restoreBearings(packed: Bytes, metrics: number, lefts: readonly number[]): Bytes {
  const from = reader(packed);
  const flags = from.u8();
  const advances = Array.from({ length: metrics }, () => from.u16());
  const bearing = (glyph: number, isLeftOut: boolean): number => (isLeftOut ? (lefts[glyph] ?? 0) : from.i16());
  const bearings: number[] = [];
  for (let glyph = 0; glyph < lefts.length; glyph++)
    bearings.push(bearing(glyph, (flags & (glyph < metrics ? 1 : 2)) !== 0));
  const out = new DataView(new ArrayBuffer(metrics * 4 + (lefts.length - metrics) * 2));
  bearings.forEach((left, glyph) => {
    if (glyph < metrics) out.setUint16(glyph * 4, advances[glyph] ?? 0);
    out.setInt16(glyph < metrics ? glyph * 4 + 2 : metrics * 4 + (glyph - metrics) * 2, left);
  });
  return new Uint8Array(out.buffer);
}
