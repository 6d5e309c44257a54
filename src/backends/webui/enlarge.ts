import { z } from "zod";
import { BackendError, type EnlargeInput } from "../../ports/backend.ts";
import { bytesOfBase64 } from "../shared/base64.ts";
import { parseJson } from "../shared/http.ts";
import { fittedPicture } from "../shared/start-image.ts";
import type { Call } from "./call.ts";
import { NAME } from "./known.ts";
import type { Upscaler } from "./upscalers.ts";

/** 50 MB of pixels, a third more as base64. */
const ANSWER_MAX_BYTES = 80 * 1024 * 1024;

const answerSchema = z.object({ image: z.string() });

/** Of `POST /sdapi/v1/extra-single-image`. What its model makes larger by a factor of its own it brings to the one asked for. */
export async function enlargeCall(
  { name }: Upscaler,
  { picture, from, to }: EnlargeInput,
): Promise<Pick<Call, "path" | "json" | "maxBytes" | "task" | "steps" | "isBlind">> {
  const image = (await fittedPicture(NAME, picture, from)).toString("base64");
  const factor = Math.max(to.widthPx / from.widthPx, to.heightPx / from.heightPx);
  return {
    path: "/sdapi/v1/extra-single-image",
    json: { resize_mode: 0, upscaling_resize: factor, upscaler_1: name, image },
    maxBytes: ANSWER_MAX_BYTES,
    // It takes no id.
    task: undefined,
    steps: 1,
    isBlind: true,
  };
}

/** @throws BackendError */
export function enlargedIn(bytes: Uint8Array): Uint8Array {
  const picture = bytesOfBase64(parseJson(NAME, answerSchema, bytes).image);
  if (!picture) throw new BackendError(NAME, "bad_response", "answered without a picture");
  return picture;
}
