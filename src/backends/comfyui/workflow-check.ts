import { BackendError } from "../../ports/backend.ts";
import { forOperator, sentence } from "../../ports/backend-sentence.ts";
import { sameFile } from "../shared/same-file.ts";
import type { Api } from "./api.ts";
import type { Choice } from "./models.ts";
import type { NodeInfo } from "./wire.ts";

/** A node of the operator's own workflow, with what stands in it as it is: placeholders and links are left out. */
export interface NodeNeed {
  readonly id: string;
  readonly classType: string;
  readonly texts: Readonly<Record<string, string>>;
  /** The picture that counts comes from it. */
  readonly isOutput: boolean;
}

const SAID_MAX = 12;
const PLACEHOLDER = /^%[a-z_]+\d?%$/;

/** What a workflow in API format needs. */
export const needsOf = (
  nodes: Readonly<Record<string, { readonly class_type: string; readonly inputs: Readonly<Record<string, unknown>> }>>,
  output: string,
): readonly NodeNeed[] =>
  Object.entries(nodes).map(([id, { class_type, inputs }]) => ({
    id,
    classType: class_type,
    isOutput: id === output,
    texts: Object.fromEntries(
      Object.entries(inputs).flatMap(([name, value]) =>
        typeof value === "string" && !PLACEHOLDER.test(value) ? [[name, value] as const] : [],
      ),
    ),
  }));

/**
 * Whether this server can run the workflow, by what it says about its own nodes: before the first picture is asked for, not
 * by its failure. `undefined`: nothing stands against it, as far as the server tells.
 *
 * @throws BackendError "offline" and the like, or the signal's reason
 */
export async function workflowChoice(
  api: Pick<Api, "node">,
  needs: readonly NodeNeed[],
  signal: AbortSignal,
): Promise<Choice | undefined> {
  const classes = [...new Set(needs.map(({ classType }) => classType))];
  const known = new Map(await Promise.all(classes.map(async (name) => [name, await told(api, name, signal)] as const)));
  const absent = classes.filter((name) => known.get(name) === "absent");
  const files = needs.flatMap((need) => filesLacking(need, known.get(need.classType)));
  const silent = needs.filter((need) => need.isOutput && savesNothing(known.get(need.classType)));
  const steps = [
    ...absent.map(
      (name) =>
        `COMFYUI_WORKFLOW uses the node ${name}, which this ComfyUI does not have: install the custom nodes it comes from, or update ComfyUI, and restart it.`,
    ),
    ...files,
    ...silent.map(
      ({ id, classType }) =>
        `COMFYUI_WORKFLOW takes its picture from node ${id}, a ${classType}, which is no output there: end it with SaveImage.`,
    ),
  ];
  if (steps.length === 0) return undefined;
  const lacks = absent.length > 0 || silent.length > 0 ? "backend.error.workflow-node" : "backend.error.workflow-file";
  return { ok: false, reason: forOperator(sentence(lacks)), nextSteps: steps.slice(0, SAID_MAX) };
}

/** `undefined`: it does not say; older and restricted servers have no such page. */
export async function told(
  api: Pick<Api, "node">,
  name: string,
  signal: AbortSignal,
): Promise<NodeInfo | "absent" | undefined> {
  try {
    return (await api.node(name, signal)) ?? "absent";
  } catch (error) {
    signal.throwIfAborted();
    const away = error instanceof BackendError && (error.code === "offline" || error.code === "auth");
    if (away) throw error;
    return undefined;
  }
}

const savesNothing = (info: NodeInfo | "absent" | undefined): boolean =>
  info !== undefined && info !== "absent" && info.output_node === false;

function filesLacking({ id, classType, texts }: NodeNeed, info: NodeInfo | "absent" | undefined): readonly string[] {
  if (info === undefined || info === "absent") return [];
  const inputs = { ...info.input?.required, ...info.input?.optional };
  return Object.entries(texts).flatMap(([input, value]) => {
    const listed = choicesOf(inputs[input]);
    if (listed === undefined || listed.includes(value)) return [];
    const meant = sameFile(listed, value);
    const instead = meant === undefined ? "" : ` It has ${meant}: write that.`;
    return [
      `COMFYUI_WORKFLOW names ${shown(value)} in node ${id} (${classType}, ${input}), which this ComfyUI does not have: put the file there, or choose another one and export the workflow again.${instead}`,
    ];
  });
}

/** `[["a", "b"], …]`, newer `["COMBO", { options: ["a", "b"] }]`; `undefined`: no list. */
export function choicesOf(spec: unknown): readonly string[] | undefined {
  if (!Array.isArray(spec)) return undefined;
  const [type, more]: readonly unknown[] = spec;
  // Pictures in its input folder come and go; it looks itself.
  if (typeof more === "object" && more !== null && "image_upload" in more) return undefined;
  const list = type === "COMBO" && typeof more === "object" && more !== null && "options" in more ? more.options : type;
  return Array.isArray(list) ? list.filter((each) => typeof each === "string") : undefined;
}

const shown = (value: string): string => (value.length <= 80 ? value : `${value.slice(0, 80)}…`);
