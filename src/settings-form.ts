import { specOf } from "./args.ts";
import { NO_JOB } from "./button.ts";
import { type ChatSettings, chatSettingsSchema } from "./chat-settings.ts";
import { type Context, defineCommand, type Outcome } from "./command.ts";
import { sizeOf } from "./size.ts";
import type { Style } from "./style.ts";
import type { FormSpec, View } from "./view.ts";

/** The form is checked as a command is; /settings itself adds the styles of the gallery to it. */
export const settingsCommand = defineCommand({
  name: "settings",
  summary: "Settings of this chat",
  example: "",
  args: chatSettingsSchema,
  run: () => refused("Type /settings."),
});

/** An empty field means: as it is. */
export const settingsForm = (context: Pick<Context, "settings" | "token">): FormSpec => ({
  title: "Settings of this chat",
  token: context.token("settings", NO_JOB, 0),
  submitLabel: "Save",
  fields: specOf(settingsCommand).options.map((field) => ({
    ...field,
    value: String(context.settings[field.name as keyof ChatSettings] ?? ""),
  })),
});

/** What holds in this chat, and which of it the admins chose. */
export function settingsView(context: Pick<Context, "rules" | "settings" | "token">): View {
  const { rules, settings } = context;
  const line = (name: string, value: string, chosen: unknown) => ({
    name,
    value: chosen === undefined ? `${value} (default)` : value,
  });
  return {
    text: "What holds in this chat. Change it here, or type for example /settings votes:2.",
    fields: [
      line("style", rules.style, settings.style),
      line("size", rules.size ?? "each style's own", settings.size),
      line("generate", rules.generate, settings.generate),
      line("reroll", rules.reroll, settings.reroll),
      line("votes", String(rules.votes), settings.votes),
      line("vote_minutes", String(rules.voteMinutes), settings.vote_minutes),
      line(
        "retention_days",
        rules.retentionDays === 0 ? "0, pictures are kept for ever" : String(rules.retentionDays),
        settings.retention_days,
      ),
    ],
    buttons: [[{ label: "Change", token: context.token("settings", NO_JOB, 0), tone: "primary" }]],
  };
}

/** Checks what a schema cannot know and says what changed. */
export function decideSettings(
  context: Pick<Context, "settings" | "member">,
  styles: readonly Style[],
  changed: ChatSettings,
): Outcome {
  if (changed.style !== undefined && !styles.some(({ id }) => id === changed.style))
    return refused(`style: there is no “${changed.style}”. /styles shows those there are.`);
  const size = changed.size === undefined ? undefined : sizeOf(changed.size);
  if (size?.ok === false) return { do: "refuse", problem: size.problem };
  const settings = { ...context.settings, ...changed };
  const news = Object.entries(changed).filter(
    ([name, value]) => value !== undefined && context.settings[name as keyof ChatSettings] !== value,
  );
  if (news.length === 0) return refused("Nothing was changed: that is how it is already. /settings shows what holds.");
  const said = `${context.member.name} changed how Placard works here: ${news.map(([name, value]) => `${name} ${value}`).join(", ")}.`;
  return { do: "configure", settings, said };
}

const refused = (text: string): Outcome => ({ do: "refuse", problem: { code: "bad_args", text } });
