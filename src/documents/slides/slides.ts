import { strFromU8, strToU8, unzipSync } from "fflate";
import { markedParts } from "../../domain/marked.ts";
import type { DocumentPicture } from "../../ports/documents.ts";
import { coloursOf } from "../look/colours.ts";
import type { Drawn, OnProgress, PagesSpec } from "../part.ts";
import { jpegOf, readLogo, readWhole } from "../pictures/read.ts";
import { openArchive } from "../zip/archive.ts";
import { buildSlides, type SlideLogo } from "./build.ts";
import { newSlides } from "./library.ts";

const PICTURE_MAX_PX = 2000;
const MIME = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
/** What stands in the place of a picture's bytes, before its number. */
const MARK = "placard picture ";

/**
 * The deck as slides that can be changed, with notes. The library makes all but the pictures; those are put in one after the
 * other as the file is written.
 */
export async function writeSlides(spec: PagesSpec, path: string, onProgress: OnProgress): Promise<Drawn> {
  const total = spec.pages.length + 1;
  onProgress(0, total);
  const pictures: DocumentPicture[] = [];
  const pptx = newSlides();
  const markOf = (picture: DocumentPicture) => `image/jpeg;base64,${btoa(`${MARK}${pictures.push(picture) - 1}`)}`;
  buildSlides(pptx, spec, { markOf, logo: await logoOf(spec) });
  const whole = await pptx.write({ outputType: "uint8array" });
  if (!(whole instanceof Uint8Array)) throw new Error("slides came as something else than bytes");
  const files = Object.entries(unzipSync(whole));
  const archive = openArchive(path);
  let done = total - pictures.length;
  try {
    for (const [name, bytes] of files) {
      if (name.endsWith("/")) continue;
      const picture = pictures[markIn(bytes) ?? -1];
      if (picture) {
        const jpeg = await jpegOf((await readWhole(picture)).image, PICTURE_MAX_PX);
        archive.store(name, markedParts(jpeg, picture.made));
        done += 1;
        onProgress(Math.max(0, done), total);
      } else
        archive.pack(name, name.endsWith(".xml") ? strToU8(corrected(name, strFromU8(bytes), spec.language)) : bytes);
    }
    archive.end();
  } finally {
    archive.close();
  }
  onProgress(total, total);
  return { mime: MIME, pages: total };
}

async function logoOf({ brand }: PagesSpec): Promise<SlideLogo | undefined> {
  if (brand?.logoPath === undefined) return undefined;
  const logo = await readLogo(brand.logoPath, coloursOf(brand));
  if (!logo) return undefined;
  const { jpeg, widthPx, heightPx } = logo;
  return { data: `image/jpeg;base64,${jpeg.toString("base64")}`, widthPx, heightPx };
}

const markIn = (bytes: Uint8Array): number | undefined => {
  const text = bytes.length < MARK.length + 8 ? strFromU8(bytes) : "";
  return text.startsWith(MARK) ? Number(text.slice(MARK.length)) : undefined;
};

/** Its notes are in one paragraph whatever breaks they have, and in English whatever they say. */
function corrected(name: string, xml: string, language: string): string {
  if (!/^ppt\/(?:slides|slideLayouts|notesSlides)\//u.test(name)) return xml;
  const spoken = xml
    // A title with a number is none to some programs that read slides.
    .replaceAll(/\s+idx="\d+"(?=\s+type="title")/gu, "")
    .replaceAll(' altLang="en-US"', "")
    .replaceAll('lang="en-US"', `lang="${language.replace(/[^\w-]/gu, "")}"`);
  return name.startsWith("ppt/notesSlides/")
    ? spoken.replace(
        /<a:p>((?:(?!<a:p>)[\s\S])*?<a:r>(?:(?!<a:t>)[\s\S])*?)<a:t>([^<]*)<\/a:t><\/a:r>/u,
        (_all, head: string, notes: string) =>
          notes
            .split(/\r?\n/u)
            .map((line) => `<a:p>${head}<a:t>${line}</a:t></a:r>`)
            .join("</a:p>"),
      )
    : spoken;
}
