import { z } from "zod";
import type { ImageRequest } from "../../domain/recipe.ts";
import { sentence } from "../../ports/backend-sentence.ts";
import { stepsFor } from "./graph.ts";
import type { GraphInput } from "./graph-input.ts";
import type { Graph, GraphNode, Link } from "./node.ts";
import { promptForComfyui } from "./prompt.ts";
import type { Workflow } from "./workflow.ts";
import { needsOf } from "./workflow-check.ts";

/** What the operator may write into a workflow file, each as a whole value, `"%seed%"`, or inside a longer text. */
export const PLACEHOLDERS = {
  prompt: "the prompt, trigger word included",
  negative: "what to keep out; needs %truecfg%",
  seed: "the seed",
  width: "px",
  height: "px",
  steps: "denoising steps, fewer where a picture is only changed a little",
  cfg: "FLUX's guidance",
  truecfg: "the sampler's own cfg; 1 is off",
  lora: "the file of the style's LoRA; a node with it is left out where there is none",
  lora_scale: "its strength",
  image: "the picture to start from, for a LoadImage node; needs %change%",
  change: "denoise: 0 keeps that picture, 1 ignores it",
  variation_seed: "second seed of Vary; needs %variation%",
  variation: "how much of it, 0 to 1",
} as const;
type Placeholder = keyof typeof PLACEHOLDERS;

const REQUIRED: readonly Placeholder[] = ["prompt", "seed", "width", "height"];
/** The first is of no use without the second. */
const PAIRS: readonly (readonly [Placeholder, Placeholder])[] = [
  ["image", "change"],
  ["change", "image"],
  ["negative", "truecfg"],
  ["lora_scale", "lora"],
  ["variation_seed", "variation"],
  ["variation", "variation_seed"],
];

const fileSchema = z.record(
  z.string(),
  z.looseObject({
    class_type: z.string(),
    inputs: z.record(z.string(), z.unknown()),
    _meta: z.looseObject({ title: z.string().optional() }).optional(),
  }),
);
type File = z.output<typeof fileSchema>;

/**
 * Reads a workflow in API format with placeholders; what it can do follows from which are there.
 *
 * @throws Error with one plain sentence for each mistake
 */
export function readOwnWorkflow(text: string): Workflow {
  const file = parse(text);
  const found = placeholdersIn(file);
  const mistakes = [...mistakesIn(found), ...loraMistakes(file)];
  const output = outputOf(file);
  if (!output.ok) mistakes.push(output.mistake);
  if (mistakes.length > 0 || !output.ok) throw new Error(mistakes.join(" "));
  const has = (name: Placeholder) => found.has(name);
  const samplers = samplersBefore(file, output.node);
  const model = modelNameIn(file);
  const steps = has("steps") ? undefined : numberIn(file, "steps");
  const guidance = has("cfg") ? undefined : numberIn(file, "guidance");

  return {
    usesModels: false,
    alwaysStartsFromPicture: has("image"),
    samplers,
    output: output.node,
    needs: needsOf(file, output.node),
    features: () => ({
      styles: has("lora") ? "listed" : "none",
      loraScale: has("lora_scale"),
      guidance: has("cfg"),
      trueCfg: has("truecfg"),
      negativePrompt: has("negative"),
      variation: has("variation") ? "seed" : has("image") ? "image" : "none",
      initImage: has("image"),
    }),
    // A style's own numbers are nobody's wish; another one is, and must not be taken and ignored.
    lacks(request, style) {
      return has("steps") || request.steps === style.defaults.steps ? undefined : sentence("backend.lacks.steps");
    },
    graph: (input) => filled(file, input, output.node),
    model: () => model,
    fixed: () => ({ ...(steps === undefined ? {} : { steps }), ...(guidance === undefined ? {} : { guidance }) }),
  };
}

function parse(text: string): File {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error("must be a JSON file: export it again from ComfyUI with Workflow → Export (API).");
  }
  const checked = fileSchema.safeParse(value);
  if (checked.success && Object.keys(checked.data).length > 0) return checked.data;
  throw new Error(
    "must be a workflow in API format, not the editor's own: export it from ComfyUI with Workflow → Export (API).",
  );
}

const WHOLE = /^%([a-z_]+)%$/;
const INSIDE = /%([a-z_]+)%/g;
const isPlaceholder = (name: string): name is Placeholder => Object.hasOwn(PLACEHOLDERS, name);

function placeholdersIn(file: File): ReadonlySet<string> {
  const names = new Set<string>();
  const look = (value: unknown): void => {
    if (typeof value === "string") {
      const whole = WHOLE.exec(value)?.[1];
      if (whole !== undefined) names.add(whole);
      // Inside a longer text ComfyUI has percent signs of its own, e.g. "%date:yyyy%".
      else for (const [, name = ""] of value.matchAll(INSIDE)) if (isPlaceholder(name)) names.add(name);
    } else if (typeof value === "object" && value !== null) Object.values(value).forEach(look);
  };
  for (const { inputs } of Object.values(file)) look(inputs);
  return names;
}

function mistakesIn(found: ReadonlySet<string>): string[] {
  const unknown = [...found].filter((name) => !isPlaceholder(name));
  const known = Object.keys(PLACEHOLDERS).map((name) => `%${name}%`);
  return [
    ...unknown.map((name) => `has "%${name.slice(0, 40)}%", which is not known; known are ${known.join(", ")}.`),
    ...REQUIRED.filter((name) => !found.has(name)).map(
      (name) =>
        `lacks "%${name}%": write it where the workflow has ${PLACEHOLDERS[name] === "px" ? `the ${name} of the empty latent picture` : PLACEHOLDERS[name]}.`,
    ),
    ...PAIRS.filter(([one, other]) => found.has(one) && !found.has(other)).map(
      ([one, other]) => `has "%${one}%" but no "%${other}%": put both in, or neither.`,
    ),
  ];
}

const linkOf = (value: unknown): Link | undefined =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === "string" && typeof value[1] === "number"
    ? [value[0], value[1]]
    : undefined;

const holds = (value: unknown, text: string): boolean =>
  typeof value === "string"
    ? value.includes(text)
    : typeof value === "object" && value !== null && Object.values(value).some((each) => holds(each, text));

const isLoraNode = (node: GraphNode): boolean => holds(node.inputs, "%lora%");

/** Where a node that is left out hands on what it took: a LoRA loader's outputs are its model and its text encoder. */
const THROUGH = ["model", "clip"];

function loraMistakes(file: File): readonly string[] {
  return Object.entries(file).flatMap(([id, { inputs }]) =>
    Object.values(inputs).flatMap((value) => {
      const link = linkOf(value);
      const from = link && file[link[0]];
      if (!link || !from || !isLoraNode(from) || linkOf(from.inputs[THROUGH[link[1]] ?? ""])) return [];
      return [
        `cannot be run without a LoRA: node ${id} takes output ${link[1]} of node ${link[0]}, which has %lora% but no such model or clip to hand on. Use LoraLoader or LoraLoaderModelOnly.`,
      ];
    }),
  );
}

type Output = { readonly ok: true; readonly node: string } | { readonly ok: false; readonly mistake: string };

function outputOf(file: File): Output {
  const taken = new Set(
    Object.values(file).flatMap(({ inputs }) => Object.values(inputs).flatMap((value) => linkOf(value)?.[0] ?? [])),
  );
  const ends = Object.entries(file).filter(
    ([id, { class_type }]) =>
      !taken.has(id) && /save|preview/i.test(class_type) && /image/i.test(class_type) && class_type !== KEEPS_NOTHING,
  );
  const titled = ends.filter(([, { _meta }]) => _meta?.title?.trim().toLowerCase() === "placard");
  const saving = ends.filter(([, { class_type }]) => class_type === "SaveImage");
  for (const some of [titled, saving, ends]) if (some.length === 1) return { ok: true, node: some[0]?.[0] ?? "" };
  if (ends.length === 0 && Object.values(file).some(({ class_type }) => class_type === KEEPS_NOTHING))
    return {
      ok: false,
      mistake: `ends with ${KEEPS_NOTHING}, whose picture is kept nowhere: end it with SaveImage.`,
    };
  return ends.length === 0
    ? { ok: false, mistake: "has no node that saves a picture: end it with SaveImage." }
    : {
        ok: false,
        mistake: `saves ${ends.length} pictures: name the node whose picture counts "Placard" (right click, Title).`,
      };
}

/** Its picture goes over its own socket alone, and is in no history. */
const KEEPS_NOTHING = "SaveImageWebsocket";

/** Nodes that take the steps, not those that only name a sampler. */
const isSampler = (classType: string): boolean =>
  /sampler/i.test(classType) && !/select/i.test(classType) && !/^sampler(?!custom)/i.test(classType);

/** Those the output depends on, in the order they run. */
function samplersBefore(file: File, output: string): readonly string[] {
  const seen = new Set<string>();
  const order: string[] = [];
  const visit = (id: string): void => {
    const node = file[id];
    if (!node || seen.has(id)) return;
    seen.add(id);
    for (const value of Object.values(node.inputs)) {
      const link = linkOf(value);
      if (link) visit(link[0]);
    }
    if (isSampler(node.class_type)) order.push(id);
  };
  visit(output);
  return order;
}

function modelNameIn(file: File): string {
  for (const name of ["unet_name", "ckpt_name", "model_name"])
    for (const { inputs } of Object.values(file)) {
      const value = inputs[name];
      if (typeof value === "string") return `${value}, own workflow`;
    }
  return "own workflow";
}

function numberIn(file: File, input: "steps" | "guidance"): number | undefined {
  const found = Object.values(file).map(({ inputs }) => inputs[input]);
  return found.find((value) => typeof value === "number");
}

function filled(file: File, input: GraphInput, output: string): Graph {
  const values = valuesFor(input);
  const withLora = values.lora !== undefined;
  const graph: Record<string, GraphNode> = {};
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

function valuesFor({ request, loras = [], image }: GraphInput): Values {
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
    image,
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
