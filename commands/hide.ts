import { z } from "zod";
import { text, verbatim } from "../src/domain/text.ts";
import { hiding } from "../src/features/moderation/decide.ts";
import { meantSubject, pictureOption } from "../src/features/pictures/find.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";

export const commands: CommandsFrom = () => [
  defineCommand({
    group: "look",
    name: "hide",
    summary: text("cmd.hide.summary"),
    example: verbatim("/hide 12"),
    privately: true,
    args: z.strictObject({ picture: pictureOption("any", true) }),
    async run(context, { picture }) {
      const meant = await meantSubject(context, picture, "chat");
      return meant.ok ? hiding(context, meant.value) : { do: "refuse", problem: meant.problem };
    },
  }),
];
