import { z } from "zod";
import { text, verbatim } from "../src/domain/text.ts";
import { moderationList } from "../src/features/moderation/list.ts";
import { moderatorProblem } from "../src/features/moderation/rules.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";

export const commands: CommandsFrom = () => [
  defineCommand({
    group: "run",
    name: "moderation",
    summary: text("cmd.moderation.summary"),
    example: verbatim("/moderation"),
    privately: true,
    args: z.strictObject({}),
    async run(context) {
      const forbidden = moderatorProblem(context);
      if (forbidden) return { do: "refuse", problem: forbidden };
      return { do: "reply", visibility: "private", view: await moderationList(context) };
    },
  }),
];
