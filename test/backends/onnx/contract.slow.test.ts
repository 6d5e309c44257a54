import { rmSync } from "node:fs";
import { afterAll } from "vitest";
import { tinyPng } from "../../../src/backends/fake/png.ts";
import { backendContract } from "../../contracts/backend.ts";
import { openOnnx, styled, TINY_FLUX } from "./onnx-rig.ts";
import { type TinySd, tinySd } from "./tiny-sd.ts";

const initBytes = tinyPng(256, 256, "start");
const request = { widthPx: 256, heightPx: 320 };

backendContract("onnx, FLUX", () => ({ backend: openOnnx(TINY_FLUX) }), {
  initBytes,
  style: styled,
  request,
  comparesOnOne: true,
});

const NO_LORA = "the tiny network has no linear layer that a LoRA could change";
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});
const folderOf = (kind: TinySd["kind"]): string => {
  const folder = tinySd({ kind });
  folders.push(folder);
  return folder;
};
for (const kind of ["sd", "sdxl", "lcm"] as const) {
  const folder = folderOf(kind);
  backendContract(`onnx, ${kind}`, () => ({ backend: openOnnx(folder) }), {
    initBytes,
    request,
    comparesOnOne: true,
    gaps: ["another scale", "no LoRA at all"].map((what) => ({
      test: `lets ${what} count, or does not promise it`,
      reason: NO_LORA,
    })),
  });
}
