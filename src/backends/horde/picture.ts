import { BackendError } from "../../ports/backend.ts";
import { sentence } from "../../ports/backend-sentence.ts";
import { bytesOfBase64 } from "../shared/base64.ts";
import type { Http } from "../shared/http.ts";
import { type Generation, NAME } from "./wire.ts";

const DOWNLOAD_MS = 120_000;

/** The picture of an ended request, if it is one and has its LoRA. @throws BackendError */
export async function pictureOf(
  http: Http,
  generation: Generation,
  signal: AbortSignal,
  maxBytes: number,
): Promise<Uint8Array> {
  const facts = generation.gen_metadata ?? [];
  if (
    generation.censored === true ||
    generation.state === "censored" ||
    facts.some(({ type }) => type === "censorship")
  )
    throw new BackendError(NAME, "moderated", "a worker's filter took the picture away");
  if (generation.state !== "ok") throw new BackendError(NAME, "bad_response", "a worker gave up");
  // A machine that cannot load the LoRA delivers without it.
  if (facts.some(({ type }) => type === "lora"))
    throw new BackendError(NAME, "bad_response", "a worker could not load the LoRA", {
      memberText: sentence("backend.error.style-missing"),
    });
  if (facts.some(({ type, value }) => type === "source_image" && value !== "ok"))
    throw new BackendError(NAME, "bad_response", "a worker could not load the starting picture", {
      memberText: sentence("backend.error.start-unloadable"),
    });
  const { img } = generation;
  if (!/^https?:\/\//i.test(img)) {
    const bytes = bytesOfBase64(img);
    if (!bytes) throw new BackendError(NAME, "bad_response", "a worker sent no picture");
    return bytes;
  }
  return http.download(img, { signal, timeoutMs: DOWNLOAD_MS, maxBytes });
}
