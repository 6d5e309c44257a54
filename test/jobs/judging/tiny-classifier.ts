import { createHash } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { buildOnnx } from "../../backends/onnx/build-onnx.ts";

const SIDE = 8;

/** How much red, green and blue there is in a picture, from 0 to 1. */
const COLOURS = {
  title: "colours",
  input: { widthPx: SIDE, heightPx: SIDE, layout: "NCHW", scale: 1 / 255 },
  output: { labels: ["red", "green", "blue"] },
  thresholds: { red: { spoiler: 0.5, hold: 0.9 } },
} as const;

export interface TinyClassifier {
  readonly folder: string;
  readonly path: string;
  readonly sha256: string;
  describe(change: object | string): void;
}

/** A model that gives the mean of each channel. The caller removes its folder. */
export function tinyClassifier(layout: "NCHW" | "NHWC" = "NCHW"): TinyClassifier {
  const folder = mkdtempSync(join(tmpdir(), "placard-judge-"));
  const path = join(folder, "model.onnx");
  const dims = layout === "NCHW" ? ["n", 3, SIDE, SIDE] : ["n", SIDE, SIDE, 3];
  const bytes = buildOnnx({
    inputs: [{ name: "picture", type: "float32", dims }],
    outputs: [{ name: "means", type: "float32", dims: ["n", 3] }],
    operations: [
      {
        op: "ReduceMean",
        inputs: ["picture"],
        outputs: ["means"],
        attributes: { axes: layout === "NCHW" ? [2, 3] : [1, 2], keepdims: 0 },
      },
    ],
  });
  writeFileSync(path, bytes);
  const describe = (change: object | string) =>
    writeFileSync(
      join(folder, "model.json"),
      typeof change === "string" ? change : JSON.stringify({ ...COLOURS, ...change }),
    );
  describe({ input: { ...COLOURS.input, layout } });
  return { folder, path, sha256: createHash("sha256").update(bytes).digest("hex"), describe };
}

export const ofColour = (r: number, g: number, b: number): Promise<Buffer> =>
  sharp({ create: { width: 96, height: 64, channels: 3, background: { r, g, b } } })
    .png()
    .toBuffer();
