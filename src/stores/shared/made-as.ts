import { createHash } from "node:crypto";
import { stripPng } from "../../lib/png.ts";

/** The sum of what the backend made: the recipe was written into the file afterwards. */
export function madeAs(bytes: Uint8Array): string | undefined {
  try {
    return createHash("sha256").update(stripPng(bytes)).digest("hex");
  } catch {
    // No whole PNG.
    return undefined;
  }
}
