import { z } from "zod";

/** What a chat has of its own: on its templates and slides, and where it wants on all that is lettered. */
export const brandSchema = z.strictObject({
  /** Of the letters and of what lies under them, "#rrggbb": they contrast by at least 4.5 to 1. */
  colours: z
    .strictObject({ ink: z.string().regex(/^#[\da-f]{6}$/u), ground: z.string().regex(/^#[\da-f]{6}$/u) })
    .exactOptional(),
  /** A voice of the typesetter. */
  font: z.string().max(20).exactOptional(),
  /** `key` names stored bytes: see `PictureFiles.input`. */
  logo: z
    .strictObject({
      key: z.string().min(1).max(80),
      widthPx: z.int().min(1).max(8192),
      heightPx: z.int().min(1).max(8192),
    })
    .exactOptional(),
});
export type Brand = z.output<typeof brandSchema>;
