import type { SetLettering } from "../domain/lettering.ts";
import type { SourceType } from "../domain/source-type.ts";
import { BoundedMap } from "../lib/bounded-map.ts";
import { foreignImage } from "../lib/foreign-image.ts";
import { sourceTypePacket, withXmp } from "../lib/xmp-mark.ts";
import type { LayerToSet } from "./lettering/lettered-picture.ts";
import type { Setter } from "./lettering/setter.ts";
import type { RunningJobs } from "./running.ts";

/** Unfinished pictures of running jobs, checked and made small. */
export interface Previews {
  /**
   * Looks at what a backend sent. While one is decoded only the newest of the others is kept; what cannot be decoded is dropped.
   *
   * @param words stand over it
   */
  offer(jobId: string, bytes: Uint8Array, words?: LayerToSet): void;
}

const SIDE_MAX_PX = 512;
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_PIXELS = 16_000_000;

/** More than run at once. */
const PLACED_MAX = 64;

interface Offered {
  readonly bytes: Uint8Array;
  readonly words: LayerToSet | undefined;
}

/** @param changed a job has a new preview: show it */
export function createPreviews(
  running: Pick<RunningJobs, "showPreview">,
  setter: Pick<Setter, "over">,
  changed: (jobId: string) => void,
): Previews {
  /** Jobs whose picture is being decoded, with the one that came meanwhile. */
  const decoding = new Map<string, Offered | undefined>();
  /** How words stand on what was shown of a job: its next picture is the same one, further on, however late it comes. */
  const placed = new BoundedMap<SetLettering>(PLACED_MAX);
  const never = new AbortController().signal;

  async function decode(jobId: string, offered: Offered): Promise<void> {
    // An unfinished picture that cannot be read is no loss: the next one or the result follows.
    const shown = await small(offered, placed.get(jobId)).catch(() => undefined);
    const isRunning = shown !== undefined && running.showPreview(jobId, shown.jpeg);
    if (isRunning) changed(jobId);
    if (isRunning && shown.set) placed.set(jobId, shown.set);
    const next = decoding.get(jobId);
    decoding.set(jobId, undefined);
    if (next) return decode(jobId, next);
    decoding.delete(jobId);
  }

  async function small({ bytes, words: asked }: Offered, before: SetLettering | undefined) {
    const image = foreignImage(bytes, MAX_PIXELS).resize({
      width: SIDE_MAX_PX,
      height: SIDE_MAX_PX,
      fit: "inside",
      withoutEnlargement: true,
    });
    if (!asked) return { jpeg: await jpegOf(image, PLAIN) };
    const plain = await image.png({ compressionLevel: 1 }).toBuffer();
    const { logo } = asked;
    const words = before ? { set: before, ...(logo ? { logo } : {}) } : asked;
    const lettered = await setter.over(plain, words, never).catch(() => undefined);
    return {
      jpeg: await jpegOf(foreignImage(lettered?.png ?? plain, MAX_PIXELS), lettered ? LETTERED : PLAIN),
      ...(lettered ? { set: lettered.set } : {}),
    };
  }

  return {
    offer(jobId, bytes, words) {
      if (bytes.length > MAX_BYTES) return;
      const offered = { bytes, words };
      if (decoding.has(jobId)) {
        decoding.set(jobId, offered);
        return;
      }
      decoding.set(jobId, undefined);
      void decode(jobId, offered);
    },
  };
}

// Only models show theirs: what is set in type is there at once.
const PLAIN: SourceType = "trainedAlgorithmicMedia";
const LETTERED: SourceType = "compositeWithTrainedAlgorithmicMedia";

const jpegOf = async (image: ReturnType<typeof foreignImage>, made: SourceType): Promise<Uint8Array> =>
  withXmp(await image.jpeg({ quality: 80 }).toBuffer(), sourceTypePacket(made));
