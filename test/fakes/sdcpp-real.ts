import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChildServer, startServer } from "./child-server.ts";
import { freePort } from "./free-port.ts";
import { writeSafetensors } from "./safetensors.ts";
import { clipL, taef1, tinyEsrgan, tinyFlux, tinyFluxLora } from "./tiny-models.ts";

/** sd-server of stable-diffusion.cpp, built; empty: there is none. */
export const SDCPP_SERVER = process.env["SDCPP_SERVER"] ?? "";
const START_MS = 120_000;

/** The real sd-server with a tiny random FLUX.1, a LoRA for it and an upscaler. */
export async function openRealSdcpp(): Promise<ChildServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "placard-sdcpp-"));
  const at = (name: string) => join(folder, name);
  for (const each of ["loras", "upscalers"]) mkdirSync(at(each));
  const gone = () => rmSync(folder, { recursive: true, force: true });
  try {
    writeSafetensors(at("flux1-dev.safetensors"), tinyFlux());
    writeSafetensors(at("clip_l.safetensors"), clipL());
    writeSafetensors(at("taef1.safetensors"), taef1());
    writeSafetensors(at("loras/tiny.safetensors"), tinyFluxLora());
    writeSafetensors(at("upscalers/RealESRGAN_x4plus.safetensors"), tinyEsrgan());
    const files = { "--diffusion-model": "flux1-dev", "--clip_l": "clip_l", "--tae": "taef1" };
    const server = await startServer({
      command: SDCPP_SERVER,
      args: [
        ...Object.entries(files).flatMap(([option, name]) => [option, at(`${name}.safetensors`)]),
        ...["--lora-model-dir", at("loras"), "--lora-apply-mode", "at_runtime"],
        ...["--hires-upscalers-dir", at("upscalers"), "--listen-port", String(port), "--verbose"],
      ],
      port,
      ready: "/sdcpp/v1/capabilities",
      withinMs: START_MS,
    });
    return {
      ...server,
      async close() {
        await server.close();
        gone();
      },
    };
  } catch (error) {
    gone();
    throw error;
  }
}
