import { defineBackend } from "../ports/module.ts";
import { endpointSettings } from "./endpoint/settings.ts";

export const module = defineBackend({
  name: "endpoint",
  packages: ["@huggingface/inference", "undici"],
  summary: "your own Hugging Face Inference Endpoint: a rented GPU that runs your handler, by the hour",
  env: endpointSettings,
  async create(settings, services) {
    if (settings.HF_ENDPOINT_URL === undefined) return undefined;
    const { createEndpoint } = await import("./endpoint/backend.ts");
    return createEndpoint(settings, services);
  },
});
