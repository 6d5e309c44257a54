import { z } from "zod";
import { option } from "../src/args.ts";
import { chatSettingsSchema } from "../src/chat-settings.ts";
import { type CommandsFrom, defineCommand } from "../src/command.ts";
import { decideSettings, settingsView } from "../src/settings-form.ts";
import { SIZE_PRESETS } from "../src/size.ts";

export const commands: CommandsFrom = ({ styles }) => [
  defineCommand({
    name: "settings",
    summary: "What the admins of this chat decide: style, size, who may draw, votes, how long pictures stay",
    example: "/settings reroll:vote votes:2",
    adminOnly: true,
    args: z.strictObject({
      ...chatSettingsSchema.shape,
      style: option(chatSettingsSchema.shape.style, {
        suggestions: styles.map(({ id, title }) => ({ value: id, label: title })),
      }),
      size: option(chatSettingsSchema.shape.size, {
        suggestions: SIZE_PRESETS.map(({ name, label }) => ({ value: name, label })),
      }),
    }),
    run: (context, args) =>
      Object.values(args).every((value) => value === undefined)
        ? { do: "reply", visibility: "private", view: settingsView(context) }
        : decideSettings(context, styles, args),
  }),
];
