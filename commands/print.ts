import { z } from "zod";
import { text, verbatim } from "../src/domain/text.ts";
import { paperIn, printFields, printOutcome } from "../src/features/documents/print.ts";
import { meantToSee, pictureOption } from "../src/features/pictures/find.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";

export const commands: CommandsFrom = () => [
  defineCommand({
    group: "take",
    name: "print",
    summary: text("cmd.print.summary"),
    example: verbatim("/print 12 size:a3"),
    args: z.strictObject({ picture: pictureOption("any", true), ...printFields }),
    async run(context, { picture: typed, ...asked }) {
      const said = paperIn(typed);
      const seen = await meantToSee(context, said.picture);
      if (!seen.ok) return { do: "refuse", problem: seen.problem };
      return printOutcome(seen.value.picture, { ...asked, ...(said.size ? { size: said.size } : {}) });
    },
  }),
];
