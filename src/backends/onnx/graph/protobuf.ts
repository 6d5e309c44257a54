/** One field of a protobuf message as it stands in the file. */
export type Field = VarintField | BytesField;
interface VarintField {
  readonly number: number;
  readonly wire: 0;
  readonly value: bigint;
}
interface BytesField {
  readonly number: number;
  /** 1: 8 bytes, 2: any length, 5: 4 bytes. */
  readonly wire: 1 | 2 | 5;
  readonly value: Uint8Array;
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();
/** Of a varint: 64 bits in groups of 7. */
const VARINT_MAX_BYTES = 10;
const NOT_WHOLE = "is cut off or no protobuf";

export const textOf = (bytes: Uint8Array): string => decoder.decode(bytes);

/** The value and where it ends. @throws Error */
export function readVarint(bytes: Uint8Array, from: number): readonly [value: bigint, end: number] {
  let value = 0n;
  for (let at = from; at < from + VARINT_MAX_BYTES; at += 1) {
    const byte = bytes[at];
    if (byte === undefined) break;
    value |= BigInt(byte & 127) << BigInt(7 * (at - from));
    if (byte < 128) return [value, at + 1];
  }
  throw new Error(NOT_WHOLE);
}

/** A message's fields in order; their bytes are views into it. @throws Error for what is no whole message */
export function readFields(bytes: Uint8Array): readonly Field[] {
  const fields: Field[] = [];
  let at = 0;
  while (at < bytes.length) {
    const [tag, afterTag] = readVarint(bytes, at);
    const number = Number(tag >> 3n);
    const wire = Number(tag & 7n);
    if (wire === 0) {
      const [value, end] = readVarint(bytes, afterTag);
      fields.push({ number, wire, value });
      at = end;
      continue;
    }
    if (wire !== 1 && wire !== 2 && wire !== 5) throw new Error(NOT_WHOLE);
    const [length, start] = lengthAt(bytes, afterTag, wire);
    if (start + length > bytes.length) throw new Error(NOT_WHOLE);
    fields.push({ number, wire, value: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return fields;
}

function lengthAt(bytes: Uint8Array, at: number, wire: 1 | 2 | 5): readonly [length: number, start: number] {
  if (wire === 1) return [8, at];
  if (wire === 5) return [4, at];
  const [length, start] = readVarint(bytes, at);
  return [Number(length), start];
}

/** All byte fields of this number. */
export const bytesIn = (fields: readonly Field[], number: number): readonly Uint8Array[] =>
  fields.flatMap((field) => (field.number === number && field.wire !== 0 ? [field.value] : []));

/** The first field of this number as text; empty where there is none. */
export const textIn = (fields: readonly Field[], number: number): string => {
  const [first] = bytesIn(fields, number);
  return first === undefined ? "" : textOf(first);
};

/** The first varint of this number. */
export const integerIn = (fields: readonly Field[], number: number): number | undefined => {
  const found = fields.find((field) => field.number === number && field.wire === 0);
  return found?.wire === 0 ? Number(BigInt.asIntN(64, found.value)) : undefined;
};

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 128 : low);
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

/** Bytes of a message. */
export function writeFields(fields: readonly Field[]): Buffer {
  const parts: Uint8Array[] = [];
  for (const field of fields) {
    parts.push(varint(BigInt((field.number << 3) | field.wire)));
    if (field.wire === 0) parts.push(varint(field.value));
    else {
      if (field.wire === 2) parts.push(varint(BigInt(field.value.length)));
      parts.push(field.value);
    }
  }
  return Buffer.concat(parts);
}

export const integerField = (number: number, value: number): Field => ({ number, wire: 0, value: BigInt(value) });
export const bytesField = (number: number, value: Uint8Array): Field => ({ number, wire: 2, value });
export const textField = (number: number, value: string): Field => bytesField(number, encoder.encode(value));
export const messageField = (number: number, fields: readonly Field[]): Field =>
  bytesField(number, writeFields(fields));
