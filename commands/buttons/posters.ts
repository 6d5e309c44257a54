import { z } from "zod";
import { templatePage } from "../../src/features/posters/gallery.ts";
import { defineButton } from "../../src/ports/command.ts";

export const button = defineButton({
  about: "chat",
  verb: "posters",
  arg: z.strictObject({ page: z.coerce.number().int() }),
  run: (context, { arg }, catalogue) => ({
    do: "reply",
    visibility: "private",
    view: templatePage(context, catalogue, arg.page),
  }),
});
