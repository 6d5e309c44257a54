import { givenImageAs } from "../domain/given-image.ts";
import type { Result } from "../domain/problem.ts";
import { SIDE_MAX_PX } from "../domain/recipe.ts";

/** A member's picture made safe to keep and to send on: decoded within limits, turned upright, without its metadata. */
export const startingImage = (bytes: Uint8Array): Promise<Result<Uint8Array>> =>
  givenImageAs(bytes, (image) =>
    image
      .rotate()
      .resize({ width: SIDE_MAX_PX, height: SIDE_MAX_PX, fit: "inside", withoutEnlargement: true })
      .png()
      .toBuffer(),
  );
