import { type ImageRequest, LORAS_MAX } from "../../domain/recipe.ts";
import type { Style } from "../../domain/style.ts";
import type { Drawing } from "../../families/shared/family.ts";
import { askedOfEditor, fixedBy, honouredBy, numbersFor } from "../../families/shared/numbers.ts";
import type { BackendFeatures, GenerateInput } from "../../ports/backend.ts";
import type { BackendSentence } from "../../ports/backend-sentence.ts";
import type { FamilyGraphs } from "./family-graphs.ts";
import { drawGraph, OUTPUT, SAMPLER } from "./graph.ts";
import type { GraphInput } from "./graph-input.ts";
import { type Model, modelFileOf } from "./models.ts";
import type { Graph } from "./node.ts";
import type { NodeNeed } from "./workflow-check.ts";

/** What a graph can be told, of the features of its backend. */
type GraphFeatures = Pick<
  BackendFeatures,
  "styles" | "loraScale" | "guidance" | "trueCfg" | "negativePrompt" | "variation" | "initImage"
> &
  Partial<Pick<BackendFeatures, "maxPixels" | "loras">>;

type Asked = Pick<GenerateInput, "request" | "style">;

/** A way to turn requests into graphs: our graphs of each family, or the operator's own file. */
export interface Workflow {
  /** Its graph names the files of a model that was found on the server. */
  readonly usesModels: boolean;
  /** Its graph has a picture to start from in any case: a grey one that `change` 1 ignores, where there is none. */
  readonly alwaysStartsFromPicture: boolean;
  /** So many pictures can be given to it where words change them, whatever model does it; absent: that is a matter of the model. */
  readonly edit?: number;
  /** What it changes comes out in the size of the picture, whatever size is asked for. */
  readonly sizeOfPicture?: true;
  /** Whose steps are shown, in the order they run. */
  readonly samplers: readonly string[];
  /** Whose first picture is the result. */
  readonly output: string;
  /** What a server must have for it, where the graph is the operator's own. */
  readonly needs: readonly NodeNeed[];
  features(model: Model | undefined): GraphFeatures;
  /** Continues the backend's title. */
  lacks(request: ImageRequest, style: Style): BackendSentence | undefined;
  /** @throws Error without a model where it uses them: a bug of ours */
  graph(input: GraphInput, model: Model | undefined, style: Style): Graph;
  /** For the recipe. */
  model(model: Model | undefined): string;
  /** Numbers of the workflow's or the model's own, where a request has no say. */
  fixed(model: Model | undefined, asked: Asked): { readonly steps?: number; readonly guidance?: number };
}

export const familyWorkflow = (graphs: FamilyGraphs): Workflow => ({
  usesModels: true,
  alwaysStartsFromPicture: false,
  samplers: [SAMPLER],
  output: OUTPUT,
  // Its files are chosen from what the server lists.
  needs: [],
  features: (model) => ({
    styles: "listed",
    loraScale: true,
    loras: LORAS_MAX,
    variation: "seed",
    // Before anything is known: what most people run takes all of it.
    ...(model ? honouredBy(model.drawing) : { guidance: true, trueCfg: true, negativePrompt: true, initImage: true }),
  }),
  lacks: () => undefined,
  graph(input, found, style) {
    const { family, kind, drawing, files } = known(found);
    const own = graphs.get(family.id);
    if (!own) throw new Error(`there is no graph for ${family.id}`);
    const numbers = numbersFor(drawing, askedOf(drawing, input.request, style), style);
    const method = input.edited ? kind.edits?.method : undefined;
    return drawGraph(own, { ...input, files, drawing, numbers, ...(method === undefined ? {} : { method }) });
  },
  model: (model) => modelFileOf(known(model)),
  fixed: (model, { request, style }) =>
    model ? fixedBy(model.drawing, askedOf(model.drawing, request, style), style) : {},
});

const askedOf = (drawing: Drawing, request: ImageRequest, style: Style): ImageRequest =>
  request.edit ? askedOfEditor(drawing, request, style) : request;

function known(model: Model | undefined): Model {
  if (!model) throw new Error("a graph was asked for before the server's models were known");
  return model;
}
