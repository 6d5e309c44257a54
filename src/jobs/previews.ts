import { foreignImage } from "../lib/foreign-image.ts";
import type { RunningJobs } from "./running.ts";

/** Unfinished pictures of running jobs, checked and made small. */
export interface Previews {
  /** Looks at what a backend sent. While one is decoded only the newest of the others is kept; what cannot be decoded is dropped. */
  offer(jobId: string, bytes: Uint8Array): void;
}

const SIDE_MAX_PX = 512;
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_PIXELS = 16_000_000;

/** @param changed a job has a new preview: show it */
export function createPreviews(running: Pick<RunningJobs, "showPreview">, changed: (jobId: string) => void): Previews {
  /** Jobs whose picture is being decoded, with the one that came meanwhile. */
  const decoding = new Map<string, Uint8Array | undefined>();

  async function decode(jobId: string, bytes: Uint8Array): Promise<void> {
    const jpeg = await foreignImage(bytes, MAX_PIXELS)
      .resize({ width: SIDE_MAX_PX, height: SIDE_MAX_PX, fit: "inside", withoutEnlargement: true })
      .jpeg({ quality: 80 })
      .toBuffer()
      // An unfinished picture that cannot be read is no loss: the next one or the result follows.
      .catch(() => undefined);
    if (jpeg && running.showPreview(jobId, jpeg)) changed(jobId);
    const next = decoding.get(jobId);
    decoding.set(jobId, undefined);
    if (next) return decode(jobId, next);
    decoding.delete(jobId);
  }

  return {
    offer(jobId, bytes) {
      if (bytes.length > MAX_BYTES) return;
      if (decoding.has(jobId)) {
        decoding.set(jobId, bytes);
        return;
      }
      decoding.set(jobId, undefined);
      void decode(jobId, bytes);
    },
  };
}
