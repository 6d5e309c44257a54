import { z } from "zod";
import { text, verbatim } from "../src/domain/text.ts";
import { stylePage } from "../src/features/styles.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";

export const commands: CommandsFrom = (catalogue) => [
  defineCommand({
    group: "look",
    name: "styles",
    summary: text("cmd.styles.summary"),
    example: verbatim("/styles"),
    privately: true,
    args: z.strictObject({}),
    run: (context) => ({ do: "reply", visibility: "private", view: stylePage(context, catalogue, 0) }),
  }),
];
