/** Bytes `from` to `to`, the last one included. */
interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/**
 * What a Range header asks for of so many bytes (RFC 9110). `undefined`: all of it, as for several ranges and for what is no
 * range of bytes. "none": nothing of it is there.
 */
export function rangeIn(header: string | undefined, sizeBytes: number): ByteRange | "none" | undefined {
  const [whole, first = "", last = ""] = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(header?.trim() ?? "") ?? [];
  if (whole === undefined || (first === "" && last === "")) return undefined;
  if (first === "") {
    const length = Math.min(Number(last), sizeBytes);
    return length === 0 ? "none" : { from: sizeBytes - length, to: sizeBytes - 1 };
  }
  const from = Number(first);
  if (from >= sizeBytes) return "none";
  const to = last === "" ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  return to < from ? undefined : { from, to };
}
