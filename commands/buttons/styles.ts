import { z } from "zod";
import { stylePage } from "../../src/features/styles.ts";
import { defineButton } from "../../src/ports/command.ts";

export const button = defineButton({
  about: "chat",
  verb: "styles",
  arg: z.strictObject({ page: z.coerce.number().int() }),
  run: (context, { arg }, catalogue) => ({
    do: "reply",
    visibility: "private",
    view: stylePage(context, catalogue, arg.page),
  }),
});
