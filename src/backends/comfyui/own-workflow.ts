import { sentence } from "../../ports/backend-sentence.ts";
import {
  type File,
  INSIDE,
  isLoraNode,
  isPlaceholder,
  linkOf,
  PICTURES,
  PLACEHOLDERS,
  type Placeholder,
  parse,
  THROUGH,
  WHOLE,
} from "./own-workflow-file.ts";
import { filled, withoutPictures } from "./own-workflow-fill.ts";
import type { Workflow } from "./workflow.ts";
import { needsOf } from "./workflow-check.ts";

const REQUIRED: readonly Placeholder[] = ["prompt", "seed", "width", "height"];
/** Of one that changes pictures: the size comes from the picture, where it takes none. */
const REQUIRED_TO_EDIT: readonly Placeholder[] = ["prompt", "seed"];
/** The first is of no use without the second. */
const PAIRS: readonly (readonly [Placeholder, Placeholder])[] = [
  ["change", "image"],
  ["image_2", "image"],
  ["image_3", "image_2"],
  ["width", "height"],
  ["height", "width"],
  ["negative", "truecfg"],
  ["lora_scale", "lora"],
  ["variation_seed", "variation"],
  ["variation", "variation_seed"],
];

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
  else if (editsByWords(found) && !Object.hasOwn(withoutPictures(file, ["image_2", "image_3"]), output.node))
    mistakes.push(
      "cannot be run with one picture: what is saved hangs on %image_2% or %image_3%. Let them go into inputs that may be empty.",
    );
  if (mistakes.length > 0 || !output.ok) throw new Error(mistakes.join(" "));
  const has = (name: Placeholder) => found.has(name);
  const edits = editsByWords(found);
  const pictures = PICTURES.filter(has).length;
  const samplers = samplersBefore(file, output.node);
  const model = modelNameIn(file);
  const steps = has("steps") ? undefined : numberIn(file, "steps");
  const guidance = has("cfg") ? undefined : numberIn(file, "guidance");

  return {
    usesModels: false,
    alwaysStartsFromPicture: has("image") && !edits,
    ...(edits ? { edit: pictures, ...(has("width") ? {} : { sizeOfPicture: true as const }) } : {}),
    samplers,
    output: output.node,
    needs: needsOf(file, output.node),
    features: () => ({
      styles: has("lora") ? "listed" : "none",
      loraScale: has("lora_scale"),
      guidance: has("cfg"),
      trueCfg: has("truecfg"),
      negativePrompt: has("negative"),
      variation: has("variation") ? "seed" : has("change") ? "image" : "none",
      initImage: has("change"),
    }),
    // A style's own numbers are nobody's wish; another one is, and must not be taken and ignored.
    lacks(request, style) {
      if (edits && !request.edit) return sentence("backend.lacks.draw");
      if (request.edit && request.edit.keys.length > pictures)
        return sentence("backend.lacks.edit-pictures", { most: pictures });
      return has("steps") || request.steps === style.defaults.steps ? undefined : sentence("backend.lacks.steps");
    },
    graph: (input) => filled(file, input, output.node),
    model: () => model,
    fixed: () => ({ ...(steps === undefined ? {} : { steps }), ...(guidance === undefined ? {} : { guidance }) }),
  };
}

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

/** A picture that no change is said of is not a start: the prompt says what becomes of it. */
const editsByWords = (found: ReadonlySet<string>): boolean => found.has("image") && !found.has("change");

function mistakesIn(found: ReadonlySet<string>): string[] {
  const unknown = [...found].filter((name) => !isPlaceholder(name));
  const known = Object.keys(PLACEHOLDERS).map((name) => `%${name}%`);
  return [
    ...unknown.map((name) => `has "%${name.slice(0, 40)}%", which is not known; known are ${known.join(", ")}.`),
    ...(editsByWords(found) ? REQUIRED_TO_EDIT : REQUIRED)
      .filter((name) => !found.has(name))
      .map(
        (name) =>
          `lacks "%${name}%": write it where the workflow has ${PLACEHOLDERS[name] === "px" ? `the ${name} of the empty latent picture` : PLACEHOLDERS[name]}.`,
      ),
    ...(found.has("change") && found.has("image_2")
      ? ['has both "%change%" and "%image_2%": one starts from a picture, the other changes several by words.']
      : []),
    ...PAIRS.filter(([one, other]) => found.has(one) && !found.has(other)).map(
      ([one, other]) => `has "%${one}%" but no "%${other}%": put both in, or neither.`,
    ),
  ];
}

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
