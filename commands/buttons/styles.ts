import { stylePage } from "../../src/features/styles.ts";
import type { PageAction } from "../../src/ports/command.ts";

export const button: PageAction = {
  verb: "styles",
  page: (context, index, catalogue) => ({
    do: "reply",
    visibility: "private",
    view: stylePage(context, catalogue, index),
  }),
};
