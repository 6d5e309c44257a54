import { defineBackend } from "../ports/module.ts";
import { spaceSettings } from "./space/settings.ts";

export const module = defineBackend({
  name: "space",
  packages: ["@gradio/client", "undici"],
  summary:
    "a Space of the FLUX LoRA gallery kind on Hugging Face, or any Gradio server like it: some free GPU time each day",
  env: spaceSettings,
  setup: {
    title: "A Space on Hugging Face",
    why: "Pictures by FLUX with many styles from a Space: some free GPU time each day, without a graphics card of your own.",
    how: [
      "Choose a Space of the FLUX LoRA gallery kind at https://huggingface.co/spaces and copy its name, as owner/name.",
      "For your own account's free time make a token at https://huggingface.co/settings/tokens (Read is enough).",
    ],
    ask: ["HF_SPACE", "HF_TOKEN"],
  },
  async create(settings, services) {
    if (settings.HF_SPACE === undefined) return undefined;
    const { createSpace } = await import("./space/backend.ts");
    return createSpace(settings, services);
  },
});
