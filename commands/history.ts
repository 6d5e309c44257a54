import { z } from "zod";
import { text, verbatim } from "../src/domain/text.ts";
import { historyPage } from "../src/features/pictures/history.ts";
import { option } from "../src/ports/args.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";

export const commands: CommandsFrom = () => [
  defineCommand({
    group: "look",
    name: "history",
    summary: text("cmd.history.summary"),
    example: verbatim("/history mine:yes"),
    privately: true,
    args: z.strictObject({ mine: option(z.boolean().default(false), { about: text("cmd.history.option.mine") }) }),
    run: async (context, { mine }) => ({
      do: "reply",
      visibility: "private",
      view: await historyPage(context, { mine }),
    }),
  }),
];
