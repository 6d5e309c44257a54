import { createPixelReader } from "../../src/jobs/pixels/pixel-reader.ts";

/** One for a whole test file: its worker starts with the first picture and holds no process. */
export const pixels = createPixelReader();
