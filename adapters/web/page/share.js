import { pictureFile } from "./picture-file.js";
import { say } from "./words.js";

/** Whether this browser has a sheet of its system to share by: not over plain http from another machine. */
export const shares = () => typeof navigator.share === "function";

/** By the system's sheet, else as a link to paste. @param {string} key @param {string} url @returns {Promise<string | undefined>} what to say of it */
export async function sharePicture(key, url) {
  if (!shares()) return copyLink(url);
  const files = [await pictureFile(key)];
  await navigator.share(navigator.canShare?.({ files }) ? { files } : { url });
  return undefined;
}

/** @param {string} url @returns {Promise<string>} what to say of it */
async function copyLink(url) {
  // Browsers refuse the clipboard on plain http from another machine.
  if (!navigator.clipboard) return url;
  await navigator.clipboard.writeText(url);
  return say("page.viewer.link-copied");
}

/** Whoever closes the system's sheet knows that. @param {unknown} error */
export const isGivenUp = (error) => error instanceof DOMException && error.name === "AbortError";
