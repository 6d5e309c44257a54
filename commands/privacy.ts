import { z } from "zod";
import { text, verbatim } from "../src/domain/text.ts";
import { privacyView } from "../src/features/privacy/view.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";

export const commands: CommandsFrom = () => [
  defineCommand({
    group: "look",
    name: "privacy",
    summary: text("cmd.privacy.summary"),
    example: verbatim("/privacy"),
    privately: true,
    evenBlocked: true,
    args: z.strictObject({}),
    run: async (context) => ({ do: "reply", visibility: "private", view: await privacyView(context) }),
  }),
];
