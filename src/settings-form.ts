import { z } from "zod";
import { option, specOf } from "./args.ts";
import { NO_JOB } from "./button.ts";
import { type ChatSettings, chatSettingsSchema } from "./chat-settings.ts";
import { type Command, type Context, defineCommand, type Outcome } from "./command.ts";
import { SIZE_PRESETS, sizeOf } from "./size.ts";
import type { Style } from "./style.ts";
import type { FormSpec, View } from "./view.ts";

/** Takes a choice of the admins back: what the installation or the style says holds again. It is never stored. */
export const DEFAULT_WORD = "default";

const orDefault = <S extends z.ZodType>(field: z.ZodOptional<S>) =>
  z
    .union([field.unwrap(), z.literal(DEFAULT_WORD)])
    .optional()
    .describe(field.description ?? "");

/** Any text passes the schema, so the word needs no branch of its own; what it names is checked by `decideSettings`. */
const named = <S extends z.ZodType>(field: S, choices: readonly { readonly value: string; readonly label: string }[]) =>
  option(field, {
    suggestions: [...choices, { value: DEFAULT_WORD, label: DEFAULT_WORD }],
  });

/** The settings as they can be typed or filled in: each takes its own values and the word `default`. */
export function settingsArgs(styles: readonly Style[]) {
  const { style, size, generate, reroll, votes, vote_minutes, remote, backends, retention_days } =
    chatSettingsSchema.shape;
  return z.strictObject({
    style: named(
      style,
      styles.map(({ id, title }) => ({ value: id, label: title })),
    ),
    size: named(
      size,
      SIZE_PRESETS.map(({ name, label }) => ({ value: name, label })),
    ),
    generate: orDefault(generate),
    reroll: orDefault(reroll),
    votes: orDefault(votes),
    vote_minutes: orDefault(vote_minutes),
    remote: orDefault(remote),
    backends: orDefault(backends),
    retention_days: orDefault(retention_days),
  });
}
export type SettingsChange = z.output<ReturnType<typeof settingsArgs>>;

/** /settings. The form is described and checked by the same options. */
export const settingsCommand = (styles: readonly Style[]): Command =>
  defineCommand({
    name: "settings",
    summary: "What the admins of this chat decide: style, size, who draws, votes. The word default puts one back",
    example: "/settings reroll:vote votes:2 size:default",
    adminOnly: true,
    args: settingsArgs(styles),
    run: (context, change): Outcome =>
      Object.values(change).every((value) => value === undefined)
        ? { do: "reply", visibility: "private", view: settingsView(context) }
        : decideSettings(context, styles, change),
  });

/** Every field shows what is chosen, or the word `default`; an emptied field means: as it is. */
export const settingsForm = (context: Pick<Context, "settings" | "token">, styles: readonly Style[]): FormSpec => ({
  title: "Settings of this chat",
  token: context.token("settings", NO_JOB, 0),
  submitLabel: "Save",
  fields: specOf(settingsCommand(styles)).options.map((field) => ({
    ...field,
    // A list that also offers "nothing" would hide the difference between "as it is" and "the default".
    required: true,
    value: String(context.settings[field.name as keyof ChatSettings] ?? DEFAULT_WORD),
  })),
});

/** What holds in this chat, and which of it the admins chose. */
export function settingsView(context: Pick<Context, "rules" | "settings" | "token">): View {
  const { rules, settings } = context;
  const line = (name: keyof ChatSettings, value: string) => ({
    name,
    value: settings[name] === undefined ? `${value} (default)` : value,
  });
  return {
    text: `What holds in this chat. Change it here, or type for example /settings votes:2. The word ${DEFAULT_WORD} puts a setting back: /settings votes:${DEFAULT_WORD}.`,
    fields: [
      line("style", rules.style),
      line("size", rules.size ?? "each style's own"),
      line("generate", rules.generate),
      line("reroll", rules.reroll),
      line("votes", String(rules.votes)),
      line("vote_minutes", String(rules.voteMinutes)),
      line("remote", rules.route.remote ? "allowed" : "forbidden"),
      line("backends", rules.route.backends?.join(", ") ?? "every one"),
      line("retention_days", rules.retentionDays === 0 ? "0, pictures are kept for ever" : String(rules.retentionDays)),
    ],
    buttons: [[{ label: "Change", token: context.token("settings", NO_JOB, 0), tone: "primary" }]],
  };
}

/** Checks what a schema cannot know and says what changed. What is as it was is not checked: its style may be gone. */
export function decideSettings(
  context: Pick<Context, "settings" | "member">,
  styles: readonly Style[],
  change: SettingsChange,
): Outcome {
  const news = Object.entries(change).filter(
    ([name, value]) => value !== undefined && value !== (context.settings[name as keyof ChatSettings] ?? DEFAULT_WORD),
  );
  if (news.length === 0) return refused("Nothing was changed: that is how it is already. /settings shows what holds.");
  for (const [name, value] of news) {
    if (value === DEFAULT_WORD) continue;
    if (name === "style" && !styles.some(({ id }) => id === value))
      return refused(`style: there is no “${value}”. /styles shows those there are.`);
    const size = name === "size" ? sizeOf(String(value)) : undefined;
    if (size?.ok === false) return { do: "refuse", problem: size.problem };
  }
  const chosen = Object.entries({ ...context.settings, ...Object.fromEntries(news) }).filter(
    ([, value]) => value !== DEFAULT_WORD,
  );
  const changes = news.map(([name, value]) =>
    value === DEFAULT_WORD ? `${name} back to the default` : `${name} ${value}`,
  );
  return {
    do: "configure",
    // Parsing only restores the type: every value came through the schema.
    settings: chatSettingsSchema.parse(Object.fromEntries(chosen)),
    said: `${context.member.name} changed how Placard works here: ${changes.join(", ")}.`,
  };
}

const refused = (text: string): Outcome => ({ do: "refuse", problem: { code: "bad_args", text } });
