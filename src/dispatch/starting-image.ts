import { ok, type Result, refuse } from "../domain/problem.ts";
import { SIDE_MAX_PX } from "../domain/recipe.ts";
import { text } from "../domain/text.ts";
import { TooManyImages, withMembersImage } from "../lib/foreign-image.ts";
import { sniffImage } from "../lib/png.ts";

const MAX_PIXELS = 40_000_000;

/** A member's picture made safe to keep and to send on: decoded within limits, turned upright, without its metadata. */
export async function startingImage(bytes: Uint8Array): Promise<Result<Uint8Array>> {
  if (!sniffImage(bytes)) return refuse({ code: "bad_args", text: text("problem.image.kind") });
  try {
    const png = await withMembersImage(bytes, MAX_PIXELS, (image) =>
      image
        .rotate()
        .resize({ width: SIDE_MAX_PX, height: SIDE_MAX_PX, fit: "inside", withoutEnlargement: true })
        .png()
        .toBuffer(),
    );
    return ok(png);
  } catch (error) {
    if (error instanceof TooManyImages)
      return refuse({
        code: "queue_full",
        text: text("problem.image.many"),
      });
    // sharp's own message can hold paths and says nothing a member can use.
    return refuse({
      code: "bad_args",
      text: text("problem.image.damaged"),
    });
  }
}
