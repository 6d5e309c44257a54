import type { Family } from "../../families/shared/family.ts";
import { recognise, type SeenFile } from "../../families/shared/recognise.ts";
import type { Api } from "./api.ts";
import type { Lacking } from "./models.ts";
import type { Listed } from "./parts.ts";
import { choicesOf, told } from "./workflow-check.ts";

/** The node that keeps the pictures of an edit apart, and its input. Older ComfyUIs have it with fewer choices, or not at all. */
const NODE = "FluxKontextMultiReferenceLatentMethod";
const INPUT = "reference_latents_method";

/**
 * The files without those of models that were taught a way of keeping pictures apart which this server does not know: they would fail
 * with the first picture. Where it does not say what it knows, all stay.
 *
 * @throws BackendError "offline" and the like, or the signal's reason
 */
export async function withoutUnknownMethods(
  api: Pick<Api, "node">,
  listed: Listed,
  families: readonly Family[],
  signal: AbortSignal,
): Promise<{ readonly listed: Listed; readonly lacking: readonly Lacking[] }> {
  const methodOf = (file: SeenFile) => recognise(file, families)?.kind.edits?.method;
  const taught = [...listed.diffusion, ...listed.checkpoints].filter((file) => methodOf(file) !== undefined);
  const known = taught.length === 0 ? undefined : await methodsKnown(api, signal);
  if (known === undefined) return { listed, lacking: [] };
  const isUnknown = (file: SeenFile) => {
    const method = methodOf(file);
    return method !== undefined && !known.includes(method);
  };
  const isKnown = (file: SeenFile) => !isUnknown(file);
  return {
    listed: { ...listed, diffusion: listed.diffusion.filter(isKnown), checkpoints: listed.checkpoints.filter(isKnown) },
    lacking: taught.filter(isUnknown).flatMap((file): readonly Lacking[] => {
      const found = recognise(file, families);
      if (!found) return [];
      const step = `Update ComfyUI for ${found.kind.title}: its node ${NODE} does not know ${methodOf(file) ?? ""} yet.`;
      return [{ family: found.family, file: file.name, nextSteps: [step] }];
    }),
  };
}

async function methodsKnown(api: Pick<Api, "node">, signal: AbortSignal): Promise<readonly string[] | undefined> {
  const info = await told(api, NODE, signal);
  if (info === undefined) return undefined;
  return info === "absent" ? [] : choicesOf(info.input?.required?.[INPUT]);
}
