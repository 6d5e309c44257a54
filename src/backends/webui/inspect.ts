import { z } from "zod";
import type { Style } from "../../domain/style.ts";
import { BackendError, type Inspection } from "../../ports/backend.ts";
import { sentence } from "../../ports/backend-sentence.ts";
import { familySteps, familyThere } from "../shared/family-advice.ts";
import { downReason } from "../shared/health.ts";
import type { Http } from "../shared/http.ts";
import { loraFileOf, loraSteps } from "../shared/lora-advice.ts";
import { modelNamed } from "../shared/server-model.ts";
import { stemOf, UPSCALER_TO_GET, upscalerText } from "../shared/upscaler-advice.ts";
import { modelStem } from "./answer.ts";
import { type Flavour, findLora, type Known, modelOf, NAME, NO_API_TEXT } from "./known.ts";
import { strangersStep } from "./strangers.ts";

export const TITLES: Readonly<Record<Flavour, string>> = {
  a1111: "Stable Diffusion web UI",
  reforge: "reForge",
  forge: "Forge",
  sdnext: "SD.Next",
};
const LOOK_MS = 8000;
const modelsSchema = z.array(z.object({ title: z.string(), model_name: z.string() }));

/** The checkpoints, as the server's menu names them. @throws BackendError */
export async function modelsOf(http: Http, signal: AbortSignal): Promise<readonly string[]> {
  const models = await http.json(modelsSchema, { path: "/sdapi/v1/sd-models", signal, timeoutMs: LOOK_MS });
  return models.map(({ title }) => title);
}

/** Everything for the operator. Never throws. */
export async function inspectWith(
  deps: {
    readonly http: Http;
    readonly model: string | undefined;
    readonly learn: (signal: AbortSignal) => Promise<Known>;
  },
  styles: readonly Style[],
  signal: AbortSignal,
): Promise<Inspection> {
  try {
    const known = await deps.learn(signal);
    const startedMs = performance.now();
    const models = await modelsOf(deps.http, signal);
    const latencyMs = Math.round(performance.now() - startedMs);
    const chosen = modelOf(known, deps.model);
    return {
      health: hasModel(models, deps.model)
        ? { up: true }
        : { up: false, reason: sentence("backend.error.model-unset") },
      version: TITLES[known.flavour],
      latencyMs,
      models,
      families: familyThere(NAME, styles, modelNamed(chosen), chosen ?? ""),
      loras: known.loras.map(({ name }) => name),
      ...(known.upscaler ? { upscaler: upscalerText(stemOf(known.upscaler.file)) } : {}),
      nextSteps: [
        ...flavourSteps(known),
        ...upscalerSteps(known),
        ...modelSteps(models, deps.model),
        ...familySteps(NAME, styles, modelNamed(chosen)),
        ...loraSteps(
          NAME,
          styles,
          (reference) => findLora(known.loras, reference) !== undefined,
          (reference) =>
            `put the file ${loraFileOf(reference)} into the folder models/Lora of ${TITLES[known.flavour]}`,
        ),
      ],
    };
  } catch (error) {
    return { health: { up: false, reason: downReason(error) }, models: [], loras: [], nextSteps: [nextStepFor(error)] };
  }
}

function upscalerSteps({ flavour, upscaler }: Known): readonly string[] {
  if (upscaler) return [];
  return [
    `Put ${UPSCALER_TO_GET.file} into the folder models/RealESRGAN of ${TITLES[flavour]} (it is at ${UPSCALER_TO_GET.source}, licence ${UPSCALER_TO_GET.licence}), and Upscale is done by a model instead of resampling (optional).`,
  ];
}

function flavourSteps({ flavour }: Known): readonly string[] {
  if (flavour !== "a1111" && flavour !== "reforge") return [];
  const name = flavour === "a1111" ? "This web UI (AUTOMATIC1111)" : "reForge";
  return [
    `${name} has no FLUX: it makes pictures with Stable Diffusion models and their LoRAs only. For FLUX install Forge or SD.Next.`,
  ];
}

/** Whether the one asked for is there; a name it does not know is ignored there without a word. */
export const hasModel = (models: readonly string[], wanted: string | undefined): boolean =>
  wanted === undefined || models.some((title) => modelStem(title) === modelStem(wanted));

function modelSteps(models: readonly string[], wanted: string | undefined): readonly string[] {
  if (wanted === undefined || hasModel(models, wanted)) return [];
  return [
    `WEBUI_MODEL names ${wanted}, which is not there: put the file into the folder models/Stable-diffusion, or name one of: ${models.slice(0, 20).join(", ")}.`,
  ];
}

function nextStepFor(error: unknown): string {
  const strangers = error instanceof BackendError ? strangersStep(error) : undefined;
  if (strangers !== undefined) return strangers;
  if (error instanceof BackendError && error.memberText === NO_API_TEXT)
    return "Add --api to COMMANDLINE_ARGS in its webui-user.bat (Windows) or webui-user.sh, and start it again.";
  if (error instanceof BackendError && error.code === "auth")
    return "Write the name and password of its --api-auth (SD.Next: --auth) into WEBUI_URL: http://name:password@host:7860.";
  return "Start Forge or SD.Next with --api, and see that WEBUI_URL is its address, e.g. http://127.0.0.1:7860.";
}
