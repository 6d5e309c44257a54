import { z } from "zod";
import { text, verbatim } from "../src/domain/text.ts";
import { exportOutcome } from "../src/features/privacy/export.ts";
import { option } from "../src/ports/args.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";

export const commands: CommandsFrom = () => [
  defineCommand({
    group: "look",
    name: "export",
    summary: text("cmd.export.summary"),
    example: verbatim("/export me"),
    privately: true,
    evenBlocked: true,
    args: z.strictObject({
      whom: option(z.enum(["me"]).optional(), {
        about: text("cmd.export.option.whom"),
        label: text("label.whom"),
        rest: true,
      }),
    }),
    run: (context) => exportOutcome(context),
  }),
];
