import type { Size } from "../../domain/size.ts";
import { BackendError, type BackendEvent, type EnlargeInput } from "../../ports/backend.ts";
import { type BackendSentence, sentence } from "../../ports/backend-sentence.ts";
import { bytesOfBase64 } from "../shared/base64.ts";
import { cannot } from "../shared/cannot.ts";
import type { Http } from "../shared/http.ts";
import { fittedPicture } from "../shared/start-image.ts";
import { stemOf } from "../shared/upscaler-advice.ts";
import { type Capabilities, NAME, upscaledSchema, upscalerOf } from "./wire.ts";

/** Its models make four times as much of each side, and it sends all of that. */
const FROM_MAX_PIXELS = 1024 * 1024;
/** 50 MB of pixels, a third more as base64. */
const ANSWER_MAX_BYTES = 80 * 1024 * 1024;
const WITHIN_MS = 300_000;

export const cannotEnlarge = ({ widthPx, heightPx }: Size): BackendSentence | undefined =>
  widthPx * heightPx > FROM_MAX_PIXELS
    ? sentence("backend.lacks.enlarge-size", { megapixels: FROM_MAX_PIXELS / 1_000_000 })
    : undefined;

/** One call that is answered when it is done, in the turn of all else that the server makes; what it has begun it ends. */
export async function* enlarged(
  {
    http,
    capabilities,
  }: { readonly http: Http; readonly capabilities: (signal: AbortSignal) => Promise<Capabilities> },
  { picture, from, signal }: EnlargeInput,
): AsyncGenerator<BackendEvent, void> {
  signal.throwIfAborted();
  const upscaler = upscalerOf(await capabilities(signal));
  if (upscaler === undefined) throw cannot(NAME, sentence("backend.lacks.enlarge"));
  const image = Buffer.from(await fittedPicture(NAME, picture, from)).toString("base64");
  yield { type: "progress", fraction: 0 };
  const { images } = await http.json(upscaledSchema, {
    method: "POST",
    path: "/sdcpp/v1/upscale",
    json: { image, upscaler, repeats: 1, output_format: "png" },
    signal,
    timeoutMs: WITHIN_MS,
    maxBytes: ANSWER_MAX_BYTES,
  });
  const bytes = bytesOfBase64(images[0]?.b64_json ?? "");
  if (!bytes) throw new BackendError(NAME, "bad_response", "answered without a picture");
  yield { type: "image", bytes, model: stemOf(upscaler), notes: [] };
}
