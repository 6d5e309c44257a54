import type { Style } from "../../domain/style.ts";
import type { Health, Inspection } from "../../ports/backend.ts";
import { loraFileOf, loraSteps } from "../shared/lora-advice.ts";
import { sameFile } from "../shared/same-file.ts";
import { probeProviders } from "./engine/engine.ts";
import type { FolderLook } from "./model-folder.ts";
import { NAME } from "./name.ts";
import type { ProviderChoice } from "./settings.ts";

interface Looked {
  readonly look: FolderLook;
  readonly health: Promise<Health>;
  readonly loras: readonly string[];
  readonly styles: readonly Style[];
  readonly provider: ProviderChoice;
}

const KINDS = { flux: "FLUX", sd: "Stable Diffusion", sdxl: "SDXL" } as const;

/** Everything for the operator: the folder file by file, and what of this machine can compute it. The model itself is not loaded. */
export async function inspectionOf(
  { look, health, loras, styles, provider }: Looked,
  signal: AbortSignal,
): Promise<Inspection> {
  const { version, steps } = await machine(provider, signal);
  return {
    health: await health,
    version,
    models: look.ok ? [`${look.folder.name} (${KINDS[look.folder.kind]})`] : [],
    loras,
    nextSteps: [
      ...(look.ok ? [] : look.problems.map((problem) => `In ONNX_MODEL_DIR: ${problem}.`)),
      ...steps,
      ...loraSteps(
        NAME,
        styles,
        (reference) => sameFile(loras, reference) !== undefined,
        (reference) => `put ${loraFileOf(reference)} into ONNX_LORA_DIR`,
      ),
    ],
  };
}

async function machine(
  provider: ProviderChoice,
  signal: AbortSignal,
): Promise<{ readonly version: string; readonly steps: readonly string[] }> {
  try {
    const { found, version } = await probeProviders(provider, signal);
    const before = found.failed.map((each) => `${each.provider} does not work here (${each.why})`);
    return {
      version: [`ONNX Runtime ${version} on ${found.provider}`, ...before].join("; "),
      steps: [],
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : "it does not answer";
    return {
      version: "ONNX Runtime does not work here",
      steps: [
        provider === "auto"
          ? `ONNX Runtime cannot be used on this machine (${why}). Run npm ci in Placard's folder; it needs Linux with glibc 2.28 or newer, Windows, or a Mac with Apple's own processor.`
          : `ONNX_PROVIDER=${provider} does not work here (${why}). Leave ONNX_PROVIDER empty, and the first that works is taken.`,
      ],
    };
  }
}
