import type { Sharp } from "sharp";
import { TooLargeImage, TooManyImages, withMembersImage } from "../lib/foreign-image.ts";
import { imageKind } from "../lib/image-kind.ts";
import { ok, type Problem, type Result, refuse } from "./problem.ts";
import { text } from "./text.ts";

/** What members send, on every platform: photos of 48 megapixels have some 15 MB. Telegram hands bots no larger file. */
export const GIVEN_IMAGE_MAX_BYTES = 20 * 1024 * 1024;
/** Phones take 12, 24, and 48 (8064 × 6048). They are made smaller while they are read. */
export const GIVEN_IMAGE_MAX_PIXELS = 50_000_000;

export type GivenImageFault = "kind" | "heic" | "many" | "pixels" | "damaged";

/** The first frame of a picture that a member sent, when its turn comes; or why not. Rejects only as `work` has no part in. */
export async function withGivenImage<T>(
  bytes: Uint8Array,
  work: (image: Sharp) => Promise<T>,
): Promise<{ readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: GivenImageFault }> {
  const kind = imageKind(bytes);
  if (!kind) return { ok: false, fault: "kind" };
  try {
    return { ok: true, value: await withMembersImage(bytes, GIVEN_IMAGE_MAX_PIXELS, work) };
  } catch (error) {
    if (error instanceof TooManyImages) return { ok: false, fault: "many" };
    // The decoder for it is patented: the libraries that come with sharp have none, one's own may.
    if (kind === "heic") return { ok: false, fault: "heic" };
    // sharp's own message can hold paths and says nothing a member can use.
    return { ok: false, fault: error instanceof TooLargeImage ? "pixels" : "damaged" };
  }
}

/** As `withGivenImage`, with a sentence for the member. */
export async function givenImageAs<T>(bytes: Uint8Array, work: (image: Sharp) => Promise<T>): Promise<Result<T>> {
  const made = await withGivenImage(bytes, work);
  return made.ok ? ok(made.value) : refuse(givenImageFault(made.fault));
}

export function givenImageFault(fault: GivenImageFault): Problem {
  switch (fault) {
    case "many":
      return { code: "queue_full", text: text("problem.image.many") };
    case "kind":
    case "heic":
    case "damaged":
      return { code: "bad_args", text: text(`problem.image.${fault}`) };
    case "pixels":
      return {
        code: "bad_args",
        text: text("problem.image.pixels", { megapixels: GIVEN_IMAGE_MAX_PIXELS / 1_000_000 }),
      };
  }
}

export const imageTooLarge = (): Problem => ({
  code: "bad_args",
  text: text("problem.image.large", { max: GIVEN_IMAGE_MAX_BYTES / 1024 / 1024 }),
});
