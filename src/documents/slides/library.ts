import { createRequire } from "node:module";
import type * as library from "pptxgenjs";

const require = createRequire(import.meta.url);

// Its types are those of a module with a default, and what Node gets is the class itself.
type Library = typeof library.default.default;
export type Slides = InstanceType<Library>;
export type Slide = ReturnType<Slides["addSlide"]>;

/** Its other form, for import, asks for a file that Node does not find. Loaded with the first slides: half a megabyte. */
export function newSlides(): Slides {
  const Slides = require("pptxgenjs") as Library;
  return new Slides();
}
