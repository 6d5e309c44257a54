import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { blackPng } from "../../src/backends/fake/png.ts";
import { pendingOffersId } from "../../src/domain/ids.ts";
import { recipeToText } from "../../src/domain/recipe-text.ts";
import { forgetFiles } from "../../src/jobs/forgetting/files.ts";
import { stripPng, withPngText } from "../../src/lib/png.ts";
import { wordlessRecipe } from "../../src/rules/forgetting/own-jobs.ts";
import { createDocumentFiles } from "../../src/stores/shared/document-files.ts";
import { createPictureFiles } from "../../src/stores/shared/picture-files.ts";
import { jobWith, pictureOf } from "../commands/context.ts";
import { withManifest } from "../unmarked.ts";

const ID = "abcdefghijklmnop.0";

it("a picture of the group's keeps its pixels and loses its words, in the file too; all else of a member's goes", async () => {
  const folder = mkdtempSync(join(tmpdir(), "placard-forget-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const files = createPictureFiles(folder);
  const { recipe } = pictureOf(jobWith());
  const said = { ...recipe, request: { ...recipe.request, prompt: "secretwords", finalPrompt: "RCA, secretwords" } };
  const png = blackPng(64, 64);
  await files.save(ID, [withPngText(png, recipeToText(said))]);
  await files.savePlain(ID, [png]);
  const start = await files.saveInput("start0123456789a", new Uint8Array([1]));
  const pending = await files.saveInput(pendingOffersId("web:room", "web:ana"), new Uint8Array([2]));
  expect(Buffer.from((await files.original(ID)) ?? []).includes("secretwords")).toBe(true);

  const plan = {
    forgettingId: "f",
    askedAtMs: 0,
    accounts: [{ id: "web:ana", goneId: "gone:x" }],
    names: ["Ana"],
  };
  const found = {
    imageIds: [],
    jobIds: [],
    wordless: [{ imageId: ID, recipe: wordlessRecipe(said) }],
    inputKeys: [start],
    chatKeys: ["web:room"],
    documentIds: [],
    words: [],
  };
  const deps = { files, documents: createDocumentFiles(join(folder, "documents")) };
  await forgetFiles(deps, plan, found);
  await forgetFiles(deps, plan, found);
  const after = Buffer.from((await files.original(ID)) ?? []);
  expect(after.includes("secretwords")).toBe(false);
  expect(after.includes(String(recipe.request.seed))).toBe(true);
  expect(Buffer.from(stripPng(after)).equals(stripPng(png))).toBe(true);
  expect([await files.plain(ID), await files.input(start), await files.input(pending)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

it("a seal of a far end stays, unless the far end wrote the words into the file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "placard-forget-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const files = createPictureFiles(folder);
  const { recipe } = pictureOf(jobWith());
  const sealed = withManifest(blackPng(64, 64));
  const [telling, silent] = ["abcdefghijklmnop.1", "abcdefghijklmnop.2"];
  await files.save(telling, [withPngText(sealed, [{ keyword: "prompt", text: '{"prompt":"secretwords"}' }])]);
  await files.saveSealed(telling, Buffer.from("UNICODE secretwords", "utf16le"));
  await files.save(silent, [sealed]);
  await files.saveSealed(silent, Buffer.from("a seal"));
  const wordless = [telling, silent].map((imageId) => ({ imageId, recipe: wordlessRecipe(recipe) }));
  const plan = { forgettingId: "f", askedAtMs: 0, accounts: [], names: [] };
  const found = {
    ...{ imageIds: [], jobIds: [], inputKeys: [], chatKeys: [], documentIds: [] },
    wordless,
    words: ["secretwords"],
  };
  await forgetFiles({ files, documents: createDocumentFiles(join(folder, "documents")) }, plan, found);
  expect(Buffer.from((await files.original(telling)) ?? []).includes("secretwords")).toBe(false);
  expect(Buffer.from(stripPng((await files.original(telling)) ?? new Uint8Array())).equals(blackPng(64, 64))).toBe(
    true,
  );
  expect(await files.sealed(telling)).toBeUndefined();
  expect(Buffer.from((await files.original(silent)) ?? []).equals(sealed)).toBe(true);
  expect(await files.sealed(silent)).toBeDefined();
});
