import { defineBackend } from "../ports/module.ts";
import { huggingfaceSettings } from "./huggingface/settings.ts";

export const module = defineBackend({
  name: "huggingface",
  packages: ["@huggingface/inference", "undici"],
  summary: "Hugging Face's Inference Providers: FLUX with any LoRA of the Hub, paid by the picture",
  env: huggingfaceSettings,
  async create(settings, services) {
    if (settings.HF_TOKEN === undefined || settings.HF_PROVIDER === "off") return undefined;
    const { createHuggingface } = await import("./huggingface/backend.ts");
    return createHuggingface(settings, services);
  },
});
