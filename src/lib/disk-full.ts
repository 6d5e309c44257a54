import { FlushFailed } from "./flush-failed.ts";

const SQLITE_FULL = 13;
const CAUSES_MAX = 5;

/**
 * There was no room to write: on the disk, or within its owner's quota. Looks through what caused it. Not a flush that failed
 * for want of room: it would not go on by itself.
 */
export function isDiskFull(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || error instanceof FlushFailed || depth > CAUSES_MAX) return false;
  const full =
    ("code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT")) ||
    // The low byte: the rest says where SQLite met it.
    // libvips says it in words only.
    /system error: (?:No space left on device|Disk quota exceeded)/u.test(error.message) ||
    ("errcode" in error && typeof error.errcode === "number" && (error.errcode & 0xff) === SQLITE_FULL);
  return full || isDiskFull(error.cause, depth + 1);
}
