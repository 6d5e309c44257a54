import type { DocumentSubject, StoredDocument } from "../../domain/document-order.ts";
import { settingsKeyOf } from "../../domain/place.ts";
import type { ChatMemory } from "../../ports/chat-memory.ts";
import type { DocumentBrand, DocumentSpec } from "../../ports/documents.ts";
import { type Built, type Making, MEETING_GONE, NothingToMake } from "./built.ts";
import { fromMeeting } from "./from-meeting.ts";
import { fromMember } from "./from-member.ts";
import { fromPictures } from "./from-pictures.ts";
import { meetingParts } from "./meeting-parts.ts";
import { type BorrowedPictures, borrowPictures } from "./pictures.ts";
import { documentReads } from "./reads.ts";
import { wordsIn } from "./words.ts";

/**
 * Reads what a document is made of when its turn has come: only ids were kept of it, so what was deleted meanwhile is not in it.
 *
 * @throws NothingToMake when nothing is left of it
 */
export function createBuilder(
  deps: Parameters<typeof documentReads>[0] & {
    readonly files: Parameters<typeof borrowPictures>[0];
    readonly memory: Pick<ChatMemory, "brand">;
    readonly store: Parameters<typeof meetingParts>[0] & Parameters<typeof fromMember>[0];
  },
): (document: StoredDocument) => Promise<Built> {
  const reads = documentReads(deps);

  async function ofMeeting(document: StoredDocument, meetingId: string, making: Parameters<typeof fromMeeting>[2]) {
    const parts = await meetingParts(deps.store, meetingId);
    if (!parts) throw new NothingToMake(MEETING_GONE);
    return fromMeeting(document, parts, making);
  }

  /** Pages look as the chat that asked for them does; originals and paper stay as they are. */
  async function branded(spec: DocumentSpec, { target }: StoredDocument, borrowed: BorrowedPictures) {
    if (!("pages" in spec)) return spec;
    const { colours, font, logo } = await deps.memory.brand(settingsKeyOf(target.place));
    const logoPath = logo && (await borrowed.logo(logo.key));
    const brand: DocumentBrand = {
      ...(colours ? { colours } : {}),
      ...(font === undefined ? {} : { font }),
      ...(logoPath === undefined ? {} : { logoPath }),
    };
    return { ...spec, brand };
  }

  function madeOf(document: StoredDocument, of: DocumentSubject, making: Making) {
    if ("meetingId" in of) return ofMeeting(document, of.meetingId, making);
    if ("memberId" in of) return fromMember(deps.store, document, of.memberId, making);
    return fromPictures(document, of.imageIds, making);
  }

  return async (document) => {
    const words = wordsIn(document.language);
    const borrowed = borrowPictures(deps.files, words);
    const making = { reads, borrowed, words };
    try {
      const { of } = document;
      const built = await madeOf(document, of, making);
      return { ...built, spec: await branded(built.spec, document, borrowed), letGo: () => borrowed.letGo() };
    } catch (error) {
      await borrowed.letGo();
      throw error;
    }
  };
}
