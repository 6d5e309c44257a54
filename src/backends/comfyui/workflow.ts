import type { ImageRequest } from "../../domain/recipe.ts";
import type { Style } from "../../domain/style.ts";
import type { BackendFeatures, GenerateInput } from "../../ports/backend.ts";
import type { BackendSentence } from "../../ports/backend-sentence.ts";
import { fluxGraph, type Graph, type GraphInput, isSchnell, type ModelFiles, OUTPUT, SAMPLER } from "./graph.ts";
import type { NodeNeed } from "./workflow-check.ts";

/** What a graph can be told, of the features of its backend. */
type GraphFeatures = Pick<
  BackendFeatures,
  "styles" | "loraScale" | "guidance" | "trueCfg" | "negativePrompt" | "variation" | "initImage"
>;

/** A way to turn requests into graphs: our FLUX graph, or the operator's own file. */
export interface Workflow {
  /** Its graph names the FLUX files that were found on the server. */
  readonly usesFluxFiles: boolean;
  /** Its graph has a picture to start from in any case: a grey one that `change` 1 ignores, where there is none. */
  readonly alwaysStartsFromPicture: boolean;
  /** Whose steps are shown, in the order they run. */
  readonly samplers: readonly string[];
  /** Whose first picture is the result. */
  readonly output: string;
  /** What a server must have for it, where the graph is the operator's own. */
  readonly needs: readonly NodeNeed[];
  features(files: ModelFiles | undefined): GraphFeatures;
  /** Continues the backend's title. */
  lacks(request: ImageRequest, style: Style): BackendSentence | undefined;
  /** @throws Error without files where it uses them: a bug of ours */
  graph(input: GraphInput, files: ModelFiles | undefined): Graph;
  /** For the recipe. */
  model(files: ModelFiles | undefined): string;
  /** Numbers of the workflow's or the model's own, where a request has no say. */
  fixed(
    files: ModelFiles | undefined,
    asked: Pick<GenerateInput, "request" | "style">,
  ): { readonly steps?: number; readonly guidance?: number };
}

const SCHNELL_STEPS = 4;

export const fluxWorkflow: Workflow = {
  usesFluxFiles: true,
  alwaysStartsFromPicture: false,
  samplers: [SAMPLER],
  output: OUTPUT,
  // Its files are chosen from what the server lists.
  needs: [],
  features: (files) => ({
    styles: "listed",
    loraScale: true,
    guidance: files === undefined || !isSchnell(files),
    trueCfg: true,
    negativePrompt: true,
    variation: "seed",
    initImage: true,
  }),
  lacks: () => undefined,
  graph: (input, files) => fluxGraph(known(files), input),
  model(files) {
    const { kind, ...names } = known(files);
    return "checkpoint" in names ? names.checkpoint : names.diffusion;
  },
  // Distilled to four steps, without guidance. The style's own number of steps is nobody's wish.
  fixed: (files, { request, style }) =>
    files && isSchnell(files)
      ? { guidance: 1, steps: request.steps === style.defaults.steps ? SCHNELL_STEPS : request.steps }
      : {},
};

function known(files: ModelFiles | undefined): ModelFiles {
  if (!files) throw new Error("the FLUX graph was asked for before the server's files were known");
  return files;
}
