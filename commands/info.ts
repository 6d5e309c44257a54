import { z } from "zod";
import { attachmentOption, option } from "../src/args.ts";
import { type CommandsFrom, type Context, defineCommand, type Outcome } from "../src/command.ts";
import { givenImage } from "../src/given-image.ts";
import { fileInfo, pictureInfo } from "../src/info-card.ts";
import type { Picture } from "../src/job.ts";
import { namedPicture } from "../src/picture-text.ts";
import { ok, type Problem, type Result, refuse } from "../src/problem.ts";
import { readRecipe } from "../src/recipe-text.ts";

export const commands: CommandsFrom = () => [
  defineCommand({
    name: "info",
    summary: "How a picture was made: one of this chat, or an attached PNG",
    example: "/info 12",
    args: z.strictObject({
      picture: option(
        z.string().trim().max(20).optional().describe("its number, as in #12; without it the newest here"),
        {
          rest: true,
        },
      ),
      file: attachmentOption("a PNG to read the recipe from").optional(),
    }),
    async run(context, { picture: typed }): Promise<Outcome> {
      const given = await givenImage(context);
      if (!given.ok) return { do: "refuse", problem: given.problem };
      if (given.value !== undefined) {
        const view = fileInfo(readRecipe(given.value));
        return view ? { do: "reply", visibility: "private", view } : { do: "refuse", problem: NO_RECIPE };
      }
      const found = typed === undefined || typed === "" ? await newest(context) : await namedPicture(context, typed);
      if (!found.ok) return { do: "refuse", problem: found.problem };
      const job = await context.reads.job(found.value.jobId);
      return { do: "reply", visibility: "private", view: await pictureInfo(context, found.value, job) };
    },
  }),
];

const NO_RECIPE: Problem = {
  code: "not_found",
  text: "This file says nothing about how it was made. Chats strip that from pictures: attach the file that Original gives.",
};

async function newest(context: Context): Promise<Result<Picture>> {
  const [picture] = await context.reads.history({ chatKey: context.chatKey, limit: 1 });
  return picture
    ? ok(picture)
    : refuse({ code: "not_found", text: "There is no picture in this chat yet. Make one, or attach a PNG to /info." });
}
