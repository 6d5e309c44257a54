import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { LAYOUTS } from "../../src/typesetter/layouts/families.ts";
import { draw } from "../../src/typesetter/painting/draw.ts";
import { pixelsRequestOf } from "./layouts.ts";

const layouts = LAYOUTS.map(({ name }) => [name, name] as const);

function hasTesseract(): boolean {
  try {
    execFileSync("tesseract", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    // Not installed, or not runnable: either way there is nothing to read the pixels with.
    return false;
  }
}

describe("the finished pixels", () => {
  it("can be read by a machine", { timeout: 60_000 }, async (context) => {
    if (!hasTesseract()) context.skip("needs tesseract (Debian's tesseract-ocr)");
    const folder = mkdtempSync(join(tmpdir(), "sketch-ocr-"));
    const read: string[] = [];
    try {
      for (const [name, style] of layouts.filter(([name]) =>
        ["swiss", "riso", "woodcut", "sunburst", "horizon", "tiles"].includes(name),
      )) {
        const { png } = await draw({
          request: pixelsRequestOf(`${style}, "BREAD FOR ALL"`, 3),
          trigger: "",
          initBytes: undefined,
        });
        const file = join(folder, `${name}.png`);
        writeFileSync(file, await sharp(png).resize(1024).greyscale().png().toBuffer());
        const text = execFileSync("tesseract", [file, "-", "--psm", "11"], {
          encoding: "utf8",
          stdio: ["ignore", "pipe", "ignore"],
        });
        if (/bread/iu.test(text) && /all/iu.test(text)) read.push(name);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
    // An OCR made for letters on office paper misses a poster now and then.
    expect(read.length).toBeGreaterThanOrEqual(4);
  });
});
