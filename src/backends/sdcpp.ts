import { z } from "zod";
import { wholeNumberSetting } from "../lib/number-text.ts";
import { defineBackend } from "../ports/module.ts";
import { serverAddress } from "./shared/address.ts";

export const module = defineBackend({
  name: "sdcpp",
  packages: ["undici"],
  summary: "stable-diffusion.cpp's sd-server: FLUX with LoRAs on a small graphics card or on the processor alone",
  env: z.object({
    SDCPP_URL: serverAddress("http://127.0.0.1:1234")
      .optional()
      .describe("address of stable-diffusion.cpp's sd-server, e.g. `http://127.0.0.1:1234`; makes pictures there"),
    SDCPP_TIMEOUT_SECONDS: wholeNumberSetting(30, 7200)
      .default(600)
      .describe("one picture on sd-server may take this long; without a graphics card give it more"),
  }),
  setup: {
    title: "sd-server of stable-diffusion.cpp",
    why: "Pictures by FLUX on a small graphics card, or slowly without one: free.",
    how: [
      "Get it from https://github.com/leejet/stable-diffusion.cpp/releases and start sd-server with a model.",
      "Start it with --lora-apply-mode at_runtime: merged into the model, a style's LoRA leaves traces in later pictures.",
      "On the same computer its address is http://127.0.0.1:1234, or what it says when it starts.",
    ],
    ask: ["SDCPP_URL"],
  },
  async create({ SDCPP_URL, SDCPP_TIMEOUT_SECONDS }, { clock }) {
    if (SDCPP_URL === undefined) return undefined;
    const { createSdcpp } = await import("./sdcpp/backend.ts");
    return createSdcpp({ server: SDCPP_URL, timeoutMs: SDCPP_TIMEOUT_SECONDS * 1000, clock });
  },
});
