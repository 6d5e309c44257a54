import { z } from "zod";
import { historyPage } from "../src/features/pictures/history.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";

export const commands: CommandsFrom = () => [
  defineCommand({
    group: "look",
    name: "history",
    summary: "The pictures of this chat, newest first",
    example: "/history mine:yes",
    args: z.strictObject({ mine: z.boolean().default(false).describe("yes: only your own") }),
    run: async (context, { mine }) => ({
      do: "reply",
      visibility: "private",
      view: await historyPage(context, { mine }),
    }),
  }),
];
