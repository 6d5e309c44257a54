import { z } from "zod";
import { type CommandsFrom, defineCommand } from "../src/command.ts";
import { historyPage } from "../src/history-page.ts";

export const commands: CommandsFrom = () => [
  defineCommand({
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
