import { postersByPixels } from "./mixed-pixels.ts";

postersByPixels(3);
