import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { FORMER_PARTS } from "../../src/app/former-parts.ts";
import { loadStores, OWN_PARTS } from "../../src/app/load.ts";

const root = join(import.meta.dirname, "../..");
const git = (...words: readonly string[]): string | undefined => {
  try {
    return execFileSync("git", words, { cwd: root, encoding: "utf8", stdio: "pipe" });
  } catch {
    // A ZIP, not a clone.
    return undefined;
  }
};
const PART = /^(?:adapters|commands|commands\/buttons|src\/backends|src\/stores)\/[^/]+\.ts$/;

describe("a new version unpacked over the old folder", () => {
  it("is not stopped by a part's file that earlier versions had", async () => {
    const folder = mkdtempSync(join(tmpdir(), "placard-former-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, "rows.ts"), "export const parser = 1;\n");
    const parts = { ...OWN_PARTS, stores: [...OWN_PARTS.stores, pathToFileURL(`${folder}/`)] };
    await expect(loadStores(parts)).rejects.toThrow('rows.ts does not export "module"');
    const former = [pathToFileURL(join(folder, "rows.ts"))];
    expect((await loadStores({ ...parts, former })).map(({ file }) => file)).toEqual(["postgres", "sqlite"]);
    expect(OWN_PARTS.former.map((url) => fileURLToPath(url))).toEqual(FORMER_PARTS.map((path) => join(root, path)));
  });

  const history = git("log", "--no-renames", "--diff-filter=D", "--name-only", "--format=");
  it.skipIf(history === undefined)("knows every such file of the history", () => {
    const gone = new Set(
      (history ?? "").split("\n").filter((path) => PART.test(path) && !existsSync(join(root, path))),
    );
    expect([...gone].filter((path) => !FORMER_PARTS.includes(path))).toEqual([]);
  });

  it("lists none that is there", () => {
    expect(FORMER_PARTS.filter((path) => !PART.test(path) || existsSync(join(root, path)))).toEqual([]);
  });
});
