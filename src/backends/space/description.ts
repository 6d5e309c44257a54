import { trimEndOf } from "../../lib/text.ts";
import { BackendError } from "../../ports/backend.ts";
import { type BackendSentence, sentence } from "../../ports/backend-sentence.ts";
import type { GradioConfig, GradioInfo } from "./wire.ts";

/** What a parameter of the Space means to us. */
export type Role =
  | "prompt"
  | "negative"
  | "guidance"
  | "trueCfg"
  | "steps"
  | "seed"
  | "randomize"
  | "width"
  | "height"
  | "aspect"
  | "scale"
  | "image"
  /** It drops what is sent there. */
  | "hiddenImage"
  | "strength";

/** By the names that the gallery family and its derivatives use; the first that is there counts. */
const NAMES: Readonly<Record<Exclude<Role, "hiddenImage">, readonly string[]>> = {
  prompt: ["prompt"],
  negative: ["negative_prompt"],
  guidance: ["cfg_scale", "guidance_scale", "guidance", "cfg"],
  trueCfg: ["true_cfg_scale", "true_cfg", "true_guidance_scale"],
  steps: ["steps", "num_inference_steps", "num_steps"],
  seed: ["seed"],
  randomize: ["randomize_seed", "random_seed"],
  width: ["width"],
  height: ["height"],
  aspect: ["aspect_ratio", "aspect", "ratio", "resolution", "image_size"],
  scale: ["lora_scale", "lora_weight", "lora_strength"],
  image: ["image_input", "input_image", "init_image", "image"],
  strength: ["image_strength", "strength", "denoise_strength", "denoising_strength"],
};

interface Parameter {
  readonly name: string;
  /** A slider's or number's bounds, inclusive: the server refuses what is beyond, and does not look at the step. */
  readonly min?: number;
  readonly max?: number;
  /** Of a menu. */
  readonly choices?: readonly string[];
}

export interface Endpoint {
  /** With its slash: "/run_lora". */
  readonly name: string;
  readonly fnIndex: number;
  /** Shows unfinished pictures, and stops when it is cancelled. */
  readonly generator: boolean;
  readonly parameters: ReadonlyMap<Role, Parameter>;
  /** Needed, and unknown to us. */
  readonly unknown: readonly string[];
  /** Where the seed stands among the outputs. */
  readonly seedAt?: number;
}

/** What one Gradio server says it can do, at one moment: it may change with any push to the Space. */
export interface Description {
  readonly gradio: string;
  readonly prefix: string;
  /** Frames after the first say only what changed. */
  readonly differences: boolean;
  readonly spaceId?: string;
  readonly run: Endpoint;
  /** Chooses from the gallery. */
  readonly select?: Endpoint;
  /** Loads a LoRA from the Hub. */
  readonly addCustom?: Endpoint;
  /** Titles of the gallery, in the order of its indices. */
  readonly captions: readonly string[];
}

type Component = GradioConfig["components"][number];
type Dependency = GradioConfig["dependencies"][number] & { readonly id: number };

/** @throws BackendError "bad_response" when nothing there makes a picture from a prompt */
export function describe(backend: string, config: GradioConfig, info: GradioInfo): Description {
  if (!/^sse_v[123]/u.test(config.protocol)) throw unusable(backend, sentence("backend.space.old-gradio"));
  const components = new Map(config.components.map((component) => [component.id, component]));
  const dependencies = config.dependencies.map((each, at): Dependency => ({ ...each, id: each.id ?? at }));
  const named = (name: string) => dependencies.find(({ api_name }) => api_name === name.replace(/^\//u, ""));
  const endpoints = Object.entries(info.named_endpoints).flatMap(([name, { parameters }]) => {
    const dependency = named(name);
    return dependency ? [{ endpoint: endpointOf(name, parameters, dependency, components), dependency }] : [];
  });
  const run = endpoints
    .filter(({ endpoint, dependency }) => endpoint.parameters.has("prompt") && makesPicture(dependency, components))
    .toSorted((a, b) => rank(b.endpoint) - rank(a.endpoint))[0]?.endpoint;
  if (!run) throw unusable(backend, sentence("backend.space.no-picture"));
  const select = endpoints.find(
    ({ endpoint, dependency }) =>
      endpoint.name === "/update_selection" || gallerySelected(dependency, components) !== undefined,
  );
  const gallery = select && gallerySelected(select.dependency, components);
  const addCustom = endpoints.find(({ endpoint }) => endpoint.name === "/add_custom_lora")?.endpoint;
  return {
    gradio: config.version,
    prefix: trimEndOf(config.api_prefix, "/"),
    differences: !config.protocol.startsWith("sse_v1"),
    ...(config.space_id ? { spaceId: config.space_id } : {}),
    run,
    ...(select ? { select: select.endpoint } : {}),
    ...(addCustom ? { addCustom } : {}),
    captions: gallery ? captionsOf(gallery) : [],
  };
}

const unusable = (backend: string, told: BackendSentence) =>
  new BackendError(backend, "bad_response", `cannot be used: ${told.about}`, { memberText: told });

const rank = ({ name, parameters }: Endpoint) => parameters.size + (name === "/run_lora" ? 100 : 0);

function endpointOf(
  name: string,
  parameters: GradioInfo["named_endpoints"][string]["parameters"],
  dependency: Dependency,
  components: ReadonlyMap<number, Component>,
): Endpoint {
  const known = new Map<Role, Parameter>();
  const inputs = inputsOf(dependency, components, parameters.length);
  for (const [role, names] of Object.entries(NAMES) as readonly (readonly [Role, readonly string[]])[]) {
    const at = names
      .map((each) => parameters.findIndex(({ parameter_name }) => parameter_name === each))
      .filter((index) => index >= 0);
    const isHidden = (index: number) => role === "image" && inputs[index]?.props["visible"] === false;
    const found = at.find((index) => !isHidden(index)) ?? at[0];
    const parameter = found === undefined ? undefined : parameters[found];
    if (found === undefined || !parameter?.parameter_name) continue;
    known.set(isHidden(found) ? "hiddenImage" : role, {
      name: parameter.parameter_name,
      ...boundsOf(inputs[found]),
      ...choicesOf(inputs[found]),
    });
  }
  const ours = new Set([...known.values()].map((parameter) => parameter.name));
  const seed = known.get("seed");
  const seedInput = seed && inputs[parameters.findIndex(({ parameter_name }) => parameter_name === seed.name)];
  const seedAt = seedInput ? dependency.outputs.indexOf(seedInput.id) : -1;
  return {
    name,
    fnIndex: dependency.id,
    generator: dependency.types.generator,
    parameters: known,
    unknown: parameters
      .filter(({ parameter_name, parameter_has_default }) => !ours.has(parameter_name ?? "") && !parameter_has_default)
      .map(({ parameter_name }) => parameter_name ?? "one without a name"),
    ...(seedAt < 0 ? {} : { seedAt }),
  };
}

/** The components behind the parameters: all inputs, or all but those the API hides. */
function inputsOf(
  { inputs }: Dependency,
  components: ReadonlyMap<number, Component>,
  count: number,
): readonly (Component | undefined)[] {
  const all = inputs.map((id) => components.get(id));
  if (all.length === count) return all;
  const shown = all.filter((component) => component && component.type !== "state" && component.skip_api !== true);
  // Otherwise no telling which is which: no bounds are better than those of another parameter.
  return shown.length === count ? shown : [];
}

function boundsOf(component: Component | undefined): { readonly min?: number; readonly max?: number } {
  const { minimum: min, maximum: max } = component?.props ?? {};
  return { ...(typeof min === "number" ? { min } : {}), ...(typeof max === "number" ? { max } : {}) };
}

/** What is sent of each choice: they are pairs of what is shown and what is meant. */
function choicesOf(component: Component | undefined): Pick<Parameter, "choices"> {
  const choices = component?.props["choices"];
  if (!Array.isArray(choices)) return {};
  const meant = choices.slice(0, 100).map((each: unknown): unknown => (Array.isArray(each) ? each.at(-1) : each));
  return { choices: meant.filter((each) => typeof each === "string").map((each) => each.slice(0, 100)) };
}

const makesPicture = ({ outputs }: Dependency, components: ReadonlyMap<number, Component>): boolean =>
  outputs.some((id) => /^(image|gallery|imageslider)$/u.test(components.get(id)?.type ?? ""));

/** The gallery whose choice starts this dependency: `targets` holds pairs of component and event. */
function gallerySelected({ targets }: Dependency, components: ReadonlyMap<number, Component>): Component | undefined {
  for (const target of targets) {
    if (!Array.isArray(target)) continue;
    const [id, event]: readonly unknown[] = target;
    const component = typeof id === "number" && event === "select" ? components.get(id) : undefined;
    if (component?.type === "gallery") return component;
  }
  return undefined;
}

/** Entries are `{ image, caption }`; without a caption an entry of the list is left empty, so that indices stay right. */
function captionsOf({ props }: Component): readonly string[] {
  const value = props["value"];
  if (!Array.isArray(value)) return [];
  return value.slice(0, 2000).map((entry: unknown) => {
    const caption =
      typeof entry === "object" && entry !== null && "caption" in entry ? (entry.caption as unknown) : undefined;
    return typeof caption === "string" ? caption.slice(0, 300) : "";
  });
}
