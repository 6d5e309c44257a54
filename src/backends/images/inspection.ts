import type { Style } from "../../domain/style.ts";
import { loraSteps } from "../shared/lora-advice.ts";
import { NAME } from "./wire.ts";

const UNREACHED =
  "Is IMAGES_API_URL the address of the API, with /v1 at its end where its pages say so, and IMAGES_API_KEY a key that still holds?";

/** What the operator can do, from what its list of models says; empty: it has none, or nothing is the matter. */
export function nextSteps(
  seen: {
    readonly isUp: boolean;
    readonly models: readonly string[];
    readonly found: readonly string[];
    readonly takesLora: boolean;
  },
  styles: readonly Style[],
): readonly string[] {
  const { isUp, models, found, takesLora } = seen;
  if (!isUp) return [UNREACHED];
  const unknown = found.length === 0 ? [] : models.filter((model) => !found.includes(model));
  return [
    ...unknown.map(
      (model) => `${model} is not in its list of models: look up its name there and write it into IMAGES_API_MODEL.`,
    ),
    ...(takesLora
      ? loraSteps(NAME, styles, undefined, () => "set it to the address of the LoRA's page on Hugging Face")
      : []),
  ];
}
