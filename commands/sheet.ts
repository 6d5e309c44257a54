import { z } from "zod";
import { text, verbatim } from "../src/domain/text.ts";
import { documentOutcome } from "../src/features/documents/outcomes.ts";
import { selectionOption } from "../src/features/documents/selection.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";

export const commands: CommandsFrom = () => [
  defineCommand({
    group: "take",
    name: "sheet",
    summary: text("cmd.sheet.summary"),
    example: verbatim("/sheet 12,14-16"),
    args: z.strictObject({ pictures: selectionOption }),
    run: (context, { pictures }) => documentOutcome(context, "sheet", pictures),
  }),
];
