import { text } from "../../src/domain/text.ts";
import { brandArg, brandPressed } from "../../src/features/brand/form.ts";
import { defineButton } from "../../src/ports/command.ts";

/** What is under a brand, and its form. For admins only, as the command. */
export const button = defineButton({
  about: "chat",
  verb: "brand",
  arg: brandArg,
  run: (context, { arg, values }) =>
    context.isAdmin
      ? brandPressed(context, arg, values)
      : { do: "refuse", problem: { code: "not_allowed", text: text("problem.settings.admins") } },
});
