import { z } from "zod";
import { seedSchema, usedLoras } from "../../domain/recipe.ts";
import { parseForeignJson } from "../../lib/foreign-json.ts";
import { BackendError, type BackendEvent } from "../../ports/backend.ts";
import { sentence } from "../../ports/backend-sentence.ts";
import { bytesOfBase64 } from "../shared/base64.ts";
import { parseJson } from "../shared/http.ts";
import { NAME } from "./known.ts";
import type { Wanted } from "./request.ts";

const answerSchema = z.object({ images: z.array(z.string()).nullish(), info: z.unknown().optional() });
const infoSchema = z.object({
  seed: z.number().optional().catch(undefined),
  sd_model_name: z.string().nullish().catch(undefined),
  extra_generation_params: z.record(z.string(), z.unknown()).optional().catch(undefined),
});

/** JSON as a string, or the object itself. Forks leave it out or write prose: the picture is there all the same. */
function infoIn(info: unknown): z.output<typeof infoSchema> {
  try {
    return infoSchema.parse(typeof info === "string" ? parseForeignJson(info) : info);
  } catch {
    return {};
  }
}

type Image = Omit<Extract<BackendEvent, { readonly type: "image" }>, "notes" | "usedMs">;

/**
 * The picture of a synchronous answer, and that it is the one asked for: these servers leave out a LoRA or a model they do
 * not find, without a word.
 */
export function imageOf(bytes: Uint8Array, wanted: Pick<Wanted, "request" | "loras" | "model">): Image {
  const { images, info } = parseJson(NAME, answerSchema, bytes);
  const picture = bytesOfBase64(images?.[0] ?? "");
  if (picture === undefined)
    throw new BackendError(NAME, "bad_response", "answered without a picture", {
      memberText: sentence("backend.error.no-picture-made"),
    });
  const told = infoIn(info);
  checkModel(told.sd_model_name ?? undefined, wanted.model);
  const used = wanted.loras.map(({ name, scale }) => {
    const hash = checkedHash(told.extra_generation_params, name);
    return { reference: name, scale, ...(hash ? { hash } : {}) };
  });
  const seed = seedSchema.safeParse(told.seed);
  return {
    type: "image",
    bytes: picture,
    seed: seed.success ? seed.data : wanted.request.seed,
    model: told.sd_model_name ?? "unknown model",
    ...usedLoras(used),
  };
}

/** `flux1-dev.safetensors [abc]` and `flux/flux1-dev` are one model. */
export const modelStem = (name: string): string =>
  name
    .replace(/\s*\[[^\]]*\]\s*$/, "")
    .replace(/^.*[/\\]/, "")
    .replace(/\.(safetensors|sft|ckpt|gguf)$/i, "");

function checkModel(used: string | undefined, wanted: string | undefined): void {
  // Who does not say which model it used is not known to have used another.
  if (wanted === undefined || used === undefined || modelStem(used) === modelStem(wanted)) return;
  throw new BackendError(NAME, "bad_response", "used another model than WEBUI_MODEL", {
    memberText: sentence("backend.error.other-model"),
  });
}

/** The LoRA's hash, empty where only its name is told. @throws BackendError where it was left out */
function checkedHash(params: Readonly<Record<string, unknown>> | undefined, lora: string): string | undefined {
  // Without any list of what was used, nothing says that the LoRA was not.
  if (params === undefined) return undefined;
  // A1111 and Forge: "Lora hashes", "name: hash, …" with : and , taken out of names. SD.Next: "LoRA networks", names.
  const entries = Object.entries(params)
    .filter(([key, value]) => /^lora (hashes|networks)$/i.test(key) && typeof value === "string")
    .flatMap(([, value]) => String(value).split(", "));
  const name = lora.replace(/[:,]/g, "");
  const found = entries.find((entry) => entry === lora || entry === name || entry.startsWith(`${name}: `));
  if (found === undefined) throw leftOut(lora);
  return found.startsWith(`${name}: `) ? found.slice(name.length + 2) : "";
}

export const leftOut = (lora: string) =>
  new BackendError(NAME, "bad_response", "left the LoRA out", {
    memberText: sentence("backend.error.left-out", { file: lora }),
  });
