import { type Denoiser, openDenoiser } from "../load-model.ts";
import type { Network, OpenOptions } from "../network.ts";

/** The network that makes pictures, with the LoRAs in it that were asked for last. */
export interface StyledNetwork {
  /**
   * The network with at least these in it. Only where one is missing it is opened anew, with its weights where they lie.
   *
   * @throws LoraError
   */
  with(files: readonly string[]): Promise<{ readonly network: Network; readonly textEncoderKeys: number }>;
  /** The network's scale inputs for these files; all others are off. */
  scales(uses: readonly { readonly file: string; readonly scale: number }[]): Readonly<Record<string, number>>;
}

/** Each costs its own matrices at every step. */
const SLOTS = 4;

export function openStyled(folder: string, options: OpenOptions): StyledNetwork {
  let open: { readonly files: readonly string[]; readonly denoiser: Denoiser } | undefined;

  async function reopen(files: readonly string[]): Promise<Denoiser> {
    // Both at once would need twice the memory.
    const before = open;
    open = undefined;
    await before?.denoiser.network.release();
    const denoiser = await openDenoiser(folder, files, options);
    open = { files, denoiser };
    return denoiser;
  }

  return {
    async with(files) {
      const wanted = [...new Set(files)];
      const missing = !open || wanted.some((file) => !open?.files.includes(file));
      const others = open?.files.filter((file) => !wanted.includes(file)) ?? [];
      const kept = [...wanted, ...others].slice(0, Math.max(SLOTS, wanted.length));
      const denoiser = open && !missing ? open.denoiser : await reopen(kept);
      const keys = wanted.map((file) => denoiser.textEncoderKeys[open?.files.indexOf(file) ?? -1]?.length ?? 0);
      return { network: denoiser.network, textEncoderKeys: keys.reduce((sum, count) => sum + count, 0) };
    },
    scales(uses) {
      if (!open) return {};
      const { files, denoiser } = open;
      return Object.fromEntries(
        denoiser.scaleInputs.map((input, at) => [
          input,
          uses.filter(({ file }) => file === files[at]).reduce((sum, { scale }) => sum + scale, 0),
        ]),
      );
    },
  };
}
