/** The file format of TrueType and OpenType fonts: a directory of tables. Source: OpenType 1.9.1. */
export type Bytes = Uint8Array;
export type SfntTables = Map<string, Bytes>;

/** Big-endian numbers one after the other. @throws RangeError past the end */
export function reader(bytes: Bytes, from = 0) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = from;
  const step = (size: number): number => {
    at += size;
    return at - size;
  };
  const read = {
    get at() {
      return at;
    },
    seek(to: number): void {
      at = to;
    },
    skip: (size: number): void => void step(size),
    u8: () => view.getUint8(step(1)),
    u16: () => view.getUint16(step(2)),
    i16: () => view.getInt16(step(2)),
    u32: () => view.getUint32(step(4)),
    tag: () => String.fromCharCode(read.u8(), read.u8(), read.u8(), read.u8()),
    take(size: number): Bytes {
      const start = step(size);
      return bytes.subarray(start, at);
    },
    /** UIntBase128 of WOFF 2. */
    base128(): number {
      let value = 0;
      for (;;) {
        const byte = read.u8();
        value = value * 128 + (byte & 127);
        if (byte < 128) return value;
      }
    },
    /** 255UInt16 of WOFF 2. */
    short255(): number {
      const code = read.u8();
      if (code === 253) return read.u16();
      if (code === 254) return read.u8() + 506;
      return code === 255 ? read.u8() + 253 : code;
    },
  };
  return read;
}

/** Where the tables of a TrueType file lie. @param start the file from its first byte on, its directory at least */
export function directoryOf(start: Bytes): ReadonlyMap<string, { readonly offset: number; readonly bytes: number }> {
  const from = reader(start, 4);
  const count = from.u16();
  from.seek(12);
  const found = new Map<string, { offset: number; bytes: number }>();
  for (let i = 0; i < count; i++) {
    const tag = from.tag();
    from.skip(4);
    found.set(tag, { offset: from.u32(), bytes: from.u32() });
  }
  return found;
}

/** A TrueType file. Checksums stay zero: nobody here asks for them. */
export function writeSfnt(tables: SfntTables): Bytes {
  const entries = [...tables].sort(([a], [b]) => (a < b ? -1 : 1));
  const padded = (size: number): number => (size + 3) & ~3;
  const start = 12 + 16 * entries.length;
  const out = new Uint8Array(entries.reduce((sum, [, data]) => sum + padded(data.length), start));
  const view = new DataView(out.buffer);
  view.setUint32(0, 0x00010000);
  view.setUint16(4, entries.length);
  let at = start;
  entries.forEach(([tag, data], index) => {
    const entry = 12 + 16 * index;
    for (let i = 0; i < 4; i++) out[entry + i] = tag.charCodeAt(i);
    view.setUint32(entry + 8, at);
    view.setUint32(entry + 12, data.length);
    out.set(data, at);
    at += padded(data.length);
  });
  return out;
}

/** The characters a font has a glyph for, from its `cmap`. Only what fonts of today use: formats 4 and 12. */
export function charactersOf(cmap: Bytes): ReadonlySet<number> {
  const from = reader(cmap, 2);
  const found = new Set<number>();
  const offsets = Array.from({ length: from.u16() }, () => {
    from.skip(4);
    return from.u32();
  });
  for (const offset of new Set(offsets)) {
    const format = reader(cmap, offset).u16();
    if (format === 4) segments(cmap, offset, found);
    else if (format === 12) groups(cmap, offset, found);
  }
  return found;
}

function groups(cmap: Bytes, offset: number, found: Set<number>): void {
  const from = reader(cmap, offset + 12);
  for (let count = from.u32(); count > 0; count--) {
    const [first, last, glyph] = [from.u32(), from.u32(), from.u32()];
    for (let character = first; character <= last; character++) if (glyph + character - first > 0) found.add(character);
  }
}

function segments(cmap: Bytes, offset: number, found: Set<number>): void {
  // One view for all: a font for Chinese would make a million readers.
  const view = new DataView(cmap.buffer, cmap.byteOffset, cmap.byteLength);
  const u16 = (position: number): number => view.getUint16(position);
  const count = u16(offset + 6) / 2;
  const at = (array: number, index: number) => offset + 14 + (array > 0 ? 2 : 0) + array * count * 2 + index * 2;
  for (let i = 0; i < count; i++) {
    const [last, first, delta, range] = [u16(at(0, i)), u16(at(1, i)), u16(at(2, i)), u16(at(3, i))];
    for (let character = first; character <= last && character < 0xffff; character++) {
      const glyph = range === 0 ? character : u16(at(3, i) + range + (character - first) * 2);
      if (glyph !== 0 && ((glyph + delta) & 0xffff) !== 0) found.add(character);
    }
  }
}
