import { z } from "zod";
import { type Folder, type InputKind, NODE_CLASSES } from "./nodes.ts";

export const graphSchema = z.record(
  z.string(),
  z.strictObject({
    class_type: z.string().optional(),
    inputs: z.record(z.string(), z.unknown()),
    _meta: z.unknown().optional(),
  }),
);
export type FakeGraph = z.output<typeof graphSchema>;

interface Mistake {
  readonly type: string;
  readonly message: string;
  readonly details: string;
  readonly extra_info: Readonly<Record<string, unknown>>;
}
interface NodeError {
  readonly errors: readonly Mistake[];
  readonly dependent_outputs: readonly string[];
  readonly class_type: string;
}
export type Checked =
  | { readonly ok: true; readonly outputs: readonly string[]; readonly nodeErrors: Record<string, NodeError> }
  | { readonly ok: false; readonly error: Mistake; readonly nodeErrors: Record<string, NodeError> };

export interface Shelf {
  readonly files: Readonly<Record<Folder, readonly string[]>>;
  readonly hasUpload: (name: string) => boolean;
}

const mistake = (type: string, message: string, details: string, extra: Mistake["extra_info"] = {}): Mistake => ({
  type,
  message,
  details,
  extra_info: extra,
});

/** As execution.py's validate_prompt does, and stricter: the real one takes no notice of inputs it does not know. */
export function checkGraph(graph: FakeGraph, shelf: Shelf): Checked {
  const refuse = (type: string, message: string, details: string): Checked => ({
    ok: false,
    error: mistake(type, message, details),
    nodeErrors: {},
  });
  for (const [id, { class_type }] of Object.entries(graph)) {
    if (class_type === undefined)
      return refuse(
        "invalid_prompt",
        "Cannot execute because a node is missing the class_type property.",
        `Node ID '#${id}'`,
      );
    if (!Object.hasOwn(NODE_CLASSES, class_type))
      return refuse("invalid_prompt", `Cannot execute because node ${class_type} does not exist.`, `Node ID '#${id}'`);
  }
  const outputs = Object.keys(graph).filter((id) => classOf(graph, id).isOutput);
  if (outputs.length === 0) return refuse("prompt_no_outputs", "Prompt has no outputs", "");
  const found = new Map<string, readonly Mistake[]>();
  const good = outputs.filter((id) => isSound(graph, id, shelf, found));
  const nodeErrors = Object.fromEntries(
    [...found]
      .filter(([, errors]) => errors.length > 0)
      .map(([id, errors]) => [id, { errors, dependent_outputs: outputs, class_type: graph[id]?.class_type ?? "" }]),
  );
  if (good.length > 0) return { ok: true, outputs: good, nodeErrors };
  const error = mistake("prompt_outputs_failed_validation", "Prompt outputs failed validation", "");
  return { ok: false, error, nodeErrors };
}

export const classOf = (graph: FakeGraph, id: string) => NODE_CLASSES[graph[id]?.class_type ?? ""]!;

export const linkIn = (value: unknown): readonly [string, number] | undefined =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === "string" && typeof value[1] === "number"
    ? [value[0], value[1]]
    : undefined;

/** Its own inputs and all it depends on. */
function isSound(graph: FakeGraph, id: string, shelf: Shelf, found: Map<string, readonly Mistake[]>): boolean {
  const known = found.get(id);
  if (known) return known.length === 0;
  const { required, optional = {} } = classOf(graph, id);
  const inputs = graph[id]?.inputs ?? {};
  const kinds = { ...required, ...optional };
  const mistakes: Mistake[] = [];
  let sources = true;
  for (const name of Object.keys(inputs))
    if (!Object.hasOwn(kinds, name)) mistakes.push(mistake("fake_unknown_input", "No such input", name));
  for (const [name, kind] of Object.entries(kinds)) {
    const value = inputs[name];
    if (value === undefined) {
      if (Object.hasOwn(required, name))
        mistakes.push(mistake("required_input_missing", "Required input is missing", name, { input_name: name }));
    } else if (Array.isArray(value)) {
      const wrong = linkMistake(graph, name, kind, value);
      if (wrong) mistakes.push(wrong);
      else if (!isSound(graph, String(value[0]), shelf, found)) sources = false;
    } else {
      const wrong = valueMistake(name, kind, value, shelf);
      if (wrong) mistakes.push(wrong);
    }
  }
  found.set(id, mistakes);
  return mistakes.length === 0 && sources;
}

function linkMistake(graph: FakeGraph, name: string, kind: InputKind, value: unknown[]): Mistake | undefined {
  const link = linkIn(value);
  const extra = { input_name: name, received_value: value };
  if (!link) return mistake("bad_linked_input", "Bad linked input, must be a length-2 list", name, extra);
  const type = graph[link[0]] && classOf(graph, link[0]).outputs[link[1]];
  if (type === undefined)
    return mistake("exception_during_inner_validation", "Exception when validating inner node", "tuple index", extra);
  const wanted = kind.of === "link" ? kind.type : kind.of;
  return type === wanted
    ? undefined
    : mistake(
        "return_type_mismatch",
        "Return type mismatch between linked nodes",
        `${name}, received_type(${type}) mismatch input_type(${wanted})`,
        extra,
      );
}

function valueMistake(name: string, kind: InputKind, value: unknown, shelf: Shelf): Mistake | undefined {
  const extra = { input_name: name, received_value: value };
  const notIn = (values: readonly string[]) =>
    typeof value === "string" && values.includes(value)
      ? undefined
      : mistake(
          "value_not_in_list",
          "Value not in list",
          `${name}: '${value}' not in ${JSON.stringify(values)}`,
          extra,
        );
  switch (kind.of) {
    case "link":
      return mistake("bad_linked_input", "Bad linked input, must be a length-2 list", name, extra);
    case "STRING":
      return typeof value === "string"
        ? undefined
        : mistake("invalid_input_type", "Failed to convert an input value to a STRING value", name, extra);
    case "INT":
    case "FLOAT": {
      const number = typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
      if (typeof number !== "number" || (kind.of === "INT" && !Number.isInteger(number)))
        return mistake("invalid_input_type", `Failed to convert an input value to a ${kind.of} value`, name, extra);
      if (number < kind.min)
        return mistake("value_smaller_than_min", `Value ${number} smaller than min of ${kind.min}`, name, extra);
      return number > kind.max
        ? mistake("value_bigger_than_max", `Value ${number} bigger than max of ${kind.max}`, name, extra)
        : undefined;
    }
    case "list":
      return notIn(kind.values);
    case "files":
      return notIn([...shelf.files[kind.folder], ...(kind.folder === "vae" ? ["taef1", "pixel_space"] : [])]);
    case "upload":
      return typeof value === "string" && shelf.hasUpload(value)
        ? undefined
        : mistake(
            "custom_validation_failed",
            "Custom validation failed for node",
            `${name} - Invalid image file`,
            extra,
          );
  }
}
