import { z } from "zod";
import type { Problem } from "../src/domain/problem.ts";
import { text, verbatim } from "../src/domain/text.ts";
import { givenImage } from "../src/features/draw/attached-image.ts";
import { fileInfo } from "../src/features/file-recipe/file-info.ts";
import { offerHere } from "../src/features/file-recipe/outcomes.ts";
import { readFileRecipe } from "../src/features/file-recipe/read.ts";
import { meantToSee, pictureOption } from "../src/features/pictures/find.ts";
import { pictureInfo } from "../src/features/pictures/info.ts";
import { attachmentOption } from "../src/ports/args.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";
import type { Outcome } from "../src/ports/outcome.ts";

export const commands: CommandsFrom = (catalogue) => [
  defineCommand({
    group: "look",
    name: "info",
    summary: text("cmd.info.summary"),
    example: verbatim("/info 12"),
    privately: true,
    args: z.strictObject({
      picture: pictureOption("any", true),
      file: attachmentOption(text("cmd.info.option.file"), text("label.file")).optional(),
    }),
    async run(context, { picture: typed }): Promise<Outcome> {
      const given = await givenImage(context);
      if (!given.ok) return { do: "refuse", problem: given.problem };
      if (given.value !== undefined) {
        const found = await readFileRecipe(given.value);
        if (!found.ok) return { do: "refuse", problem: found.problem };
        const offer = await offerHere(context, catalogue, found.value);
        return fileInfo(context, found.value, offer) ?? { do: "refuse", problem: NO_RECIPE };
      }
      const seen = await meantToSee(context, typed);
      if (!seen.ok) return { do: "refuse", problem: seen.problem };
      const { picture, meant } = seen.value;
      return { do: "reply", visibility: "private", view: await pictureInfo(context, catalogue, picture, meant.job) };
    },
  }),
];

const NO_RECIPE: Problem = { code: "not_found", text: text("problem.file.silent") };
