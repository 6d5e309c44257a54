import { onTestFinished } from "vitest";
import { readSettings, withoutEmpty } from "../../src/app/settings.ts";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { createHuggingface } from "../../src/backends/huggingface/backend.ts";
import { module } from "../../src/backends/huggingface.ts";
import type { LoadingPatience } from "../../src/backends/shared/huggingface/loading.ts";
import { styleSchema } from "../../src/domain/style.ts";
import type { Backend } from "../../src/ports/backend.ts";
import { sentence } from "../../src/ports/backend-sentence.ts";
import type { BackendServices } from "../../src/ports/module.ts";
import { CANARY } from "../contracts/far-end.ts";
import { openRouter, type RouterFake } from "../fakes/hf-router.ts";
import { moduleServices } from "../fakes/module-services.ts";

const QUICK: LoadingPatience = { waitsMax: 3, pauseMaxMs: 20, pauseMs: 10, why: sentence("backend.error.loading") };
export const BASE = "black-forest-labs/FLUX.1-dev";
export const styleWith = (huggingface: string) =>
  styleSchema.parse({ id: "rca", title: "RCA", trigger: "RCA style", lora: { huggingface } });
export const rca = styleWith("someone/rca");
export const initBytes = tinyPng(256, 256, "start");
/** One of the sizes replicate makes. */
export const poster = { widthPx: 832, heightPx: 1216 };

export type Environment = Readonly<Record<string, string>>;

export function huggingfaceAt(
  server: RouterFake,
  environment: Environment = {},
  world: BackendServices = moduleServices(),
): Backend {
  const settings = readSettings(
    "huggingface",
    module.env,
    withoutEmpty({
      HF_TOKEN: CANARY,
      HF_MODEL: BASE,
      HF_HUB_URL: server.url,
      HF_ROUTER_URL: server.url,
      ...environment,
    }),
  );
  // The border of a test: `readSettings` has just parsed them by the module's own schema.
  const backend = createHuggingface(settings as Parameters<typeof createHuggingface>[0], world, {
    pollEveryMs: 10,
    patience: QUICK,
  });
  if (!backend) throw new Error("it is off");
  return backend;
}

export async function opened(
  environment: Environment = {},
  world: BackendServices = moduleServices({ styles: [rca] }),
) {
  const server = await openRouter({ token: CANARY });
  const backend = huggingfaceAt(server, environment, world);
  onTestFinished(async () => {
    await backend.close();
    await server.close();
  });
  return { server, backend };
}
