import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { createPendingRecipes } from "../../src/dispatch/pending-recipes.ts";
import { jobIdOf } from "../../src/domain/ids.ts";
import { createPictureFiles } from "../../src/stores/shared/picture-files.ts";

const mine = jobIdOf("recipes here ann");

function recipes() {
  const folder = mkdtempSync(join(tmpdir(), "placard-recipes-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const files = createPictureFiles(folder);
  return { files, recipes: createPendingRecipes(files) };
}

it("keeps the last five, also those that came at the same time, and each once", async () => {
  const { recipes: kept, files } = recipes();
  const ids = ["a", "b", "c", "d", "e", "f", "f"];
  await Promise.all(ids.map((id) => kept.add(mine, { id, json: `"${id}"` })));
  const after = createPendingRecipes(files);
  expect(await Promise.all(["a", "b", "f"].map((id) => after.get(mine, id)))).toEqual([undefined, '"b"', '"f"']);
});

it("keeps members apart, and takes what it cannot read for nothing", async () => {
  const { recipes: kept, files } = recipes();
  await kept.add(mine, { id: "a", json: "1" });
  expect(await kept.get(jobIdOf("recipes here bo"), "a")).toBeUndefined();
  for (const broken of ["", "[{]", '{"a":1}', '[{"id":1}]']) {
    await files.saveInput(mine, Buffer.from(broken));
    expect(await kept.get(mine, "a")).toBeUndefined();
  }
  await kept.add(mine, { id: "b", json: "2" });
  expect(await kept.get(mine, "b")).toBe("2");
});
