import { mediaUrl } from "./picture-source.js";
import { say } from "./words.js";

/** A PNG, which is all that clipboards take. @param {string} key @returns {Promise<File>} */
export async function pictureFile(key) {
  const response = await fetch(mediaUrl(key));
  if (!response.ok) throw new Error((await response.json().catch(() => ({}))).error ?? say("page.problem.broken"));
  const blob = await response.blob();
  const png = blob.type === "image/png" ? blob : await drawnAsPng(blob);
  return new File([png], "placard.png", { type: "image/png" });
}

/** @param {Blob} blob @returns {Promise<Blob>} */
async function drawnAsPng(blob) {
  const bitmap = await createImageBitmap(blob);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
  return canvas.convertToBlob({ type: "image/png" });
}
