import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { expect, it, onTestFinished } from "vitest";
import { pictureNames } from "../../src/documents/zip/names.ts";
import { writeZip } from "../../src/documents/zip/zip.ts";

it("names pictures so that every program takes them, in their order", () => {
  const alts = [
    "“Rent strike” on a red ground",
    "Забастовка",
    "房租",
    "إضراب",
    "🔥",
    "../../etc/passwd",
    "x".repeat(60),
  ];
  expect(pictureNames(alts.map((alt, index) => ({ alt, number: index + 7 })))).toEqual([
    "01-rent-strike-on-a-red-ground-7.png",
    "02-zabastovka-8.png",
    "03-fang-zu-9.png",
    "04-drb-10.png",
    "05-11.png",
    "06-etc-passwd-12.png",
    `07-${"x".repeat(40)}-13.png`,
  ]);
  const many = pictureNames(
    Array.from({ length: 120 }, () => ({ alt: "a word that is said again and again here", number: 1 })),
  );
  expect(new Set(many).size).toBe(120);
  expect(many[8]).toBe("009-a-word-that-is-said-again-and-again-here-1.png");
});

const hasUnzip = (() => {
  try {
    execFileSync("unzip", ["-v"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

it("holds originals byte for byte and stored, texts packed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "placard-zip-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  // More than a piece, and not a whole number of them.
  const original = new Uint8Array(2_500_001).map((_, index) => (index * 7919) >> 3);
  await writeFile(join(folder, "a.png"), original);
  await writeFile(join(folder, "empty.png"), "");
  const path = join(folder, "all.zip");
  const pictures = ["a.png", "empty.png"].map((name, index) => ({
    imageId: name,
    number: index + 1,
    alt: "Rent strike",
    widthPx: 1,
    heightPx: 1,
    originalPath: join(folder, name),
  }));
  const minutes = "# Протокол\n".repeat(1000);
  const texts = [{ name: "minutes.md", content: minutes }];
  await writeZip({ kind: "zip", title: "t", subtitle: "", language: "en", pictures, texts }, path, () => undefined);
  const archive = new Uint8Array(await readFile(path));
  const sizes = new Map<string, readonly [method: number, packed: number]>();
  const files = unzipSync(archive, {
    filter: ({ name, compression, size }) => {
      sizes.set(name, [compression, size]);
      return true;
    },
  });
  expect(Object.keys(files)).toEqual(["01-rent-strike-1.png", "02-rent-strike-2.png", "minutes.md"]);
  expect(Buffer.from(files["01-rent-strike-1.png"] ?? []).equals(original)).toBe(true);
  expect(new TextDecoder().decode(files["minutes.md"])).toBe(minutes);
  expect(sizes.get("01-rent-strike-1.png")).toEqual([0, original.length]);
  expect(sizes.get("minutes.md")?.[0]).toBe(8);
  expect(archive.length).toBeLessThan(original.length + 1500);
  if (hasUnzip) expect(execFileSync("unzip", ["-t", path], { encoding: "utf8" })).toContain("No errors detected");
});
