import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished, type TestContext } from "vitest";
import { createDocumentMaker } from "../../src/documents/maker.ts";
import { isDiskFull } from "../../src/lib/disk-full.ts";
import type { DocumentSpec } from "../../src/ports/documents.ts";
import { newFolder, pageOf, pictureIn } from "./specs.ts";

/** A file system with room for next to nothing. */
async function tinyDisk(context: TestContext): Promise<string> {
  const folder = await newFolder();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=8k", "tmpfs", folder], { stdio: "ignore" });
  } catch {
    return context.skip("needs leave to mount a small file system (root on Linux)");
  }
  onTestFinished(() => void execFileSync("umount", [folder]));
  return folder;
}

it("a document for which there is no room on the disk is told as that, whoever writes it, and nothing is left of it", async (context) => {
  const folder = await newFolder();
  const disk = await tinyDisk(context);
  const maker = createDocumentMaker();
  onTestFinished(() => maker.close());
  const picture = await pictureIn(folder, "p", { widthPx: 900, heightPx: 900 });
  const common = { title: "t", subtitle: "", language: "en", pages: [pageOf("x", { picture })] } as const;
  const texts = [{ name: "minutes.md", content: Array.from({ length: 9000 }, (_, at) => at * at).join() }];
  const specs: readonly DocumentSpec[] = [
    { ...common, kind: "deck" },
    { ...common, kind: "slides" },
    { ...common, kind: "sheet" },
    { ...common, kind: "zip", pictures: [picture], texts },
    { ...common, kind: "print", picture, print: { paper: "a4", bleedMm: 3, cropMarks: true, fit: "fill" } },
  ];
  const told: unknown[] = [];
  for (const spec of specs)
    await maker
      .make(spec, join(disk, spec.kind), { signal: new AbortController().signal, onProgress: () => undefined })
      .catch((error: unknown) => told.push([spec.kind, isDiskFull(error)]));
  expect(told).toEqual(specs.map(({ kind }) => [kind, true]));
  expect(readdirSync(disk)).toEqual([]);
});
