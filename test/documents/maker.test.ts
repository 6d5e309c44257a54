import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { createDocumentMaker } from "../../src/documents/maker.ts";
import { DocumentError, type DocumentMaker, type DocumentSpec } from "../../src/ports/documents.ts";
import { atThisPaceMs } from "../pace.ts";

let folder: string;
let maker: DocumentMaker;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "placard-documents-"));
  maker = createDocumentMaker();
});
afterAll(async () => {
  await maker.close();
  await rm(folder, { recursive: true });
});

const pictureAt = (originalPath: string) => ({
  imageId: "i",
  number: 7,
  alt: "Rent strike",
  widthPx: 8,
  heightPx: 8,
  originalPath,
});
const archiveOf = (...paths: readonly string[]): DocumentSpec => ({
  kind: "zip",
  title: "t",
  subtitle: "",
  language: "en",
  pictures: paths.map(pictureAt),
  texts: [],
});
const unstopped = new AbortController().signal;

it("says what is done, and where the file lies", async () => {
  const original = join(folder, "a.png");
  await writeFile(original, "not looked at");
  const seen: string[] = [];
  const path = join(folder, "all.zip");
  const made = await maker.make(archiveOf(original, original), path, {
    signal: unstopped,
    onProgress: (done, total) => seen.push(`${done}/${total}`),
  });
  expect(made).toMatchObject({ path, mime: "application/zip" });
  expect(seen).toEqual(["0/2", "1/2", "2/2"]);
  expect(readdirSync(folder).sort()).toEqual(["a.png", "all.zip"]);
});

it.each([
  ["a picture that was deleted meanwhile", "gone", async () => join(folder, "nothing.png")],
  [
    "more than the format takes",
    "too_large",
    async () => {
      const huge = join(folder, "huge.png");
      await writeFile(huge, "");
      // Takes no room on the disk.
      await truncate(huge, 2_000_000_001);
      return huge;
    },
  ],
])("refuses %s, and nothing is left of it", async (_what, code, original) => {
  const path = join(folder, `${code}.zip`);
  const making = maker.make(archiveOf(await original()), path, { signal: unstopped, onProgress: () => undefined });
  await expect(making).rejects.toEqual(expect.objectContaining({ constructor: DocumentError, code, kind: "zip" }));
  expect(readdirSync(folder).filter((name) => name.startsWith(code))).toEqual([]);
});

/** What it writes last, if anything. */
const workerThat = (does: string): DocumentMaker => {
  const script = `
    import { writeFileSync } from "node:fs";
    import { parentPort } from "node:worker_threads";
    parentPort.on("message", ({ folder, path }) => {
      writeFileSync(folder + "/draft", "half");
      parentPort.postMessage({ type: "progress", done: 0, total: 2 });
      ${does}
    });`;
  const odd = createDocumentMaker(new URL(`data:text/javascript,${encodeURIComponent(script)}`));
  onTestFinished(() => odd.close());
  return odd;
};

it("is stopped within a second in the midst of computing, and leaves no half file", async () => {
  const path = join(folder, "stopped.pdf");
  const stop = new AbortController();
  const beganMs = performance.now();
  const making = workerThat("while (true) {}").make(archiveOf(), path, {
    signal: stop.signal,
    onProgress: () => stop.abort(new Error("no longer wanted")),
  });
  await expect(making).rejects.toThrow("no longer wanted");
  expect(performance.now() - beganMs).toBeLessThan(atThisPaceMs(1000));
  expect(readdirSync(folder).filter((name) => name.startsWith("stopped"))).toEqual([]);
});

it("a document that was done in the moment it was stopped is not left behind", async () => {
  const path = join(folder, "late.pdf");
  const stop = new AbortController();
  const making = workerThat(`writeFileSync(path, "whole"); setInterval(() => {}, 1000);`).make(archiveOf(), path, {
    signal: stop.signal,
    onProgress: () => setTimeout(() => stop.abort(new Error("no longer wanted")), 20),
  });
  await expect(making).rejects.toThrow("no longer wanted");
  expect(existsSync(path)).toBe(false);
});

it("a worker that dies is told of, and the next document is made", async () => {
  const path = join(folder, "died.pdf");
  const options = { signal: unstopped, onProgress: () => undefined };
  const odd = workerThat(`if (path.includes("died")) process.exit(3);
    parentPort.postMessage({ type: "made", document: { path, mime: "x/y", sizeBytes: 1 }, heldBytes: 1 });`);
  await expect(odd.make(archiveOf(), path, options)).rejects.toThrow("ended with code 3");
  expect(await odd.make(archiveOf(), join(folder, "next.pdf"), options)).toMatchObject({ mime: "x/y" });
});
