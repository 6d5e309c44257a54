import { z } from "zod";
import { rerollOutcome } from "../src/features/derive/outcomes.ts";
import { meantSubject, pictureOption } from "../src/features/pictures/find.ts";
import { type CommandsFrom, defineCommand, type Outcome } from "../src/ports/command.ts";

export const commands: CommandsFrom = (catalogue) => [
  defineCommand({
    group: "change",
    name: "reroll",
    summary: "Make a picture again with a new seed; somebody else's by the rules of this chat",
    example: "/reroll 12",
    args: z.strictObject({ picture: pictureOption("the one you answer, or your newest", true) }),
    async run(context, { picture }): Promise<Outcome> {
      const meant = await meantSubject(context, picture);
      return meant.ok ? rerollOutcome(context, meant.value, catalogue) : { do: "refuse", problem: meant.problem };
    },
  }),
];
