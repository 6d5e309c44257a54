import { ApiError, upload } from "./api.js";
import { say } from "./words.js";

/** @import { Session } from "./api.js" */
/** @import { Connection } from "./connection.js" */
/** @import { Upload } from "../../../src/ports/group-log.ts" */

/** As `GIVEN_IMAGE_MAX_BYTES` on the server; a test compares them. Told before the file is sent. */
const UPLOAD_MAX_MB = 20;

/** What a file picker offers. */
export const PICTURE_TYPES = "image/png,image/jpeg,image/webp,image/avif,image/gif,image/svg+xml";

const SVG_SIDE_PX = 1024;

/** The first picture among what was pasted or dropped. @param {DataTransfer | null} from */
export const pictureIn = (from) => [...(from?.files ?? [])].find((file) => file.type.startsWith("image/"));

/** Whether something that is dragged can be dropped as a picture. @param {DragEvent} event */
export const bringsFile = (event) => event.dataTransfer?.types.includes("Files") ?? false;

/** Why a picture was not taken: nobody answered. */
export const isUnanswered = (/** @type {unknown} */ error) => error instanceof ApiError && error.status === 0;

/**
 * An SVG as the picture that this browser shows of it, which runs nothing in it and loads nothing: a logo is kept as one. What cannot
 * be shown is sent as it is, and refused there in words.
 *
 * @param {File} file
 */
async function asPicture(file) {
  if (file.type !== "image/svg+xml") return file;
  const address = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    const scale = SVG_SIDE_PX / Math.max(width, height, 1);
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const drawn = await new Promise((/** @type {(blob: Blob | null) => void} */ done) => canvas.toBlob(done));
    return drawn ? new File([drawn], file.name.replace(/\.svg$/iu, ".png"), { type: "image/png" }) : file;
  } catch {
    return file;
  } finally {
    URL.revokeObjectURL(address);
  }
}

/**
 * @typedef {(file: File) => Promise<Upload>} Attach throws Error in words for who attached it
 * @param {File} file @param {{ readonly session: Session, readonly connection: Connection }} group
 * @returns {Promise<Upload>} @throws Error in words for who attached it
 */
export async function attachPicture(file, { session, connection }) {
  if (file.size > UPLOAD_MAX_MB * 1024 * 1024)
    throw new Error(say("page.composer.too-large", { megabytes: UPLOAD_MAX_MB }));
  try {
    const picture = await asPicture(file);
    return await upload(picture, picture.name, session.secret);
  } catch (error) {
    if (isUnanswered(error)) connection.doubt();
    throw error;
  }
}
