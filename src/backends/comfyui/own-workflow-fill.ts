import type { ImageRequest } from "../../domain/recipe.ts";
import { stepsFor } from "./graph.ts";
import type { GraphInput } from "./graph-input.ts";
import type { Graph, GraphNode, Link } from "./node.ts";
import {
  type File,
  INSIDE,
  isLoraNode,
  isPlaceholder,
  linkOf,
  PICTURES,
  type Placeholder,
  THROUGH,
  WHOLE,
} from "./own-workflow-file.ts";
import { promptForComfyui } from "./prompt.ts";

/** What takes its picture through such an input is nothing without it; any other input may be empty. */
const MAIN_INPUTS: ReadonlySet<string> = new Set([
  "image",
  "images",
  "pixels",
  "samples",
  "latent_image",
  "conditioning",
  "positive",
  "negative",
  "model",
  "clip",
]);

/** Without the nodes that need pictures which are not there, and with nothing that hangs on them. */
export function withoutPictures(whole: File, absent: readonly (typeof PICTURES)[number][]): File {
  const gone = new Set(
    Object.entries(whole).flatMap(([id, { inputs }]) =>
      absent.some((name) => Object.values(inputs).includes(`%${name}%`)) ? [id] : [],
    ),
  );
  const isGone = (value: unknown): boolean => {
    const link = linkOf(value);
    return link !== undefined && gone.has(link[0]);
  };
  for (let before = -1; before !== gone.size; ) {
    before = gone.size;
    for (const [id, { inputs }] of Object.entries(whole))
      if (Object.entries(inputs).some(([name, value]) => MAIN_INPUTS.has(name) && isGone(value))) gone.add(id);
  }
  return Object.fromEntries(
    Object.entries(whole).flatMap(([id, node]) => {
      const inputs = Object.fromEntries(Object.entries(node.inputs).filter(([, value]) => !isGone(value)));
      return gone.has(id) ? [] : [[id, { ...node, inputs }]];
    }),
  );
}

export function filled(whole: File, input: GraphInput, output: string): Graph {
  const values = valuesFor(input);
  const withLora = values.lora !== undefined;
  const graph: Record<string, GraphNode> = {};
  const file = withoutPictures(
    whole,
    PICTURES.filter((name) => values[name] === undefined),
  );
  for (const [id, node] of Object.entries(file)) {
    if (!withLora && isLoraNode(node)) continue;
    const inputs = Object.entries(node.inputs).map(([name, value]) => {
      const link = linkOf(value);
      return [name, link ? (withLora ? link : past(file, link)) : fill(value, values)] as const;
    });
    graph[id] = { class_type: node.class_type, inputs: Object.fromEntries(inputs) };
  }
  const saving = graph[output];
  const prefix = saving?.inputs["filename_prefix"];
  if (saving && typeof prefix === "string")
    graph[output] = { ...saving, inputs: { ...saving.inputs, filename_prefix: `${prefix}-${input.jobId}` } };
  return graph;
}

/** Around the nodes that are left out. */
function past(file: File, link: Link): Link {
  let now = link;
  // A file with a ring of LoRA nodes would never run; it must not hang us either.
  for (let hops = 0; hops < 100; hops += 1) {
    const node = file[now[0]];
    if (!node || !isLoraNode(node)) return now;
    now = linkOf(node.inputs[THROUGH[now[1]] ?? ""]) ?? now;
  }
  return now;
}

type Values = Readonly<Record<Placeholder, string | number | undefined>>;

function valuesFor({ request, loras = [], image, edited = [] }: GraphInput): Values {
  const [lora] = loras;
  const used: ImageRequest = request;
  return {
    prompt: promptForComfyui(used.finalPrompt),
    negative: promptForComfyui(used.negativePrompt ?? ""),
    seed: used.seed,
    width: used.widthPx,
    height: used.heightPx,
    steps: stepsFor(used),
    cfg: used.guidance,
    truecfg: used.trueCfg,
    lora: lora && lora.scale !== 0 ? lora.file : undefined,
    lora_scale: lora?.scale,
    image: edited[0] ?? image,
    image_2: edited[1],
    image_3: edited[2],
    change: used.init?.strength ?? 1,
    variation_seed: used.variation?.seed ?? used.seed,
    variation: used.variation?.strength ?? 0,
  };
}

/** In one pass: a prompt that has "%seed%" in it keeps it. */
function fill(value: unknown, values: Values): unknown {
  if (typeof value === "string") {
    const whole = WHOLE.exec(value)?.[1];
    if (whole !== undefined && isPlaceholder(whole)) return values[whole];
    return value.replace(INSIDE, (all, name: string) => (isPlaceholder(name) ? String(values[name] ?? "") : all));
  }
  if (Array.isArray(value)) return value.map((each) => fill(each, values));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, fill(each, values)]));
  return value;
}
