import { onTestFinished } from "vitest";
import { readSettings } from "../../src/app/settings.ts";
import { createEndpoint } from "../../src/backends/endpoint/backend.ts";
import { module } from "../../src/backends/endpoint.ts";
import { tinyPng } from "../../src/backends/fake/png.ts";
import type { LoadingPatience } from "../../src/backends/shared/huggingface/loading.ts";
import { styleSchema } from "../../src/domain/style.ts";
import type { Backend } from "../../src/ports/backend.ts";
import { sentence } from "../../src/ports/backend-sentence.ts";
import type { ModuleServices } from "../../src/ports/module.ts";
import { CANARY } from "../contracts/far-end.ts";
import { openEndpoint } from "../fakes/hf-endpoint.ts";
import { moduleServices } from "../fakes/module-services.ts";

export const QUICK: LoadingPatience = {
  waitsMax: 3,
  pauseMaxMs: 20,
  pauseMs: 10,
  why: sentence("backend.endpoint.starting"),
};
export const rca = styleSchema.parse({ id: "rca", title: "RCA", trigger: "RCA style", lora: { endpoint: "rca-v2" } });
export const initBytes = tinyPng(256, 256, "start");

export function endpointAt(
  environment: Readonly<Record<string, string>>,
  world: ModuleServices = moduleServices(),
): Backend {
  const settings = readSettings("endpoint", module.env, environment);
  // The border of a test: `readSettings` has just parsed them by the module's own schema.
  const backend = createEndpoint(settings as Parameters<typeof createEndpoint>[0], world, QUICK);
  if (!backend) throw new Error("HF_ENDPOINT_URL is not set");
  return backend;
}

export async function opened(answers: "image" | "json" = "image", world?: ModuleServices) {
  const server = await openEndpoint({ token: CANARY, answers });
  const backend = endpointAt({ HF_ENDPOINT_URL: server.url, HF_ENDPOINT_ANSWER: answers, HF_TOKEN: CANARY }, world);
  onTestFinished(async () => {
    await backend.close();
    await server.close();
  });
  return { server, backend };
}
