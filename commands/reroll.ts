import { z } from "zod";
import { text, verbatim } from "../src/domain/text.ts";
import { rerollOutcome } from "../src/features/derive/outcomes.ts";
import { meantSubject, pictureOption } from "../src/features/pictures/find.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";
import type { Outcome } from "../src/ports/outcome.ts";

export const commands: CommandsFrom = (catalogue) => [
  defineCommand({
    group: "change",
    name: "reroll",
    summary: text("cmd.reroll.summary"),
    example: verbatim("/reroll 12"),
    args: z.strictObject({ picture: pictureOption("own", true) }),
    async run(context, { picture }): Promise<Outcome> {
      const meant = await meantSubject(context, picture);
      return meant.ok ? rerollOutcome(context, meant.value, catalogue) : { do: "refuse", problem: meant.problem };
    },
  }),
];
