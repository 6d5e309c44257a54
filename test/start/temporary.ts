import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A busy disk takes its time over many files. */
export const REMOVED_WITHIN_MS = 120_000;

/** A folder that goes with the test. */
export function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), "placard-start-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }), REMOVED_WITHIN_MS);
  return folder;
}
