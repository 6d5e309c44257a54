import { pictureFile } from "./picture-file.js";
import { say } from "./words.js";

/** Whether this browser has a sheet of its system to share by: not over plain http from another machine. */
export const shares = () => typeof navigator.share === "function";

/** By the system's sheet, else as a link to paste. @param {string} key @param {string} url @returns {Promise<string | undefined>} what to say of it */
export async function sharePicture(key, url) {
  if (!shares()) return copyLink(url, say("page.viewer.link-copied"));
  const files = [await pictureFile(key)];
  await navigator.share(navigator.canShare?.({ files }) ? { files } : { url });
  return undefined;
}

/** @param {string} url @param {string} done @returns {Promise<string>} what to say of it: that it is done, or the link itself */
export async function copyLink(url, done) {
  try {
    await navigator.clipboard.writeText(url);
    return done;
  } catch {
    // Browsers refuse the clipboard on plain http from another machine.
    return url;
  }
}

/** Whoever closes the system's sheet knows that. @param {unknown} error */
export const isGivenUp = (error) => error instanceof DOMException && error.name === "AbortError";
