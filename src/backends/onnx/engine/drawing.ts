import { join } from "node:path";
import { BoundedMap } from "../../../lib/bounded-map.ts";
import { fittedPixels } from "../../shared/start-image.ts";
import { loadFlux, loadFluxTexts, loadSd, loadSdTexts } from "../load-model.ts";
import type { FluxFolder, ModelFolder, SdFolder } from "../model-folder.ts";
import { NAME } from "../name.ts";
import type { OpenOptions } from "../network.ts";
import { noiseSource } from "../noise/source.ts";
import { fluxPicture } from "../pipelines/flux.ts";
import { fluxText } from "../pipelines/flux-text.ts";
import type { Between, MadePicture, PictureOrder } from "../pipelines/picture.ts";
import { sdPicture } from "../pipelines/stable-diffusion.ts";
import { noSdText, sdText } from "../pipelines/stable-diffusion-text.ts";
import { openStyled, type StyledNetwork } from "./loras.ts";
import type { DrawOrder } from "./messages.ts";

/** A loaded model of any kind. One picture at a time. */
export interface LoadedModel {
  readonly guidance: boolean;
  /** @throws LoraError, NoStepLeft, BackendError "rejected" for the start picture, the signal's reason; Error of the runtime */
  draw(order: DrawOrder, between: Between): Promise<MadePicture & { readonly textEncoderKeys: number }>;
}

/** Prompts whose texts are remembered: in FLUX each is 8 MB. */
const TEXTS_KEPT = 8;
/** What FLUX.1-dev and schnell were made for. */
const T5_TOKENS = { dev: 512, schnell: 256 } as const;

/** @param loras files put in at once @throws LoraError; Error of the runtime, or of a file that is not what it should be */
export async function loadModel(
  folder: ModelFolder,
  loras: readonly string[],
  options: OpenOptions,
): Promise<LoadedModel> {
  return folder.kind === "flux" ? loadedFlux(folder, loras, options) : loadedSd(folder, loras, options);
}

async function loadedFlux(folder: FluxFolder, loras: readonly string[], options: OpenOptions): Promise<LoadedModel> {
  const texts = await loadFluxTexts(folder, options);
  const rest = await loadFlux(folder, options);
  const styled = openStyled(join(folder.path, "transformer"), options);
  const { network } = await styled.with(loras);
  const guidance = network.inputType("guidance") !== undefined;
  const tokens = guidance ? T5_TOKENS.dev : T5_TOKENS.schnell;
  const textOf = remembering((prompt) => fluxText(texts, prompt, tokens));
  return {
    guidance,
    async draw(order, between) {
      const text = await textOf(order.prompt);
      const negative = order.trueCfg > 1 ? { negative: await textOf(order.negativePrompt) } : {};
      between.watch.lap("text");
      const { network: transformer, textEncoderKeys } = await styled.with(order.loras.map(({ file }) => file));
      const asked = { ...pictureOrder(order, styled), text, ...negative };
      return { ...(await fluxPicture({ ...rest, transformer }, asked, between)), textEncoderKeys };
    },
  };
}

async function loadedSd(folder: SdFolder, loras: readonly string[], options: OpenOptions): Promise<LoadedModel> {
  const texts = await loadSdTexts(folder, options);
  const rest = await loadSd(folder, options);
  const styled = openStyled(join(folder.path, "unet"), options);
  const { network } = await styled.with(loras);
  const textOf = remembering((prompt) => sdText(texts, prompt));
  return {
    guidance: network.inputType("timestep_cond") !== undefined,
    async draw(order, between) {
      const text = await textOf(order.prompt);
      const isNothing = order.negativePrompt === "" && folder.kind === "sdxl" && folder.zeroForEmptyPrompt;
      // Without true CFG nobody looks at it.
      const negative = order.trueCfg > 1 && !isNothing ? await textOf(order.negativePrompt) : noSdText(text);
      between.watch.lap("text");
      const { network: unet, textEncoderKeys } = await styled.with(order.loras.map(({ file }) => file));
      const asked = { ...pictureOrder(order, styled), text, negative };
      return { ...(await sdPicture({ ...rest, unet }, asked, between)), textEncoderKeys };
    },
  };
}

function pictureOrder(order: DrawOrder, styled: StyledNetwork): PictureOrder {
  const { widthPx, heightPx, steps, guidance, trueCfg, seed, noise: type, variation, start } = order;
  return {
    widthPx,
    heightPx,
    steps,
    guidance,
    trueCfg,
    noise: noiseSource({ seed, type, ...(variation ? { variation } : {}) }),
    loraScales: styled.scales(order.loras),
    ...(start ? { start: { strength: start.strength, rgb: (size) => fittedPixels(NAME, start.bytes, size) } } : {}),
  };
}

/** The newest few are not made again. */
function remembering<T>(make: (prompt: string) => Promise<T>): (prompt: string) => Promise<T> {
  const known = new BoundedMap<T>(TEXTS_KEPT);
  return async (prompt) => {
    const text = known.get(prompt) ?? (await make(prompt));
    known.set(prompt, text);
    return text;
  };
}
