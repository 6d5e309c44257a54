import { sameFile } from "./same-file.ts";

interface Upscaler {
  /** As its makers call the file, without its ending. */
  readonly name: string;
  /** Its name and where it stands. */
  readonly licence: string;
}

/**
 * Models that enlarge pictures of every kind well, the best first: photographs and drawings alike, and nothing that was not there.
 * Source of names and licences: their makers' own pages, and OpenModelDB.
 */
const KNOWN: readonly Upscaler[] = [
  { name: "RealESRGAN_x2plus", licence: "BSD-3-Clause (https://github.com/xinntao/Real-ESRGAN)" },
  { name: "RealESRGAN_x4plus", licence: "BSD-3-Clause (https://github.com/xinntao/Real-ESRGAN)" },
  { name: "R-ESRGAN 4x+", licence: "BSD-3-Clause (https://github.com/xinntao/Real-ESRGAN)" },
  { name: "4x_NMKD-Siax_200k", licence: "WTFPL (https://openmodeldb.info/models/4x-NMKD-Siax-CX)" },
  {
    name: "4x-UltraSharp",
    licence: "CC-BY-NC-SA-4.0, not for commercial use (https://openmodeldb.info/models/4x-UltraSharp)",
  },
  { name: "4x_foolhardy_Remacri", licence: "see https://openmodeldb.info/models/4x-Remacri" },
];

/** What to get where there is none. */
export const UPSCALER_TO_GET = {
  file: "RealESRGAN_x2plus.pth",
  source: "https://github.com/xinntao/Real-ESRGAN/releases/tag/v0.2.1",
  licence: "BSD-3-Clause",
} as const;

/** It makes nothing larger: it cleans, and is listed beside those that do. */
const SAME_SIZE = /^1x/iu;

/** Of the files or names that a server lists: one that is known to be good, else the first by name; `undefined`: there is none. */
export function chooseUpscaler(listed: readonly string[]): string | undefined {
  const able = listed.filter((name) => !SAME_SIZE.test(stemOf(name))).toSorted();
  for (const { name } of KNOWN) {
    const found = able.find((each) => stemOf(each) === name) ?? sameFile(able, name);
    if (found !== undefined) return found;
  }
  return able[0];
}

/** Of its file, for cards. */
export const stemOf = (file: string): string =>
  file.replace(/^.*[/\\]/u, "").replace(/\.(?:pth|pt|safetensors|gguf|ckpt|bin)$/iu, "");

/** For the operator: which it is, and by which licence. */
export function upscalerText(file: string): string {
  const known = KNOWN.find(({ name }) => name === stemOf(file));
  return known ? `${file}; licence ${known.licence}` : `${file}; its licence is not known to Placard`;
}
