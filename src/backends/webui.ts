import { z } from "zod";
import { defineBackend } from "../ports/module.ts";
import { serverAddress } from "./shared/address.ts";

export const module = defineBackend({
  name: "webui",
  packages: ["undici"],
  summary: "Forge, SD.Next or the Stable Diffusion web UI on your own graphics card, through the API they share",
  env: z.object({
    WEBUI_URL: serverAddress("http://127.0.0.1:7860")
      .optional()
      .describe(
        "address of Forge, SD.Next or the Stable Diffusion web UI, started with --api, e.g. `http://127.0.0.1:7860`; with `name:password@` before the host where it asks for them",
      ),
    WEBUI_MODEL: z
      .string()
      .max(300)
      .optional()
      .describe("the model it uses for Placard, as its own menu names it; empty: the one chosen there"),
  }),
  setup: {
    title: "Forge, SD.Next or the Stable Diffusion web UI",
    why: "Pictures from a web UI on a graphics card of your own: free.",
    how: [
      "Start it with the option --api; see https://github.com/lllyasviel/stable-diffusion-webui-forge.",
      "On the same computer its address is http://127.0.0.1:7860, or what it says when it starts.",
    ],
    ask: ["WEBUI_URL"],
  },
  async create({ WEBUI_URL, WEBUI_MODEL }, { clock }) {
    if (WEBUI_URL === undefined) return undefined;
    const { createWebui } = await import("./webui/backend.ts");
    return createWebui({ server: WEBUI_URL, model: WEBUI_MODEL, clock });
  },
});
