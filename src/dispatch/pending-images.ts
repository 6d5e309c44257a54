import { createKeyedSerial } from "../lib/serial.ts";
import type { PictureFiles } from "../ports/picture-files.ts";

/** The picture a member chose to start from, between the form that asks what it should become and its answer. */
export interface PendingImages {
  /** From now on this one counts: an earlier one is gone, also when this one cannot be read. Rejects as `read` does. */
  set(inputId: string, read: () => Promise<Uint8Array>): Promise<void>;
  /** Waits for one that is still coming in: a form can be filled in more quickly than a large picture is fetched. */
  get(inputId: string): Promise<Uint8Array | undefined>;
}

export function createPendingImages(files: Pick<PictureFiles, "saveInput" | "input" | "removeInput">): PendingImages {
  const coming = createKeyedSerial();
  const keyOf = (inputId: string) => `input/${inputId}`;
  return {
    set: (inputId, read) =>
      coming.run(inputId, async () => {
        await files.removeInput(keyOf(inputId));
        await files.saveInput(inputId, await read());
      }),
    async get(inputId) {
      await coming.settled(inputId);
      return files.input(keyOf(inputId));
    },
  };
}
