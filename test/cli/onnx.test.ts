import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pruneOthers } from "../../src/cli/onnx/prune.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "placard-onnx-prune-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("what other systems need of ONNX Runtime", () => {
  it("is removed, and nothing where this system's own part is not there", () => {
    for (const part of ["linux/x64", "linux/arm64", "win32/x64"]) {
      mkdirSync(join(folder, "bin/napi-v6", part), { recursive: true });
      writeFileSync(join(folder, "bin/napi-v6", part, "library"), "x".repeat(100));
    }
    expect(pruneOthers(folder, "darwin/x64")).toBe(0);
    expect(pruneOthers(folder, "linux/x64")).toBe(200);
    expect(readFileSync(join(folder, "bin/napi-v6/linux/x64/library"), "utf8")).toHaveLength(100);
    expect(pruneOthers(folder, "linux/x64")).toBe(0);
  });
});
