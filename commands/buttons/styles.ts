import type { PageAction } from "../../src/command.ts";
import { stylePage } from "../../src/style-page.ts";

export const button: PageAction = {
  verb: "styles",
  page: (context, index, world) => ({ do: "reply", visibility: "private", view: stylePage(context, world, index) }),
};
