import { LORAS_MAX, SIDE_MAX_PX } from "../../domain/recipe.ts";
import type { BackendFeatures } from "../../ports/backend.ts";
import { featuresOn, modelNamed } from "../shared/server-model.ts";
import { stemOf } from "../shared/upscaler-advice.ts";
import { type Known, modelOf } from "./known.ts";

const COMMON = {
  styles: "listed",
  loraScale: true,
  loras: LORAS_MAX,
  guidance: true,
  initImage: true,
  maxPixels: SIDE_MAX_PX * SIDE_MAX_PX,
  progress: true,
  preview: true,
  reproducible: true,
  abortedRun: "stops",
} as const satisfies Partial<BackendFeatures>;

/** Before it is known: as Forge, which most people run for FLUX. What turns out to be missing is refused before work begins. */
/** @param model of the setting WEBUI_MODEL */
export const featuresOf = (known: Known | undefined, model: string | undefined): BackendFeatures => ({
  ...featuresOn(ofFlavour(known), known && modelNamed(modelOf(known, model))),
  ...(known?.upscaler ? { enlarges: { model: stemOf(known.upscaler.file) } } : {}),
});

function ofFlavour(known: Known | undefined): BackendFeatures {
  switch (known?.flavour ?? "forge") {
    case "forge":
      return {
        ...COMMON,
        trueCfg: true,
        negativePrompt: true,
        variation: "seed",
        queuePosition: known?.byTask ?? true,
      };
    case "a1111":
    case "reforge":
      return {
        ...COMMON,
        trueCfg: false,
        negativePrompt: true,
        variation: "seed",
        queuePosition: known?.byTask ?? true,
      };
    case "sdnext":
      return {
        ...COMMON,
        trueCfg: false,
        negativePrompt: false,
        variation: "image",
        preview: known?.jobs !== true,
        queuePosition: false,
      };
  }
}
