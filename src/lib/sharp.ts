import { createRequire } from "node:module";
import type { Create, CreateRaw, Sharp } from "sharp";

type Library = typeof import("sharp").default;

const require = createRequire(import.meta.url);
// Where it is missing the start says so, not the first picture.
const installed = require.resolve("sharp");

let library: Library | undefined;

/** sharp, loaded with the first picture: 9 MB, and 50 ms once, that a Placard at rest does without. */
export function loadSharp(): Library {
  if (library) return library;
  // The border of the package: what its own types say of it.
  const loaded = require(installed) as Library;
  // No picture is opened twice soon: what libvips would keep of the last hundred is memory for nothing.
  loaded.cache(false);
  library = loaded;
  return loaded;
}

/** A picture of one colour. */
export const blankImage = (create: Create): Sharp => loadSharp()({ create });

/** Of pixels that are here already. */
export const imageOfPixels = (pixels: Uint8Array, raw: CreateRaw): Sharp => loadSharp()(pixels, { raw });

/** What we drew ourselves, however much it is: nothing of it was typed. */
export const imageOfSvg = (svg: string): Sharp => loadSharp()(Buffer.from(svg), { unlimited: true });
