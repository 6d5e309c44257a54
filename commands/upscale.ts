import { z } from "zod";
import { text, verbatim } from "../src/domain/text.ts";
import { enlargeOutcome } from "../src/features/derive/enlarge.ts";
import { meantSubject, pictureOption } from "../src/features/pictures/find.ts";
import { option } from "../src/ports/args.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";
import type { Outcome } from "../src/ports/outcome.ts";

export const commands: CommandsFrom = () => [
  defineCommand({
    group: "change",
    name: "upscale",
    summary: text("cmd.upscale.summary"),
    example: verbatim("/upscale picture:12 by:4"),
    args: z.strictObject({
      picture: pictureOption("any", true),
      by: option(z.enum(["2", "4"]).default("2"), {
        about: text("cmd.upscale.option.by"),
        labels: { "2": text("choice.upscale.2"), "4": text("choice.upscale.4") },
      }),
    }),
    /** Anybody's here. */
    async run(context, { picture, by }): Promise<Outcome> {
      const meant = await meantSubject(context, picture, "chat");
      if (!meant.ok) return { do: "refuse", problem: meant.problem };
      return enlargeOutcome(context, meant.value, by === "4" ? 4 : 2);
    },
  }),
];
