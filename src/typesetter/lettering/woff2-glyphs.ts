import { type Bytes, reader } from "./sfnt.ts";

type Stream = ReturnType<typeof reader>;

interface Streams {
  readonly contours: Stream;
  readonly points: Stream;
  readonly flags: Stream;
  readonly glyphs: Stream;
  readonly composites: Stream;
  readonly boxes: Stream;
}

interface Restored {
  readonly glyf: Bytes;
  /** With offsets of four bytes. */
  readonly loca: Bytes;
  /** The leftmost point of each glyph, in font units. */
  readonly leftPx: readonly number[];
}

/** The points of an outline, each as far from the one before it. */
interface Steps {
  readonly dx: Int16Array;
  readonly dy: Int16Array;
  readonly isOnCurve: Uint8Array;
}

/** `glyf` and `loca` out of the packed form. Source: WOFF File Format 2.0, 5.1. */
export function restoreGlyphs(packed: Bytes): Restored {
  const head = reader(packed, 4);
  const count = head.u16();
  head.skip(2);
  const sizes = Array.from({ length: 7 }, () => head.u32());
  let at = head.at;
  const [contours, points, flags, glyphs, composites, boxBytes] = sizes.map((size) => {
    at += size;
    return packed.subarray(at - size, at);
  });
  const bitmapBytes = ((count + 31) >> 5) << 2;
  const whole = (part: Bytes | undefined): Bytes => part ?? new Uint8Array();
  const streams: Streams = {
    contours: reader(whole(contours)),
    points: reader(whole(points)),
    flags: reader(whole(flags)),
    glyphs: reader(whole(glyphs)),
    composites: reader(whole(composites)),
    boxes: reader(whole(boxBytes), bitmapBytes),
  };
  const hasBox = (glyph: number): boolean => ((boxBytes?.[glyph >> 3] ?? 0) & (0x80 >> (glyph & 7))) !== 0;
  const written: Bytes[] = [];
  const lefts: number[] = [];
  const loca = new DataView(new ArrayBuffer((count + 1) * 4));
  let offset = 0;
  for (let glyph = 0; glyph < count; glyph++) {
    loca.setUint32(glyph * 4, offset);
    const { data, left } = restoreGlyph(streams, hasBox(glyph));
    written.push(data);
    lefts.push(left);
    offset += data.length;
  }
  loca.setUint32(count * 4, offset);
  const glyf = new Uint8Array(offset);
  let end = 0;
  for (const data of written) {
    glyf.set(data, end);
    end += data.length;
  }
  return { glyf, loca: new Uint8Array(loca.buffer), leftPx: lefts };
}

const EMPTY = { data: new Uint8Array(), left: 0 };

function restoreGlyph(streams: Streams, hasBox: boolean): { readonly data: Bytes; readonly left: number } {
  const contours = streams.contours.i16();
  if (contours === 0) return EMPTY;
  if (contours > 0) return restoreSimple(streams, contours, hasBox);
  const parts = restoreComposite(streams);
  const box = Array.from({ length: 4 }, () => streams.boxes.i16());
  const data = new Uint8Array(10 + parts.length);
  const view = new DataView(data.buffer);
  view.setInt16(0, -1);
  box.forEach((value, index) => void view.setInt16(2 + index * 2, value));
  data.set(parts, 10);
  return { data: even(data), left: box[0] ?? 0 };
}

/** The component records as they stood, without instructions. */
function restoreComposite({ composites, glyphs }: Streams): Bytes {
  const parts: Bytes[] = [];
  let flags = 0x20;
  let isHinted = false;
  while ((flags & 0x20) !== 0) {
    flags = composites.u16();
    isHinted ||= (flags & 0x100) !== 0;
    const scale = (flags & 8) !== 0 ? 2 : (flags & 0x40) !== 0 ? 4 : (flags & 0x80) !== 0 ? 8 : 0;
    const rest = composites.take(2 + ((flags & 1) !== 0 ? 4 : 2) + scale);
    const plain = flags & ~0x100;
    parts.push(Uint8Array.of(plain >> 8, plain & 255), rest);
  }
  if (isHinted) glyphs.short255();
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function restoreSimple(streams: Streams, contours: number, hasBox: boolean) {
  let total = 0;
  const ends = Array.from({ length: contours }, () => {
    total += streams.points.short255();
    return total - 1;
  });
  const steps: Steps = {
    dx: new Int16Array(total),
    dy: new Int16Array(total),
    isOnCurve: new Uint8Array(total),
  };
  for (let i = 0; i < total; i++) {
    const flag = streams.flags.u8();
    steps.isOnCurve[i] = flag < 128 ? 1 : 0;
    readStep(flag & 127, streams.glyphs, steps, i);
  }
  // The instructions themselves lie in a stream of their own, which nobody reads.
  streams.glyphs.short255();
  const box = hasBox ? Array.from({ length: 4 }, () => streams.boxes.i16()) : boxAround(steps);
  const numbers = [contours, ...box, ...ends, 0];
  const data = new Uint8Array(numbers.length * 2 + total * 5);
  const view = new DataView(data.buffer);
  numbers.forEach((value, index) => void view.setInt16(index * 2, value));
  data.set(steps.isOnCurve, numbers.length * 2);
  const start = numbers.length * 2 + total;
  for (let i = 0; i < total; i++) {
    view.setInt16(start + i * 2, steps.dx[i] ?? 0);
    view.setInt16(start + (total + i) * 2, steps.dy[i] ?? 0);
  }
  return { data: even(data), left: box[0] ?? 0 };
}

/** Left, bottom, right, top. */
function boxAround({ dx, dy }: Steps): readonly number[] {
  let [x, y] = [0, 0];
  let [left, bottom, right, top] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < dx.length; i++) {
    x += dx[i] ?? 0;
    y += dy[i] ?? 0;
    left = Math.min(left, x);
    right = Math.max(right, x);
    bottom = Math.min(bottom, y);
    top = Math.max(top, y);
  }
  return [left, bottom, right, top];
}

const even = (data: Bytes): Bytes => {
  if (data.length % 2 === 0) return data;
  const padded = new Uint8Array(data.length + 1);
  padded.set(data);
  return padded;
};

const signed = (flag: number, size: number): number => ((flag & 1) !== 0 ? size : -size);

/** One step of an outline, as many bytes as it takes. Source: WOFF File Format 2.0, table of 5.2. */
function readStep(flag: number, from: Stream, { dx, dy }: Steps, at: number): void {
  const one = from.u8();
  if (flag < 10) dy[at] = signed(flag, ((flag & 14) << 7) + one);
  else if (flag < 20) dx[at] = signed(flag, (((flag - 10) & 14) << 7) + one);
  else if (flag < 84) {
    const base = flag - 20;
    dx[at] = signed(flag, 1 + (base & 0x30) + (one >> 4));
    dy[at] = signed(flag >> 1, 1 + ((base & 12) << 2) + (one & 15));
  } else if (flag < 120) {
    const base = flag - 84;
    dx[at] = signed(flag, 1 + (Math.floor(base / 12) << 8) + one);
    dy[at] = signed(flag >> 1, 1 + (((base % 12) >> 2) << 8) + from.u8());
  } else if (flag < 124) {
    const two = from.u8();
    dx[at] = signed(flag, (one << 4) + (two >> 4));
    dy[at] = signed(flag >> 1, ((two & 15) << 8) + from.u8());
  } else {
    dx[at] = signed(flag, (one << 8) + from.u8());
    dy[at] = signed(flag >> 1, (from.u8() << 8) + from.u8());
  }
}
