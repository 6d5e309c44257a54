import type { StoredDocument } from "../../domain/document-order.ts";
import type { PictureFiles } from "../../ports/picture-files.ts";
import { type Built, MEETING_GONE, NothingToMake } from "./built.ts";
import { fromMeeting } from "./from-meeting.ts";
import { fromPictures } from "./from-pictures.ts";
import { meetingParts } from "./meeting-parts.ts";
import { borrowPictures } from "./pictures.ts";
import { documentReads } from "./reads.ts";
import { wordsIn } from "./words.ts";

/**
 * Reads what a document is made of when its turn has come: only ids were kept of it, so what was deleted meanwhile is not in it.
 *
 * @throws NothingToMake when nothing is left of it
 */
export function createBuilder(
  deps: Parameters<typeof documentReads>[0] & {
    readonly files: Pick<PictureFiles, "borrow" | "lettering">;
    readonly store: Parameters<typeof meetingParts>[0];
  },
): (document: StoredDocument) => Promise<Built> {
  const reads = documentReads(deps);

  async function ofMeeting(document: StoredDocument, meetingId: string, making: Parameters<typeof fromMeeting>[2]) {
    const parts = await meetingParts(deps.store, meetingId);
    if (!parts) throw new NothingToMake(MEETING_GONE);
    return fromMeeting(document, parts, making);
  }

  return async (document) => {
    const borrowed = borrowPictures(deps.files);
    const making = { reads, borrowed, words: wordsIn(document.language) };
    try {
      const { of } = document;
      const built = await ("meetingId" in of
        ? ofMeeting(document, of.meetingId, making)
        : fromPictures(document, of.imageIds, making));
      return { ...built, letGo: () => borrowed.letGo() };
    } catch (error) {
      await borrowed.letGo();
      throw error;
    }
  };
}
