/** The Space a fake Gradio server plays: the three generations of the FLUX LoRA gallery (BACKENDS reference, 5). */
export interface GradioApp {
  readonly generation: "newer" | "older" | "libre";
  readonly loras: readonly {
    readonly title: string;
    readonly repo: string;
    readonly trigger_word: string;
    readonly trigger_position?: string;
  }[];
}

export const galleryApp: GradioApp = {
  generation: "newer",
  loras: [
    { title: "RCA", repo: "someone/rca", trigger_word: "RCA style" },
    { title: "Woodcut", repo: "someone/woodcut", trigger_word: "woodcut print", trigger_position: "append" },
    { title: "No words", repo: "someone/none", trigger_word: "" },
  ],
};

interface Slot {
  readonly id: number;
  readonly type: "state" | "textbox" | "slider" | "checkbox" | "image" | "gallery" | "markdown" | "html";
  /** Of the parameter, where the API shows one. */
  readonly name: string;
  readonly min?: number;
  readonly max?: number;
  readonly value?: unknown;
}

const SLOTS: readonly Slot[] = [
  { id: 1, type: "state", name: "selected_index" },
  { id: 2, type: "textbox", name: "prompt" },
  { id: 3, type: "gallery", name: "gallery" },
  { id: 4, type: "textbox", name: "custom_lora" },
  { id: 5, type: "html", name: "custom_lora_info" },
  { id: 6, type: "markdown", name: "selected_info" },
  { id: 7, type: "markdown", name: "progress_bar" },
  { id: 8, type: "image", name: "result" },
  { id: 9, type: "image", name: "image_input" },
  { id: 10, type: "slider", name: "image_strength", min: 0.1, max: 1, value: 0.75 },
  { id: 11, type: "slider", name: "cfg_scale", min: 1, max: 20, value: 3.5 },
  { id: 12, type: "slider", name: "steps", min: 1, max: 50, value: 28 },
  { id: 13, type: "slider", name: "width", min: 256, max: 1536, value: 1024 },
  { id: 14, type: "slider", name: "height", min: 256, max: 1536, value: 1024 },
  { id: 15, type: "checkbox", name: "randomize_seed", value: true },
  { id: 16, type: "slider", name: "seed", min: 0, max: 4_294_967_295, value: 775_370_069 },
  { id: 17, type: "slider", name: "lora_scale", min: 0, max: 1, value: 0.95 },
  { id: 18, type: "textbox", name: "negative_prompt", value: "" },
];

export interface GradioFunction {
  readonly id: number;
  readonly name: string;
  readonly inputs: readonly Slot[];
  readonly outputs: readonly Slot[];
  readonly generator: boolean;
  readonly targets: readonly (readonly [number, string])[];
}

const slots = (...names: readonly string[]): readonly Slot[] =>
  names.map((name) => {
    const found = SLOTS.find((slot) => slot.name === name);
    if (!found) throw new Error(`no component ${name}`);
    return found;
  });

export function functionsOf({ generation }: GradioApp): readonly GradioFunction[] {
  const picture = generation === "newer" ? ["image_input", "image_strength"] : [];
  const negative = generation === "libre" ? ["negative_prompt"] : [];
  const rest = ["cfg_scale", "steps", "selected_index", "randomize_seed", "seed", "width", "height", "lora_scale"];
  return [
    {
      id: 0,
      name: "update_selection",
      inputs: slots("width", "height"),
      outputs: slots("prompt", "selected_info", "selected_index", "width", "height"),
      generator: false,
      targets: [[3, "select"]],
    },
    {
      id: 1,
      name: "add_custom_lora",
      inputs: slots("custom_lora"),
      outputs: slots("custom_lora_info", "selected_info", "selected_index", "prompt"),
      generator: false,
      targets: [[4, "input"]],
    },
    {
      id: 2,
      name: "run_lora",
      inputs: slots("prompt", ...picture, ...rest, ...negative),
      outputs: slots("result", "seed", ...(generation === "newer" ? ["progress_bar"] : [])),
      generator: generation === "newer",
      targets: [[19, "click"]],
    },
  ];
}

/** The answer of `/config`, with what the client library reads; as Gradio 6.31 sends it. */
export function configOf(app: GradioApp, root: string, spaceId: string | null): unknown {
  const components = SLOTS.map(({ id, type, min, max, value }) => ({
    id,
    type,
    props: {
      name: type,
      ...(min === undefined ? {} : { minimum: min, maximum: max }),
      ...(type === "gallery"
        ? { value: app.loras.map(({ title }) => ({ image: fileAt(root, `sample/${title}.webp`), caption: title })) }
        : value === undefined
          ? {}
          : { value }),
    },
    skip_api: type === "state",
    component_class_id: "x",
    key: null,
  }));
  const dependencies = functionsOf(app).map(({ id, name, inputs, outputs, generator, targets }) => ({
    id,
    targets,
    inputs: inputs.map((slot) => slot.id),
    outputs: outputs.map((slot) => slot.id),
    backend_fn: true,
    js: null,
    queue: true,
    api_name: name,
    batch: false,
    cancels: [],
    types: { generator, cancel: false },
    collects_event_data: name === "update_selection",
    trigger_mode: "once",
    api_visibility: "public",
    rendered_in: null,
    connection: "sse",
  }));
  return {
    version: "6.31.0",
    api_prefix: "/gradio_api",
    mode: "blocks",
    app_id: 1,
    connect_heartbeat: true,
    title: "Gradio",
    space_id: spaceId,
    enable_queue: true,
    protocol: "sse_v3",
    components,
    dependencies,
    root,
    username: null,
  };
}

/** The answer of `/gradio_api/info`. */
export function infoOf(app: GradioApp): unknown {
  const component = (type: string) => `${type.charAt(0).toUpperCase()}${type.slice(1)}`;
  const shown = (all: readonly Slot[]) => all.filter(({ type }) => type !== "state");
  return {
    named_endpoints: Object.fromEntries(
      functionsOf(app).map(({ name, inputs, outputs }) => [
        `/${name}`,
        {
          parameters: shown(inputs).map(({ type, name: parameter, value }) => ({
            label: parameter,
            parameter_name: parameter,
            parameter_has_default: value !== undefined,
            parameter_default: value ?? null,
            type: { type: type === "textbox" ? "string" : "number" },
            component: component(type),
          })),
          returns: shown(outputs).map(({ type }) => ({ label: type, type: {}, component: component(type) })),
        },
      ]),
    ),
    unnamed_endpoints: {},
  };
}

export const fileAt = (root: string, name: string, elsewhere?: string) => ({
  path: `/tmp/gradio/${name}`,
  url: elsewhere ? `${elsewhere}/${name}` : `${root}/gradio_api/file=/tmp/gradio/${name}`,
  size: null,
  orig_name: "image.png",
  mime_type: null,
  is_stream: false,
  meta: { _type: "gradio.FileData" },
});

/**
 * What stands against these inputs, in Gradio's words; `null`: an exception it does not tell. `undefined`: nothing.
 * Checked when the job runs, not when it joins; the step of a slider is not looked at.
 */
export function refusalOfInputs(fn: GradioFunction, data: readonly unknown[]): string | null | undefined {
  if (data.length !== fn.inputs.length) return null;
  for (const [at, { type, min, max }] of fn.inputs.entries()) {
    const value = data[at];
    if (type === "slider") {
      if (typeof value !== "number") return null;
      if (max !== undefined && value > max) return `Value ${value} is greater than maximum value ${max}.`;
      if (min !== undefined && value < min) return `Value ${value} is less than minimum value ${min}.`;
    }
    if (type === "textbox" && typeof value !== "string") return null;
    if (type === "checkbox" && typeof value !== "boolean") return null;
    if (type === "image" && value !== null && !isUpload(value)) return null;
  }
  return undefined;
}

const isUpload = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  "path" in value &&
  String(value.path).startsWith("/tmp/gradio/upload/");
