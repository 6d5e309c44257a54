import type { Style } from "../../domain/style.ts";
import type { Health, Inspection } from "../../ports/backend.ts";
import { familySteps, familyThere } from "../shared/family-advice.ts";
import { loraFileOf, loraSteps } from "../shared/lora-advice.ts";
import { modelNamed } from "../shared/server-model.ts";
import { upscalerText } from "../shared/upscaler-advice.ts";
import { type Capabilities, loraPathOf, NAME, upscalerOf } from "./wire.ts";

/** Everything for the operator, from one look at the server. `found` is absent where there was no answer. */
export function inspectionOf(
  health: Health,
  latencyMs: number,
  found: Capabilities | undefined,
  styles: readonly Style[],
): Inspection {
  if (!found)
    return {
      health,
      models: [],
      loras: [],
      nextSteps: [
        "Start sd-server (from stable-diffusion.cpp) and see that SDCPP_URL is the address it prints, e.g. http://127.0.0.1:1234. Behind a proxy that asks for a password: http://user:password@host.",
      ],
    };
  const upscaler = upscalerOf(found);
  const paths = found.loras.map(({ path }) => path);
  return {
    health,
    version: "sd-server",
    latencyMs,
    models: [found.model.name],
    families: familyThere(NAME, styles, modelNamed(found.model.name), found.model.name),
    loras: paths,
    ...(upscaler === undefined ? {} : { upscaler: upscalerText(upscaler) }),
    nextSteps: [
      ...modelSteps(found),
      ...familySteps(NAME, styles, modelNamed(found.model.name)),
      ...loraSteps(
        NAME,
        styles,
        (reference) => loraPathOf(found, reference) !== undefined,
        (reference) =>
          `put ${loraFileOf(reference)} into the folder that sd-server was started with (--lora-model-dir)`,
      ),
    ],
  };
}

function modelSteps({ supported_modes, model }: Capabilities): readonly string[] {
  if (!supported_modes.includes("img_gen"))
    return [
      "Start sd-server with a picture model: --diffusion-model flux1-dev-Q4_0.gguf and its --vae, --clip_l, --t5xxl.",
    ];
  const found = modelNamed(model.name);
  if (!found)
    return [`The model ${model.name} is none that Placard knows by its name: it gets the numbers of FLUX.1 dev.`];
  if (!found.kind.draws)
    return [`The model ${model.name} is ${found.kind.title}, which does not draw from words alone: start another one.`];
  return [];
}
