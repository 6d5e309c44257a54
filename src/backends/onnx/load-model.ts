import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readOnnxModel } from "./graph/model.ts";
import { type Grafted, graftLoras } from "./lora/graft.ts";
import type { FluxFolder, SdFolder } from "./model-folder.ts";
import { type Network, type OpenOptions, openEdited, openNetwork } from "./network.ts";
import type { Autoencoder } from "./pipelines/autoencoder.ts";
import type { FluxModel } from "./pipelines/flux.ts";
import type { FluxTextEncoders } from "./pipelines/flux-text.ts";
import type { SdModel } from "./pipelines/stable-diffusion.ts";
import type { SdTextEncoders } from "./pipelines/stable-diffusion-text.ts";
import type { TextEncoder } from "./pipelines/text.ts";
import { loadTokenizer } from "./tokens/tokenizer.ts";

/** A network with LoRAs in it. */
export interface Denoiser extends Grafted {
  readonly network: Network;
}

/**
 * The network that makes the picture, with LoRAs put into its graph. Its weights stay where they are.
 *
 * @param loraFiles paths
 * @throws LoraError; Error of the runtime
 */
export async function openDenoiser(
  folder: string,
  loraFiles: readonly string[],
  options: OpenOptions,
): Promise<Denoiser> {
  const path = join(folder, "model.onnx");
  if (loraFiles.length === 0)
    return { network: await openNetwork(path, options), scaleInputs: [], textEncoderKeys: [] };
  const model = readOnnxModel(readFileSync(path));
  const grafted = graftLoras(
    model,
    loraFiles.map((file) => readFileSync(file)),
  );
  return { network: await openEdited(path, model.toBytes(), options), ...grafted };
}

const textEncoder = async (folder: string, suffix: "" | "_2", options: OpenOptions): Promise<TextEncoder> => ({
  network: await openNetwork(join(folder, `text_encoder${suffix}`, "model.onnx"), options),
  tokenizer: await loadTokenizer(join(folder, `tokenizer${suffix}`)),
});

const autoencoder = async ({ path, vae }: FluxFolder | SdFolder, options: OpenOptions): Promise<Autoencoder> => ({
  decoder: await openNetwork(join(path, "vae_decoder", "model.onnx"), options),
  encoder: () => openNetwork(join(path, "vae_encoder", "model.onnx"), options),
  scaling: vae,
});

export const loadFluxTexts = async ({ path }: FluxFolder, options: OpenOptions): Promise<FluxTextEncoders> => ({
  clip: await textEncoder(path, "", options),
  t5: await textEncoder(path, "_2", options),
});

export const loadFlux = async (folder: FluxFolder, options: OpenOptions): Promise<Omit<FluxModel, "transformer">> => ({
  ...(await autoencoder(folder, options)),
  scheduler: folder.scheduler,
  packedChannels: folder.packedChannels,
});

export const loadSdTexts = async ({ path, kind }: SdFolder, options: OpenOptions): Promise<SdTextEncoders> => ({
  first: await textEncoder(path, "", options),
  ...(kind === "sdxl" ? { second: await textEncoder(path, "_2", options) } : {}),
});

const SD_CHANNELS = 4;
export const loadSd = async (folder: SdFolder, options: OpenOptions): Promise<Omit<SdModel, "unet">> => ({
  ...(await autoencoder(folder, options)),
  scheduler: folder.scheduler,
  sampler: folder.sampler,
  channels: folder.vae.channels ?? SD_CHANNELS,
  ...(folder.guidanceWidth === undefined ? {} : { guidanceWidth: folder.guidanceWidth }),
});
