import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { imageIdOf, jobIdOf } from "../../src/domain/ids.ts";
import { createPictureFiles } from "../../src/stores/shared/picture-files.ts";

const NOW_S = 1_800_000_000;

it("finds pictures all of whose files are old, lets go of old halves, and leaves what is not ours", async () => {
  const folder = mkdtempSync(join(tmpdir(), "placard-old-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [old, mixed, halfOnly] = ["old", "mixed", "half"].map((name) => imageIdOf(jobIdOf(name), 0));
  const originals = join(folder, "originals");
  const put = (name: string, ageS: number) => {
    const inFolder = join(originals, name.slice(0, 2));
    mkdirSync(inFolder, { recursive: true });
    writeFileSync(join(inFolder, name), name);
    utimesSync(join(inFolder, name), NOW_S - ageS, NOW_S - ageS);
  };
  put(`${old}.png`, 90);
  put(`${old}.plain.png`, 90);
  put(`${old}.lettering.json`, 90);
  put(`${mixed}.png`, 90);
  put(`${mixed}.plain.png`, 10);
  put(`${mixed}.png.part`, 90);
  put(`${halfOnly}.png.part`, 10);
  put("my notes.png", 90);
  writeFileSync(join(originals, "readme"), "of the operator");

  const files = createPictureFiles(folder);
  expect(await files.writtenBefore((NOW_S - 60) * 1000, 0, 1)).toEqual([old]);
  const left = readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [entry.name] : [],
  );
  expect(left.toSorted()).toEqual(
    [
      ...[".png", ".plain.png", ".lettering.json"].map((kind) => `${old}${kind}`),
      `${mixed}.png`,
      `${mixed}.plain.png`,
      `${halfOnly}.png.part`,
      "my notes.png",
      "readme",
    ].toSorted(),
  );
});
