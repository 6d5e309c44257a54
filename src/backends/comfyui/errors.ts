import { parseForeignJson } from "../../lib/foreign-json.ts";
import { BackendError } from "../../ports/backend.ts";
import { type BackendSentence, forOperator, sentence } from "../../ports/backend-sentence.ts";
import type { HttpAnswer } from "../shared/http.ts";
import { isOutOfMemory } from "../shared/memory-words.ts";
import { isContentRefusal } from "../shared/refusal-words.ts";
import { type HistoryEntry, nodeErrorsSchema, refusalSchema } from "./wire.ts";

export const NAME = "comfyui";

/** Of a 400 with ComfyUI's own words; `undefined`: some other server's 400. Only types and input names are read: texts hold paths. */
export function refusalOf(answer: HttpAnswer): BackendError | undefined {
  if (answer.status !== 400) return undefined;
  try {
    const body = refusalSchema.safeParse(parseForeignJson(new TextDecoder().decode(answer.bytes)));
    return body.success && body.data.error ? refused(body.data.error.type, body.data.node_errors) : undefined;
  } catch {
    return undefined;
  }
}

/** Another backend, or another host of this one, may have what is missing here. */
export function refused(type: string, nodeErrors: unknown): BackendError {
  const nodes = nodeErrorsSchema.safeParse(nodeErrors);
  const found = nodes.success
    ? Object.values(nodes.data).flatMap(({ class_type, errors }) =>
        errors.map((error) => ({ type: error.type, input: error.extra_info?.input_name ?? "", classType: class_type })),
      )
    : [];
  const told = found.map((each) => `${plain(each.classType)}.${plain(each.input)}: ${plain(each.type)}`).slice(0, 5);
  const absent = found.find((each) => each.type === "value_not_in_list");
  return new BackendError(NAME, "rejected", `refused the graph (${[plain(type), ...told].join("; ")})`, {
    elsewhere: true,
    memberText: absent ? absentText(absent.input) : refusedText(type),
  });
}

const absentText = (input: string): BackendSentence =>
  input === "lora_name"
    ? sentence("backend.error.style-missing")
    : forOperator(sentence("backend.error.workflow-file"));

const refusedText = (type: string): BackendSentence =>
  forOperator(
    type === "invalid_prompt" ? sentence("backend.error.workflow-node") : sentence("backend.error.workflow-refused"),
  );

/** Of a finished entry that is no success. */
export function failureOf(entry: HistoryEntry): BackendError {
  const said = (type: string) => entry.status?.messages.find(([name]) => name === type)?.[1];
  if (said("execution_interrupted")) return stopped();
  const error = said("execution_error");
  const type = plain(error?.exception_type ?? "unknown");
  const message = `broke off in ${plain(error?.node_type ?? "a node")}: ${type}`;
  if (isOutOfMemory(error?.exception_type, error?.exception_message))
    return new BackendError(NAME, "out_of_memory", message);
  if (isContentRefusal(error?.exception_message ?? "")) return new BackendError(NAME, "moderated", message);
  if (/UnidentifiedImage/.test(type))
    return new BackendError(NAME, "rejected", message, {
      memberText: sentence("backend.error.start-unreadable"),
    });
  return new BackendError(NAME, "bad_response", message, {
    memberText: forOperator(sentence("backend.error.workflow")),
  });
}

const stopped = (): BackendError =>
  new BackendError(NAME, "stopped", "the job was removed or interrupted there, not by us");

/** Names of types, nodes and inputs; anything longer or stranger may be a path or a prompt. */
const plain = (name: string): string => (/^[\w. -]{1,80}$/.test(name) ? name : "…");
