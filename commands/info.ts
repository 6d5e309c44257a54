import { z } from "zod";
import type { Problem } from "../src/domain/problem.ts";
import { readRecipe } from "../src/domain/recipe-text.ts";
import { text, verbatim } from "../src/domain/text.ts";
import { givenImage } from "../src/features/draw/attached-image.ts";
import { meantToSee, pictureOption } from "../src/features/pictures/find.ts";
import { fileInfo, pictureInfo } from "../src/features/pictures/info.ts";
import { attachmentOption } from "../src/ports/args.ts";
import { type CommandsFrom, defineCommand, type Outcome } from "../src/ports/command.ts";

export const commands: CommandsFrom = (catalogue) => [
  defineCommand({
    group: "look",
    name: "info",
    summary: text("cmd.info.summary"),
    example: verbatim("/info 12"),
    args: z.strictObject({
      picture: pictureOption("any", true),
      file: attachmentOption(text("cmd.info.option.file"), text("label.file")).optional(),
    }),
    async run(context, { picture: typed }): Promise<Outcome> {
      const given = await givenImage(context);
      if (!given.ok) return { do: "refuse", problem: given.problem };
      if (given.value !== undefined) {
        const view = fileInfo(await readRecipe(given.value));
        return view ? { do: "reply", visibility: "private", view } : { do: "refuse", problem: NO_RECIPE };
      }
      const seen = await meantToSee(context, typed);
      if (!seen.ok) return { do: "refuse", problem: seen.problem };
      const { picture, meant } = seen.value;
      return { do: "reply", visibility: "private", view: await pictureInfo(context, catalogue, picture, meant.job) };
    },
  }),
];

const NO_RECIPE: Problem = { code: "not_found", text: text("problem.file.silent") };
