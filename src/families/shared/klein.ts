import { type Drawing, defineFamily, type Family, type Licence, type Part } from "./family.ts";
import { FLUX_2_VAE } from "./parts.ts";

const BASE: Drawing = {
  steps: { usual: 20, least: 12, most: 50 },
  guidance: { by: "second-pass", strength: { usual: 5, least: 2.5, most: 8 } },
  sampler: "euler",
  scheduler: "simple",
  honours: { negative: true, trueCfg: false, startPicture: true },
  sizes: { multiple: 16, usualPixels: 1_048_576, mostPixels: 4_194_304 },
};
const DISTILLED: Drawing = {
  ...BASE,
  steps: { usual: 4, least: 2, most: 8 },
  guidance: { by: "none" },
  honours: { negative: false, trueCfg: false, startPicture: true },
};

/**
 * FLUX.2 klein comes in two sizes, and what is made for one (LoRAs, text encoder) does not fit the other: a family each.
 * Sources: ComfyUI's templates `image_flux2_klein_text_to_image` and `image_flux2_text_to_image_9b`.
 */
export function klein(
  size: "4b" | "9b",
  own: {
    readonly rank: number;
    readonly encoder: Part;
    readonly licence: Licence;
    readonly example: Family["example"];
  },
): Family {
  const title = `FLUX.2 klein ${size.toUpperCase()}`;
  const named = (word: string) => new RegExp(`flux-?2-${word}.*${size}`);
  const metadata = new RegExp(`^flux-?2-klein-(?:base-)?${size}`);
  return defineFamily({
    id: `flux2-klein-${size}`,
    title,
    rank: own.rank,
    kinds: [
      {
        id: "distilled",
        title,
        marks: { names: named("klein"), never: /base|-vae|-kv/, architectures: new RegExp(`^flux-?2-klein-${size}`) },
        draws: DISTILLED,
        edits: { references: 3 },
        licence: own.licence,
      },
      {
        id: "base",
        title: `${title} base`,
        marks: {
          names: named("klein-base"),
          never: /-vae|-kv/,
          architectures: new RegExp(`^flux-?2-klein-base-${size}`),
        },
        draws: BASE,
        edits: { references: 3 },
        licence: own.licence,
      },
    ],
    parts: [own.encoder, FLUX_2_VAE],
    loras: metadata,
    prompt: { maxTokens: 512, reads: "sentences, and it sets words well", languages: "English" },
    example: own.example,
  });
}
