import { parseArgs } from "../../src/args.ts";
import { chatSettingsSchema } from "../../src/chat-settings.ts";
import type { PageAction } from "../../src/command.ts";
import { decideSettings, settingsCommand, settingsForm } from "../../src/settings-form.ts";

/** The form of /settings: opened by its button, sent back with values. For admins only, as the command. */
export const button: PageAction = {
  verb: "settings",
  page(context, _index, { styles }, values) {
    if (!context.isAdmin)
      return {
        do: "refuse",
        problem: { code: "not_allowed", text: "Only the admins of this chat change its settings. Ask one of them." },
      };
    if (values === undefined) return { do: "form", form: settingsForm(context) };
    const filled = Object.fromEntries(
      Object.entries(values).filter(([, value]) => value !== "" && value !== undefined),
    );
    const parsed = parseArgs(settingsCommand, { values: filled }, []);
    if (!parsed.ok) return { do: "refuse", problem: parsed.problem };
    // parseArgs gives what the schema gave; parsing again only restores its type.
    return decideSettings(context, styles, chatSettingsSchema.parse(parsed.value.values));
  },
};
