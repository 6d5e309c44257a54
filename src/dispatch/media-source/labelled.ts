import type { Picture } from "../../domain/job.ts";
import type { LetteringPart } from "../../domain/lettering.ts";
import { sourceTypeOf } from "../../domain/made-by.ts";
import type { Place } from "../../domain/place.ts";
import { isAi } from "../../domain/source-type.ts";
import { text } from "../../domain/text.ts";
import type { Setter } from "../../jobs/lettering/setter.ts";
import { hasManifest } from "../../lib/c2pa-part.ts";
import { asError } from "../../lib/error.ts";
import { render } from "../../messages/render.ts";
import type { Log } from "../../ports/log.ts";
import type { PictureFiles } from "../../ports/picture-files.ts";
import type { Store } from "../../ports/store.ts";

type Kept = Pick<Picture, "imageId" | "jobId" | "recipe" | "order">;

interface LabelDeps {
  readonly store: Pick<Store, "job">;
  readonly files: Pick<PictureFiles, "lettering">;
  readonly setter: Pick<Setter, "over">;
  /** Of a chat. */
  readonly languageOf: (place: Place) => Promise<string>;
  readonly log: Log;
}

/** The label that a picture's chat wanted in a corner of what is posted and given away. */
export interface Labeller {
  wants(picture: Kept): boolean;
  /**
   * @param which "plain": without the words that stand over it
   * @returns PNG without text chunks; the bytes themselves where a far end has sealed them, or the label cannot be set
   */
  labelled(picture: Kept, bytes: Uint8Array, which: "whole" | "plain"): Promise<Uint8Array>;
}

export function createLabeller({ store, files, setter, languageOf, log }: LabelDeps): Labeller {
  const never = new AbortController().signal;

  async function wordsOf({ jobId, order }: Kept): Promise<string> {
    const job = await store.job(jobId);
    const language = job ? await languageOf(job.target.place) : "en";
    return render(text(order.label === "icon" ? "picture.label.icon" : "picture.label.text"), language);
  }

  /** Codes and words keep their corners. */
  const boxesIn = async ({ imageId }: Kept): Promise<readonly LetteringPart["box"][]> =>
    ((await files.lettering(imageId))?.parts ?? []).map(({ box }) => box);

  return {
    wants: ({ order, recipe }) => order.label !== undefined && isAi(sourceTypeOf(recipe)),
    async labelled(picture, bytes, which) {
      if (hasManifest(bytes)) return bytes;
      try {
        const label = { text: await wordsOf(picture), avoid: which === "plain" ? [] : await boxesIn(picture) };
        return (await setter.over(bytes, { label }, never)).png;
      } catch (error) {
        // It is marked all the same: nobody should wait for a picture that is there.
        log.error("label.failed", { error: asError(error) });
        return bytes;
      }
    },
  };
}
