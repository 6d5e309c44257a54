import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { tinyPng } from "../../../src/backends/fake/png.ts";
import { saidOf } from "../../../src/domain/marked.ts";
import { signingMaker } from "../../../src/jobs/documents/signing-maker.ts";
import type { DocumentMaker, DocumentSpec } from "../../../src/ports/documents.ts";
import { withManifest } from "../../unmarked.ts";

const MODEL = "trainedAlgorithmicMedia";
const png = tinyPng(64, 64, "x");
const text = { title: "t", subtitle: "", language: "en" };

async function making() {
  const folder = await mkdtemp(join(tmpdir(), "placard-signing-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const seen: { readonly bytes: Buffer; readonly path: string }[] = [];
  let broken = false;
  const maker: DocumentMaker = {
    async make(spec, path, { onProgress }) {
      if (broken) throw new Error("no disk");
      for (const picture of spec.kind === "zip" ? spec.pictures : [])
        seen.push({ bytes: await readFile(picture.originalPath), path: picture.originalPath });
      onProgress(seen.length, seen.length);
      return { path, mime: "application/zip", sizeBytes: 1 };
    },
    close: async () => undefined,
  };
  const told: unknown[] = [];
  const signs = signingMaker(maker, {
    async signed(file, given) {
      told.push({ ...given, said: saidOf(file) });
      return Buffer.concat([file, Buffer.from("signed")]);
    },
  });
  const steps: number[] = [];
  const path = join(folder, "all.zip");
  const picture = async (name: string, bytes: Uint8Array, made: object) => {
    const originalPath = join(folder, name);
    await writeFile(originalPath, bytes);
    return { imageId: name, number: 1, alt: "", widthPx: 64, heightPx: 64, originalPath, ...made };
  };
  const make = (spec: DocumentSpec, signal = new AbortController().signal) =>
    signs.make(spec, path, { signal, onProgress: (done) => void steps.push(done) });
  const breaks = () => {
    broken = true;
  };
  return { make, picture, seen, told, steps, signed: `${path}.signed`, breaks };
}

it("originals in a ZIP are signed one by one, but for what a far end has signed and a member's own picture", async () => {
  const { make, picture, seen, told, steps, signed } = await making();
  const sealed = withManifest(png);
  const pictures = [
    await picture("model", png, { made: MODEL, madeAtMs: 5 }),
    await picture("sealed", sealed, { made: MODEL, madeAtMs: 6 }),
    await picture("own", png, { madeAtMs: 7 }),
  ];
  await make({ ...text, kind: "zip", pictures, texts: [] });
  expect(told).toEqual([{ made: MODEL, madeAtMs: 5, said: MODEL }]);
  expect(seen.map(({ bytes }) => bytes.subarray(-6).toString() === "signed")).toEqual([true, false, false]);
  expect(seen[1]?.bytes.equals(sealed)).toBe(true);
  expect(steps).toEqual([0, 1, 1, 3]);
  expect(existsSync(signed)).toBe(false);
});

it("nothing signed is left where the archive comes to nothing", async () => {
  const { make, picture, breaks, signed } = await making();
  const pictures = [await picture("model", png, { made: MODEL, madeAtMs: 5 })];
  const spec = { ...text, kind: "zip", pictures, texts: [] } as const;
  await expect(make(spec, AbortSignal.abort(new Error("stopped")))).rejects.toThrow("stopped");
  breaks();
  await expect(make(spec)).rejects.toThrow("no disk");
  await rm(pictures[0]?.originalPath ?? "");
  await expect(make(spec)).rejects.toMatchObject({ code: "gone" });
  expect(existsSync(signed)).toBe(false);
});
