import { z } from "zod";
import { parseForeignJson } from "../../lib/foreign-json.ts";
import { BackendError } from "../../ports/backend.ts";
import { type BackendSentence, forOperator, sentence } from "../../ports/backend-sentence.ts";
import type { HttpAnswer } from "../shared/http.ts";
import { isOutOfMemory } from "../shared/memory-words.ts";
import { NAME, NO_API_TEXT } from "./known.ts";

const bodySchema = z.object({
  error: z.string().optional().catch(undefined),
  detail: z.string().optional().catch(undefined),
  errors: z.string().optional().catch(undefined),
});

/** What these servers say beyond the status. Their texts hold prompts and paths, so none is passed on. */
export function explain({ status, bytes }: HttpAnswer): BackendError | undefined {
  const because = (
    code: BackendError["code"],
    message: string,
    memberText?: BackendSentence,
    elsewhere?: boolean,
  ): BackendError =>
    new BackendError(NAME, code, message, {
      ...(memberText === undefined ? {} : { memberText }),
      ...(elsewhere === undefined ? {} : { elsewhere }),
    });
  const { error = "", detail = "", errors = "" } = told(bytes);
  if (status === 500 && isOutOfMemory(error, errors)) return because("out_of_memory", "ran out of memory");
  if (status === 500 && error === "AttributeError")
    return because("bad_response", "has no model loaded", forOperator(sentence("backend.error.no-model")));
  if (detail === "Sampler not found" || /^Script .* not found/.test(detail))
    return because("rejected", "does not know a sampler or script", sentence("backend.error.too-old.asked"), true);
  if (status === 404 && detail === "Not Found")
    return because("bad_response", "has no such address: started without --api", NO_API_TEXT);
  if (status === 401 || status === 403)
    return because("auth", "refused the sign-in", forOperator(sentence("backend.error.password")));
  return undefined;
}

function told(bytes: Uint8Array): z.output<typeof bodySchema> {
  try {
    return bodySchema.parse(parseForeignJson(new TextDecoder().decode(bytes)));
  } catch {
    return {};
  }
}
