import { defineBackend } from "../ports/module.ts";
import { comfyuiSettings } from "./comfyui/settings.ts";

export const module = defineBackend({
  name: "comfyui",
  packages: ["undici"],
  summary:
    "FLUX, Z-Image, Qwen-Image, SDXL and others with LoRAs on the group's own ComfyUI: free, with every option, and the picture is shown as it grows",
  env: comfyuiSettings,
  setup: {
    title: "ComfyUI",
    why: "Pictures by FLUX from ComfyUI on a graphics card of your own: free, with every option.",
    how: [
      "Install ComfyUI from https://www.comfy.org/download, start it, and load its FLUX.1 template once.",
      "On the same computer its address is http://127.0.0.1:8188, or what it says when it starts.",
    ],
    ask: ["COMFYUI_URL"],
  },
  async create(settings, services) {
    if (settings.COMFYUI_URL === undefined) return undefined;
    const { createComfyui } = await import("./comfyui/backend.ts");
    return createComfyui(settings, services);
  },
});
