import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** Names database files that do not exist yet; their folder goes with the test file. */
export function freshFiles(): () => string {
  const folder = mkdtempSync(join(tmpdir(), "placard-store-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let files = 0;
  return () => join(folder, `${files++}`, "placard.db");
}
