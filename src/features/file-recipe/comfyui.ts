import { z } from "zod";
import { type Graph, type GraphNode, graphIn } from "./comfyui-graph.ts";
import { digitsIn, factOf, lorasInPrompt, numberIn, type Told, type ToldLora } from "./told.ts";

// A graph says nothing of a prompt: it is found by following the links of the node that samples.

const linkSchema = z.tuple([z.union([z.string(), z.number()]), z.int().min(0)]);
interface Link {
  readonly node: GraphNode;
  readonly id: string;
  /** Which of its outputs. */
  readonly slot: number;
}
/** Of one search. Graphs may turn in circles. */
const VISITS_MAX = 1000;
const TEXT_INPUTS =
  "text t5xxl text_g clip_g text_l clip_l prompt positive positive_prompt populated_text wildcard_text string value".split(
    " ",
  );
const LORAS_MAX = 20;

/** `undefined`: no graph, or one without anything of a picture. */
export function readComfyui(value: unknown): Told | undefined {
  const graph = graphIn(value);
  if (!graph) return undefined;
  const sampler = samplerOf(graph);
  return sampler ? toldBy(graph, sampler) : withoutSampler(graph);
}

/** Custom nodes sample under any name: by their inputs it is known. One that begins with noise alone goes before one that goes on. */
function samplerOf(graph: Graph): GraphNode | undefined {
  const samplers = [...graph.values()].filter(({ type, inputs }) => {
    const conditioned = "positive" in inputs || "guider" in inputs;
    return conditioned && ("seed" in inputs || "noise_seed" in inputs || "noise" in inputs || /sampler/iu.test(type));
  });
  const whole = ({ inputs }: GraphNode) => numberIn(inputs["denoise"] ?? 1) === 1;
  return samplers.find(whole) ?? samplers[0];
}

function toldBy(graph: Graph, sampler: GraphNode): Told {
  const follow = linksIn(graph);
  const input = (name: string, node = sampler) => resolved(follow, node, name);
  const guider = follow(sampler, "guider")?.node;
  const conditioned = guider ?? sampler;
  const positive = textBehind(follow, conditioned, "positive" in conditioned.inputs ? "positive" : "conditioning");
  const negative = "negative" in conditioned.inputs ? textBehind(follow, conditioned, "negative") : undefined;
  const scheduling = follow(sampler, "sigmas")?.node;
  const noise = follow(sampler, "noise")?.node;
  const cfg = numberIn(input("cfg", conditioned) ?? input("guidance", conditioned));
  const model = modelBehind(follow, sampler, guider);
  const guidance = positive.guidance;
  return {
    program: "ComfyUI",
    prompt: positive.text,
    negative: negative?.text ?? "",
    seed: digitsIn(
      input("seed") ?? input("noise_seed") ?? (noise && (input("noise_seed", noise) ?? input("seed", noise))),
    ),
    steps: numberIn(input("steps") ?? (scheduling && input("steps", scheduling))),
    guidance: guidance ?? cfg,
    trueCfg: guidance === undefined ? undefined : cfg,
    ...sizeBehind(follow, sampler),
    loras: [...model.loras, ...lorasInPrompt(positive.text)].slice(0, LORAS_MAX),
    facts: [
      ...factOf("Sampler", input("sampler_name") ?? samplerName(follow, sampler)),
      ...factOf("Scheduler", input("scheduler") ?? (scheduling && input("scheduler", scheduling))),
      ...factOf("Denoise", numberIn(input("denoise")) === 1 ? undefined : input("denoise")),
      ...factOf("Model", model.name),
    ],
  };
}

/** A graph of one's own nodes: its longest words stand for the prompt. */
function withoutSampler(graph: Graph): Told | undefined {
  const texts = [...graph.values()].flatMap(({ inputs }) =>
    TEXT_INPUTS.flatMap((name) => (typeof inputs[name] === "string" ? [inputs[name]] : [])),
  );
  const [prompt] = texts.toSorted((a, b) => b.length - a.length);
  const types = [...new Set([...graph.values()].map(({ type }) => type))];
  return {
    program: "ComfyUI",
    prompt: prompt ?? "",
    negative: "",
    loras: [],
    facts: [{ name: "Nodes", value: types.join(", ") }],
  };
}

type Follow = (node: GraphNode, input: string) => Link | undefined;

const linksIn =
  (graph: Graph): Follow =>
  ({ inputs }, input) => {
    const link = linkSchema.safeParse(inputs[input]).data;
    const id = String(link?.[0]);
    const node = link && graph.get(id);
    return node && { node, id, slot: link[1] };
  };

/** Every way on from a node; of one that passes both prompts on only that of the output which was asked for. */
function waysFrom(follow: Follow, { node, slot }: Link): readonly Link[] {
  const names = Object.keys(node.inputs).slice(0, 100);
  const both = names.includes("positive") && names.includes("negative");
  const taken = both ? names.filter((name) => name === (slot === 1 ? "negative" : "positive")) : names;
  return taken.flatMap((name) => follow(node, name) ?? []);
}

/** Breadth first: what is nearest counts. */
function* behind(follow: Follow, node: GraphNode, input: string): Generator<Link> {
  const first = follow(node, input);
  const queue = first ? [first] : [];
  const seen = new Set<string>();
  for (let at = 0; at < queue.length && at < VISITS_MAX; at += 1) {
    const link = queue[at];
    if (!link || seen.has(link.id)) continue;
    seen.add(link.id);
    yield link;
    queue.push(...waysFrom(follow, link));
  }
}

interface Words {
  readonly text: string;
  /** Of FLUX, where it stands between the words and the sampler. */
  readonly guidance: number | undefined;
}

function textBehind(follow: Follow, node: GraphNode, input: string): Words {
  const own = node.inputs[input];
  if (typeof own === "string") return { text: own, guidance: undefined };
  let guidance: number | undefined;
  for (const { node: at } of behind(follow, node, input)) {
    guidance ??= numberIn(at.inputs["guidance"]);
    // It stands for no words at all.
    if (at.type === "ConditioningZeroOut") return { text: "", guidance };
    const words = TEXT_INPUTS.map((name) => at.inputs[name]).filter((text) => typeof text === "string" && text !== "");
    const [text] = words;
    if (typeof text === "string") return { text, guidance };
  }
  return { text: "", guidance };
}

/** A value, or the one of the node it is linked to. */
function resolved(follow: Follow, node: GraphNode, input: string): string | number | undefined {
  const own = node.inputs[input];
  if (typeof own === "string" || typeof own === "number") return own;
  for (const { node: at } of behind(follow, node, input))
    for (const name of [input, "seed", "noise_seed", "value", "int", "float", "Number"]) {
      const value = at.inputs[name];
      if (typeof value === "string" || typeof value === "number") return value;
    }
  return undefined;
}

const samplerName = (follow: Follow, sampler: GraphNode): string | number | undefined => {
  const chosen = follow(sampler, "sampler")?.node;
  return chosen && resolved(follow, chosen, "sampler_name");
};

function sizeBehind(follow: Follow, sampler: GraphNode): Pick<Told, "widthPx" | "heightPx"> {
  for (const { node } of behind(follow, sampler, "latent_image" in sampler.inputs ? "latent_image" : "latent")) {
    const widthPx = numberIn(resolved(follow, node, "width"));
    const heightPx = numberIn(resolved(follow, node, "height"));
    if (widthPx !== undefined && heightPx !== undefined) return { widthPx, heightPx };
  }
  return {};
}

function modelBehind(follow: Follow, sampler: GraphNode, guider: GraphNode | undefined) {
  const loras: ToldLora[] = [];
  let name: string | undefined;
  const start = "model" in sampler.inputs || !guider ? sampler : guider;
  for (const { node } of behind(follow, start, "model")) {
    const { inputs } = node;
    const strength = inputs["strength_model"] ?? inputs["strength"];
    if (typeof inputs["lora_name"] === "string") loras.push({ name: inputs["lora_name"], weight: numberIn(strength) });
    loras.push(...stackedLoras(inputs));
    const file = inputs["unet_name"] ?? inputs["ckpt_name"] ?? inputs["model_name"];
    if (typeof file === "string") name ??= file;
  }
  return { loras, name };
}

const stackedSchema = z.object({ on: z.boolean().optional(), lora: z.string(), strength: z.number().optional() });

/** Nodes that take several: each input is one. */
const stackedLoras = (inputs: GraphNode["inputs"]): readonly ToldLora[] =>
  Object.values(inputs)
    .slice(0, 100)
    .flatMap((value) => {
      const lora = stackedSchema.safeParse(value).data;
      return lora && lora.on !== false ? [{ name: lora.lora, weight: lora.strength }] : [];
    });
