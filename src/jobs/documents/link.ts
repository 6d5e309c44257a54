import { createHmac, type KeyObject, timingSafeEqual } from "node:crypto";
import { DOCUMENT_ID } from "../../domain/ids.ts";

const MAC_CHARS = 32;

/** 128 bits in digits and letters: chats make links of addresses, and other signs end them. */
const signatureOf = (key: KeyObject, documentId: string): string =>
  createHmac("sha256", key).update(`document ${documentId}`).digest("hex").slice(0, MAC_CHARS);

/** Links to documents, for whoever has one. Each ends with its file: nothing in it says when. */
export interface DocumentLinks {
  /** `undefined`: nobody outside reaches this Placard. */
  to(documentId: string): string | undefined;
  isOurs(documentId: string, signature: string): boolean;
}

/** @param publicUrl without a slash at its end */
export const documentLinks = (key: KeyObject, publicUrl: string | undefined): DocumentLinks => ({
  to: (documentId) =>
    publicUrl === undefined ? undefined : `${publicUrl}/document/${documentId}/${signatureOf(key, documentId)}`,
  isOurs(documentId, signature) {
    if (!DOCUMENT_ID.test(documentId)) return false;
    // Letters of several bytes make it longer than it looks.
    const [ours, theirs] = [Buffer.from(signatureOf(key, documentId)), Buffer.from(signature)];
    return ours.length === theirs.length && timingSafeEqual(ours, theirs);
  },
});
