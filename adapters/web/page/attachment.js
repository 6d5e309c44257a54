import { ApiError, upload } from "./api.js";
import { say } from "./words.js";

/** @import { Session } from "./api.js" */
/** @import { Connection } from "./connection.js" */
/** @import { Upload } from "../../../src/ports/group-log.ts" */

/** As `GIVEN_IMAGE_MAX_BYTES` on the server; a test compares them. Told before the file is sent. */
const UPLOAD_MAX_MB = 20;

/** What a file picker offers. */
export const PICTURE_TYPES = "image/png,image/jpeg,image/webp,image/avif,image/gif";

/** The first picture among what was pasted or dropped. @param {DataTransfer | null} from */
export const pictureIn = (from) => [...(from?.files ?? [])].find((file) => file.type.startsWith("image/"));

/** Whether something that is dragged can be dropped as a picture. @param {DragEvent} event */
export const bringsFile = (event) => event.dataTransfer?.types.includes("Files") ?? false;

/** Why a picture was not taken: nobody answered. */
export const isUnanswered = (/** @type {unknown} */ error) => error instanceof ApiError && error.status === 0;

/**
 * @typedef {(file: File) => Promise<Upload>} Attach throws Error in words for who attached it
 * @param {File} file @param {{ readonly session: Session, readonly connection: Connection }} group
 * @returns {Promise<Upload>} @throws Error in words for who attached it
 */
export async function attachPicture(file, { session, connection }) {
  if (file.size > UPLOAD_MAX_MB * 1024 * 1024)
    throw new Error(say("page.composer.too-large", { megabytes: UPLOAD_MAX_MB }));
  try {
    return await upload(file, file.name, session.secret);
  } catch (error) {
    if (isUnanswered(error)) connection.doubt();
    throw error;
  }
}
