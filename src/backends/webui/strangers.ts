import { z } from "zod";
import { parseForeignJson } from "../../lib/foreign-json.ts";
import type { BackendError } from "../../ports/backend.ts";
import { type BackendSentence, forOperator, sentence } from "../../ports/backend-sentence.ts";
import type { Http } from "../shared/http.ts";

/** Another program at the address, by what it alone answers. Some of them have a part of this API, which is not enough. */
export interface Stranger {
  readonly name: string;
  readonly path: string;
  readonly answers: z.ZodType;
  /** For the operator. */
  readonly nextStep: string;
  readonly told: BackendSentence;
}

const stranger = (name: string, path: string, answers: z.ZodType, nextStep: string) => ({
  name,
  path,
  answers,
  nextStep,
  told: forOperator(sentence("backend.webui.stranger", { program: name })),
});

/** KoboldCpp answers as ComfyUI does, too. */
const STRANGERS: readonly Stranger[] = [
  stranger(
    "sd-server",
    "/sdcpp/v1/capabilities",
    z.object({ supported_modes: z.array(z.string()) }),
    "That is sd-server of stable-diffusion.cpp: write its address into SDCPP_URL instead of WEBUI_URL.",
  ),
  stranger(
    "KoboldCpp",
    "/.well-known/serviceinfo",
    z.object({ software: z.object({ name: z.literal("KoboldCpp") }) }),
    "That is KoboldCpp, which answers only a part of this API: start sd-server (SDCPP_URL), ComfyUI or Forge with the same model.",
  ),
  stranger(
    "ComfyUI",
    "/system_stats",
    z.object({ system: z.object({ comfyui_version: z.string() }) }),
    "That is ComfyUI: write its address into COMFYUI_URL instead of WEBUI_URL.",
  ),
  stranger(
    "InvokeAI",
    "/api/v1/app/version",
    z.object({ version: z.string() }),
    "That is InvokeAI, whose own API Placard does not speak: start Forge, SD.Next or ComfyUI.",
  ),
];

const LOOK_MS = 5000;
const ANSWER_MAX_BYTES = 256 * 1024;

/** Who it is that answers, where it is known; `undefined`: nobody known. Asks only what is told apart by it. */
export async function strangerAt(http: Http, signal: AbortSignal): Promise<Stranger | undefined> {
  for (const each of STRANGERS) {
    const answer = await http.send({ path: each.path, signal, timeoutMs: LOOK_MS, maxBytes: ANSWER_MAX_BYTES });
    if (answer.status === 200 && each.answers.safeParse(jsonIn(answer.bytes)).success) return each;
  }
  return undefined;
}

/** What the operator does about a failure that `strangerAt` explains. */
export const strangersStep = ({ memberText }: BackendError): string | undefined =>
  STRANGERS.find(({ told }) => told === memberText)?.nextStep;

function jsonIn(bytes: Uint8Array): unknown {
  try {
    return parseForeignJson(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
