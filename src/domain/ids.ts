import { createHash } from "node:crypto";
import { INDEX_PATTERN } from "./batch.ts";

/**
 * The id of the job a platform update starts: 16 characters of base64url (96 bits of SHA-256). It is derived, so that
 * the same update delivered twice is the same job.
 *
 * @param updateId unique over all platforms and years, e.g. `web:<message id>` or `telegram:<bot>:<update>:<message>`
 */
export function jobIdOf(updateId: string): string {
  return createHash("sha256").update(updateId).digest("base64url").slice(0, 16);
}

/** Where the picture is kept that a member chose to start from, until they say what it should become: one per chat. */
export const pendingInputId = (chatKey: string, memberId: string): string => jobIdOf(`start ${chatKey} ${memberId}`);

/** Where is kept what files said that a member asked about: one per chat. */
export const pendingRecipesId = (chatKey: string, memberId: string): string =>
  jobIdOf(`recipes ${chatKey} ${memberId}`);

/** Where is kept what a member was offered instead of orders that their allowance did not cover: one per chat. */
export const pendingOffersId = (chatKey: string, memberId: string): string => jobIdOf(`offers ${chatKey} ${memberId}`);

/** The same before anything was sent: who types asks often, and must not push out what stands in the chat. */
export const pendingQuoteOffersId = (chatKey: string, memberId: string): string =>
  jobIdOf(`quoted ${chatKey} ${memberId}`);

/** Names the offers of one update in a button: letters and digits. */
export const offersIdOf = (updateId: string): string =>
  createHash("sha256").update(`offers ${updateId}`).digest("hex").slice(0, 16);

/** Names one picture of a job: `<job id>.<index from 0>`. */
export const imageIdOf = (jobId: string, index: number): string => `${jobId}.${index}`;

const IMAGE_ID = new RegExp(`^([A-Za-z0-9_-]{16})\\.(${INDEX_PATTERN})$`);

/** The inverse of `imageIdOf`; `undefined` for anything else. */
export function parseImageId(imageId: string): { readonly jobId: string; readonly index: number } | undefined {
  const [, jobId, index] = IMAGE_ID.exec(imageId) ?? [];
  return jobId && index ? { jobId, index: Number(index) } : undefined;
}

/** Names a logo's file: of one chat or community, and of what is in it. */
export const logoIdOf = (settingsKey: string, png: Uint8Array): string =>
  createHash("sha256").update(`logo ${settingsKey} `).update(png).digest("base64url").slice(0, 16);

const LOGO_KEY = /^logo\/([A-Za-z0-9_-]{16})$/;
export const logoKeyOf = (logoId: string): string => `logo/${logoId}`;
/** The inverse of `logoKeyOf`; `undefined` for anything else. */
export const parseLogoKey = (key: string): string | undefined => LOGO_KEY.exec(key)?.[1];

/** 16 of a-z and 0-9 (some 82 bits of SHA-256), so that a button can name it. */
const pressableIdOf = (text: string): string =>
  BigInt(`0x${createHash("sha256").update(text).digest("hex")}`)
    .toString(36)
    .slice(0, 16);
/** The id of the decision that an update opens. */
export const decisionIdOf = (updateId: string): string => pressableIdOf(`decision ${updateId}`);
/** The id of the meeting that an update starts. */
export const meetingIdOf = (updateId: string): string => pressableIdOf(`meeting ${updateId}`);
/** The id of the document that an update asks for. */
export const documentIdOf = (updateId: string): string => pressableIdOf(`document ${updateId}`);

/** What such an id looks like: it names a file, and nothing else may. */
export const DOCUMENT_ID = /^[a-z0-9]{16}$/;
