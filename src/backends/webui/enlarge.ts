import { z } from "zod";
import { pngSize } from "../../lib/png.ts";
import { BackendError, type BackendEvent, type EnlargeInput } from "../../ports/backend.ts";
import { sentence } from "../../ports/backend-sentence.ts";
import { bytesOfBase64 } from "../shared/base64.ts";
import { parseJson } from "../shared/http.ts";
import { fittedPicture } from "../shared/start-image.ts";
import { stemOf } from "../shared/upscaler-advice.ts";
import { type Call, callAndWatch } from "./call.ts";
import { NAME } from "./known.ts";
import { isResampled } from "./resampled.ts";
import type { Upscaler } from "./upscalers.ts";

/** 50 MB of pixels, a third more as base64. */
const ANSWER_MAX_BYTES = 80 * 1024 * 1024;

/** It could not load or fetch its model. What it draws is none the worse for that: it need not rest. */
export class OnlyResampled extends BackendError {
  readonly file: string;

  constructor(file: string) {
    super(NAME, "rejected", `only resampled: it could not load or fetch ${stemOf(file)}`, {
      memberText: sentence("backend.lacks.enlarge"),
      elsewhere: true,
    });
    this.file = file;
  }
}

const answerSchema = z.object({ image: z.string() });

/** By `POST /sdapi/v1/extra-single-image`. What its model makes larger by a factor of its own it brings to the one asked for. */
export async function* enlargedBy(
  { name, file }: Upscaler,
  { picture, from, to, signal }: EnlargeInput,
  ways: Pick<Call, "http" | "pollMs" | "closing">,
): AsyncGenerator<BackendEvent, void> {
  const sent = await fittedPicture(NAME, picture, from);
  const factor = Math.max(to.widthPx / from.widthPx, to.heightPx / from.heightPx);
  const call: Call = {
    ...ways,
    path: "/sdapi/v1/extra-single-image",
    json: { resize_mode: 0, upscaling_resize: factor, upscaler_1: name, image: sent.toString("base64") },
    maxBytes: ANSWER_MAX_BYTES,
    // It takes no id.
    task: undefined,
    steps: 1,
    isBlind: true,
  };
  const { answer, usedMs } = yield* callAndWatch(call, signal);
  const bytes = bytesOfBase64(parseJson(NAME, answerSchema, answer.bytes).image);
  if (!bytes) throw new BackendError(NAME, "bad_response", "answered without a picture");
  if (await isOnlyResampled({ bytes: sent, size: from }, bytes)) throw new OnlyResampled(file);
  yield { type: "image", bytes, model: stemOf(file), usedMs, notes: [] };
}

async function isOnlyResampled(sent: Parameters<typeof isResampled>[0], bytes: Uint8Array): Promise<boolean> {
  try {
    return await isResampled(sent, { bytes, size: pngSize(bytes) });
  } catch {
    // What cannot be read the core refuses.
    return false;
  }
}
