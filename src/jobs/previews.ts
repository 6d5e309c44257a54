import { foreignImage } from "../lib/foreign-image.ts";
import { encodeMediaKey } from "../views/media-key.ts";

/** The newest unfinished picture of each running job, checked and small. Memory only. */
export interface Previews {
  /** Looks at what a backend sent. While one is decoded only the newest of the others is kept; what cannot be decoded is dropped. */
  offer(jobId: string, bytes: Uint8Array): void;
  /** Names the newest one for a view; `undefined` while there is none. */
  keyOf(jobId: string): string | undefined;
  /** The newest JPEG, at most 512 px. Stays a while after the job has ended: an edit may still be under way. */
  newest(jobId: string): { readonly version: number; readonly jpeg: Uint8Array } | undefined;
}

const SIDE_MAX_PX = 512;
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_PIXELS = 16_000_000;
const JOBS_MAX = 50;

/** @param changed a job has a new preview: show it */
export function createPreviews(changed: (jobId: string) => void): Previews {
  const newest = new Map<string, { readonly version: number; readonly jpeg: Uint8Array }>();
  /** Jobs whose picture is being decoded, with the one that came meanwhile. */
  const decoding = new Map<string, Uint8Array | undefined>();

  async function decode(jobId: string, bytes: Uint8Array): Promise<void> {
    const jpeg = await foreignImage(bytes, MAX_PIXELS)
      .resize({ width: SIDE_MAX_PX, height: SIDE_MAX_PX, fit: "inside", withoutEnlargement: true })
      .jpeg({ quality: 80 })
      .toBuffer()
      // An unfinished picture that cannot be read is no loss: the next one or the result follows.
      .catch(() => undefined);
    if (jpeg) {
      const version = (newest.get(jobId)?.version ?? 0) + 1;
      newest.delete(jobId);
      newest.set(jobId, { version, jpeg });
      const [oldest] = newest.keys();
      if (newest.size > JOBS_MAX && oldest !== undefined) newest.delete(oldest);
      changed(jobId);
    }
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
    keyOf(jobId) {
      const found = newest.get(jobId);
      return found && encodeMediaKey({ of: "preview", jobId, version: found.version });
    },
    newest: (jobId) => newest.get(jobId),
  };
}
