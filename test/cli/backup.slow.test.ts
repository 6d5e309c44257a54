import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";

const root = new URL("../..", import.meta.url).pathname;

it("says in words why there is no copy, and tells of pictures that were lost by its exit code", () => {
  const cwd = mkdtempSync(join(tmpdir(), "placard-backup-"));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  const backup = (...words: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "src/cli/backup.ts"), ...words], {
      cwd,
      env: { PATH: process.env["PATH"] },
      encoding: "utf8",
    });
    return { status, text: stdout + stderr };
  };
  const nothing = backup();
  expect(nothing.text).toMatch(
    /There is nothing to copy in .*data: no Placard has been started with this folder yet\.\n$/,
  );
  expect(nothing.status).toBe(1);
  cpSync(new URL("../fixtures/data-v1/", import.meta.url), join(cwd, "data"), {
    recursive: true,
    filter: (path) => !/\.png$|uploads.|inputs.|facts/.test(path),
  });
  expect(backup("--to", "data/copies")).toMatchObject({
    status: 1,
    text: expect.stringContaining("--to must be outside"),
  });
  const lost = backup("--to", "elsewhere");
  expect(lost.text).toMatch(
    /Done: 21 pictures, 2 files, [\s\S]*✗ These pictures had lost their files before, .*: #1, #2, /,
  );
  expect(lost.text).toMatch(/npm run restore -- elsewhere\/placard-\d{4}-\d\d-\d\d-\d{6}\n$/);
  expect(lost.status).toBe(2);
  expect(readdirSync(cwd).sort()).toEqual(["data", "elsewhere"]);
});
