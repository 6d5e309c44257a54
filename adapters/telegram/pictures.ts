import { InputFile } from "grammy";
import { marked, saidOf } from "../../src/domain/marked.ts";
import { PICTURE_MAX_PIXELS } from "../../src/domain/recipe.ts";
import { sourceTypeOfSeveral } from "../../src/domain/source-type.ts";
import { foreignImage } from "../../src/lib/foreign-image.ts";
import { blankImage } from "../../src/lib/sharp.ts";
import { withXmpOf } from "../../src/lib/xmp-mark.ts";
import { ChatError, type ChatEvents, type Media } from "../../src/ports/chat.ts";
import type { ShownImage } from "../../src/ports/view.ts";
import { LIMITS } from "./limits.ts";

const MAX_PIXELS = PICTURE_MAX_PIXELS;
const JPEG_QUALITY = 92;
const SHEET_COLUMNS = 3;
const SHEET_CELL_PX = 320;
const BLANK_WIDTH_PX = 640;
const BLANK_HEIGHT_PX = 160;

/** Bytes for uploads. A photo can be read once by grammY, so each call makes a new one. */
export interface Pictures {
  photo(image: ShownImage): Promise<InputFile>;
  /** false: it was deleted, or never was. */
  isThere(key: string): Promise<boolean>;
  /** The file as it is. */
  document(key: string, name: string): Promise<InputFile>;
  /** All of them in one picture, row by row, three in a row; white where one is missing. `undefined`: all are. */
  sheet(images: readonly ShownImage[]): Promise<InputFile | undefined>;
  /** What stands where a picture was: a photo can become another photo, but never text. */
  blank(): Promise<InputFile>;
}

export function createPictures(media: ChatEvents["media"]): Pictures {
  async function found(key: string): Promise<Media> {
    const one = await media(key);
    if (!one) throw new Error(`telegram: nothing is kept under ${key}`);
    return one;
  }
  return {
    async photo({ key }) {
      return photoFrom(await found(key));
    },
    isThere: async (key) => (await media(key)) !== undefined,
    async document(key, name) {
      const { bytes } = await found(key);
      if (bytes.length > LIMITS.documentMaxBytes)
        throw new ChatError("telegram", "too_large", `a file of ${bytes.length} bytes`);
      return new InputFile(bytes, name);
    },
    async sheet(images) {
      const found = await Promise.all(images.map(async ({ key }) => (await media(key))?.bytes));
      return found.some((bytes) => bytes !== undefined) ? new InputFile(await sheetOf(found), "list.jpg") : undefined;
    },
    async blank() {
      return new InputFile(await blankBytes(), BLANK_NAME);
    },
  };
}

/** Of a sheet: where one of them is covered they all are, since it is one picture. */
export const coverOf = (images: readonly ShownImage[]): { readonly has_spoiler?: true } =>
  images.some(({ spoiler }) => spoiler === true) ? { has_spoiler: true } : {};

const BLANK_NAME = "no-picture.png";

/** Telegram makes a JPEG of every photo anyway, so what is too large for it, or no PNG, loses nothing by becoming one here. */
async function photoFrom({ bytes, mime, fileName }: Media): Promise<InputFile> {
  if (bytes.length <= LIMITS.photoMaxBytes && (mime === "image/png" || mime === "image/jpeg"))
    return new InputFile(bytes, fileName);
  const jpeg = await foreignImage(bytes, MAX_PIXELS)
    .flatten({ background: "#fff" })
    .jpeg({ quality: JPEG_QUALITY })
    .toBuffer()
    .then((made) => withXmpOf(bytes, made));
  if (jpeg.length > LIMITS.photoMaxBytes)
    throw new ChatError("telegram", "too_large", `a picture of ${jpeg.length} bytes`);
  return new InputFile(jpeg, `${fileName.replace(/\.[a-z0-9]+$/, "")}.jpg`);
}

async function sheetOf(pictures: readonly (Uint8Array | undefined)[]): Promise<Buffer> {
  const columns = Math.min(SHEET_COLUMNS, pictures.length);
  const cells = await Promise.all(
    pictures.map(
      (bytes) =>
        bytes &&
        foreignImage(bytes, MAX_PIXELS)
          .resize(SHEET_CELL_PX, SHEET_CELL_PX, { fit: "cover", position: "top" })
          .flatten({ background: "#fff" })
          .toBuffer(),
    ),
  );
  const sheet = await blankImage({
    width: columns * SHEET_CELL_PX,
    height: Math.ceil(cells.length / columns) * SHEET_CELL_PX,
    channels: 3,
    background: "#fff",
  })
    .composite(
      cells.flatMap((input, at) =>
        input ? [{ input, left: (at % columns) * SHEET_CELL_PX, top: Math.floor(at / columns) * SHEET_CELL_PX }] : [],
      ),
    )
    .jpeg({ quality: JPEG_QUALITY })
    .toBuffer();
  return Buffer.from(marked(sheet, sourceTypeOfSeveral(pictures.flatMap((bytes) => (bytes ? [saidOf(bytes)] : [])))));
}

let blank: Promise<Buffer> | undefined;
/** A quiet grey stripe. */
function blankBytes(): Promise<Buffer> {
  blank ??= blankImage({ width: BLANK_WIDTH_PX, height: BLANK_HEIGHT_PX, channels: 3, background: "#d8d8d8" })
    .png({ compressionLevel: 9 })
    .toBuffer();
  return blank;
}
