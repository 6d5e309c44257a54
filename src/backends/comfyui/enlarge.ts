import type { Size } from "../../domain/size.ts";
import type { EnlargeInput, GenerateInput } from "../../ports/backend.ts";
import { chooseUpscaler, stemOf } from "../shared/upscaler-advice.ts";
import { OUTPUT } from "./graph.ts";
import type { GraphInput } from "./graph-input.ts";
import type { Host } from "./host.ts";
import { type Graph, node } from "./node.ts";
import type { Workflow } from "./workflow.ts";

/** Of all that the servers have: each of them that has it may get the job. */
export const upscalerOf = (hosts: readonly Host[]): string | undefined =>
  chooseUpscaler(hosts.flatMap((host) => host.catalogue()?.upscalers ?? []));

export const hasUpscaler = (host: Host, model: string): boolean => host.catalogue()?.upscalers.includes(model) === true;

/** A picture through a model that makes it larger by a factor of its own, then to the very size that is wanted. */
function enlargeGraph({ image, jobId }: GraphInput, model: string, to: Size): Graph {
  if (image === undefined) throw new Error("there is no picture to make larger");
  const { widthPx: width, heightPx: height } = to;
  return {
    "60": node("LoadImage", { image }),
    "63": node("UpscaleModelLoader", { model_name: model }),
    "64": node("ImageUpscaleWithModel", { upscale_model: ["63", 0], image: ["60", 0] }),
    "65": node("ImageScale", { image: ["64", 0], upscale_method: "lanczos", width, height, crop: "disabled" }),
    [OUTPUT]: node("SaveImage", { images: ["65", 0], filename_prefix: `placard/${jobId}` }),
  };
}

/** What no family draws and no LoRA changes, whatever workflow the operator has for drawing. */
export const enlargingWorkflow = (file: string, to: Size): Workflow => ({
  usesModels: false,
  alwaysStartsFromPicture: true,
  samplers: [],
  output: OUTPUT,
  needs: [],
  features: () => ({
    styles: "none",
    loraScale: false,
    guidance: false,
    trueCfg: false,
    negativePrompt: false,
    variation: "none",
    initImage: true,
  }),
  lacks: () => undefined,
  graph: (input) => enlargeGraph(input, file, to),
  model: () => stemOf(file),
  fixed: () => ({}),
});

/** As a picture to start from that is kept whole. */
export const asGenerateInput = ({ picture, from, to: _larger, ...input }: EnlargeInput): GenerateInput => ({
  ...input,
  request: { ...input.request, ...from, loraScale: 0 },
  initBytes: picture,
});
