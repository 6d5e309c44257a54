import { SIDE_MAX_PX } from "../../domain/recipe.ts";
import type { BackendFeatures } from "../../ports/backend.ts";
import type { Description } from "./description.ts";
import { guidanceIsTrueCfg } from "./values.ts";

/** Before the Space was asked: what its family can do. What it then cannot is refused before any GPU time is spent. */
const EXPECTED: BackendFeatures = {
  styles: "listed",
  loraScale: true,
  guidance: true,
  trueCfg: false,
  negativePrompt: false,
  variation: "image",
  initImage: true,
  maxPixels: SIDE_MAX_PX * SIDE_MAX_PX,
  progress: true,
  preview: false,
  queuePosition: true,
  reproducible: true,
  abortedRun: "works_on",
};

export function featuresOf(description: Description | undefined): BackendFeatures {
  if (!description) return EXPECTED;
  const { run, select, addCustom } = description;
  const has = (...roles: readonly Parameters<typeof run.parameters.has>[0][]) =>
    roles.every((role) => run.parameters.has(role));
  const sideMaxPx = (role: "width" | "height") => Math.min(SIDE_MAX_PX, run.parameters.get(role)?.max ?? SIDE_MAX_PX);
  const fromImage = has("image", "strength");
  return {
    styles: select || addCustom ? "listed" : "none",
    loraScale: has("scale"),
    guidance: has("guidance"),
    trueCfg: has("trueCfg") || guidanceIsTrueCfg(run),
    negativePrompt: has("negative"),
    variation: fromImage ? "image" : "none",
    initImage: fromImage,
    maxPixels: sideMaxPx("width") * sideMaxPx("height"),
    // Frames of a generator, or what tqdm counts; at the least that it has begun.
    progress: true,
    preview: run.generator,
    queuePosition: true,
    reproducible: has("seed"),
    // A plain function goes on at the GPU when its job is cancelled; a generator stops at its next frame.
    abortedRun: run.generator ? "stops" : "works_on",
  };
}
