import { z } from "zod";
import { attachmentOption } from "../src/args.ts";
import { type CommandsFrom, defineCommand, type Outcome } from "../src/command.ts";
import { givenImage } from "../src/given-image.ts";
import { fileInfo, pictureInfo } from "../src/info-card.ts";
import { meantToSee, pictureOption } from "../src/meant-picture.ts";
import type { Problem } from "../src/problem.ts";
import { readRecipe } from "../src/recipe-text.ts";

export const commands: CommandsFrom = (world) => [
  defineCommand({
    name: "info",
    summary: "How a picture was made: one of this chat, or an attached PNG",
    example: "/info 12",
    args: z.strictObject({
      picture: pictureOption("the one you answer, or the newest", true),
      file: attachmentOption("a PNG to read the recipe from").optional(),
    }),
    async run(context, { picture: typed }): Promise<Outcome> {
      const given = await givenImage(context);
      if (!given.ok) return { do: "refuse", problem: given.problem };
      if (given.value !== undefined) {
        const view = fileInfo(readRecipe(given.value));
        return view ? { do: "reply", visibility: "private", view } : { do: "refuse", problem: NO_RECIPE };
      }
      const seen = await meantToSee(context, typed);
      if (!seen.ok) return { do: "refuse", problem: seen.problem };
      const { picture, meant } = seen.value;
      return { do: "reply", visibility: "private", view: await pictureInfo(context, world, picture, meant.job) };
    },
  }),
];

const NO_RECIPE: Problem = {
  code: "not_found",
  text: "This file says nothing about how it was made. Chats strip that from pictures: attach the file that Original gives.",
};
