import { z } from "zod";
import { text } from "../../src/domain/text.ts";
import type { SettingsChange } from "../../src/features/settings/fields.ts";
import { decideSettings, settingsCommand, settingsForm } from "../../src/features/settings.ts";
import { parseArgs } from "../../src/ports/args.ts";
import { defineButton } from "../../src/ports/command.ts";

/** The form of /settings: opened by its button, sent back with values. For admins only, as the command. */
export const button = defineButton({
  about: "chat",
  verb: "settings",
  arg: z.strictObject({ page: z.coerce.number().int() }),
  run(context, { arg, values }, catalogue) {
    if (!context.isAdmin)
      return {
        do: "refuse",
        problem: { code: "not_allowed", text: text("problem.settings.admins") },
      };
    if (values === undefined) return { do: "form", form: settingsForm(context, catalogue, arg.page) };
    const parsed = parseArgs(settingsCommand(catalogue), { values }, [], context.spoken);
    if (!parsed.ok) return { do: "refuse", problem: parsed.problem };
    // parseArgs gives the output of this command's own schema.
    return decideSettings(context, catalogue, parsed.value.values as SettingsChange);
  },
});
