import { z } from "zod";
import { text, verbatim } from "../src/domain/text.ts";
import { bestPage } from "../src/features/decide/best.ts";
import { option } from "../src/ports/args.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";

export const commands: CommandsFrom = () => [
  defineCommand({
    group: "look",
    name: "best",
    summary: text("cmd.best.summary"),
    example: verbatim("/best of:week"),
    privately: true,
    args: z.strictObject({
      of: option(z.enum(["chat", "week"]).default("chat"), {
        about: text("cmd.best.option.of"),
        labels: { chat: text("choice.best.chat"), week: text("choice.best.week") },
        rest: true,
      }),
    }),
    run: async (context, { of }) => ({ do: "reply", visibility: "private", view: await bestPage(context, of) }),
  }),
];
